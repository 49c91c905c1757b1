"""What every vendor's store must do, whatever its generation; see conftest for the shops."""

import secrets
import time
from datetime import timedelta

import pytest

from longshore.domain.catalog import ProductType
from longshore.domain.findings import Finding
from longshore.domain.orders import StoreOrder, StoreOrderDraft, StoreOrderState, differences
from longshore.ports.errors import LongshoreError, NeedsVendor, Rejected
from longshore.ports.turns import TimedTurn
from support.exam_shop import WHOLE, ExamShop, now, whole

NOWHERE = 2147483640


def told(shop: ExamShop, draft: StoreOrderDraft, order: StoreOrder) -> list[Finding]:
    own_prices = "shop_prices" not in shop.profile.limits
    return list(differences(draft, order, own_prices=own_prices))


def reference() -> str:
    return f"LS-EXAM{secrets.token_hex(3).upper()}"


def test_it_is_known_after_one_look(shop: ExamShop):
    profile = shop.profile
    assert profile.can_write
    assert profile.currency
    assert profile.base_url.startswith("http")
    assert shop.open(looked_at=False).read_profile().dialect == profile.dialect


def test_a_whole_scan_is_proven_and_finds_each_product_once(shop: ExamShop):
    found = whole(shop.store.scan_products(None, WHOLE))
    ids = [one.product_id for one in found.items]
    assert found.proven
    assert found.cursor is None
    assert len(ids) + len(found.unreadable) == len(set(ids)) + len(found.unreadable) == found.total
    assert any(one.kind is ProductType.VARIABLE for one in found.items)


def test_a_scan_in_slices_finds_the_same(shop: ExamShop):
    cursor, ids, slices = None, [], 0
    store = shop.open()
    store._known.pace.page_size = store._known.pace.largest = 10
    at_once = TimedTurn(time.monotonic, 0.0)
    while True:
        part = whole(store.scan_products(cursor, at_once))
        ids += [one.product_id for one in part.items]
        cursor, slices = part.cursor, slices + 1
        if cursor is None:
            break
    assert part.proven
    assert slices > 1
    assert ids == [one.product_id for one in shop.products]


def test_variations_come_with_their_products_options(shop: ExamShop):
    parents = [one for one in shop.products if one.kind is ProductType.VARIABLE]
    numbers = [one.product_id for one in parents]
    scanned = whole(shop.store.scan_variants(None, WHOLE, sorted(numbers)))
    assert scanned.proven
    inline = [variant for one in parents for variant in one.variants or ()]
    found = {v.variation_id for v in (*scanned.items, *inline)}
    read = {
        variant.variation_id: (variant, one)
        for one in shop.store.read_products(numbers).items
        for variant in one.variants or ()
    }
    assert found == set(read)
    assert found
    for variant, one in read.values():
        assert tuple(name for name, _ in variant.options) == one.option_names


def test_a_light_sweep_agrees_with_the_whole_reading(shop: ExamShop):
    numbers = [one.product_id for one in shop.products]
    read = {
        (variant.product_id, variant.variation_id): variant.stock
        for one in shop.store.read_products(numbers).items
        for variant in one.variants or ()
    }
    parents = [one.product_id for one in shop.products if one.kind is ProductType.VARIABLE]
    cursor, light = None, {}
    while True:
        part = whole(shop.store.sweep_stock(cursor, WHOLE, parents))
        light |= {(line.product_id, line.variation_id): line.stock for line in part.items}
        cursor = part.cursor
        if cursor is None:
            break
    assert part.proven
    assert {key: light.get(key) for key in read} == read


def test_products_that_are_not_there_are_missing(shop: ExamShop):
    there = shop.products[0].product_id
    found = shop.store.read_products([there, NOWHERE])
    assert [one.product_id for one in found.items] == [there]
    assert found.missing == {NOWHERE}


def test_a_change_is_found_where_the_store_can_tell(shop: ExamShop):
    variant = shop.tracked()
    quantity = variant.stock.quantity or 0
    since = now() + timedelta(seconds=shop.profile.clock_offset_s)
    shop.set_stock(variant.product_id, quantity + 1)
    try:
        assert shop.stock_of(variant) == quantity + 1
        found = list(shop.store.changed_products(since, None, WHOLE))
        changed = {one.product_id for part in found for one in part.items}
        if shop.profile.changes_show_stock and shop.profile.changes_by:
            assert variant.product_id in changed
        assert len(changed) < len(shop.products)
    finally:
        shop.set_stock(variant.product_id, quantity)


def test_an_order_is_made_as_drafted_and_takes_the_goods(shop: ExamShop):
    counted, variation = shop.tracked(), shop.variation()
    before = shop.stock_of(counted)
    draft = shop.draft(reference(), (counted, 2), (variation, 1))
    order = shop.order(draft)
    assert told(shop, draft, order) == []
    assert order.state.reduces_stock
    if shop.profile.stock_managed:
        assert shop.stock_of(counted) == (before or 0) - 2
    again = shop.store.read_orders([order.order_id, NOWHERE])
    assert [one.order_id for one in again.items] == [order.order_id]
    assert again.missing == {NOWHERE}
    assert told(shop, draft, again.items[0]) == []


def test_our_order_is_found_again_by_its_reference(shop: ExamShop):
    mine = reference()
    began = now() - timedelta(minutes=1)
    order = shop.order(shop.draft(mine, (shop.tracked(), 1)))
    shop.order(shop.draft(reference(), (shop.tracked(), 1)))
    found = shop.store.find_order(mine, began)
    assert found is not None
    assert found.order_id == order.order_id
    assert shop.store.find_order(reference(), began) is None


def test_an_order_without_price_is_not_born_completed(shop: ExamShop):
    from dataclasses import replace
    from decimal import Decimal

    from longshore.domain.money import Money

    draft = shop.draft(reference(), (shop.tracked(), 1))
    free = replace(draft.lines[0], unit_price=Money(Decimal(0), draft.currency))
    order = shop.order(replace(draft, lines=(free,)))
    assert order.state is StoreOrderState.PROCESSING
    assert told(shop, replace(draft, lines=(free,)), order) == []


def test_a_completed_order_is_seen_as_that(shop: ExamShop):
    order = shop.order(shop.draft(reference(), (shop.tracked(), 1)))
    shop.complete(order.order_id)
    (read,) = shop.store.read_orders([order.order_id]).items
    assert read.state is StoreOrderState.COMPLETED


def test_a_canceled_order_gives_the_goods_back_once(shop: ExamShop):
    counted = shop.tracked()
    before = shop.stock_of(counted)
    order = shop.order(shop.draft(reference(), (counted, 2)))
    assert canceled(shop, order) is StoreOrderState.CANCELED
    if not shop.profile.restocks:
        goods = (counted.product_id, counted.variation_id)
        left = shop.store.read_counter(*goods)
        assert (left, before) == (left, (left or 0) + 2)
        shop.store.set_counter(*goods, (left or 0) + 2)
    assert shop.stock_of(counted) == before
    assert canceled(shop, order) is StoreOrderState.CANCELED
    assert shop.stock_of(counted) == before


def canceled(shop: ExamShop, order: StoreOrder, **how: bool) -> StoreOrderState | None:
    now = shop.store.cancel_order(order.order_id, **how)
    return now.state if now else None


def test_what_was_shipped_is_canceled_only_when_that_is_meant(shop: ExamShop):
    order = shop.order(shop.draft(reference(), (shop.tracked(), 1)))
    shop.complete(order.order_id)
    assert canceled(shop, order) is StoreOrderState.COMPLETED
    (read,) = shop.store.read_orders([order.order_id]).items
    assert read.state is StoreOrderState.COMPLETED
    assert canceled(shop, order, shipped_too=True) is StoreOrderState.CANCELED


def test_an_order_that_is_gone_needs_no_cancel(shop: ExamShop):
    order = shop.order(shop.draft(reference(), (shop.tracked(), 1)))
    shop.store.remove_order(order.order_id)
    assert canceled(shop, order) is None


def test_an_order_for_what_is_not_there_never_passes_as_right(shop: ExamShop):
    from dataclasses import replace

    variant = replace(shop.tracked(), product_id=NOWHERE, variation_id=0)
    draft = shop.draft(reference(), (variant, 1))
    try:
        order = shop.order(draft)
    except Rejected:
        assert shop.store.find_order(draft.reference, now() - timedelta(minutes=5)) is None
        return
    assert list(differences(draft, order)) != []


def test_webhooks_are_made_once_and_removed(shop: ExamShop):
    if "no_webhooks" in shop.profile.limits:
        report = shop.store.ensure_webhooks(["order.updated"], HOOK, "fake-secret")
        assert (report.active, report.created, dict(report.failed)) == ((), (), {})
        return
    topics = ["order.updated", "product.updated"]
    try:
        first = shop.store.ensure_webhooks(topics, HOOK, "fake-secret")
        assert (list(first.created), dict(first.failed)) == (topics, {})
        second = shop.store.ensure_webhooks(topics, HOOK, "fake-secret")
        assert (second.created, second.replaced, list(second.active)) == ((), (), topics)
        third = shop.store.ensure_webhooks(topics, HOOK, "another-fake-secret")
        assert list(third.replaced) == topics
    finally:
        assert shop.store.remove_webhooks(HOOK) == 2
    assert shop.store.remove_webhooks(HOOK) == 0


HOOK = "https://hub.example.org/hooks/woocommerce/exam/"


@pytest.mark.parametrize("broken", ["key", "secret"])
def test_a_wrong_key_is_named_and_nothing_else_is_tried(shop: ExamShop, broken: str):
    wrong = {"key": "ck_" + "0" * 40, "secret": "cs_" + "0" * 40}
    given = {"key": shop.key, "secret": shop.secret, broken: wrong[broken]}
    store = shop.open_with(given["key"], given["secret"])
    with pytest.raises(NeedsVendor) as caught:
        store.read_profile()
    assert caught.value.finding is not None
    assert caught.value.finding.code == {"key": "D34", "secret": "D37"}[broken]
    assert shop.secret not in f"{caught.value.person} {caught.value.internal}"
    assert isinstance(caught.value, LongshoreError)
