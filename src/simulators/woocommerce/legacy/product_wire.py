"""Products and variations as the old API prints them: a table of fields each, in the recorded
order. A field stands beside the rule without which it is missing.
"""

from collections.abc import Callable
from typing import Any

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.jsonish import Json, as_text
from simulators.woocommerce.legacy.product_view import OldView, z
from simulators.woocommerce.legacy.rules import Speech
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.stock import backorders_allowed, on_backorder
from simulators.woocommerce.texts import shown_content

Field = Callable[["OldView"], Any]


def _stored(name: str, default: Any) -> Field:
    return lambda view: view.content.get(name, default)


def _flag(name: str) -> Field:
    return lambda view: bool(view.content.get(name))


def _text(name: str) -> Field:
    return lambda view: shown_content(as_text(view.content.get(name)))


def _limit(name: str) -> Field:
    """No limit is -1 since 3.0."""

    def shown(view: OldView) -> int:
        value = int(view.content.get(name) or -1)
        return value if view.rules.objects else max(0, value)

    return shown


def _title(view: OldView) -> str:
    if view.parent is None or view.rules.objects:
        return view.view.full_name
    return view.parent.name


def _sales(view: OldView) -> int | str:
    if view.parent is None:
        return view.row.total_sales
    return str(view.row.total_sales) if view.rules.objects else view.parent.total_sales


def _parent_id(view: OldView) -> int:
    return view.row.parent_id if view.speech.tells_parent else 0


def _tax_status(view: OldView) -> str:
    return as_text(view.content.get("tax_status", "taxable"))


def _ships_taxed(view: OldView) -> bool:
    """Since 3.3 what is virtual is not shipped, and not taxed for it."""
    shipped = not (view.rules.virtual_is_untaxed and view.content.get("virtual"))
    return shipped and _tax_status(view) in {"taxable", "shipping"}


def _on_backorder(view: OldView) -> bool:
    if view.rules.knows_backorders:
        return on_backorder(view.view.counted)
    counted = view.view.counted
    return bool(view.counts) and backorders_allowed(counted) and (counted.stock_quantity or 0) < 0


def _grouped(view: OldView) -> list[Json]:
    """Whole products, one inside the other."""
    if view.row.kind != "grouped":
        return []
    rows = view.shop.catalog.rows(view.content.get("grouped_products", ()))
    return [_printed(OldView(view.shop, view.speech, row), PRODUCT) for row in rows]


_SHARED: dict[str, tuple[str, Field]] = {
    "id": ("", lambda view: view.row.id),
    "created_at": ("", lambda view: view.created),
    "updated_at": ("", lambda view: z(view.row.modified)),
    "downloadable": ("", _flag("downloadable")),
    "virtual": ("", _flag("virtual")),
    "permalink": ("", lambda view: view.permalink),
    "sku": ("", lambda view: view.view.sku),
    "price": ("", lambda view: view.price(view.view.price)),
    "regular_price": ("", lambda view: view.price(view.own_regular)),
    "sale_price": ("", lambda view: view.sale_price),
    "taxable": (
        "",
        lambda view: view.shop.settings.calc_taxes and _tax_status(view) == "taxable",
    ),
    "tax_status": ("", _stored("tax_status", "taxable")),
    "tax_class": ("", lambda view: as_text(view.content.get("tax_class")).replace("parent", "")),
    "stock_quantity": ("", lambda view: view.quantity),
    "in_stock": ("", lambda view: view.in_stock),
    "backordered": ("", _on_backorder),
    "purchaseable": ("", lambda view: view.view.purchasable),
    "on_sale": ("", lambda view: view.view.on_sale),
    "weight": ("", lambda view: view.weight),
    "dimensions": ("", lambda view: view.dimensions),
    "shipping_class": ("", lambda view: view.shipping_class),
    "shipping_class_id": ("", lambda view: view.shipping_class_id),
    "attributes": ("", lambda view: view.attributes),
    "downloads": ("", _stored("downloads", [])),
    "download_limit": ("", _limit("download_limit")),
    "download_expiry": ("", _limit("download_expiry")),
}
_PRODUCT_ONLY: dict[str, tuple[str, Field]] = {
    "title": ("", _title),
    "type": ("", lambda view: view.row.kind),
    "status": ("", lambda view: view.row.status),
    "price_html": ("", lambda view: view.price_html),
    "managing_stock": ("", lambda view: view.counts),
    "backorders_allowed": ("", lambda view: backorders_allowed(view.view.counted)),
    "sold_individually": ("", _flag("sold_individually")),
    "featured": ("", _flag("featured")),
    "visible": ("", lambda view: view.visible),
    "catalog_visibility": ("", lambda view: view.visibility),
    "product_url": ("external_fields", lambda view: as_text(view.content.get("external_url"))),
    "button_text": ("external_fields", lambda view: as_text(view.content.get("button_text"))),
    "shipping_required": ("", lambda view: not view.content.get("virtual")),
    "shipping_taxable": ("", _ships_taxed),
    "description": ("", _text("description")),
    "short_description": ("", _text("short_description")),
    "reviews_allowed": (
        "",
        lambda view: (
            bool(view.content.get("reviews_allowed", True))
            and not (view.rules.objects and view.parent is not None)
        ),
    ),
    "average_rating": ("", lambda view: f"{float(view.content.get('average_rating') or 0):.2f}"),
    "rating_count": ("", _stored("rating_count", 0)),
    "related_ids": ("", lambda view: view.view.related if view.names("categories") else []),
    "upsell_ids": ("", _stored("upsell_ids", [])),
    "cross_sell_ids": ("", _stored("cross_sell_ids", [])),
    "parent_id": ("parent_field", _parent_id),
    "categories": ("", lambda view: view.names("categories")),
    "tags": ("", lambda view: view.names("tags")),
    "images": ("", lambda view: view.images),
    "featured_src": ("", lambda view: view.featured),
    "download_type": ("", lambda view: "standard" if view.rules.objects else ""),
    "purchase_note": ("", _text("purchase_note")),
    "total_sales": ("", _sales),
    "variations": ("", lambda _: []),
    "parent": ("", lambda _: []),
    "grouped_products": ("v3_order_fields", _grouped),
    "menu_order": ("v3_order_fields", _stored("menu_order", 0)),
}
_INSIDE_ONLY: dict[str, tuple[str, Field]] = {
    "managing_stock": ("variation_manages", lambda view: view.counts),
    "backorders_allowed": (
        "v3_allows_backorders",
        lambda view: backorders_allowed(view.view.counted),
    ),
    "visible": ("", lambda view: view.row.status == "publish"),
    "image": ("", lambda view: view.images),
}
_PRODUCT_ORDER = (
    "title id created_at updated_at type status downloadable virtual permalink sku price"
    " regular_price sale_price price_html taxable tax_status tax_class managing_stock"
    " stock_quantity in_stock backorders_allowed backordered sold_individually purchaseable"
    " featured visible catalog_visibility on_sale product_url button_text weight dimensions"
    " shipping_required shipping_taxable shipping_class shipping_class_id description"
    " short_description reviews_allowed average_rating rating_count related_ids upsell_ids"
    " cross_sell_ids parent_id categories tags images featured_src attributes downloads"
    " download_limit download_expiry download_type purchase_note total_sales variations parent"
    " grouped_products menu_order"
)
_INSIDE_ORDER = (
    "id created_at updated_at downloadable virtual permalink sku price regular_price sale_price"
    " taxable tax_status tax_class managing_stock stock_quantity in_stock backorders_allowed"
    " backordered purchaseable visible on_sale weight dimensions shipping_class"
    " shipping_class_id image attributes downloads download_limit download_expiry"
)


def _table(order: str, *sources: dict[str, tuple[str, Field]]) -> dict[str, tuple[str, Field]]:
    known = {name: field for source in sources for name, field in source.items()}
    return {name: known[name] for name in order.split()}


PRODUCT = _table(_PRODUCT_ORDER, _SHARED, _PRODUCT_ONLY)
INSIDE = _table(_INSIDE_ORDER, _SHARED, _INSIDE_ONLY)


def _printed(view: OldView, table: dict[str, tuple[str, Field]]) -> Json:
    speech = view.speech
    return {
        name: field(view)
        for name, (needs, field) in table.items()
        if not needs
        or (speech.only(needs) if needs.startswith("v3_") else getattr(speech.rules, needs))
    }


def product_json(shop: Shop, speech: Speech, row: Product) -> Json:
    """With its variations inside, or with its product, where it is a variation."""
    body = _printed(OldView(shop, speech, row), PRODUCT)
    if row.kind == "variable":
        hidden = {"private"} if speech.rules.hides_private else set[str]()
        children = [one for one in shop.catalog.children_of(row) if one.status not in hidden]
        body["variations"] = [
            _printed(OldView(shop, speech, child, inside=True), INSIDE) for child in children
        ]
    parent = shop.catalog.parent_of(row)
    if parent is not None:
        body["parent"] = _printed(OldView(shop, speech, parent), PRODUCT)
    return body


def product_meta(speech: Speech, row: Product) -> Json:
    """Public keys only."""
    found = {
        as_text(one["key"]): one["value"]
        for one in row.meta
        if not as_text(one["key"]).startswith("_")
    }
    if speech.rules.total_sales_meta:
        found["total_sales"] = str(row.total_sales)
    return found
