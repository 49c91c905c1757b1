"""Rules as people change them: previewed exactly, in force once saved, nobody else's concern."""

from decimal import Decimal

import pytest

from longshore import wiring
from longshore.ports.errors import Rejected
from longshore.storage.models import ImportRule, Listing, ListingVariant, Vendor, VendorProduct
from longshore.storage.repositories import rule_edits
from longshore.storage.repositories.listings import Listings
from longshore.storage.repositories.rule_edits import RuleKind
from longshore.sync.preview_rules import RulesPreview, preview_rules
from support.shelf import Shelf, make_shelf

TEN_MORE = {"markup": "percent", "amount": Decimal(10)}
NO_MUGS = {"include": False, "subject": "category", "comparison": "is", "value": "mugs"}


def previewed(shelf: Shelf, then: rule_edits.Proposed) -> RulesPreview:
    return preview_rules(
        Listings(), shelf.clock, marketplace_id=shelf.owner, rules=then.rules,
        policies=then.policies, budget_s=1e9,
    )  # fmt: skip


def propose(shelf: Shelf, kind: RuleKind, values: dict) -> RulesPreview:
    return previewed(shelf, rule_edits.proposed_rule(shelf.owner, kind, None, values))


def test_a_price_rule_is_previewed_and_then_does_just_that(shelf: Shelf):
    row = shelf.product()
    shelf.put_on_sale()
    before = VendorProduct.objects.filter(review_due=True).count()
    found = propose(shelf, RuleKind.MARKUPS, TEN_MORE)
    assert (found.total, found.looked, found.changed, found.held) == (1, 1, 1, 0)
    assert dict(found.fields) == {"price": 1}
    (example,) = found.examples
    assert (example.field, example.before, example.after) == ("price", "10", "11")
    # nothing was written by looking
    assert VendorProduct.objects.filter(review_due=True).count() == before
    wiring.save_rule(shelf.owner, RuleKind.MARKUPS, None, TEN_MORE)
    shelf.review()
    shelf.publish()
    assert shelf.shown_variants(row)[0]["price"] == "11.00"


def test_a_jump_by_a_rule_is_previewed_as_held(shelf: Shelf):
    shelf.product()
    shelf.put_on_sale()
    found = propose(shelf, RuleKind.MARKUPS, {"markup": "percent", "amount": Decimal(900)})
    assert (found.held, found.changed) == (1, 0)
    (example,) = found.examples
    assert (example.before, example.after, example.held) == ("10", "100.00", True)


def test_a_rule_that_keeps_out_and_one_that_lets_in(shelf: Shelf):
    mug, box = shelf.product(), shelf.product(categories=["Boxes"])
    shelf.put_on_sale()
    found = propose(shelf, RuleKind.IMPORTS, NO_MUGS)
    assert (found.kept_out, found.comes_in, found.changed) == (1, 0, 0)
    rule_id = wiring.save_rule(shelf.owner, RuleKind.IMPORTS, None, NO_MUGS)
    shelf.review()
    shelf.publish()
    assert not shelf.shown(mug)["publishedOn"]
    assert shelf.shown(box)["publishedOn"]
    other = rule_edits.proposed_rule(
        shelf.owner, RuleKind.IMPORTS, rule_id, {**NO_MUGS, "active": False}
    )
    assert previewed(shelf, other).comes_in == 1
    wiring.remove_rule(shelf.owner, RuleKind.IMPORTS, rule_id)
    shelf.review()
    shelf.publish()
    assert shelf.shown(mug)["publishedOn"]


def test_the_first_rule_decides_and_the_order_can_be_changed(shelf: Shelf):
    row = shelf.product()
    shelf.put_on_sale()
    wiring.save_rule(shelf.owner, RuleKind.MARKUPS, None, TEN_MORE)
    second = wiring.save_rule(
        shelf.owner, RuleKind.MARKUPS, None, {"markup": "add", "amount": Decimal(5)}
    )
    shelf.review()
    assert ListingVariant.objects.get().wanted_price == 11
    wiring.move_rule(shelf.owner, RuleKind.MARKUPS, second, up=True)
    shelf.review()
    shelf.publish()
    assert shelf.shown_variants(row)[0]["price"] == "15.00"


def test_a_policy_is_previewed_by_field(shelf: Shelf):
    row = shelf.product(brand="Kiln & Sons")
    shelf.put_on_sale()
    policy = {"title": "{brand} {title}", "shown_vendor": "{brand}"}
    found = previewed(shelf, rule_edits.proposed_policy(shelf.owner, None, policy))
    assert dict(found.fields) == {"title": 1, "vendor": 1}
    wiring.save_policy(shelf.owner, None, policy)
    shelf.review()
    shelf.publish()
    assert shelf.shown(row)["title"] == f"Kiln & Sons {row.name}"


def test_a_rule_of_one_vendor_leaves_the_others_alone(shelf: Shelf):
    first = Vendor.objects.filter(marketplace=shelf.marketplace).earliest("pk")
    mine, theirs = shelf.product(0), shelf.product(1)
    shelf.put_on_sale()
    wiring.save_rule(shelf.owner, RuleKind.MARKUPS, None, {**TEN_MORE, "vendor_id": first.pk})
    assert not VendorProduct.objects.get(pk=theirs.pk).review_due
    shelf.review()
    shelf.publish()
    assert shelf.shown_variants(mine)[0]["price"] == "11.00"
    assert shelf.shown_variants(theirs)[0]["price"] == "10.00"


@pytest.mark.parametrize(
    ("kind", "values", "why"),
    [
        (RuleKind.IMPORTS, {**NO_MUGS, "subject": "price"}, "no number"),
        (RuleKind.IMPORTS, {**NO_MUGS, "value": " "}, "needs a value"),
        (RuleKind.MARKUPS, {"markup": "percent", "amount": Decimal(-100)}, "leaves nothing"),
        (RuleKind.MARKUPS, {"markup": "set", "amount": Decimal(0)}, "above zero"),
        (RuleKind.NAMES, {"kind": "metafield", "source": "Wood", "target": "wood"}, "namespace"),
        (RuleKind.NAMES, {"kind": "option", "source": "Size", "target": ""}, "it becomes"),
        (RuleKind.NAMES, {"kind": "tag", "source": "", "target": "x"}, "vendor's word"),
    ],
)
def test_what_makes_no_sense_is_not_saved(shelf: Shelf, kind: RuleKind, values: dict, why: str):
    with pytest.raises(Rejected, match=why):
        wiring.save_rule(shelf.owner, kind, None, values)
    with pytest.raises(Rejected, match=why):
        rule_edits.proposed_rule(shelf.owner, kind, None, values)


def test_a_template_with_an_unknown_word_is_not_saved(shelf: Shelf):
    with pytest.raises(Rejected, match=r"\{colour\} is not known"):
        wiring.save_policy(shelf.owner, None, {"title": "{colour} {title}"})


def test_nobody_changes_anothers_rules(shelf: Shelf):
    stranger = make_shelf()
    theirs = wiring.save_rule(stranger.owner, RuleKind.IMPORTS, None, NO_MUGS)
    vendor = Vendor.objects.filter(marketplace=stranger.marketplace).first()
    assert vendor is not None
    for call in (
        lambda: wiring.save_rule(shelf.owner, RuleKind.IMPORTS, theirs, NO_MUGS),
        lambda: wiring.remove_rule(shelf.owner, RuleKind.IMPORTS, theirs),
        lambda: wiring.move_rule(shelf.owner, RuleKind.IMPORTS, theirs, up=True),
    ):
        with pytest.raises(Rejected, match="no such rule"):
            call()
    with pytest.raises(Rejected, match="no such vendor"):
        wiring.save_rule(shelf.owner, RuleKind.IMPORTS, None, {**NO_MUGS, "vendor_id": vendor.pk})
    with pytest.raises(Rejected, match="no such vendor"):
        wiring.save_policy(shelf.owner, vendor.pk, {"title": "{title}"})
    assert ImportRule.objects.count() == 1
    stranger.shop.simulator.close()


# --- why ---


def why(shelf: Shelf, listing: Listing):
    found = wiring.explain_listing(shelf.owner, listing.pk)
    assert found is not None
    return found


def test_a_product_is_explained_from_the_shop_to_the_buyer(shelf: Shelf):
    row = shelf.product()
    shelf.review()
    listing = Listing.objects.get(product=row)
    assert (why(shelf, listing).stopped_at, why(shelf, listing).because) == ("chosen", "review")
    shelf.approve()
    assert why(shelf, listing).stopped_at == "written"
    shelf.publish()
    found = why(shelf, listing)
    assert (found.stopped_at, len(found.passed)) == (None, 5)
    assert not [one for one in found.fields if one.differs]
    name = row.name
    shelf.edit(row, name="Other mug")
    (title,) = [one for one in why(shelf, listing).fields if one.differs]
    assert (title.name, title.now, title.wanted) == ("title", name, "Other mug")
    assert (title.decided_by, why(shelf, listing).stopped_at) == ("until_edited", "written")


def test_it_says_which_rule_keeps_a_product_out(shelf: Shelf):
    row = shelf.product()
    (listing,) = shelf.put_on_sale(row)
    wiring.save_rule(shelf.owner, RuleKind.IMPORTS, None, {**NO_MUGS, "name": "No mugs"})
    found = why(shelf, listing)
    assert found.stopped_at == "let_in"
    assert found.reasons[0].evidence["rule"] == "No mugs"
    wiring.save_rule(shelf.owner, RuleKind.IMPORTS, ImportRule.objects.get().pk, {"include": True})
    assert (why(shelf, listing).stopped_at, why(shelf, listing).rule) == (None, "No mugs")


def test_it_names_the_problem_and_what_the_marketplace_decided(shelf: Shelf):
    row = shelf.product()
    (listing,) = shelf.put_on_sale(row)
    wiring.edit_listing(shelf.owner, listing.pk, {"title": "Ours"}, {})
    (title,) = [one for one in why(shelf, listing).fields if one.name == "title"]
    assert (title.wanted, title.vendors, title.decided_by) == ("Ours", row.name, "hub")
    row.variants.update(regular_price=None)
    found = why(shelf, listing)
    assert (found.stopped_at, [one.code for one in found.reasons]) == ("ready", ["no_price"])


def test_anothers_product_is_not_explained(shelf: Shelf):
    (listing,) = shelf.put_on_sale(shelf.product())
    stranger = make_shelf()
    assert wiring.explain_listing(stranger.owner, listing.pk) is None
    stranger.shop.simulator.close()


def test_own_descriptions_are_cleaned(shelf: Shelf):
    (listing,) = shelf.put_on_sale(shelf.product())
    wiring.edit_listing(
        shelf.owner, listing.pk, {"description": "<p>Fine</p><script>alert(1)</script>"}, {}
    )
    listing.refresh_from_db()
    assert listing.own["description"]["value"] == "<p>Fine</p>"
