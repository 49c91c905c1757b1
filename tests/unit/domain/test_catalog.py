from dataclasses import replace
from decimal import Decimal

import pytest

from longshore.domain.catalog import (
    ProductType,
    VendorProduct,
    VendorVariant,
    left_out_because,
    options_in_order,
    sellable_variants,
    shape_problems,
)
from longshore.domain.stock import StockStatus, StoreStock

IN_STOCK = StoreStock(tracked=False, quantity=None, status=StockStatus.IN_STOCK)


def variant(number: int = 0, *values: str, **changes: object) -> VendorVariant:
    fields: dict = {
        "product_id": 1,
        "variation_id": number,
        "sku": "",
        "barcode": "",
        "regular_price": Decimal(10),
        "sale_price": None,
        "sale_from": None,
        "sale_to": None,
        "stock": IN_STOCK,
        "pooled": False,
        "options": tuple(zip(("Size", "Color", "Cut", "Fit"), values, strict=False)),
        "weight": None,
        "image": None,
    }
    return VendorVariant(**{**fields, **changes})


def product(*variants: VendorVariant, **changes: object) -> VendorProduct:
    fields: dict = {
        "product_id": 1,
        "kind": ProductType.VARIABLE,
        "raw_type": "variable",
        "status": "publish",
        "visible": True,
        "protected": False,
        "name": "Mug",
        "slug": "mug",
        "permalink": "",
        "sku": "",
        "description_html": "",
        "short_description_html": "",
        "categories": (),
        "tags": (),
        "brand": "",
        "images": (),
        "option_names": ("Size",),
        "created_at": None,
        "modified_at": None,
        "variants": variants,
    }
    return VendorProduct(**{**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "code", "evidence"),
    [
        ({}, None, {}),
        ({"kind": ProductType.OTHER, "raw_type": "grouped"}, "product_type_left_out",
         {"product": "Mug", "type": "grouped"}),
        ({"status": "draft"}, "product_not_public", {"product": "Mug", "status": "draft"}),
        ({"status": "private"}, "product_not_public", {"product": "Mug", "status": "private"}),
        ({"protected": True}, "product_not_public", {"product": "Mug", "status": "password"}),
        ({"visible": False}, None, {}),
    ],
)  # fmt: skip
def test_left_out_by_rule(changes: dict, code: str | None, evidence: dict):
    found = left_out_because(product(variant(1, "S"), **changes))
    assert (found.code if found else None) == code
    assert found is None or dict(found.evidence) == evidence


def codes(one: VendorProduct, limit: int = 2048) -> list[str]:
    return [problem.code for problem in shape_problems(one, limit)]


def test_a_sound_product_has_no_problems():
    assert codes(product(variant(1, "S"), variant(2, "M"))) == []


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (product(), ["product_no_variants"]),
        (product(variant(1, "S", regular_price=None)), ["product_no_variants"]),
        (product(variant(1, "S", regular_price=Decimal(0))), ["product_no_variants"]),
        (product(variant(1, "S", public=False)), ["product_no_variants"]),
        (product(variant(1, "")), ["variant_any_option"]),
        (product(variant(1, "S"), variant(2, "s")), ["variant_same_options"]),
        (
            product(variant(1, "S", "R", "A", "B"), option_names=("Size", "Color", "Cut", "Fit")),
            ["too_many_options"],
        ),
    ],
)
def test_what_keeps_a_product_off_shopify(one: VendorProduct, expected: list[str]):
    assert codes(one) == expected


def test_more_variants_than_the_shop_allows_are_never_cut():
    one = product(variant(1, "S"), variant(2, "M"), variant(3, "L"))
    (problem,) = shape_problems(one, 2)
    assert problem.evidence["count"] == 3
    assert len(sellable_variants(one)) == 3


def test_options_follow_the_products_order_whatever_their_case():
    names = ("Size", "Color")
    assert options_in_order(names, [("COLOR", "red")]) == (("Size", ""), ("Color", "red"))


def test_a_simple_product_needs_no_options():
    one = replace(product(variant()), kind=ProductType.SIMPLE, option_names=())
    assert codes(one) == []
