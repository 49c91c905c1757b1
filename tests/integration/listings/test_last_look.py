"""What is approved as a draft waits on Shopify for a last look; whoever takes it, here or there, is
not contradicted.
"""

import pytest

from longshore import wiring
from longshore.storage.models import Listing, Vendor
from longshore.storage.repositories.listings import Listings
from longshore.web.shared import field_words
from support.shelf import Shelf, make_shelf


def as_draft(shelf: Shelf, *listings: Listing):
    ids = [one.pk for one in listings]
    return wiring.approve_as_drafts(shelf.owner, ids, None)


def reviewed(shelf: Shelf, row) -> Listing:
    shelf.review()
    return Listing.objects.get(product=row)


def go_on(shelf: Shelf) -> None:
    shelf.review()
    shelf.publish()


def status(shelf: Shelf, row) -> str:
    return shelf.shown(row)["status"]


def test_approved_as_a_draft_it_is_on_shopify_and_not_seen(shelf: Shelf):
    row = shelf.product()
    listing = reviewed(shelf, row)
    assert as_draft(shelf, listing).done == (listing.pk,)
    go_on(shelf)
    assert status(shelf, row) == "DRAFT"
    listing.refresh_from_db()
    assert (listing.state, listing.dirty) == ("published", False)
    why = wiring.explain_listing(shelf.owner, listing.pk)
    assert why is not None
    assert (why.stopped_at, why.draft) == (None, True)
    assert "buyers do not see it" in field_words.way(why)[-1].more[0]
    shelf.edit(row, name="Blue mug", price="11")
    go_on(shelf)
    assert (status(shelf, row), shelf.shown(row)["title"]) == ("DRAFT", "Blue mug")
    assert shelf.shown_variants(row)[0]["price"] == "11.00"


def test_approved_once_more_it_is_on_sale(shelf: Shelf):
    row, other = shelf.product(), shelf.product()
    listing = reviewed(shelf, row)
    as_draft(shelf, listing, reviewed(shelf, other))
    go_on(shelf)
    before = len(shelf.calls())
    assert shelf.approve([listing.pk]).done == (listing.pk,)
    go_on(shelf)
    assert (status(shelf, row), status(shelf, other)) == ("ACTIVE", "DRAFT")
    assert len(shelf.calls()) - before <= 2
    assert shelf.approve([listing.pk]).done == (), "it is on sale already"


@pytest.mark.parametrize("notice", [True, False])
def test_made_active_on_shopify_it_stays_active(shelf: Shelf, *, notice: bool):
    row = shelf.product()
    as_draft(shelf, reviewed(shelf, row))
    go_on(shelf)
    gid = shelf.shown(row)["id"]
    shelf.shop.control("products/change", product_id=gid, status="ACTIVE")
    shelf.forward(1)
    if notice:
        shelf.hear(gid)
    else:
        shelf.compare()
    shelf.edit(row, name="Blue mug")
    go_on(shelf)
    assert (status(shelf, row), shelf.shown(row)["title"]) == ("ACTIVE", "Blue mug")


def test_a_vendors_goods_may_all_come_as_drafts(shelf: Shelf):
    Vendor.objects.filter(name="Kiln").update(auto_approve=True, drafts_first=True)
    Vendor.objects.filter(name="Loom").update(auto_approve=True)
    row, other = shelf.product(), shelf.product(store=1)
    go_on(shelf)
    assert (status(shelf, row), status(shelf, other)) == ("DRAFT", "ACTIVE")
    shelf.approve(Listing.objects.filter(product=row).values_list("pk", flat=True))
    go_on(shelf)
    shelf.edit(row, absent_since=shelf.clock.now())
    go_on(shelf)
    shelf.edit(row, absent_since=None)
    go_on(shelf)
    assert status(shelf, row) == "ACTIVE", "what had its last look does not come back as a draft"


def test_many_are_drafted_by_two_bulk_operations(shelf: Shelf):
    for _ in range(60):
        shelf.product()
    shelf.review()
    as_draft(shelf, *Listing.objects.all())
    go_on(shelf)
    assert {one["status"] for one in shelf.shop.state.products.values()} == {"DRAFT"}
    assert shelf.calls().count("bulk_run") <= 2


def test_nobody_drafts_or_takes_live_anothers(shelf: Shelf):
    row = shelf.product()
    listing = reviewed(shelf, row)
    stranger = make_shelf()
    assert wiring.approve_as_drafts(stranger.owner, [listing.pk], None).done == ()
    as_draft(shelf, listing)
    go_on(shelf)
    ledger = Listings()
    now = shelf.clock.now()
    assert ledger.approve(stranger.owner, [listing.pk], None, now).done == ()
    go_on(shelf)
    assert status(shelf, row) == "DRAFT"
    stranger.shop.simulator.close()
