import pytest

from longshore.domain.listing import Field, Said
from longshore.domain.ownership import (
    PRODUCT,
    By,
    Owner,
    OwnValue,
    OwnValues,
    decide,
    find_edits,
)

TITLE, PRICE = Field.TITLE, Field.PRICE
VENDORS = Said({TITLE: "Vendor's"}, {1: {PRICE: "10"}})
KNOWN = Said({TITLE: "Written"}, {1: {PRICE: "9"}})


def decided(
    own: OwnValue | None = None, owner: Owner | None = None, *, exists=True, linked=False
) -> str:
    owns = OwnValues({TITLE: own} if own else {})
    name = f"linked.{TITLE}" if linked else TITLE
    owners = {name: owner} if owner else {}
    return decide(VENDORS, KNOWN, owns, owners, exists=exists, linked=linked).product[TITLE]


@pytest.mark.parametrize(
    ("owner", "exists", "value"),
    [
        (None, True, "Vendor's"),
        (Owner.VENDOR, True, "Vendor's"),
        (Owner.UNTIL_EDITED, True, "Vendor's"),
        (Owner.FIRST_IMPORT, False, "Vendor's"),
        (Owner.FIRST_IMPORT, True, "Written"),
        (Owner.MARKETPLACE, True, "Written"),
    ],
)
def test_the_owner_decides(owner, exists, value):
    assert decided(owner=owner, exists=exists) == value


@pytest.mark.parametrize("owner", [None, *Owner])
@pytest.mark.parametrize("by", [By.HUB, By.SHOPIFY])
def test_an_own_value_beats_every_owner(owner, by):
    assert decided(OwnValue("Own", by), owner) == "Own"


def test_an_undone_value_holds_until_the_vendor_says_something_new():
    assert decided(OwnValue("Before", By.UNDO, undone="Vendor's")) == "Before"
    assert decided(OwnValue("Before", By.UNDO, undone="Something older")) == "Vendor's"


def test_a_linked_product_takes_only_prices_from_the_vendor():
    assert decided(linked=True) == "Written"
    assert decided(owner=Owner.VENDOR, linked=True) == "Vendor's"
    found = decide(VENDORS, KNOWN, OwnValues(), {}, exists=True, linked=True)
    assert found.variants[1][PRICE] == "10"


def edits(shown: str, owner: Owner | None = None, own: OwnValue | None = None):
    return find_edits(
        Said({TITLE: shown}),
        KNOWN,
        OwnValues({TITLE: own} if own else {}),
        {TITLE: owner} if owner else {},
        linked=False,
    )


def test_what_nobody_touched_is_no_edit():
    found = edits("Written")
    assert (found.kept, found.put_back, found.known) == ((), (), KNOWN)


def test_an_edit_on_shopify_is_kept():
    found = edits("Mine")
    assert found.kept == ((PRODUCT, TITLE),)
    assert found.own.product == {TITLE: OwnValue("Mine", By.SHOPIFY)}
    wanted = decide(VENDORS, found.known, found.own, {}, exists=True, linked=False)
    assert wanted.product[TITLE] == "Mine"


def test_an_edit_of_the_vendors_own_field_is_put_back():
    found = edits("Mine", Owner.VENDOR)
    assert found.put_back == ((PRODUCT, TITLE),)
    owners = {TITLE: Owner.VENDOR}
    wanted = decide(VENDORS, found.known, found.own, owners, exists=True, linked=False)
    assert wanted.product[TITLE] == "Vendor's"
    assert found.known.product[TITLE] == "Mine"


@pytest.mark.parametrize("owner", [Owner.FIRST_IMPORT, Owner.MARKETPLACE])
def test_an_edit_of_the_marketplaces_own_field_is_nobodys_business(owner):
    found = edits("Mine", owner)
    assert (found.kept, found.put_back) == ((), ())
    wanted = decide(VENDORS, found.known, found.own, {TITLE: owner}, exists=True, linked=False)
    assert wanted.product[TITLE] == "Mine"


@pytest.mark.parametrize("owner", [None, Owner.VENDOR])
def test_an_edit_on_shopify_is_newer_than_one_in_the_hub(owner):
    found = edits("Mine", owner, OwnValue("Hub's", By.HUB))
    assert found.own.product[TITLE] == OwnValue("Mine", By.SHOPIFY)


def test_a_field_that_was_never_written_is_taken_over():
    found = find_edits(Said({TITLE: "There"}), Said(), OwnValues(), {}, linked=True)
    assert (found.kept, found.known.product) == ((), {TITLE: "There"})


def test_variants_are_told_by_their_key():
    found = find_edits(Said({}, {1: {PRICE: "8"}}), KNOWN, OwnValues(), {}, linked=False)
    assert found.kept == ((1, PRICE),)
    assert found.own.variants == {1: {PRICE: OwnValue("8", By.SHOPIFY)}}
