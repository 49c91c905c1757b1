"""Products and variations as wc/v1 and wc/v2 print them: the table of wc/v3 with what differs.

wc/v2 says `in_stock` where wc/v3 says `stock_status`, and shows a placeholder (id 0) where there is
no picture. wc/v1 moreover has no `_gmt` dates and no meta; its dates of creation and change are in
UTC and do not say so; variations stand inside their product.
"""

from collections.abc import Callable
from typing import Any

from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.stock import backorders_allowed, on_backorder
from simulators.woocommerce.texts import attribute_key
from simulators.woocommerce.wire.products import (
    PRODUCT,
    VARIATION,
    Field,
    Fields,
    View,
    product_body,
)

PLACEHOLDER = "/wp-content/plugins/woocommerce/assets/images/placeholder.png"
LATE_PLACEHOLDER = "/wp-content/uploads/woocommerce-placeholder.png"
NEVER = frozenset({"global_unique_id", "low_stock_amount", "has_options", "post_password"})
"""What came after these generations and is shown by wc/v3 alone."""


def in_stock(view: View) -> bool:
    """What waits for goods is in stock."""
    return view.counted.stock_status != "outofstock"


def _backordered(view: View) -> bool:
    """Before there was a status for it only what is counted could wait for goods."""
    row = view.counted
    if view.shop.settings.version.knows_backorders:
        return on_backorder(row)
    return row.manage_stock and backorders_allowed(row) and (row.stock_quantity or 0) < 0


def _visible(view: View) -> bool:
    return view.row.status == "publish" and view.row.price != ""


def _renamed(table: Fields, names: dict[str, tuple[str, Field]]) -> dict[str, Field]:
    """`names`: a field of wc/v3 -> its name here, and what it holds."""
    found: dict[str, Field] = {}
    for name, field in table.items():
        if name in NEVER:
            continue
        here, value = names.get(name, (name, field))
        found[here] = value
    return found


def _pictures(view: View, *, gmt: bool = True) -> list[Json]:
    found = [{**image, "position": place} for place, image in enumerate(view.images)]
    return found or [_placeholder(view, gmt=gmt)]


def _placeholder(view: View, *, gmt: bool) -> Json:
    """Its dates are of now; those of wc/v2 are put into the shop's zone twice."""
    clock, now = view.shop.clock, view.now
    path = LATE_PLACEHOLDER if view.shop.settings.version.late_fields else PLACEHOLDER
    twice = now + clock.offset(now) if gmt else now
    return {
        "id": 0,
        "date_created": clock.local(twice),
        "date_created_gmt": clock.gmt(now),
        "date_modified": clock.local(twice),
        "date_modified_gmt": clock.gmt(now),
        "src": f"{view.home}{path}",
        "name": "Placeholder",
        "alt": "Placeholder",
        "position": 0,
    }


_STOCK: dict[str, tuple[str, Field]] = {
    "stock_status": ("in_stock", in_stock),
    "backordered": ("backordered", _backordered),
}
V2_PRODUCT: Fields = _renamed(PRODUCT, {**_STOCK, "images": ("images", _pictures)})
V2_VARIATION: Fields = _renamed(
    VARIATION,
    {**_STOCK, "status": ("visible", _visible), "image": ("image", lambda v: _pictures(v)[0])},
)


def _utc(name: str) -> Field:
    return lambda view: view.shop.clock.gmt(getattr(view.row, name))


def _day(name: str) -> Field:
    """A sale's date without its time; nothing is an empty text."""
    return lambda view: str(view.shop.clock.local(getattr(view.row, name)) or "")[:10]


def _bare_pictures(view: View) -> list[Json]:
    return [
        {name: value for name, value in image.items() if not name.endswith("_gmt")}
        for image in _pictures(view, gmt=False)
    ]


def _chosen(view: View) -> list[Json]:
    """A variation names its own attributes by their key."""
    if view.parent is None:
        return list(PRODUCT["attributes"](view))
    return [
        {
            "id": one["id"],
            "name": attribute_key(str(one["slug"])) if not one["id"] else one["name"],
            "option": one["option"],
        }
        for one in view.row.attributes
    ]


_V1: dict[str, Callable[[View], Any]] = {
    "date_created": _utc("created"),
    "date_modified": _utc("modified"),
    "date_on_sale_from": _day("sale_from"),
    "date_on_sale_to": _day("sale_to"),
    "attributes": _chosen,
}
_NOT_IN_V1 = ("meta_data", "description", "menu_order", "name", "type", "parent_id", "status")


def _without_gmt(table: Fields) -> dict[str, Field]:
    return {name: field for name, field in table.items() if not name.endswith("_gmt")}


V1_INSIDE: Fields = {
    name: field
    for name, field in {
        **_without_gmt(V2_VARIATION),
        **_V1,
        "image": _bare_pictures,
    }.items()
    if name not in _NOT_IN_V1
}
"""A variation inside its product."""


def _inside(view: View) -> list[Json]:
    rows = [View(view.shop, row, edit=view.edit) for row in view.shop.catalog.children_of(view.row)]
    return [{name: field(row) for name, field in V1_INSIDE.items()} for row in rows]


def _as_product(name: str) -> Field:
    """Before 3.0 a variation shows its product's."""

    def shown(view: View) -> Any:
        own = view.parent is None or view.shop.settings.version.objects
        return PRODUCT[name](view if own else View(view.shop, view.parent or view.row))

    return shown


V1_PRODUCT: Fields = {
    **{name: field for name, field in _without_gmt(V2_PRODUCT).items() if name != "meta_data"},
    **_V1,
    **{name: _as_product(name) for name in ("name", "slug", "total_sales", "reviews_allowed")},
    "download_type": lambda view: view.content.get("download_type", "standard"),
    "images": _bare_pictures,
    "variations": _inside,
}


def v1_body(view: View, fields: Fields, root: str, *, linked: bool) -> Json:
    """In 2.6 a variation's link leads to its product."""
    body = product_body(view, fields, root, linked=linked)
    if linked and view.parent is not None and not view.shop.settings.version.objects:
        body["_links"]["self"][0]["href"] = f"{root}/products/{view.parent.id}"
    return body
