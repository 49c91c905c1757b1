"""What the hub relies on at Shopify; run on the simulated shop, or on the development shop that
LONGSHORE_EXAM_SHOPIFY_SHOP names. It leaves nothing behind.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from longshore.domain.fulfillment import plan_fulfillment
from longshore.domain.listing import Said, Step, Writing, said_by
from longshore.domain.orders import Payment
from longshore.domain.tracking import Tracking
from longshore.ports.errors import Rejected
from longshore.ports.publishing import ListingRef, ListingWrite, NotMade
from longshore.ports.storefronts import StockWrite, VariantSwitch
from support.exam_storefront import (
    TITLE,
    ExamStorefront,
    development_shop,
    draft,
    simulated_storefront,
)

REAL = "development shop"
SHOPS = [REAL] if os.environ.get("LONGSHORE_EXAM_SHOPIFY_SHOP") else ["simulated"]


@pytest.fixture(scope="module", params=SHOPS)
def examined(request: pytest.FixtureRequest) -> Iterator[ExamStorefront]:
    opened = development_shop() if request.param == REAL else simulated_storefront()
    with opened as made:
        yield made


@pytest.fixture
def shop(examined: ExamStorefront) -> Iterator[ExamStorefront]:
    yield examined
    examined.clean()


def test_it_has_what_the_hub_needs(shop: ExamStorefront):
    facts = shop.storefront.read_facts()
    assert facts.missing_scopes == {}
    assert len(facts.currency) == 3
    assert facts.variant_limit >= 100


def test_a_listing_set_twice_is_one_product_with_the_same_variants(shop: ExamStorefront):
    one = draft()
    first, second = shop.set(one), shop.set(one)
    assert (first.product_id, first.variants) == (second.product_id, second.variants)


def test_a_variant_keeps_its_id_when_its_option_is_renamed(shop: ExamStorefront):
    one = draft()
    first = shop.set(one)
    ids = [variant.variant_id for variant in first.variants]
    renamed = replace(
        one,
        product_id=first.product_id,
        variants=tuple(
            replace(old, variant_id=gid, options=(("Size", value),))
            for old, gid, value in zip(one.variants, ids, ("Small", "Medium"), strict=True)
        ),
    )
    assert [variant.variant_id for variant in shop.set(renamed).variants] == ids


def test_more_than_three_options_are_refused_whole(shop: ExamStorefront):
    names = ("A", "B", "C", "D")
    one = draft()
    bad = replace(
        one,
        option_names=names,
        variants=tuple(
            replace(v, options=tuple((name, v.sku) for name in names)) for v in one.variants
        ),
    )
    writes = [ListingWrite(bad, Writing(Step.SET, said_by(bad)))]
    ((_, outcome),) = shop.storefront.write_listings(writes, shop.publication)
    assert isinstance(outcome, NotMade)
    assert shop.storefront.read_listings([ListingRef(bad.uuid, "")], shop.publication) == {}


def test_it_goes_on_sale_and_off_again(shop: ExamStorefront):
    one = draft()
    made = shop.set(one)
    there = ListingRef(one.uuid, made.product_id)

    def on_sale() -> object:
        shown = shop.storefront.read_listings([there], shop.publication)[one.uuid]
        return shown.values["on_sale"]

    shop.publish(one, made)
    assert on_sale() is True
    off = Writing(Step.UNPUBLISH, Said({"on_sale": False}))
    shop.write(replace(one, product_id=made.product_id), off)
    assert on_sale() is False


def test_stock_is_written_only_over_what_was_known(shop: ExamStorefront):
    made = shop.stocked(10)
    first, second = (variant.inventory_item_id for variant in made.variants)
    rows = [StockWrite(first, shop.place, 4, 99), StockWrite(second, shop.place, 6, 10)]
    report = shop.storefront.write_stock(str(uuid4()), rows)
    assert (report.written, report.stale, dict(report.refused)) == ((1,), (0,), {})
    assert shop.storefront.read_stock([first, second], shop.place) == {first: 10, second: 6}


def test_a_stock_write_repeated_under_its_key_happens_once(shop: ExamStorefront):
    made = shop.stocked(10)
    item = made.variants[0].inventory_item_id
    rows, key = [StockWrite(item, shop.place, 3, 10)], str(uuid4())
    assert shop.storefront.write_stock(key, rows).written == (0,)
    assert shop.storefront.write_stock(key, rows).written == (0,)
    assert shop.storefront.read_stock([item], shop.place) == {item: 3}


def test_counting_is_switched_off(shop: ExamStorefront):
    made = shop.set(draft())
    wanted = VariantSwitch(
        made.product_id, made.variants[0].variant_id, tracked=False, oversell=False
    )
    assert not shop.storefront.switch_tracking([wanted])


def test_an_order_takes_stock_and_is_read_whole(shop: ExamStorefront):
    made = shop.stocked(10)
    since = datetime.now(UTC) - timedelta(minutes=10)
    order_id = shop.order(made, 2, 1)
    order = shop.storefront.read_orders([order_id]).by_id.get(order_id)
    assert order is not None
    assert order.payment is Payment.PAID
    assert [line.quantity for line in order.lines] == [2, 1]
    assert order.shipping_address is not None
    assert order.shipping_address.country == "CZ"
    (work,) = order.fulfillment_orders
    assert work.can_fulfill
    item = made.variants[0].inventory_item_id
    assert shop.storefront.read_stock([item], shop.place) == {item: 8}
    assert order_id in shop.storefront.changed_orders(since, None).changed_at


def test_two_parcels_with_a_number_that_is_corrected(shop: ExamStorefront):
    made = shop.stocked(10)
    order_id = shop.order(made, 2)
    order = shop.storefront.read_orders([order_id]).by_id.get(order_id)
    assert order is not None
    line = order.lines[0].line_id
    (call,) = plan_fulfillment({line: 1}, order.fulfillment_orders).calls
    tracking = Tracking("k", "FAKE123", "dhl", "https://track.example/FAKE123")
    first = shop.storefront.fulfill(call, tracking, notify=False)
    again = shop.storefront.read_orders([order_id]).by_id.get(order_id)
    assert again is not None
    (call,) = plan_fulfillment({line: 1}, again.fulfillment_orders).calls
    shop.storefront.fulfill(call, None, notify=False)
    shop.storefront.update_tracking(first, Tracking("k", "FAKE124", "dhl", ""), notify=False)
    found = shop.storefront.read_fulfillments(order_id)
    assert sorted((one.numbers, dict(one.quantities)) for one in found) == [
        ((), {line: 1}),
        (("FAKE124",), {line: 1}),
    ]
    with pytest.raises(Rejected):
        shop.storefront.fulfill(call, None, notify=False)


def test_the_exam_leaves_nothing(examined: ExamStorefront):
    one = draft(title=TITLE)
    made = examined.set(one)
    examined.clean()
    refs = [ListingRef(one.uuid, made.product_id)]
    assert examined.storefront.read_listings(refs, examined.publication) == {}
