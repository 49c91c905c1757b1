"""Prices from the vendor to Shopify: sales by the clock, jumps held, nothing at zero, no currency
crossed without a rule.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from longshore import wiring
from longshore.ports.errors import Rejected
from longshore.storage.listing_work import prices_that_change
from longshore.storage.models import Listing, ListingPolicy, MarkupRule, Store, Vendor
from longshore.storage.repositories.own_values import decide_held_prices
from longshore.storage.repositories.rates import check_rates
from longshore.storage.repositories.store_states import renew
from support import walking
from support.shelf import Shelf, make_shelf


def price(shelf: Shelf, row) -> tuple[str, str | None]:
    """What Shopify shows: the price, and the one struck through."""
    (variant,) = shelf.shown_variants(row)
    return variant["price"], variant["compareAtPrice"]


def go_on(shelf: Shelf) -> None:
    shelf.review()
    shelf.publish()


def test_a_scheduled_sale_begins_and_ends_by_the_clock(shelf: Shelf):
    now = shelf.clock.now()
    row = shelf.product()
    row.variants.update(
        sale_price=Decimal(8), sale_from=now + timedelta(hours=1), sale_to=now + timedelta(hours=3)
    )
    shelf.put_on_sale(row)
    assert price(shelf, row) == ("10.00", None)
    assert prices_that_change(shelf.clock.now()) == []
    shelf.forward(3601)
    assert prices_that_change(shelf.clock.now()) == [row.store_id]
    go_on(shelf)
    assert price(shelf, row) == ("8.00", "10.00")
    shelf.forward(7200)
    go_on(shelf)
    assert price(shelf, row) == ("10.00", None)
    assert prices_that_change(shelf.clock.now() + timedelta(days=9)) == []


@pytest.mark.parametrize(
    ("says", "held"), [("25", False), ("26", True), ("4", False), ("3.9", True)]
)
def test_a_price_that_moves_too_far_waits_for_a_person(shelf: Shelf, says: str, *, held: bool):
    """The usual tolerance: 150 percent up, 60 down."""
    row = shelf.product()
    (listing,) = shelf.put_on_sale(row)
    shelf.edit(row, price=says)
    go_on(shelf)
    before = "10.00"
    now = f"{Decimal(says):.2f}"
    assert price(shelf, row)[0] == (before if held else now)
    assert [one.evidence["after"] for one in shelf.findings("price_held")] == [now] * held
    if held:
        assert decide_held_prices(shelf.owner, [listing.pk], accept=True) == 1
        go_on(shelf)
        assert price(shelf, row)[0] == now
        assert not shelf.findings("price_held")


def test_an_old_price_is_kept_until_the_vendor_says_another(shelf: Shelf):
    row = shelf.product()
    (listing,) = shelf.put_on_sale(row)
    shelf.edit(row, price="100")
    go_on(shelf)
    decide_held_prices(shelf.owner, [listing.pk], accept=False)
    go_on(shelf)
    assert (price(shelf, row)[0], shelf.findings("price_held")) == ("10.00", [])
    shelf.edit(row, price="12")
    go_on(shelf)
    assert price(shelf, row)[0] == "12.00"


def test_a_vendor_may_have_another_tolerance(shelf: Shelf):
    first = Vendor.objects.filter(marketplace=shelf.marketplace).earliest("pk")
    wiring.save_policy(shelf.owner, first.pk, {"price_rise_percent": Decimal(10)})
    mine, theirs = shelf.product(0), shelf.product(1)
    shelf.put_on_sale()
    for row in (mine, theirs):
        shelf.edit(row, price="11.5")
    go_on(shelf)
    assert (price(shelf, mine)[0], price(shelf, theirs)[0]) == ("10.00", "11.50")
    assert ListingPolicy.objects.get().vendor == first


@pytest.mark.parametrize("amount", ["-10", "-10.5"])
def test_a_rule_that_takes_everything_off_keeps_it_unsold(shelf: Shelf, amount: str):
    MarkupRule.objects.create(
        marketplace=shelf.marketplace, markup="add", amount=Decimal(amount), name="Off"
    )
    row = shelf.product()
    shelf.review()
    listing = Listing.objects.get(product=row)
    assert [code for code, _ in listing.problems] == ["price_not_positive"]
    assert listing.problems[0][1]["rule"] == "Off"
    assert len(shelf.approve().waiting) == 1


@pytest.mark.parametrize("says", ["0", "-1", None])
def test_what_has_no_price_is_not_published_and_what_lost_it_is_not_sold(
    shelf: Shelf, says: str | None
):
    row = shelf.product()
    row.variants.update(regular_price=None if says is None else Decimal(says))
    shelf.review()
    assert [code for code, _ in Listing.objects.get(product=row).problems] == ["no_price"]


def test_no_currency_is_crossed_without_a_dated_rate(shelf: Shelf):
    Store.objects.update(currency="USD")
    row = shelf.product()
    shelf.review()
    assert [code for code, _ in Listing.objects.get(product=row).problems] == [
        "price_needs_currency_rule"
    ]
    wiring.change_vendor(row.store.vendor_id, rate=Decimal("0.9"))
    vendor = Vendor.objects.get(pk=row.store.vendor_id)
    assert vendor.rate_dated is not None
    shelf.put_on_sale(row)
    assert price(shelf, row)[0] == "9.00"


# --- what prices cross by ---


def dollars(shelf: Shelf) -> Any:
    Store.objects.update(currency="USD")
    row = shelf.product()
    wiring.change_vendor(row.store.vendor_id, rate=Decimal("0.9"))
    return row


def test_an_old_rate_asks_for_a_new_one_and_prices_go_on(shelf: Shelf):
    row = dollars(shelf)
    vendor = Vendor.objects.get(pk=row.store.vendor_id)
    entered = vendor.rate_dated
    assert entered is not None
    assert check_rates(entered + timedelta(days=29)) == 0
    assert check_rates(entered + timedelta(days=30)) == 1
    (finding,) = shelf.findings("rate_old")
    assert (finding.vendor_id, finding.severity) == (vendor.pk, "warning")
    shelf.put_on_sale(row)
    assert price(shelf, row)[0] == "9.00"
    wiring.change_vendor(vendor.pk, rate=Decimal("0.95"))
    assert shelf.findings("rate_old") == []


def test_a_rate_that_is_still_right_is_said_to_be_of_today(shelf: Shelf):
    vendor_id = dollars(shelf).store.vendor_id
    Vendor.objects.filter(pk=vendor_id).update(rate_dated=wiring.clock.now() - timedelta(days=99))
    assert check_rates(wiring.clock.now()) == 1
    wiring.change_vendor(vendor_id, rate=Decimal("0.9"), rate_still_right=True)
    assert shelf.findings("rate_old") == []
    assert check_rates(wiring.clock.now()) == 0


def test_each_vendor_has_its_own_days_and_only_rates_in_use_count(shelf: Shelf):
    vendor_id = dollars(shelf).store.vendor_id
    month = wiring.clock.now() + timedelta(days=31)
    wiring.change_vendor(vendor_id, rate_days=60)
    assert check_rates(month) == 0
    wiring.change_vendor(vendor_id, rate_days=7)
    assert check_rates(month) == 1
    Store.objects.update(currency="EUR")
    assert check_rates(month) == 0, "nothing crosses by it any more"
    assert shelf.findings("rate_old") == []


def test_a_thousand_old_rates_cost_as_many_questions_as_one(shelf: Shelf):
    dollars(shelf)
    month = wiring.clock.now() + timedelta(days=31)
    with CaptureQueriesContext(connection) as one:
        assert check_rates(month) == 1
    for number in range(30):
        vendor = Vendor.objects.create(
            marketplace=shelf.marketplace,
            name=f"V{number}",
            rate=2,
            rate_dated=wiring.clock.now(),
        )
        Store.objects.create(
            marketplace=shelf.marketplace,
            vendor=vendor,
            base_url=f"https://v{number}.example",
            currency="USD",
        )
    with CaptureQueriesContext(connection) as many:
        assert check_rates(month) == 31
    assert len(many) == len(one)


def test_a_currency_that_the_shop_does_not_tell_is_stated_by_a_person(shelf: Shelf):
    Store.objects.update(currency="")
    row = shelf.product()
    shelf.review()
    listing = Listing.objects.get(product=row)
    assert [code for code, _ in listing.problems] == ["price_currency_unknown"]
    stranger = make_shelf()
    with pytest.raises(Rejected, match="no such shop"):
        wiring.state_currency(stranger.owner, row.store_id, "EUR")
    stranger.shop.simulator.close()
    with pytest.raises(Rejected, match="three letters"):
        wiring.state_currency(shelf.owner, row.store_id, "EURO")
    wiring.state_currency(shelf.owner, row.store_id, "EUR")
    shelf.put_on_sale(row)
    assert price(shelf, row)[0] == "10.00"


def test_the_shops_own_word_on_its_currency_wins(shelf: Shelf):
    store = shelf.stores[0]
    silent = walking.profile(currency="")
    renew(store, silent, [], shelf.clock.now())
    assert [one.subject for one in shelf.findings("price_currency_unknown")] == [
        f"store:{store.pk}"
    ]
    wiring.state_currency(shelf.owner, store.pk, "CZK")
    assert shelf.findings("price_currency_unknown") == []
    store.refresh_from_db()
    renew(store, silent, [], shelf.clock.now())
    store.refresh_from_db()
    assert store.currency == "CZK", "an examination that learns nothing forgets nothing"
    renew(store, walking.profile(currency="PLN"), [], shelf.clock.now())
    store.refresh_from_db()
    assert store.currency == "PLN"
    with pytest.raises(Rejected, match="itself"):
        wiring.state_currency(shelf.owner, store.pk, "CZK")
