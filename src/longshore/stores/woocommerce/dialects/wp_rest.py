"""The dialects `wc/v1` (2.6), `wc/v2` (3.0) and `wc/v3` (3.5 and later), below /wp-json/."""

from dataclasses import replace
from typing import Any

from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.dialects.bodies import (
    REFERENCE_KEY,
    details_in_note,
    fields_in_note,
)
from longshore.stores.woocommerce.dialects.options import named_option
from longshore.stores.woocommerce.dialects.table import Dialect, Envelopes, Names, Variations
from longshore.stores.woocommerce.wire import Json

_NAMES = Names(
    limit="per_page",
    offset="offset",
    include="include",
    fields="_fields",
    by_id={"orderby": "id", "order": "asc"},
    newest_first={"orderby": "id", "order": "desc"},
    created_after="after",
    every_order={"status": "any"},
)

_REALLY_BY_ID = {"filter[orderby]": "ID"}
"""2.6.0 to 2.6.4 take orderby=id and order by date all the same (measured on 2.6.0; mended in
2.6.5). This reaches the database as it stands, on every 2.6.
"""

_PRODUCT_FIELDS = (
    "id,name,slug,permalink,type,status,catalog_visibility,description,short_description,sku,"
    "global_unique_id,regular_price,sale_price,date_on_sale_from_gmt,date_on_sale_to_gmt,"
    "manage_stock,stock_quantity,stock_status,weight,categories,tags,brands,images,attributes,"
    "variations,date_created_gmt,date_modified_gmt,post_password,menu_order,lang,translations"
)
_VARIATION_FIELDS = (
    "id,parent_id,sku,global_unique_id,regular_price,sale_price,date_on_sale_from_gmt,"
    "date_on_sale_to_gmt,manage_stock,stock_quantity,stock_status,weight,image,attributes,"
    "status,menu_order,date_modified_gmt"
)
_STOCK_FIELDS = (
    "id,parent_id,type,status,catalog_visibility,manage_stock,stock_quantity,stock_status,"
    "regular_price,sale_price,date_modified_gmt"
)
_ORDER_FIELDS = (
    "id,number,status,currency,total,transaction_id,customer_note,date_created_gmt,"
    "date_modified_gmt,date_completed_gmt,meta_data,line_items,refunds,shipping_lines,shipments,"
    "correios_tracking_code"
)
_OLD_STOCK = "in_stock,backordered"
_OLD_DATES = "date_created,date_modified,date_on_sale_from,date_on_sale_to"

_TOPICS = frozenset(
    {
        *("product.created", "product.updated", "product.deleted", "product.restored"),
        *("order.created", "order.updated", "order.deleted", "order.restored"),
    }
)
_OLD_TOPICS = frozenset(topic for topic in _TOPICS if not topic.endswith(".restored"))


def _v1_dates(row: Json) -> Json:
    """`wc/v1` writes these in GMT and does not say so (recording wc2.6.14_wc-v1)."""
    found: dict[str, Any] = dict(row)
    for name in ("date_created", "date_modified", "date_on_sale_from", "date_on_sale_to"):
        if name in row:
            found[f"{name}_gmt"] = row[name]
    return found


def _v1_product(row: Json) -> Json:
    found = dict(_v1_dates(row))
    if isinstance(found.get("variations"), list):
        found["variations"] = [
            _v1_variation(one, row) for one in wire.items(found["variations"])
        ] or wire.values(found["variations"])
    return found


def _v1_variation(row: Json, parent: Json) -> Json:
    """The image stands in a list here; attributes are named by their slugs."""
    found = dict(_v1_dates(row))
    images = wire.items(found.get("image"))
    found["image"] = images[0] if images else None
    found.setdefault("status", "publish")
    found["attributes"] = [named_option(one, parent) for one in wire.items(row.get("attributes"))]
    return found


def _v1_order(row: Json) -> Json:
    return _v1_dates(row)


def _v1_order_body(body: Json) -> Json:
    """It knows no meta: our reference stands in the note and as transaction id."""
    return fields_in_note(details_in_note(body), REFERENCE_KEY)


WC_V3 = Dialect(
    name="wc/v3",
    root="wc/v3",
    names=replace(_NAMES, skip_cache={"_skip_cache": "1"}),
    envelopes=Envelopes(),
    variations=Variations.ROUTE,
    product_fields=_PRODUCT_FIELDS,
    variation_fields=_VARIATION_FIELDS,
    stock_fields=_STOCK_FIELDS,
    order_fields=_ORDER_FIELDS,
    topics=_TOPICS,
)

WC_V2 = Dialect(
    name="wc/v2",
    root="wc/v2",
    names=_NAMES,
    envelopes=Envelopes(),
    variations=Variations.ROUTE,
    product_fields=f"{_PRODUCT_FIELDS},{_OLD_STOCK}",
    variation_fields=f"{_VARIATION_FIELDS},{_OLD_STOCK},visible",
    stock_fields=f"{_STOCK_FIELDS},{_OLD_STOCK}",
    order_fields=_ORDER_FIELDS,
    topics=_TOPICS,
)

WC_V1 = Dialect(
    name="wc/v1",
    root="wc/v1",
    names=replace(
        _NAMES,
        by_id={**_NAMES.by_id, **_REALLY_BY_ID},
        newest_first={**_NAMES.newest_first, **_REALLY_BY_ID},
    ),
    envelopes=Envelopes(),
    variations=Variations.INLINE,
    product_fields=f"{_PRODUCT_FIELDS},{_OLD_STOCK},{_OLD_DATES}",
    variation_fields="",
    stock_fields=f"{_STOCK_FIELDS},{_OLD_STOCK},{_OLD_DATES},variations",
    order_fields=f"{_ORDER_FIELDS},{_OLD_DATES}",
    topics=_OLD_TOPICS,
    product=_v1_product,
    order=_v1_order,
    order_body=_v1_order_body,
    reads_meta=False,
)
