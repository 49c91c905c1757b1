from dataclasses import replace
from decimal import Decimal

import pytest

from longshore.domain.listing import (
    Field,
    ListingDraft,
    ListingVariantDraft,
    Metafield,
    Said,
    Step,
    after,
    before,
    drafted,
    plan_writes,
    said_by,
    same,
)


def variant(key: int = 1, size: str = "S", **changes: object) -> ListingVariantDraft:
    fields: dict = {
        "key": key,
        "variant_id": f"v{key}",
        "options": (("Size", size),),
        "sku": f"MUG-{size}",
        "barcode": "",
        "price": Decimal("12.50"),
        "compare_at": None,
        "tracked": True,
        "oversell": False,
        "weight": Decimal("0.40"),
        "image_url": "",
    }
    return ListingVariantDraft(**{**fields, **changes})


def draft(**changes: object) -> ListingDraft:
    fields: dict = {
        "uuid": "u",
        "product_id": "p",
        "title": "Mug",
        "description_html": "<p>Blue</p>",
        "vendor": "Kiln",
        "product_type": "Mugs",
        "tags": ("blue", "new"),
        "option_names": ("Size",),
        "images": (("https://kiln.example/1.jpg", "A mug"),),
        "variants": (variant(1, "S"), variant(2, "M")),
    }
    return ListingDraft(**{**fields, **changes})


def known(one: ListingDraft) -> Said:
    """What Shopify says once the draft was written."""
    said = Said()
    for writing in plan_writes(said_by(one), said, exists=False):
        said = after(said, writing)
    return said


def steps(now: ListingDraft, was: ListingDraft, *, linked: bool = False) -> list[Step]:
    found = plan_writes(said_by(now), known(was), exists=True, linked=linked)
    return [one.step for one in found]


def test_a_new_listing_is_made_whole_then_put_on_sale():
    found = plan_writes(said_by(draft()), Said(), exists=False)
    assert [one.step for one in found] == [Step.SET, Step.PUBLISH]
    assert set(found[0].said.variants) == {1, 2}


def test_a_listing_that_shall_not_be_on_sale_is_not_made():
    assert plan_writes(said_by(draft(on_sale=False)), Said(), exists=False) == ()


def test_nothing_differs_from_what_was_written():
    assert steps(draft(), draft()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": "Cup"}, [Step.CONTENT]),
        ({"active": False}, [Step.CONTENT]),
        ({"variants": (variant(1, price=Decimal(9)), variant(2, "M"))}, [Step.VARIANTS]),
        ({"variants": (variant(1, sku="X"), variant(2, "M"))}, [Step.VARIANTS]),
        ({"variants": (variant(1, "L"), variant(2, "M"))}, [Step.SET]),
        ({"variants": (variant(1), variant(2, "M"), variant(3, "L"))}, [Step.SET]),
        ({"images": ()}, [Step.SET]),
        ({"option_names": ("Width",)}, [Step.SET]),
        ({"tags": ("blue", "old")}, [Step.TAGS_ADD, Step.TAGS_REMOVE]),
        ({"tags": ("New", "BLUE")}, []),
        ({"on_sale": False}, [Step.UNPUBLISH]),
        (
            {"title": "Cup", "variants": (variant(1, price=Decimal(9)), variant(2, "M"))},
            [Step.CONTENT, Step.VARIANTS],
        ),
        ({"metafields": (Metafield("custom", "wool", "boolean", "true"),)}, [Step.METAFIELDS]),
    ],
)
def test_each_difference_takes_the_write_that_touches_least(changes, expected):
    assert steps(draft(**changes), draft()) == expected


def test_a_variant_that_is_gone_from_the_draft_is_no_write():
    """It stays on Shopify without stock: nothing is deleted there by itself."""
    assert steps(draft(variants=(variant(1, "S"),)), draft()) == []


def test_the_same_amount_with_other_zeros_is_no_difference():
    rounder = (variant(1, "S", price=Decimal("12.5000"), weight=Decimal("0.4")), variant(2, "M"))
    assert steps(draft(variants=rounder), draft()) == []


def test_a_linked_product_never_gets_its_lists_replaced():
    other = draft(
        images=(),
        option_names=("Width",),
        variants=(variant(1, "XS", price=Decimal(9)), variant(2, "M")),
    )
    assert steps(other, draft(), linked=True) == [Step.VARIANTS]


def test_after_all_writes_nothing_differs():
    was, now = draft(), draft(title="Cup", tags=("old",), images=(), on_sale=False)
    said = known(was)
    for writing in plan_writes(said_by(now), said, exists=True):
        said = after(said, writing)
    assert plan_writes(said_by(now), said, exists=True) == ()


def test_what_was_before_is_remembered_for_the_fields_that_are_written():
    writings = plan_writes(said_by(draft(title="Cup")), known(draft()), exists=True)
    assert before(known(draft()), writings[0]) == Said({Field.TITLE: "Mug"})


def test_a_new_variant_was_nothing_before():
    more = draft(variants=(*draft().variants, variant(3, "L")))
    (writing,) = plan_writes(said_by(more), known(draft()), exists=True)
    was = before(known(draft()), writing)
    assert 3 not in was.variants
    assert was.variants[1][Field.OPTIONS] == ["S"]


def test_a_draft_can_say_something_else():
    said = said_by(draft())
    other = Said(
        {**said.product, Field.TITLE: "Cup"},
        {
            key: {**one, Field.PRICE: "9.9", Field.WEIGHT: "7 OUNCES"}
            for key, one in said.variants.items()
        },
    )
    found = drafted(draft(), other)
    assert found.title == "Cup"
    assert {(v.price, v.weight, v.weight_unit) for v in found.variants} == {
        (Decimal("9.9"), Decimal(7), "OUNCES")
    }
    assert said_by(found) == other


@pytest.mark.parametrize(
    ("name", "left", "right", "equal"),
    [
        (Field.TAGS, ["Straße"], ["STRASSE"], True),
        (Field.TAGS, ["a"], ["a", "b"], False),
        (Field.IMAGES, [["u", "t", "gid"]], [["u", "t"]], True),
        (Field.IMAGES, [["u", "t"]], [["u", "other"]], False),
        (Field.ON_SALE, False, None, False),
        (Field.BARCODE, "", None, True),
        (Field.TITLE, "Mug", "mug", False),
    ],
)
def test_same_to_shopify(name, left, right, equal):
    assert same(name, left, right) is equal


def test_drafts_of_equal_words_are_equal_said():
    assert said_by(draft()) == said_by(replace(draft(), tags=("new", "blue")))
