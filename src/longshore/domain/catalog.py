"""What is true about the catalog: a vendor's products in one normal form, and what may be sold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from longshore.domain.findings import Finding
from longshore.domain.stock import StoreStock

TRANSLATION = "product_translation"
"""Left out: another product is its original, and is imported once for all languages."""

MAX_OPTIONS = 3
"""Options a Shopify product may have (schema: OPTIONS_OVER_LIMIT)."""


class ProductType(StrEnum):
    SIMPLE = "simple"
    VARIABLE = "variable"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class VendorImage:
    """`image_id` is the store's media id, 0 where it gives none."""

    image_id: int
    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class VendorVariant:
    """One thing that can be bought in a store. Identity: (store, product_id, variation_id).

    `variation_id` is 0 for a simple product. Prices are decimal amounts in the store's currency
    and tax base, None where the store has none. Sale times are UTC.
    `pooled`: its stock is its parent's (`manage_stock: "parent"`), shared with its siblings.
    `options`: (option name, value) in the parent's order; a value "" means "any".
    """

    product_id: int
    variation_id: int
    sku: str
    barcode: str
    regular_price: Decimal | None
    sale_price: Decimal | None
    sale_from: datetime | None
    sale_to: datetime | None
    stock: StoreStock
    pooled: bool
    options: tuple[tuple[str, str], ...]
    weight: Decimal | None
    image: VendorImage | None
    public: bool = True
    position: int = 0


@dataclass(frozen=True, slots=True)
class VendorProduct:
    """A store's product in the one normal form every dialect produces.

    `variants` is None while a variable product's variations are still to be read. HTML is cleaned
    already. `raw_type` and `status` keep the store's own words for the reason shown to people.
    `language` is a code of the store's, "" where it has one only; `original_id` the product of
    which this is the translation, 0 where it is none or nobody says.
    """

    product_id: int
    kind: ProductType
    raw_type: str
    status: str
    visible: bool
    protected: bool
    name: str
    slug: str
    permalink: str
    sku: str
    description_html: str
    short_description_html: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    brand: str
    images: tuple[VendorImage, ...]
    option_names: tuple[str, ...]
    created_at: datetime | None
    modified_at: datetime | None
    variants: tuple[VendorVariant, ...] | None
    variation_ids: tuple[int, ...] = ()
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(name, values) of what is shown and makes no variations"""
    language: str = ""
    original_id: int = 0


def left_out_because(product: VendorProduct) -> Finding | None:
    """Why a product is not imported by rule, or None when it is."""
    if product.kind is ProductType.OTHER:
        return Finding("product_type_left_out", {"product": product.name, "type": product.raw_type})
    if product.status != "publish" or product.protected:
        status = "password" if product.protected else product.status
        return Finding("product_not_public", {"product": product.name, "status": status})
    if product.original_id:
        evidence = {"product": product.name, "language": product.language}
        return Finding(TRANSLATION, evidence)
    return None


def shape_problems(product: VendorProduct, variant_limit: int) -> Sequence[Finding]:
    """What keeps an imported product off Shopify as it stands; empty when nothing does."""
    variants = sellable_variants(product)
    if not variants:
        return [Finding("product_no_variants", {"product": product.name})]
    found: list[Finding] = []
    if len(product.option_names) > MAX_OPTIONS:
        found.append(
            Finding(
                "too_many_options", {"product": product.name, "count": len(product.option_names)}
            )
        )
    if len(variants) > variant_limit:
        found.append(
            Finding(
                "too_many_variants",
                {"product": product.name, "count": len(variants), "limit": variant_limit},
            )
        )
    return [*found, *_option_problems(product, variants)]


def sellable_variants(product: VendorProduct) -> tuple[VendorVariant, ...]:
    """The public variants with a price; zero is no price (0.00 on sale is nearly always a slip)."""
    return tuple(v for v in product.variants or () if v.public and v.regular_price)


def _option_problems(product: VendorProduct, variants: Sequence[VendorVariant]) -> list[Finding]:
    if product.kind is not ProductType.VARIABLE:
        return []
    seen: set[tuple[str, ...]] = set()
    found: list[Finding] = []
    for variant in variants:
        missing = next((name for name, value in variant.options if not value), None)
        if missing is not None:
            found.append(
                Finding("variant_any_option", {"product": product.name, "option": missing})
            )
            continue
        key = tuple(value.casefold() for _, value in variant.options)
        if key in seen:
            shown = ", ".join(value for _, value in variant.options)
            found.append(
                Finding("variant_same_options", {"product": product.name, "options": shown})
            )
        seen.add(key)
    return found


def options_in_order(
    option_names: Sequence[str], options: Sequence[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """A variation's options in its product's order; one that it leaves out is "" ("any")."""
    given = {name.casefold(): value for name, value in options}
    return tuple((name, given.get(name.casefold(), "")) for name in option_names)
