"""A run is undone: what it wrote is taken back and not done again; stock is never restored."""

from typing import Any

import pytest

from longshore.ports.errors import Rejected
from longshore.storage.models import Listing, MarkupRule, SyncRun, VendorProduct
from longshore.storage.repositories.links import ask_link, ask_unlink
from longshore.storage.repositories.runs import undo_run
from longshore.storage.repositories.stock import redecide
from support.shelf import Shelf, make_shelf


def undo(shelf: Shelf, run: SyncRun | None = None) -> int:
    """The latest run, or this one."""
    run = run or SyncRun.objects.filter(marketplace=shelf.marketplace).latest("pk")
    count = undo_run(shelf.owner, run.pk, None, shelf.clock.now())
    shelf.review()
    shelf.publish()
    return count


def change(shelf: Shelf, *rows: VendorProduct, **changes: Any) -> None:
    for row in rows:
        shelf.edit(row, **changes)
    shelf.review()
    shelf.publish()


def prices(shelf: Shelf, row: VendorProduct) -> set[str]:
    return {one["price"] for one in shelf.shown_variants(row)}


def test_a_price_goes_back_and_is_not_changed_again(shelf: Shelf):
    row = shelf.product(variants=2)
    shelf.put_on_sale(row)
    change(shelf, row, price="1.20", name=row.name)
    VendorProduct.objects.update(review_due=True)
    shelf.review()
    assert prices(shelf, row) == {"10.00"}  # held: too far from the last good one


def test_an_undone_price_is_held_until_the_vendor_says_another(shelf: Shelf):
    row = shelf.product(variants=2)
    shelf.put_on_sale(row)
    change(shelf, row, price="12")
    assert prices(shelf, row) == {"12.00"}
    assert undo(shelf) == 1
    assert prices(shelf, row) == {"10.00"}
    VendorProduct.objects.update(review_due=True)
    shelf.review()
    shelf.publish()
    assert prices(shelf, row) == {"10.00"}
    change(shelf, row, price="11")
    assert prices(shelf, row) == {"11.00"}


def test_content_goes_back_field_by_field(shelf: Shelf):
    row = shelf.product()
    shelf.put_on_sale(row)
    first = dict(shelf.shown(row))
    change(shelf, row, name="Wrong", description_html="<p>Wrong</p>", tags=["wrong"], images=[])
    assert shelf.shown(row)["title"] == "Wrong"
    undo(shelf)
    now = shelf.shown(row)
    for name in ("title", "descriptionHtml", "tags"):
        assert now[name] == first[name]
    sources = [shelf.shop.state.media[gid]["source"] for gid in now["mediaIds"]]
    assert sources == ["https://kiln.example/1.jpg"]
    change(shelf, row, name="Right")
    now = shelf.shown(row)
    assert (now["title"], now["tags"]) == ("Right", ["blue"])


def test_a_rule_that_was_wrong_for_all_is_taken_back_for_all(shelf: Shelf):
    rows = [shelf.product() for _ in range(45)]
    shelf.put_on_sale()
    MarkupRule.objects.create(marketplace=shelf.marketplace, amount=50)
    VendorProduct.objects.update(review_due=True)
    shelf.review()
    shelf.publish()
    assert prices(shelf, rows[0]) == {"15.00"}
    assert undo(shelf) == 45
    assert {price for row in rows for price in prices(shelf, row)} == {"10.00"}
    MarkupRule.objects.update(amount=20)
    VendorProduct.objects.update(review_due=True)
    shelf.review()
    shelf.publish()
    assert prices(shelf, rows[0]) == {"12.00"}


def test_a_first_publication_goes_off_sale_until_a_person_wants_it(shelf: Shelf):
    row = shelf.product()
    (listing,) = shelf.put_on_sale(row)
    undo(shelf)
    listing.refresh_from_db()
    assert (listing.state, listing.unpublished_because) == ("unpublished", "undone")
    assert shelf.shown(row)["publishedOn"] == []
    change(shelf, row, price="11")
    assert shelf.shown(row)["publishedOn"] == []
    shelf.approve([listing.pk])
    shelf.publish()
    assert shelf.shown(row)["publishedOn"]
    assert prices(shelf, row) == {"11.00"}


def test_what_vanished_is_put_on_sale_again_without_stock(shelf: Shelf):
    rows = [shelf.product(variants=n) for n in (1, 2)]
    shelf.put_on_sale()
    gone_at = shelf.clock.now()
    for row in rows:
        shelf.edit(row, absent_since=gone_at)
        row.variants.update(absent_since=gone_at)
        redecide(shelf.owner, row.variants.values_list("pk", flat=True), gone_at)
    shelf.review()
    shelf.publish()
    assert all(not shelf.shown(row)["publishedOn"] for row in rows)
    assert undo(shelf) == 2
    assert all(shelf.shown(row)["publishedOn"] for row in rows)
    VendorProduct.objects.update(review_due=True)
    shelf.review()
    shelf.push_stock()
    assert shelf.dirty() == 0
    assert {line.known_quantity for row in rows for line in shelf.lines(row)} == {0}


def test_stock_is_not_restored(shelf: Shelf):
    row = shelf.product()
    shelf.put_on_sale(row)
    change(shelf, row, name="Wrong")
    run = SyncRun.objects.latest("pk")
    row.variants.update(quantity=2)
    redecide(shelf.owner, row.variants.values_list("pk", flat=True), shelf.clock.now())
    shelf.push_stock()
    undo(shelf, run)
    shelf.push_stock()
    (line,) = shelf.lines(row)
    item = shelf.shown_variants(row)[0]["itemId"]
    assert shelf.shop.state.levels[item, line.stocked_at_location]["available"] == 2


def test_an_undo_can_be_undone(shelf: Shelf):
    row = shelf.product()
    shelf.put_on_sale(row)
    change(shelf, row, price="12")
    undo(shelf)
    undo(shelf)
    assert prices(shelf, row) == {"12.00"}


def test_links_are_undone_both_ways(shelf: Shelf):
    theirs = shelf.shop.control(
        "products", title="Old", published=True, variants=[{"sku": "OLD", "price": "20"}]
    )
    shelf.forward(1)
    shelf.compare()
    row = shelf.product()
    shelf.review()
    listing = Listing.objects.get(product=row)
    ask_link(shelf.owner, listing.pk, theirs["id"], None, shelf.clock.now())
    shelf.publish()
    undo(shelf)
    listing.refresh_from_db()
    assert (listing.linked, listing.product_gid) == (False, "")
    shelf.forward(1)
    shelf.compare()
    ask_link(shelf.owner, listing.pk, theirs["id"], None, shelf.clock.now())
    shelf.publish()
    ask_unlink(shelf.owner, listing.pk)
    shelf.publish()
    undo(shelf)
    listing.refresh_from_db()
    assert (listing.linked, listing.product_gid) == (True, theirs["id"])


def test_only_ones_own_ended_runs_are_undone_once(shelf: Shelf):
    row = shelf.product()
    shelf.put_on_sale(row)
    run = SyncRun.objects.get()
    stranger = make_shelf()
    with pytest.raises(Rejected, match="no such run"):
        undo_run(stranger.owner, run.pk, None, shelf.clock.now())
    stranger.shop.simulator.close()
    undo(shelf, run)
    with pytest.raises(Rejected, match="undone already"):
        undo_run(shelf.owner, run.pk, None, shelf.clock.now())
    going_on = SyncRun.objects.create(marketplace=shelf.marketplace, started_at=shelf.clock.now())
    with pytest.raises(Rejected, match="still going on"):
        undo_run(shelf.owner, going_on.pk, None, shelf.clock.now())
