"""Products and variations as wc/v3 prints them: a table of fields each, in the recorded order.

Another generation of the API is another table over the same views.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.seed import templates
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.stock import (
    backorders_allowed,
    on_backorder,
)
from simulators.woocommerce.texts import shown_content, slug_of
from simulators.woocommerce.wire.common import links
from simulators.woocommerce.wire.view import View

DOWNLOADS = ("virtual", "downloadable", "downloads", "download_limit", "download_expiry")


Field: TypeAlias = Callable[[View], Any]
Fields: TypeAlias = Mapping[str, Field]


def _stored(name: str, template: Json) -> Field:
    default = template[name]
    return lambda view: view.content.get(name, default)


def _text(name: str) -> Field:
    def shown(view: View) -> str:
        raw = str(view.content.get(name, ""))
        return raw if view.edit else shown_content(raw)

    return shown


def _sale_date(which: str, *, gmt: bool) -> Field:
    def shown(view: View) -> str | None:
        second = view.row.sale_from if which == "from" else view.row.sale_to
        return view.shop.clock.gmt(second) if gmt else view.shop.clock.local(second)

    return shown


def _dates() -> dict[str, Field]:
    return {
        "date_created": lambda view: view.shop.clock.local(view.row.created),
        "date_created_gmt": lambda view: view.shop.clock.gmt(view.row.created),
        "date_modified": lambda view: view.shop.clock.local(view.row.modified),
        "date_modified_gmt": lambda view: view.shop.clock.gmt(view.row.modified),
    }


def _prices(of_parent: Field) -> dict[str, Field]:
    return {
        "price": lambda view: view.price,
        "regular_price": of_parent,
        "sale_price": lambda view: "" if view.row.kind == "variable" else view.row.sale_price,
        "date_on_sale_from": _sale_date("from", gmt=False),
        "date_on_sale_from_gmt": _sale_date("from", gmt=True),
        "date_on_sale_to": _sale_date("to", gmt=False),
        "date_on_sale_to_gmt": _sale_date("to", gmt=True),
        "on_sale": lambda view: view.on_sale,
    }


def _regular(view: View) -> str:
    return "" if view.row.kind == "variable" else view.row.regular_price


def _quantity(view: View) -> float | None:
    return None if view.pool is None else view.pool.stock_quantity


_BACKORDERS: dict[str, Field] = {
    "backorders": lambda view: view.counted.backorders,
    "backorders_allowed": lambda view: backorders_allowed(view.counted),
    "backordered": lambda view: on_backorder(view.counted),
}


def _tax_class(view: View) -> str:
    stored = str(view.content.get("tax_class", "" if view.parent is None else "parent"))
    if view.edit and not view.shop.settings.version.late_fields:
        return stored.removeprefix("parent")
    if view.edit or view.parent is None or stored != "parent":
        return stored
    return str(view.parent.content.get("tax_class", ""))


def _category(view: View, template: Json) -> list[Json]:
    """What a product without any category is in."""
    known = view.shop.settings.version.default_category
    return template["categories"] if known else []


def _attributes(view: View) -> list[Json]:
    """With their slugs since they have them."""
    if view.shop.settings.version.late_fields:
        return list(view.row.attributes)
    return [
        {name: value for name, value in one.items() if name != "slug"}
        for one in view.row.attributes
    ]


def _rating(view: View) -> str:
    stored = str(view.content.get("average_rating", "0"))
    return stored if view.edit else f"{float(stored):.2f}"


def _stored_fields(template: Json, *names: str) -> dict[str, Field]:
    return {name: _stored(name, template) for name in names}


def _product_fields() -> dict[str, Field]:
    template = templates()[0]
    return {
        "id": lambda view: view.row.id,
        "name": lambda view: view.full_name,
        "slug": lambda view: view.row.slug if view.parent is None else slug_of(view.full_name),
        "permalink": lambda view: view.permalink,
        **_dates(),
        "type": lambda view: view.row.kind,
        "status": lambda view: view.row.status,
        **_stored_fields(template, "featured", "catalog_visibility"),
        "description": _text("description"),
        "short_description": _text("short_description"),
        "sku": lambda view: view.sku,
        **_prices(_regular),
        "purchasable": lambda view: view.purchasable,
        "total_sales": lambda view: (
            view.row.total_sales if view.parent is None else str(view.row.total_sales)
        ),
        **_stored_fields(template, *DOWNLOADS, "external_url", "button_text", "tax_status"),
        "tax_class": _tax_class,
        "manage_stock": lambda view: view.manages,
        "stock_quantity": _quantity,
        **_BACKORDERS,
        **_product_details(template),
        "stock_status": lambda view: view.counted.stock_status,
        "has_options": lambda view: view.row.kind == "variable",
        **_stored_fields(template, "post_password", "global_unique_id"),
    }


def _product_details(template: Json) -> dict[str, Field]:
    shipping = ("low_stock_amount", "sold_individually", "weight", "dimensions")
    return {
        **_stored_fields(template, *shipping),
        "shipping_required": lambda view: not view.content.get("virtual"),
        "shipping_taxable": lambda view: not view.content.get("virtual"),
        **_stored_fields(template, "shipping_class", "shipping_class_id"),
        "reviews_allowed": lambda view: (
            view.parent is None and view.content.get("reviews_allowed", True)
        ),
        "average_rating": _rating,
        **_stored_fields(template, "rating_count", "upsell_ids", "cross_sell_ids"),
        "parent_id": lambda view: view.row.parent_id,
        "purchase_note": _text("purchase_note"),
        "categories": lambda view: (
            view.content.get("categories", _category(view, template)) if view.parent is None else []
        ),
        **_stored_fields(template, "brands", "tags"),
        "images": lambda view: view.images,
        "attributes": _attributes,
        **_stored_fields(template, "default_attributes"),
        "variations": lambda view: list(view.row.children),
        **_stored_fields(template, "grouped_products", "menu_order"),
        "price_html": lambda view: view.price_html,
        "related_ids": lambda view: view.related,
        "meta_data": lambda view: list(view.row.meta),
    }


def _variation_fields() -> dict[str, Field]:
    template = templates()[1]
    return {
        "id": lambda view: view.row.id,
        "type": lambda _: "variation",
        **_dates(),
        "description": lambda view: shown_content(str(view.content.get("description", ""))),
        "permalink": lambda view: view.permalink,
        "sku": lambda view: view.sku,
        **_stored_fields(template, "global_unique_id"),
        **_prices(_regular),
        "status": lambda view: view.row.status,
        "purchasable": lambda view: view.purchasable,
        **_stored_fields(template, *DOWNLOADS, "tax_status"),
        "tax_class": _tax_class,
        "manage_stock": lambda view: view.manages,
        "stock_quantity": _quantity,
        "stock_status": lambda view: view.counted.stock_status,
        **_BACKORDERS,
        **_stored_fields(template, "low_stock_amount", "weight", "dimensions"),
        **_stored_fields(template, "shipping_class", "shipping_class_id"),
        "image": lambda view: view.image,
        "attributes": _attributes,
        **_stored_fields(template, "menu_order"),
        "meta_data": lambda view: list(view.row.meta),
        "name": lambda view: view.row.name,
        "parent_id": lambda view: view.row.parent_id,
    }


PRODUCT: Fields = _product_fields()
VARIATION: Fields = _variation_fields()
ANALYTICS_VARIATION: Fields = {**VARIATION, "name": lambda view: view.full_name}
"""wc-analytics prints the full name."""
EDIT_ONLY: Fields = {
    "permalink_template": lambda view: f"{view.home}/product/%pagename%/",
    "generated_slug": lambda view: slug_of(view.row.name),
}
SINCE: Mapping[str, str] = {
    "brands": "brands",
    "global_unique_id": "global_unique_id",
    "has_options": "late_fields",
    "low_stock_amount": "late_fields",
    "post_password": "late_fields",
    "permalink_template": "late_fields",
    "generated_slug": "late_fields",
}
"""Fields that older versions lack, by the switch in `versions.Version`."""
VARIATION_SINCE: Mapping[str, str] = {
    **SINCE,
    **dict.fromkeys(("type", "name", "parent_id"), "late_fields"),
}


def fields_of(
    shop: Shop, table: Fields, chosen: Iterable[str] = (), since: Mapping[str, str] = SINCE
) -> dict[str, Field]:
    """The table without what this version lacks, or the chosen fields in the order asked for."""
    version = shop.settings.version
    names = [name for name in chosen if name in table] if chosen else table
    return {
        name: table[name] for name in names if name not in since or getattr(version, since[name])
    }


def product_body(view: View, fields: Mapping[str, Field], root: str, *, linked: bool) -> Json:
    body = {name: field(view) for name, field in fields.items()}
    if linked:
        row = view.row
        up = f"products/{row.parent_id}" if row.parent_id else ""
        body["_links"] = links(root, f"products/{row.id}", up=up)
    return body


def variation_body(view: View, fields: Mapping[str, Field], root: str, *, linked: bool) -> Json:
    body = {name: field(view) for name, field in fields.items()}
    if linked:
        parent = f"products/{view.row.parent_id}"
        body["_links"] = links(root, f"{parent}/variations/{view.row.id}", up=parent)
    return body


def analytics_body(view: View, fields: Mapping[str, Field], root: str, *, linked: bool) -> Json:
    """Its links lead to a product 0."""
    body = {name: field(view) for name, field in fields.items()}
    if linked:
        path = f"products/0/variations/{view.row.id}"
        body["_links"] = links(root, path, None, "products/0")
    return body
