"""A listing may be a product that was on Shopify before us; then nothing of it is lost."""

from collections.abc import Mapping
from typing import Any

import pytest

from longshore import wiring
from longshore.ports.errors import Rejected
from longshore.storage.models import ForeignProduct, ImportRule, Listing, Storefront, Vendor
from longshore.storage.repositories.links import (
    ask_link,
    ask_unlink,
    link_as_proposed,
    refuse_link,
)
from longshore.storage.repositories.rule_edits import RuleKind
from longshore.storage.repositories.stock import redecide
from longshore.web.shared import field_words
from support.shelf import Shelf, make_shelf


def theirs(shelf: Shelf, **changes: Any) -> Mapping[str, Any]:
    """A product of the merchant's own, as the hub knows it after a reading."""
    fields = {
        "title": "Old mug",
        "vendor": "Harbor",
        "tags": ["old"],
        "descriptionHtml": "<p>Old</p>",
        "published": True,
        "variants": [{"sku": "OLD", "barcode": "4006381333931", "price": "20.00", "available": 3}],
        **changes,
    }
    made = shelf.shop.control("products", **fields)
    shelf.forward(1)
    shelf.compare()
    return made


def link(shelf: Shelf, listing: Listing, gid: str = "") -> None:
    ask_link(shelf.owner, listing.pk, gid, None, shelf.clock.now())
    shelf.publish()
    shelf.push_stock()
    listing.refresh_from_db()


def listed(shelf: Shelf, row: Any) -> Listing:
    shelf.review()
    return Listing.objects.get(product=row)


def with_barcode(shelf: Shelf, **changes: Any) -> Any:
    row = shelf.product(**changes)
    row.variants.update(barcode=" 4006381333931")
    return row


def test_the_same_barcode_is_proposed_and_waits_for_a_person(shelf: Shelf):
    Vendor.objects.update(auto_approve=True)
    other = theirs(shelf)
    row = with_barcode(shelf)
    shelf.review()
    listing = Listing.objects.get(product=row)
    assert (listing.candidate_gid, listing.candidate_by) == (other["id"], "barcode")
    assert (listing.state, listing.next_write) == ("review", "link")
    assert [code for code, _ in listing.problems] == ["same_on_shopify"]
    assert len(shelf.approve().waiting) == 1


def test_a_listing_is_compared_with_what_comes_later(shelf: Shelf):
    listing = listed(shelf, with_barcode(shelf))
    assert not listing.candidate_gid
    other = theirs(shelf)
    listing.refresh_from_db()
    assert listing.candidate_gid == other["id"]


def test_before_everything_was_seen_nothing_is_approved_by_itself(shelf: Shelf):
    Vendor.objects.update(auto_approve=True)
    Storefront.objects.update(read_at=None)
    listing = listed(shelf, shelf.product())
    assert listing.state == "review"
    shelf.compare()
    listing.refresh_from_db()
    assert listing.state == "published"


def test_a_barcode_counts_more_than_a_sku(shelf: Shelf):
    theirs(shelf, variants=[{"sku": "mug-1-0", "price": "1"}])
    right = theirs(shelf)
    listing = listed(shelf, with_barcode(shelf))
    shelf.compare()
    listing.refresh_from_db()
    assert (listing.candidate_gid, listing.candidate_by) == (right["id"], "barcode")


def test_a_linked_product_takes_price_and_stock_and_keeps_all_else(shelf: Shelf):
    other = theirs(shelf)
    field = {"ownerId": other["id"], "namespace": "custom", "key": "note",
             "type": "single_line_text_field", "value": "theirs"}  # fmt: skip
    shelf.shop.client.call("metafields_set", {"metafields": [field]})
    row = with_barcode(shelf)
    listing = listed(shelf, row)
    link(shelf, listing, other["id"])
    assert (listing.linked, listing.state, listing.dirty) == (True, "published", False)
    shown = shelf.shown(row)
    assert (shown["title"], shown["tags"], shown["vendor"]) == ("Old mug", ["old"], "Harbor")
    assert shown["mediaIds"] == []
    assert ("custom", "note") in shown["metafields"]
    (variant,) = shelf.shown_variants(row)
    assert variant["price"] == "10.00"
    (line,) = shelf.lines(row)
    levels = shelf.shop.state.levels.of(variant["itemId"])
    assert levels[line.stocked_at_location]["available"] == 5
    assert sorted(level["available"] for level in levels.values()) == [3, 5]
    assert not ForeignProduct.objects.exists()


def test_a_linked_product_is_never_taken_off_by_itself(shelf: Shelf):
    other = theirs(shelf)
    row = with_barcode(shelf)
    link(shelf, listed(shelf, row), other["id"])
    shelf.edit(row, absent_since=shelf.clock.now())
    shelf.review()
    shelf.publish()
    assert shelf.shown(row)["publishedOn"]


NO_MUGS = {"include": False, "subject": "category", "comparison": "is", "value": "mugs"}


def kept_out(shelf: Shelf, row: Any, how: str) -> None:
    """A linked product that is not wanted any more, whoever says so."""
    match how:
        case "rule":
            wiring.save_rule(shelf.owner, RuleKind.IMPORTS, None, NO_MUGS)
        case "vendor":
            shelf.edit(row, kept_back=True)
        case "draft":
            shelf.edit(row, left_out="product_not_public", left_out_evidence={"status": "draft"})
        case _:
            shelf.edit(row, absent_since=shelf.clock.now())
    go_on(shelf, row)


def let_in(shelf: Shelf, row: Any, how: str) -> None:
    if how == "rule":
        wiring.remove_rule(shelf.owner, RuleKind.IMPORTS, ImportRule.objects.get().pk)
    else:
        shelf.edit(row, kept_back=False, left_out="", left_out_evidence={}, absent_since=None)
    go_on(shelf, row)


def go_on(shelf: Shelf, row: Any) -> None:
    shelf.review()
    redecide(shelf.owner, [one.pk for one in row.variants.all()], shelf.clock.now())
    shelf.publish()
    shelf.push_stock()


def for_sale(shelf: Shelf, row: Any) -> int:
    """Units of the vendor's that buyers can have."""
    (line,) = shelf.lines(row)
    (variant,) = shelf.shown_variants(row)
    return shelf.shop.state.levels.of(variant["itemId"])[line.stocked_at_location]["available"]


WAYS = ("rule", "vendor", "draft", "gone")


@pytest.mark.parametrize("how", WAYS)
def test_what_is_kept_out_stays_where_it_was_sold_out_and_is_told(shelf: Shelf, how: str):
    other, row = theirs(shelf), with_barcode(shelf)
    listing = listed(shelf, row)
    link(shelf, listing, other["id"])
    assert for_sale(shelf, row) == 5
    kept_out(shelf, row, how)
    assert shelf.shown(row)["publishedOn"]
    assert for_sale(shelf, row) == 0
    assert [one.evidence for one in shelf.findings("linked_stays")] == [{"product": row.name}]
    why = wiring.explain_listing(shelf.owner, listing.pk)
    assert why is not None
    assert (why.stopped_at, why.stays) == ("there" if how == "gone" else "let_in", "linked")
    told = [str(text) for step in field_words.way(why) for text in step.more]
    assert any("It stays on Shopify, sold out" in text for text in told)
    let_in(shelf, row, how)
    assert for_sale(shelf, row) == 5
    assert shelf.findings() == [], "neither that it stays nor why is told any more"


@pytest.mark.parametrize("how", WAYS)
def test_where_the_marketplace_chose_so_it_is_taken_off_and_comes_back(shelf: Shelf, how: str):
    other, row = theirs(shelf), with_barcode(shelf)
    link(shelf, listed(shelf, row), other["id"])
    wiring.save_policy(shelf.owner, None, {"linked": "take_off"})
    kept_out(shelf, row, how)
    assert not shelf.shown(row)["publishedOn"]
    assert shelf.findings("linked_stays") == []
    let_in(shelf, row, how)
    assert shelf.shown(row)["publishedOn"]
    assert for_sale(shelf, row) == 5
    assert shelf.shown(row)["title"] == "Old mug"


def test_one_click_takes_it_off_and_approving_it_shows_it_again(shelf: Shelf):
    other, row = theirs(shelf), with_barcode(shelf)
    listing = listed(shelf, row)
    link(shelf, listing, other["id"])
    kept_out(shelf, row, "rule")
    wiring.take_off_listing(shelf.owner, listing.pk)
    go_on(shelf, row)
    assert not shelf.shown(row)["publishedOn"]
    assert shelf.findings("linked_stays") == []
    let_in(shelf, row, "rule")
    assert not shelf.shown(row)["publishedOn"], "a person took it off"
    assert shelf.approve([listing.pk]).done == (listing.pk,)
    go_on(shelf, row)
    assert shelf.shown(row)["publishedOn"]


def test_what_the_merchant_takes_off_later_is_not_put_on_again(shelf: Shelf):
    other, row = theirs(shelf), with_barcode(shelf)
    listing = listed(shelf, row)
    link(shelf, listing, other["id"])
    wiring.take_off_listing(shelf.owner, listing.pk)
    go_on(shelf, row)
    shelf.approve([listing.pk])
    go_on(shelf, row)
    gid = shelf.shown(row)["id"]
    shelf.shop.control("products/change", product_id=gid, published=False)
    shelf.hear(gid)
    go_on(shelf, row)
    assert not shelf.shown(row)["publishedOn"]


def test_a_draft_of_the_merchants_stays_one_when_it_is_linked(shelf: Shelf):
    other, row = theirs(shelf, published=False), with_barcode(shelf)
    link(shelf, listed(shelf, row), other["id"])
    assert not shelf.shown(row)["publishedOn"]


def test_a_linked_product_without_the_vendors_variant_tells_it(shelf: Shelf):
    other = theirs(
        shelf,
        variants=[
            {"sku": f"MUG-1-{n}", "price": "1", "options": {"Width": str(n)}} for n in (0, 7)
        ],
    )
    row = shelf.product(variants=2)
    link(shelf, listed(shelf, row), other["id"])
    first, second = shelf.lines(row)
    assert first.variant_gid
    assert not second.variant_gid
    (finding,) = shelf.findings("variant_not_linked")
    assert finding.evidence["variant"] == "2"
    assert len(shelf.shown(row)["variantIds"]) == 2


def test_many_are_linked_as_proposed_each_product_once(shelf: Shelf):
    other = theirs(shelf)
    first = listed(shelf, with_barcode(shelf))
    twin, plain = listed(shelf, with_barcode(shelf)), listed(shelf, shelf.product())
    ids = [first.pk, twin.pk, plain.pk]
    stranger = make_shelf()
    assert link_as_proposed(stranger.owner, ids, None, shelf.clock.now()) == ([], [])
    stranger.shop.simulator.close()
    done, waiting = link_as_proposed(shelf.owner, ids, None, shelf.clock.now())
    assert (done, waiting) == ([first.pk], [twin.pk, plain.pk])
    shelf.publish()
    first.refresh_from_db()
    assert (first.product_gid, first.linked) == (other["id"], True)


def test_a_refused_proposal_makes_a_product_of_its_own(shelf: Shelf):
    other = theirs(shelf)
    row = with_barcode(shelf)
    listing = listed(shelf, row)
    shelf.compare()
    refuse_link(shelf.owner, listing.pk)
    shelf.put_on_sale()
    listing.refresh_from_db()
    assert listing.product_gid not in {"", other["id"]}
    shelf.forward(1)
    shelf.compare()
    listing.refresh_from_db()
    assert not listing.candidate_gid


def test_what_is_unlinked_gives_its_stock_back(shelf: Shelf):
    other = theirs(shelf)
    row = with_barcode(shelf)
    listing = listed(shelf, row)
    link(shelf, listing, other["id"])
    (line,) = shelf.lines(row)
    place = line.stocked_at_location
    ask_unlink(shelf.owner, listing.pk)
    shelf.publish()
    listing.refresh_from_db()
    assert (listing.linked, listing.product_gid, listing.state) == (False, "", "review")
    variant = shelf.shop.state.variants[line.variant_gid]
    levels = shelf.shop.state.levels.of(variant["itemId"])
    assert levels[place]["available"] == 0
    assert sum(level["available"] for level in levels.values()) == 3  # the merchant's own
    assert variant["price"] == "10.00"


def test_a_product_that_went_meanwhile_is_told(shelf: Shelf):
    other = theirs(shelf)
    listing = listed(shelf, shelf.product())
    shelf.shop.control("products/delete", product_id=other["id"])
    link(shelf, listing, other["id"])
    assert (listing.linked, listing.state, listing.dirty) == (False, "review", False)
    assert "not on Shopify" in listing.publish_error


def test_strangers_products_cannot_be_linked(shelf: Shelf):
    stranger = make_shelf()
    other = theirs(stranger)
    listing = listed(shelf, shelf.product())
    with pytest.raises(Rejected, match="no such product on Shopify"):
        ask_link(shelf.owner, listing.pk, other["id"], None, shelf.clock.now())
    with pytest.raises(Rejected, match="no such product"):
        ask_link(stranger.owner, listing.pk, other["id"], None, shelf.clock.now())
    with pytest.raises(Rejected, match="not linked"):
        ask_unlink(stranger.owner, listing.pk)
    with pytest.raises(Rejected, match="no such product"):
        refuse_link(stranger.owner, listing.pk)
    stranger.shop.simulator.close()


def test_two_listings_never_share_a_product(shelf: Shelf):
    other = theirs(shelf)
    first, second = (listed(shelf, shelf.product()) for _ in range(2))
    ask_link(shelf.owner, first.pk, other["id"], None, shelf.clock.now())
    with pytest.raises(Rejected, match="being linked"):
        ask_link(shelf.owner, second.pk, other["id"], None, shelf.clock.now())
    shelf.publish()
    with pytest.raises(Rejected, match="no such product on Shopify"):
        ask_link(shelf.owner, second.pk, other["id"], None, shelf.clock.now())
