from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from longshore.domain.findings import Finding
from longshore.domain.money import Money
from longshore.domain.pricing import (
    Price,
    PriceBase,
    PriceRule,
    crossing_factor,
    price_variant,
    rate_too_old,
    sale_applies,
)
from unit.domain.test_catalog import variant

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
EUR = PriceBase("EUR", tax_included=True)


def price(rule: PriceRule | None = None, store: PriceBase = EUR, **changes: object):
    return price_variant(variant(**changes), store, EUR, rule or PriceRule(), NOW)


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def test_a_plain_price_crosses_unchanged():
    assert price(regular_price=Decimal("12.5")) == Price(eur("12.50"))


@pytest.mark.parametrize("amount", [None, Decimal(0), Decimal(-1)])
def test_no_price_is_a_finding_never_zero(amount: Decimal | None):
    found = price(regular_price=amount)
    assert isinstance(found, Finding)
    assert found.code == "no_price"


@pytest.mark.parametrize(
    ("changes", "applies"),
    [
        ({"sale_price": Decimal(8)}, True),
        ({"sale_price": None}, False),
        ({"sale_price": Decimal(0)}, False),
        ({"sale_price": Decimal(10)}, False),
        ({"sale_price": Decimal(11)}, False),
        ({"sale_price": Decimal(8), "sale_from": NOW + HOUR}, False),
        ({"sale_price": Decimal(8), "sale_from": NOW}, True),
        ({"sale_price": Decimal(8), "sale_to": NOW}, False),
        ({"sale_price": Decimal(8), "sale_from": NOW - HOUR, "sale_to": NOW + HOUR}, True),
    ],
)
def test_a_sale_is_judged_by_the_clock(changes: dict, applies: bool):
    assert sale_applies(variant(**changes), NOW) is applies
    shown = price(**changes)
    expected = Price(eur("8.00"), eur("10.00")) if applies else Price(eur("10.00"))
    assert shown == expected


def test_another_currency_needs_a_rate():
    store = PriceBase("CZK", tax_included=True)
    found = price(store=store)
    assert isinstance(found, Finding)
    assert (found.code, found.evidence["from"]) == ("price_needs_currency_rule", "CZK")
    rule = PriceRule(rate=Decimal("0.04"))
    assert price(rule, store, regular_price=Decimal(250)) == Price(eur("10.00"))


@pytest.mark.parametrize("rate", [Decimal(0), Decimal(-1)])
def test_a_rate_that_makes_no_sense_is_none(rate: Decimal):
    found = price(PriceRule(rate=rate), PriceBase("CZK", tax_included=True))
    assert isinstance(found, Finding)


def test_another_tax_base_needs_a_factor():
    store = PriceBase("EUR", tax_included=False)
    found = price(store=store)
    assert isinstance(found, Finding)
    assert found.code == "price_needs_tax_rule"
    assert price(PriceRule(tax_factor=Decimal("1.21")), store) == Price(eur("12.10"))


def test_a_rate_is_old_after_the_days_that_were_set():
    dollars, euros = PriceBase("USD", tax_included=True), PriceBase("EUR", tax_included=True)
    dated = datetime(2026, 10, 1, 9, tzinfo=UTC)
    rule = PriceRule(Decimal("0.90"), dated)
    moment = timedelta(seconds=1)
    assert rate_too_old(dollars, euros, rule, 30, dated + timedelta(days=30) - moment) is None
    old = rate_too_old(dollars, euros, rule, 30, dated + timedelta(days=30))
    assert old is not None
    assert old.evidence == {"from": "USD", "to": "EUR", "rate": "0.9", "dated": "2026-10-01"}
    ages = dated + timedelta(days=3000)
    assert rate_too_old(euros, euros, rule, 30, ages) is None, "nothing crosses by it"
    assert rate_too_old(dollars, euros, PriceRule(), 30, ages) is None, "there is none"


def test_a_price_without_a_known_currency_is_no_price():
    nobody_says, euros = PriceBase("", tax_included=True), PriceBase("EUR", tax_included=True)
    found = crossing_factor(nobody_says, euros, PriceRule(rate=Decimal(2)))
    assert isinstance(found, Finding)
    assert found.code == "price_currency_unknown"
