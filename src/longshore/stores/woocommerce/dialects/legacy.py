"""The dialects legacy `v2` (2.2) and `v3` (2.4 and later), below /wc-api/: brought into the form of
`wc/v3` by tables of names (recordings wc2.2.0_v2, wc2.6.14_v2, wc2.6.14_v3).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.dialects.bodies import (
    REFERENCE_KEY,
    REFERENCE_META,
    details_in_note,
    without_emoji,
)
from longshore.stores.woocommerce.dialects.options import named_option
from longshore.stores.woocommerce.dialects.table import Dialect, Envelopes, Names, Variations
from longshore.stores.woocommerce.wire import Json

_NAMES = Names(
    limit="filter[limit]",
    offset="filter[offset]",
    include="filter[in]",
    fields="fields",
    by_id={"filter[orderby]": "ID", "filter[order]": "ASC"},
    newest_first={"filter[orderby]": "ID", "filter[order]": "DESC"},
    created_after="filter[created_at_min]",
    every_order={},
)

_PRODUCT = {
    "title": "name",
    "managing_stock": "manage_stock",
    "created_at": "date_created_gmt",
    "updated_at": "date_modified_gmt",
}
_ORDER = {
    "order_number": "number",
    "note": "customer_note",
    "created_at": "date_created_gmt",
    "updated_at": "date_modified_gmt",
    "billing_address": "billing",
    "shipping_address": "shipping",
}
_ORDER_BODY = {
    "customer_note": "note",
    "billing": "billing_address",
    "shipping": "shipping_address",
}


def _renamed(row: Json, names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in row.items()}


def _product(row: Json) -> Json:
    """Categories and tags are bare names, the images' list may hold a placeholder (id 0), and
    variations stand inside.
    """
    found = _renamed(row, _PRODUCT)
    for name in ("categories", "tags"):
        found[name] = [{"name": one} for one in wire.values(row.get(name))]
    found["images"] = _images(row.get("images"))
    found["catalog_visibility"] = row.get("catalog_visibility") or "visible"
    if "variations" in row:
        found["variations"] = [_variation(one, row) for one in wire.items(row["variations"])]
    found["regular_price"] = _price(row.get("regular_price"), row)
    return found


def _variation(row: Json, parent: Json) -> Json:
    found = _renamed(row, _PRODUCT)
    images = _images(row.get("image"))
    found["image"] = images[0] if images else None
    found["parent_id"] = parent.get("id")
    found["status"] = "publish" if wire.flag(row.get("visible", True)) else "private"
    found["attributes"] = [named_option(one, parent) for one in wire.items(row.get("attributes"))]
    return found


def _images(value: object) -> list[Json]:
    return [one for one in wire.items(value) if wire.integer(one.get("id"))]


def _price(value: object, row: Json) -> object:
    """v2 writes 0.00 for a variable product that has no price of its own."""
    return None if wire.text(row.get("type")) == "variable" else value


def _order(row: Json) -> Json:
    """`completed_at` is filled for every order, so only the status tells. A line's product id is
    the variation's where there is one.
    """
    found = _renamed(row, _ORDER)
    found["number"] = wire.text(found.get("number")).removeprefix("#")
    if wire.text(row.get("status")) == "completed":
        found["date_completed_gmt"] = row.get("completed_at")
    meta = wire.mapping(row.get("order_meta")) or wire.mapping(row.get("product_meta"))
    found["meta_data"] = [{"key": key, "value": value} for key, value in meta.items()]
    return found


def _order_body(body: Json) -> Json:
    """`set_paid` is `payment_details.paid`; a line's product id is the variation's."""
    body = details_in_note(body)
    found = _renamed(body, _ORDER_BODY)
    found["payment_details"] = {
        "method_id": body.get("payment_method", ""),
        "method_title": body.get("payment_method_title", ""),
        "transaction_id": body.get("transaction_id", ""),
        "paid": body.get("set_paid", False),
    }
    found["line_items"] = [_line_body(one) for one in wire.items(body.get("line_items"))]
    metas = wire.items(body.get("meta_data"))
    kept = {wire.text(one.get("key")): one.get("value") for one in metas}
    if REFERENCE_KEY in kept:
        kept[REFERENCE_META] = kept.pop(REFERENCE_KEY)
    found["order_meta"] = kept
    for name in ("meta_data", "set_paid", "payment_method", "payment_method_title"):
        found.pop(name, None)
    found.pop("transaction_id", None)
    return found


def _line_body(line: Json) -> Json:
    found = {name: value for name, value in line.items() if name != "variation_id"}
    if line.get("variation_id"):
        found["product_id"] = line["variation_id"]
    return found


def _order_body_of_2_3(body: Json) -> Json:
    return wire.mapping(without_emoji(_order_body(body)))


def _order_body_of_2_2(body: Json) -> Json:
    """There `paid` counts only as the text "true" (recordings wc2.2.0_v2), and before 2.2.3 a note
    only as `customer_note` (seen on 2.2.0; read in the source of 2.2.3).
    """
    found = dict(_order_body_of_2_3(body))
    found["customer_note"] = found.get("note", "")
    details = dict(wire.mapping(found["payment_details"]))
    details["paid"] = "true" if details["paid"] else "false"
    return {**found, "payment_details": details}


LEGACY_V3 = Dialect(
    name="v3",
    root="wc-api/v3",
    names=_NAMES,
    envelopes=Envelopes("products", "product", "orders", "order", "webhooks", "webhook"),
    variations=Variations.INLINE,
    product_fields="",
    variation_fields="",
    stock_fields=(
        "id,type,status,catalog_visibility,managing_stock,stock_quantity,in_stock,backordered,"
        "regular_price,sale_price,updated_at,variations"
    ),
    order_fields="",
    topics=frozenset(
        {
            *("product.created", "product.updated", "product.deleted"),
            *("order.created", "order.updated", "order.deleted"),
        }
    ),
    product=_product,
    order=_order,
    order_body=_order_body,
    stock_body=lambda quantity: {"managing_stock": True, "stock_quantity": quantity},
    reads_meta=False,
    order_filters={"filter[meta]": "true"},
    every_webhook={"filter[post_status]": "any"},  # status=all came after 2.4 (measured)
)

LEGACY_V2 = replace(
    LEGACY_V3,
    name="v2",
    root="wc-api/v2",
    bare_secret=True,
    order_body=_order_body_of_2_3,
)

LEGACY_V2_OF_2_2 = replace(LEGACY_V2, name="v2 of 2.2", order_body=_order_body_of_2_2)
