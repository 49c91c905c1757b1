"""From a store's product JSON to the one normal form (recording products.json)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import TypedDict

import nh3

from longshore.domain.catalog import ProductType, VendorImage, VendorProduct, VendorVariant
from longshore.domain.stock import StockStatus, StoreStock
from longshore.ports.stores import StockLine
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.wire import Json

_KINDS = {"simple": ProductType.SIMPLE, "variable": ProductType.VARIABLE}
_STATUSES = {status.value: status for status in StockStatus}


class _SoldAs(TypedDict):
    sku: str
    barcode: str
    regular_price: Decimal | None
    sale_price: Decimal | None
    sale_from: datetime | None
    sale_to: datetime | None
    weight: Decimal | None


class UnreadableItem(Exception):  # noqa: N818 - data, not a mistake
    """An item that cannot be understood; the page it came on goes on."""

    def __init__(self, product_id: int, why: str) -> None:
        super().__init__(why)
        self.product_id = product_id
        self.why = why


def identity(row: Json) -> int:
    """The item's id. Raises UnreadableItem."""
    number = wire.integer(row.get("id"))
    if number is None or number <= 0:
        raise UnreadableItem(0, "it has no id")
    return number


def product(row: Json) -> VendorProduct:
    """One product; a variable one without its variants, a simple one with its single one. Raises
    UnreadableItem.
    """
    product_id = identity(row)
    raw_type = wire.text(row.get("type")) or "simple"
    kind = _KINDS.get(raw_type, ProductType.OTHER)
    name = _plain(row.get("name"))
    if not name and wire.text(row.get("status")) == "publish":
        raise UnreadableItem(product_id, "it has no name")
    variable = kind is ProductType.VARIABLE
    return VendorProduct(
        product_id=product_id,
        kind=kind,
        raw_type=raw_type,
        status=wire.text(row.get("status")) or "publish",
        visible=wire.text(row.get("catalog_visibility")) != "hidden",
        protected=bool(wire.text(row.get("post_password"))),
        name=name,
        slug=wire.text(row.get("slug")),
        permalink=wire.text(row.get("permalink")),
        sku=wire.text(row.get("sku")),
        description_html=_clean(row.get("description")),
        short_description_html=_clean(row.get("short_description")),
        categories=_names(row.get("categories")),
        tags=_names(row.get("tags")),
        brand=next(iter(_names(row.get("brands"))), ""),
        images=_images(row.get("images")),
        option_names=_option_names(row.get("attributes")) if variable else (),
        created_at=wire.moment(row.get("date_created_gmt")),
        modified_at=wire.moment(row.get("date_modified_gmt")),
        variants=None if variable else (_single(product_id, row),),
        variation_ids=_ids(row.get("variations")) if variable else (),
        attributes=_attributes(row.get("attributes"), variable=variable),
    )


def variant(row: Json, parent_id: int | None = None) -> VendorVariant:
    """One variation. Raises UnreadableItem."""
    variation_id = identity(row)
    parent = wire.integer(row.get("parent_id")) or parent_id
    if not parent:
        raise UnreadableItem(variation_id, "it does not name its product")
    image = wire.mapping(row.get("image"))
    pooled = row.get("manage_stock") == "parent"
    return VendorVariant(
        product_id=parent,
        variation_id=variation_id,
        stock=stock(row),
        pooled=pooled,
        options=tuple(
            (_plain(one.get("name")), _plain(one.get("option")))
            for one in wire.items(row.get("attributes"))
        ),
        image=_image(image) if image else None,
        public=wire.text(row.get("status") or "publish") == "publish",
        position=wire.integer(row.get("menu_order")) or 0,
        **_sold_as(row),
    )


def stock_line(row: Json, parent: int = 0) -> StockLine:
    """The light reading of a product, or of a variation of `parent`. Raises UnreadableItem. A
    product's own `parent_id` says nothing: before 3.0 it names a grouped product.
    """
    number = identity(row)
    return StockLine(
        product_id=parent or number,
        variation_id=number if parent else 0,
        stock=stock(row),
        pooled=row.get("manage_stock") == "parent",
        modified_at=wire.moment(row.get("date_modified_gmt")),
        status=wire.text(row.get("status")) or "publish",
        raw_type=wire.text(row.get("type")) or "simple",
        visible=wire.text(row.get("catalog_visibility")) != "hidden",
        regular_price=wire.decimal(row.get("regular_price")),
        sale_price=wire.decimal(row.get("sale_price")),
    )


def stock(row: Json) -> StoreStock:
    """`manage_stock` is true, false or "parent"; older stores have `in_stock` in place of
    `stock_status`. A quantity beside tracking that is off means nothing. Raises UnreadableItem when
    it says nothing at all: silence is not "sold out".
    """
    if "stock_status" not in row and "in_stock" not in row:
        raise UnreadableItem(wire.integer(row.get("id")) or 0, "it does not say what is in stock")
    managed = row.get("manage_stock")
    tracked = managed == "parent" or wire.flag(managed)
    status = _STATUSES.get(wire.text(row.get("stock_status")))
    if status is None:
        in_stock = wire.flag(row.get("in_stock")) and not wire.flag(row.get("backordered"))
        status = StockStatus.IN_STOCK if in_stock else StockStatus.OUT_OF_STOCK
    quantity = wire.integer(row.get("stock_quantity")) if tracked else None
    return StoreStock(tracked, quantity, status)


def _single(product_id: int, row: Json) -> VendorVariant:
    return VendorVariant(
        product_id=product_id,
        variation_id=0,
        stock=stock(row),
        pooled=False,
        options=(),
        image=None,
        **_sold_as(row),
    )


def _sold_as(row: Json) -> _SoldAs:
    return {
        "sku": wire.text(row.get("sku")),
        "barcode": wire.text(row.get("global_unique_id")),
        "regular_price": wire.decimal(row.get("regular_price")),
        "sale_price": wire.decimal(row.get("sale_price")),
        "sale_from": wire.moment(row.get("date_on_sale_from_gmt")),
        "sale_to": wire.moment(row.get("date_on_sale_to_gmt")),
        "weight": wire.decimal(row.get("weight")),
    }


def _plain(value: object) -> str:
    """Names arrive with HTML entities ("Salt &amp; Pepper")."""
    written = wire.text(value)
    return unescape(written).strip() if "&" in written else written.strip()


def _clean(value: object) -> str:
    """A stranger's HTML, safe to show and to publish."""
    written = wire.text(value)
    return nh3.clean(written) if "<" in written or "&" in written else written


def _names(value: object) -> tuple[str, ...]:
    return tuple(name for one in wire.items(value) if (name := _plain(one.get("name"))))


def _ids(value: object) -> tuple[int, ...]:
    found = [wire.integer(one) for one in wire.values(value)]
    return tuple(one for one in found if one)


def _image(row: Json) -> VendorImage | None:
    url = wire.text(row.get("src"))
    if not url.startswith(("http://", "https://")):
        return None
    return VendorImage(wire.integer(row.get("id")) or 0, url, _plain(row.get("alt")))


def _images(value: object) -> tuple[VendorImage, ...]:
    found = [_image(one) for one in wire.items(value)]
    return tuple(one for one in found if one is not None)


def _attributes(value: object, *, variable: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What shoppers are shown beside the description, and that makes no variations."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for one in wire.items(value):
        hidden = one.get("visible") is not None and not wire.flag(one.get("visible"))
        if hidden or (variable and wire.flag(one.get("variation"))):
            continue
        values = tuple(text for text in map(_plain, wire.values(one.get("options"))) if text)
        if values:
            found.append((_plain(one.get("name")), values))
    return tuple(found)


def _option_names(value: object) -> tuple[str, ...]:
    """The attributes that make variations, in the store's order."""
    used = [one for one in wire.items(value) if wire.flag(one.get("variation"))]
    return tuple(_plain(one.get("name")) for one in used)


def with_variants(parent: VendorProduct, found: Sequence[VendorVariant]) -> VendorProduct:
    """The product with its variations, each with an option for each of the parent's names: an
    attribute that a variation leaves out means "any".
    """

    def ordered(one: VendorVariant) -> VendorVariant:
        given = {name.casefold(): option for name, option in one.options}
        options = tuple((name, given.get(name.casefold(), "")) for name in parent.option_names)
        return replace(one, options=options)

    return replace(parent, variants=tuple(ordered(one) for one in found))
