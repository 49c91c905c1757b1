"""Products and variations as the old API prints them: a table of fields each, in the recorded order.
`needs` names the rule without which a field is missing.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.jsonish import Json, as_list, as_object, as_text
from simulators.woocommerce.legacy.rules import Speech
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.stock import backorders_allowed, number
from simulators.woocommerce.texts import attribute_key, option_value, shown_content
from simulators.woocommerce.wire.common import symbol
from simulators.woocommerce.wire.products import View

PLACEHOLDER = "/wp-content/plugins/woocommerce/assets/images/placeholder.png"
Field = Callable[["OldView"], Any]


def z(second: int | None) -> str:
    """A time in UTC, with its zone; none at all is 1970."""
    return datetime.fromtimestamp(second or 0, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class OldView:
    """A row with all that the tables ask of it."""

    __slots__ = ("content", "inside", "parent", "row", "rules", "shop", "speech", "view")

    def __init__(self, shop: Shop, speech: Speech, row: Product, *, inside: bool = False) -> None:
        self.shop = shop
        self.speech = speech
        self.rules = speech.rules
        self.view = View(shop, row)
        self.row = row
        self.parent = self.view.parent
        self.content = row.content
        self.inside = inside

    @property
    def counts(self) -> bool | str:
        return self.view.manages if self.shop.settings.manage_stock else False

    @property
    def quantity(self) -> int | str | None:
        if not self.counts:
            return self.speech.nothing_counted
        return int(self.view.counted.stock_quantity or 0)

    @property
    def in_stock(self) -> bool:
        """What waits for goods is in stock: releases before 3.3 know no other word for it. Before
        2.6 a parent that counts has the word that its variations left there.
        """
        return self.view.counted.stock_status != "outofstock"

    @property
    def visibility(self) -> str:
        return as_text(self.content.get("catalog_visibility", "visible"))

    @property
    def visible(self) -> bool:
        hidden = self.rules.trash_is_hidden and self.row.status == "trash"
        return not hidden and self.visibility in {"visible", "catalog"}

    def price(self, text: str) -> str:
        if self.speech.stored_prices:
            return text
        return f"{number(text) or Decimal(0):.2f}"

    @property
    def own_regular(self) -> str:
        return "" if self.row.kind == "variable" else self.row.regular_price

    @property
    def sale_price(self) -> str | None:
        text = "" if self.row.kind == "variable" else self.row.sale_price
        return self.price(text) if number(text) else None

    @property
    def permalink(self) -> str:
        home, row = self.shop.home, self.row
        if self.parent is None:
            pretty = self.shop.settings.pretty_permalinks
            return f"{home}/product/{row.slug}/" if pretty else f"{home}/?product={row.slug}"
        chosen = "&".join(
            f"attribute_{attribute_key(one['slug'])}={quote_plus(self.option(one))}"
            for one in row.attributes
        )
        if self.shop.settings.pretty_permalinks:
            return f"{home}/product/{self.parent.slug}/?{chosen}"
        return f"{home}/?product={self.parent.slug}&{chosen}"

    def option(self, attribute: Json) -> str:
        """A shared attribute's option is its slug; before 2.3 so is every other."""
        option = as_text(attribute.get("option"))
        if self.rules.lower_case_options:
            return option_value("pa_", option)
        return option_value(as_text(attribute.get("slug")), option)

    @property
    def weight(self) -> str | None:
        text = as_text(self.content.get("weight") or self._parents("weight"))
        if self.speech.stored_prices:
            return text or None
        return f"{number(text):.2f}" if number(text) else None

    def _parents(self, name: str) -> Any:
        return None if self.parent is None else self.parent.content.get(name)

    @property
    def dimensions(self) -> Json:
        own = as_object(self.content.get("dimensions"))
        theirs = as_object(self._parents("dimensions"))
        found = {
            name: as_text(own.get(name) or theirs.get(name))
            for name in ("length", "width", "height")
        }
        return {**found, "unit": self.shop.settings.dimension_unit}

    @property
    def shipping_class_id(self) -> int | None:
        return self.content.get("shipping_class_id") or self._parents("shipping_class_id") or None

    @property
    def shipping_class(self) -> str:
        return as_text(self.content.get("shipping_class") or self._parents("shipping_class"))

    def names(self, what: str) -> list[str]:
        """Of categories and tags; a variation has its product's."""
        default = [{"name": "Uncategorized"}] if what == "categories" else []
        default = default if self.rules.default_category else []
        source = self.content if self.parent is None else {}
        return [as_text(one["name"]) for one in as_list(source.get(what, default))]

    @property
    def images(self) -> list[Json]:
        """A placeholder stands where there is no picture."""
        found = self.view.images
        if found:
            return [_image(self, image, place) for place, image in enumerate(found)]
        now = z(self.shop.clock.second())
        return [
            {
                "id": 0,
                "created_at": now,
                "updated_at": now,
                "src": f"{self.shop.home}{PLACEHOLDER}",
                "title": "Placeholder",
                "alt": "Placeholder",
                "position": 0,
            }
        ]

    @property
    def featured(self) -> object:
        found = self.view.images
        return found[0]["src"] if found else self.rules.no_picture

    @property
    def attributes(self) -> list[Json]:
        if self.parent is not None:
            return [self._chosen(one) for one in self.row.attributes]
        return [self._offered(one) for one in self.row.attributes]

    def _chosen(self, one: Json) -> Json:
        slug = attribute_key(as_text(one["slug"]))
        name = as_text(one["name"])
        if not self.speech.labels and not as_text(one["slug"]).startswith("pa_"):
            name = slug
        shown: Json = {"name": name}
        if self.rules.attribute_slugs:
            shown["slug"] = slug.removeprefix("pa_")
        return {**shown, "option": self.option(one)}

    def _offered(self, one: Json) -> Json:
        shown: Json = {"name": one["name"]}
        if self.rules.attribute_slugs:
            slug = as_text(one["slug"])
            own = attribute_key(slug) if self.rules.plain_slugs else slug
            shown["slug"] = own.removeprefix("pa_")
        names = ("position", "visible", "variation", "options")
        return {**shown, **{name: one.get(name) for name in names}}

    @property
    def price_html(self) -> str:
        found = sorted({value for text in self.view.prices if (value := number(text)) is not None})
        sign = symbol(self.shop.settings.currency)
        ends = [found[0], found[-1]] if len(found) > 1 else found
        dash = " &ndash; " if self.rules.wide_range else "&ndash;"
        marked = '<span class="woocommerce-Price-amount amount">'
        marked += f'<span class="woocommerce-Price-currencySymbol">{sign}</span>'
        begin = marked if self.rules.marked_price else f'<span class="amount">{sign}'
        return dash.join(f"{begin}{value:.2f}</span>" for value in ends)


def _image(view: OldView, image: Json, place: int) -> Json:
    made = f"{image.get('date_created_gmt') or view.shop.clock.gmt(view.row.created)}Z"
    return {
        "id": image["id"],
        "created_at": made,
        "updated_at": made,
        "src": image["src"],
        "title": image.get("name", ""),
        "alt": image.get("alt", ""),
        "position": place,
    }


def _stored(name: str, default: Any) -> Field:
    return lambda view: view.content.get(name, default)


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


def _on_backorder(view: OldView) -> bool:
    counted = view.view.counted
    return bool(view.counts) and backorders_allowed(counted) and (counted.stock_quantity or 0) < 0


_SHARED: dict[str, tuple[str, Field]] = {
    "id": ("", lambda view: view.row.id),
    "created_at": ("", lambda view: z(view.row.created)),
    "updated_at": ("", lambda view: z(view.row.modified)),
    "downloadable": ("", _stored("downloadable", False)),  # noqa: FBT003 - a default
    "virtual": ("", _stored("virtual", False)),  # noqa: FBT003 - a default
    "permalink": ("", lambda view: view.permalink),
    "sku": ("", lambda view: view.view.sku),
    "price": ("", lambda view: view.price(view.view.price)),
    "regular_price": ("", lambda view: view.price(view.own_regular)),
    "sale_price": ("", lambda view: view.sale_price),
    "taxable": (
        "",
        lambda view: (
            view.shop.settings.calc_taxes
            and view.content.get("tax_status", "taxable") == "taxable"
        ),
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
    "sold_individually": ("", _stored("sold_individually", False)),  # noqa: FBT003 - a default
    "featured": ("", _stored("featured", False)),  # noqa: FBT003 - a default
    "visible": ("", lambda view: view.visible),
    "catalog_visibility": ("", lambda view: view.visibility),
    "product_url": ("external_fields", lambda view: as_text(view.content.get("external_url"))),
    "button_text": ("external_fields", lambda view: as_text(view.content.get("button_text"))),
    "shipping_required": ("", lambda view: not view.content.get("virtual")),
    "shipping_taxable": ("", lambda view: not view.content.get("virtual")),
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
    "related_ids": ("", lambda view: view.view.related),
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
    "grouped_products": ("v3_order_fields", lambda _: []),
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
        children = shop.catalog.children_of(row)
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
