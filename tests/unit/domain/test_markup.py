from decimal import Decimal

import pytest

from longshore.domain.findings import Finding
from longshore.domain.markup import (
    CompareAt,
    Markup,
    MarkupRule,
    PricedGoods,
    RoundTo,
    Tolerance,
    first_fitting,
    is_suspicious,
    marked_up,
    rule_problem,
    to_ending,
)
from longshore.domain.money import Money
from longshore.domain.pricing import Price, PriceBase, PriceRule, price_variant
from unit.domain.test_catalog import variant
from unit.domain.test_pricing import NOW, eur

EUR = PriceBase("EUR", tax_included=True)


def rule(**changes: object) -> MarkupRule:
    return MarkupRule(**{"rule_id": 1, **changes})


@pytest.mark.parametrize(
    ("markup", "amount", "expected"),
    [
        (Markup.PERCENT, "25", "12.5"),
        (Markup.PERCENT, "-10", "9"),
        (Markup.MARGIN, "20", "12.5"),
        (Markup.ADD, "1.50", "11.50"),
        (Markup.ADD, "-11", "-1"),
        (Markup.SET, "7", "7"),
        (Markup.MARGIN, "100", "0"),
    ],
)
def test_what_a_rule_makes_of_ten(markup, amount, expected):
    assert marked_up(rule(markup=markup, amount=Decimal(amount)), Decimal(10)) == Decimal(expected)


@pytest.mark.parametrize(
    ("amount", "ending", "every", "round_to", "expected"),
    [
        ("12.34", "0.99", "1", RoundTo.NEAREST, "11.99"),
        ("12.50", "0.99", "1", RoundTo.NEAREST, "12.99"),
        ("12.34", "0.99", "1", RoundTo.UP, "12.99"),
        ("12.99", "0.99", "1", RoundTo.UP, "12.99"),
        ("13.50", "0.99", "1", RoundTo.DOWN, "12.99"),
        ("123", "9", "10", RoundTo.NEAREST, "119"),
        ("125", "9", "10", RoundTo.NEAREST, "129"),
        ("12.34", "0", "0.5", RoundTo.NEAREST, "12.5"),
        ("0.20", "0.99", "1", RoundTo.DOWN, "0.99"),
        ("0.20", "0", "1", RoundTo.DOWN, "1"),
    ],
)
def test_endings(amount, ending, every, round_to, expected):
    found = to_ending(Decimal(amount), Decimal(ending), Decimal(every), round_to)
    assert found == Decimal(expected)


GOODS = PricedGoods(7, ("Mugs", "Gifts"), ("Neu",))


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({}, True),
        ({"vendor_id": 7}, True),
        ({"vendor_id": 8}, False),
        ({"category": "  mugs "}, True),
        ({"category": "Cups"}, False),
        ({"tag": "NEU"}, True),
        ({"tag": "alt"}, False),
        ({"at_least": Decimal(10)}, True),
        ({"at_least": Decimal("10.01")}, False),
        ({"below": Decimal(10)}, False),
        ({"below": Decimal("10.01")}, True),
        ({"vendor_id": 7, "tag": "alt"}, False),
    ],
)
def test_whom_a_rule_fits(changes, fits):
    assert (first_fitting([rule(**changes)], GOODS, Decimal(10)) is not None) is fits


def test_the_first_that_fits_decides():
    rules = [rule(rule_id=1, tag="alt"), rule(rule_id=2), rule(rule_id=3)]
    found = first_fitting(rules, GOODS, Decimal(10))
    assert found is not None
    assert found.rule_id == 2


def price(*rules: MarkupRule, **changes: object) -> Price | Finding:
    return price_variant(variant(**changes), EUR, EUR, PriceRule(), NOW, rules, GOODS)


def test_a_price_tells_its_rule():
    found = price(rule(name="Gifts", amount=Decimal(20)), regular_price=Decimal(10))
    assert found == Price(eur("12.00"), rule="Gifts")


def test_a_sale_is_marked_up_by_the_rule_of_the_regular_price():
    found = price(
        rule(amount=Decimal(20), at_least=Decimal(10)),
        regular_price=Decimal(10),
        sale_price=Decimal(8),
    )
    assert found == Price(eur("9.60"), eur("12.00"), "rule 1")


def test_a_sale_may_hide_the_regular_price():
    found = price(
        rule(compare_at=CompareAt.NEVER), regular_price=Decimal(10), sale_price=Decimal(8)
    )
    assert found == Price(eur("8.00"), None, "rule 1")


def test_a_fixed_price_knows_no_sale():
    found = price(
        rule(markup=Markup.SET, amount=Decimal(7)),
        regular_price=Decimal(10),
        sale_price=Decimal(8),
    )
    assert found == Price(eur("7.00"), None, "rule 1")


def test_a_sale_that_rounds_to_the_regular_price_is_none():
    found = price(
        rule(ending=Decimal("0.99")), regular_price=Decimal(10), sale_price=Decimal("9.9")
    )
    assert found == Price(eur("9.99"), None, "rule 1")


def test_a_rule_that_leaves_nothing_is_a_finding():
    found = price(rule(markup=Markup.ADD, amount=Decimal(-10)), regular_price=Decimal(10))
    assert found == Finding("price_not_positive", {"rule": "rule 1", "price": "0.00 EUR"})


def test_the_price_band_is_in_the_storefronts_currency():
    crowns = PriceBase("CZK", tax_included=True)
    band = rule(at_least=Decimal(10), amount=Decimal(10))
    rate = PriceRule(rate=Decimal("0.04"))
    found = price_variant(
        variant(regular_price=Decimal(250)), crowns, EUR, rate, NOW, [band], GOODS
    )
    assert found == Price(Money(Decimal("11.00"), "EUR"), rule="rule 1")


@pytest.mark.parametrize(
    ("known", "wanted", "suspicious"),
    [
        ("10", "4", False),
        ("10", "3.99", True),
        ("10", "25", False),
        ("10", "25.01", True),
        ("10", "10", False),
        ("0", "10", False),
        ("100", "10", True),
    ],
)
def test_how_far_a_price_may_move(known, wanted, suspicious):
    assert is_suspicious(Decimal(known), Decimal(wanted), Tolerance()) is suspicious


@pytest.mark.parametrize(
    "changes",
    [
        {"markup": Markup.MARGIN, "amount": Decimal(100)},
        {"markup": Markup.PERCENT, "amount": Decimal(-100)},
        {"markup": Markup.SET, "amount": Decimal(0)},
        {"every": Decimal(0)},
        {"ending": Decimal(1)},
        {"ending": Decimal(-1)},
        {"at_least": Decimal(10), "below": Decimal(10)},
    ],
)
def test_rules_that_make_no_sense_are_told(changes):
    assert rule_problem(rule(**changes))


def test_a_sensible_rule_is_no_problem():
    assert rule_problem(rule(amount=Decimal(20), ending=Decimal("0.99"))) == ""
