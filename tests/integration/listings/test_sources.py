"""Several vendors behind one product: chosen by rule; an order stays with its vendor."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from longshore.ports.errors import Rejected
from longshore.storage.models import (
    Listing,
    ListingPolicy,
    ListingVariant,
    PurchaseOrder,
    PurchaseOrderLine,
    Reservation,
    StockEvent,
    Vendor,
    VendorProduct,
)
from longshore.storage.queries.sources import sources_of
from longshore.storage.repositories.joining import change_source, join_listing, leave_listing
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.stock import redecide, redecide_vendor
from support.harbor import bought
from support.shelf import Shelf, make_shelf


def mug(shelf: Shelf, store: int, quantity: int, price: str = "10") -> VendorProduct:
    row = shelf.product(store)
    row.variants.update(barcode="4006381333931", quantity=quantity, regular_price=Decimal(price))
    return row


def join(shelf: Shelf, first: int = 5, second: int = 7) -> tuple[VendorProduct, VendorProduct]:
    """Two vendors' mugs; the first is on sale, the second joined it."""
    mine, theirs = mug(shelf, 0, first), mug(shelf, 1, second, "8")
    shelf.put_on_sale(mine)
    both = [Listing.objects.get(product=row) for row in (theirs, mine)]
    if both[0].product_gid:
        raise AssertionError("only the first may be on sale")
    assert join_listing(shelf.owner, both[0].pk, both[1].pk, shelf.clock.now()) == 1
    shelf.review()
    shelf.push_stock()
    return mine, theirs


@pytest.fixture(autouse=True)
def _only_the_first_is_approved(shelf: Shelf, monkeypatch):
    """Of two mugs with the same barcode the second waits for the decision to join."""
    approve = shelf.approve

    def first(ids=None):
        rows = Listing.objects.filter(product__store=shelf.stores[0], state="review")
        return approve(list(rows.values_list("pk", flat=True)) if ids is None else ids)

    monkeypatch.setattr(shelf, "approve", first)


def stock(shelf: Shelf, row: VendorProduct, quantity: int) -> None:
    """The vendor has so many now."""
    row.variants.update(quantity=quantity, stock_requested_at=shelf.clock.now())
    ids = list(row.variants.values_list("pk", flat=True))
    redecide(shelf.owner, ids, shelf.clock.now())
    shelf.push_stock()


def sells(row: VendorProduct) -> bool:
    return ListingVariant.objects.get().variant.product_id == row.pk


def available(shelf: Shelf) -> int:
    (line,) = ListingVariant.objects.all()
    return shelf.shop.state.levels.of(line.inventory_item_gid)[line.stocked_at_location][
        "available"
    ]


def test_who_comes_first_sells_until_it_has_none(shelf: Shelf):
    mine, theirs = join(shelf)
    assert (sells(mine), available(shelf)) == (True, 5)
    stock(shelf, mine, 0)
    assert (sells(theirs), available(shelf)) == (True, 7)
    stock(shelf, theirs, 4)
    assert available(shelf) == 4
    stock(shelf, mine, 2)
    assert (sells(mine), available(shelf)) == (True, 2)
    told = [one.data for one in StockEvent.objects.filter(kind="source").order_by("pk")]
    assert told == [{"from": "Kiln", "to": "Loom"}, {"from": "Loom", "to": "Kiln"}]
    assert shelf.shown(mine)["publishedOn"]
    assert len(shelf.shop.state.products) == 1


@pytest.mark.parametrize(("choice", "loom"), [("priority", False), ("stock", True), ("cost", True)])
def test_the_marketplaces_rule_chooses(shelf: Shelf, choice: str, *, loom: bool):
    ListingPolicy.objects.create(marketplace=shelf.marketplace, choice=choice)
    _mine, theirs = join(shelf, first=3, second=6)
    assert sells(theirs) is loom


def test_turns_and_costs_are_changed(shelf: Shelf):
    mine, theirs = join(shelf)
    listing = Listing.objects.get(product=mine)
    own, other = sources_of(shelf.owner, listing.pk).rows
    assert (own.vendor, own.sells, other.sells) == ("Kiln", True, False)
    change_source(shelf.owner, other.id, 1, None, shelf.clock.now())
    assert sells(theirs)
    ListingPolicy.objects.create(marketplace=shelf.marketplace, choice="cost")
    change_source(shelf.owner, other.id, 1, Decimal(12), shelf.clock.now())
    assert sells(mine)
    with pytest.raises(Rejected, match="zero or more"):
        change_source(shelf.owner, other.id, 1, Decimal(-1), shelf.clock.now())


def test_a_vendor_on_holiday_leaves_it_to_the_other(shelf: Shelf):
    mine, theirs = join(shelf)
    Vendor.objects.filter(pk=mine.store.vendor_id).update(on_holiday=True)
    redecide_vendor(shelf.owner, mine.store.vendor_id, shelf.clock.now())
    shelf.push_stock()
    assert (sells(theirs), available(shelf)) == (True, 7)
    Vendor.objects.filter(pk=mine.store.vendor_id).update(on_holiday=False)
    redecide_vendor(shelf.owner, mine.store.vendor_id, shelf.clock.now())
    assert sells(mine)


def test_what_is_gone_at_one_vendor_stays_on_sale_from_the_other(shelf: Shelf):
    mine, theirs = join(shelf)
    shelf.edit(mine, absent_since=shelf.clock.now())
    redecide(shelf.owner, list(mine.variants.values_list("pk", flat=True)), shelf.clock.now())
    shelf.review()
    shelf.publish()
    shelf.push_stock()
    assert (sells(theirs), available(shelf)) == (True, 7)
    assert shelf.shown(mine)["publishedOn"]


def order(shelf: Shelf, number: int, units: int, times: int = 1) -> PurchaseOrder:
    shelf.marketplace.live_since = shelf.clock.now()
    shelf.marketplace.save()
    made = bought(number, shelf.clock.now(), (ListingVariant.objects.get(), units))
    for _ in range(times):
        Orders(shelf.owner).keep_order(made, shelf.clock.now())
    return PurchaseOrder.objects.get(order__order_gid=made.order_id)


def test_an_order_goes_to_who_sells_now_and_stays_there(shelf: Shelf):
    """Its own sale may already make another vendor the chosen one."""
    mine, theirs = join(shelf, first=2)
    first = order(shelf, 1, 2)
    assert first.store == mine.store
    assert sells(theirs)
    second = order(shelf, 2, 1)
    assert second.store == theirs.store
    stock(shelf, mine, 9)  # counted again: the first sells once more
    for number, store in ((1, mine.store), (2, theirs.store)):
        assert order(shelf, number, 3 - number, times=3).store == store
    assert PurchaseOrder.objects.count() == PurchaseOrderLine.objects.count() == 2
    held = {one.variant.store_id: one.quantity for one in Reservation.objects.all()}
    assert held == {mine.store_id: 2, theirs.store_id: 1}


def test_units_that_one_vendor_owes_do_not_lower_the_others(shelf: Shelf):
    _mine, theirs = join(shelf, first=2)
    order(shelf, 1, 2)
    shelf.push_stock()
    assert ListingVariant.objects.get().wanted_quantity == 7
    order(shelf, 2, 3)
    assert ListingVariant.objects.get().wanted_quantity == 4
    assert sells(theirs)


def test_who_leaves_takes_nothing_along(shelf: Shelf):
    mine, theirs = join(shelf)
    stock(shelf, mine, 0)
    listing = Listing.objects.get(product=theirs)
    leave_listing(shelf.owner, listing.pk, shelf.clock.now())
    shelf.push_stock()
    assert (sells(mine), available(shelf)) == (True, 0)
    listing.refresh_from_db()
    assert (listing.state, listing.joins_id) == ("review", None)
    shelf.review()
    assert listing.variants.count() == 1
    with pytest.raises(Rejected, match="joined no other"):
        leave_listing(shelf.owner, listing.pk, shelf.clock.now())


def test_only_what_fits_joins(shelf: Shelf):
    mine, other = mug(shelf, 0, 1), shelf.product(1, name="Lamp", sku="LAMP")
    other.variants.update(sku="LAMP", barcode="1", options=[["Size", "L"]])
    third = shelf.product(1, variants=2)
    shelf.put_on_sale(mine)
    listings = {row.product_id: row for row in Listing.objects.all()}
    now = shelf.clock.now()
    with pytest.raises(Rejected, match="no variant in common"):
        join_listing(shelf.owner, listings[third.pk].pk, listings[mine.pk].pk, now)
    with pytest.raises(Rejected, match="on Shopify already"):
        join_listing(shelf.owner, listings[mine.pk].pk, listings[other.pk].pk, now)
    stranger = make_shelf()
    with pytest.raises(Rejected, match="no such product"):
        join_listing(stranger.owner, listings[other.pk].pk, listings[mine.pk].pk, now)
    stranger.shop.simulator.close()


def test_goods_of_one_vendor_cost_one_question_more(shelf: Shelf):
    row = shelf.product(variants=30)
    shelf.put_on_sale()
    ids = list(row.variants.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as seen:
        redecide(shelf.owner, ids, shelf.clock.now())
    assert sum("variantsource" in one["sql"] for one in seen) == 1


def test_choosing_for_many_asks_as_often_as_for_few(shelf: Shelf):
    mine, theirs = shelf.product(0, variants=2), shelf.product(1, variants=2)
    many, others = shelf.product(0, variants=20), shelf.product(1, variants=20)
    shelf.put_on_sale()
    for one, other in ((mine, theirs), (many, others)):
        child, parent = (Listing.objects.get(product=row) for row in (other, one))
        join_listing(shelf.owner, child.pk, parent.pk, shelf.clock.now())
    asked: list[int] = []
    events: list[int] = []
    for row in (mine, many):
        row.variants.update(quantity=0)
        ids = list(row.variants.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as seen:
            redecide(shelf.owner, ids, shelf.clock.now())
        assert StockEvent.objects.filter(kind="source").count() == len(ids) + sum(events)
        events.append(len(ids))
        asked.append(len(seen))
    assert asked[0] == asked[1]
