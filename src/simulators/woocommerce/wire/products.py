"""Products and variations as wc/v3 prints them: a table of fields each, in the recorded order.

Another generation of the API is another table over the same views.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote_plus

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.seed import templates
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.stock import (
    NOTHING_TO_BUY,
    backorders_allowed,
    child_prices,
    in_sale,
    number,
    on_backorder,
    pool_of,
)
from simulators.woocommerce.texts import attribute_key, option_value, shown_content, slug_of
from simulators.woocommerce.wire.common import links, symbol

UNPUBLISHED = frozenset({"draft", "pending", "trash", "auto-draft"})
RELATED = 5
DEFAULT_LANGUAGE = "en"
DOWNLOADS = ("virtual", "downloadable", "downloads", "download_limit", "download_expiry")


class View:
    """One row as it is shown. `edit`: the answer to a write, which shows what is stored rather than
    what a visitor sees.
    """

    __slots__ = (
        "_prices",
        "content",
        "counted",
        "edit",
        "home",
        "now",
        "parent",
        "pool",
        "row",
        "shop",
    )

    def __init__(self, shop: Shop, row: Product, *, edit: bool = False) -> None:
        self.shop = shop
        self.row = row
        self.edit = edit
        self.home = shop.home
        self.now = shop.clock.second()
        self.parent = shop.catalog.parent_of(row)
        self.pool = pool_of(shop.catalog, row)
        self.counted = row if self.pool is None else self.pool
        self.content = row.content
        self._prices: list[str] | None = None

    @property
    def prices(self) -> list[str]:
        """What can be bought costs, lowest first."""
        if self._prices is None:
            if self.row.kind == "variable":
                self._prices = child_prices(self.shop.catalog, self.row)
            elif self.row.kind == "grouped":
                rows = self.shop.catalog.rows(self.content.get("grouped_products", ()))
                priced = [(value, row.price) for row in rows if (value := number(row.price))]
                self._prices = [text for _, text in sorted(priced)]
            else:
                self._prices = [self.row.price] if self.row.price != "" else []
        return self._prices

    @property
    def price(self) -> str:
        return self.prices[0] if self.prices else ""

    @property
    def on_sale(self) -> bool:
        if self.row.kind != "variable":
            return in_sale(self.row, self.now)
        return any(in_sale(row, self.now) for row in self.shop.catalog.children_of(self.row))

    @property
    def purchasable(self) -> bool:
        row = self.row
        return self.price != "" and row.kind not in NOTHING_TO_BUY

    @property
    def permalink(self) -> str:
        row = self.row
        if self.parent is not None:
            chosen = "&".join(
                f"attribute_{attribute_key(one['slug'])}="
                f"{quote_plus(option_value(one['slug'], str(one['option'])))}"
                for one in row.attributes
            )
            return f"{self.home}/product/{self.parent.slug}/?{chosen}"
        if row.status in UNPUBLISHED:
            return f"{self.home}/?post_type=product&p={row.id}"
        code = self.content.get("lang", DEFAULT_LANGUAGE)
        prefix = "" if code == DEFAULT_LANGUAGE else f"/{code}"
        return f"{self.home}{prefix}/product/{row.slug}/"

    @property
    def price_html(self) -> str:
        shown = sorted({value for text in self.prices if (value := number(text)) is not None})
        sign = symbol(self.shop.settings.currency)
        ends = [shown[0], shown[-1]] if len(shown) > 1 else shown
        return " &ndash; ".join(
            '<span class="woocommerce-Price-amount amount"><bdi>'
            f'<span class="woocommerce-Price-currencySymbol">{sign}</span>{value:.2f}</bdi></span>'
            for value in ends
        )

    @property
    def full_name(self) -> str:
        return self.row.name if self.parent is None else f"{self.parent.name} - {self.row.name}"

    @property
    def sku(self) -> str:
        if not self.row.sku and self.parent is not None:
            return self.parent.sku
        return self.row.sku

    @property
    def manages(self) -> bool | str:
        return (
            "parent"
            if self.pool is not self.row and self.pool is not None
            else self.row.manage_stock
        )

    @property
    def image(self) -> Json | None:
        """A variation without a picture shows its product's, but does not have it."""
        own = self.content.get("image")
        if own is None and not self.edit and self.parent is not None:
            own = next(iter(self.parent.content.get("images", ())), None)
        return None if own is None else self.located(own)

    @property
    def images(self) -> list[Json]:
        if self.parent is not None:
            return [] if self.image is None else [self.image]
        return [self.located(image) for image in self.content.get("images", ())]

    def located(self, image: Json) -> Json:
        if str(image["src"]).startswith("/"):
            return {**image, "src": f"{self.home}{image['src']}"}
        return image

    @property
    def related(self) -> list[int]:
        """The next few public products; the real shop draws some of the same category."""
        if self.parent is not None:
            return []
        ids = self.shop.catalog.product_ids
        start = self.row.id % max(1, len(ids) - RELATED)
        return [other for other in ids[start : start + RELATED + 1] if other != self.row.id][
            :RELATED
        ]


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
    if view.edit or view.parent is None or stored != "parent":
        return stored
    return str(view.parent.content.get("tax_class", ""))


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
            view.content.get("categories", template["categories"]) if view.parent is None else []
        ),
        **_stored_fields(template, "brands", "tags"),
        "images": lambda view: view.images,
        "attributes": lambda view: list(view.row.attributes),
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
        "attributes": lambda view: list(view.row.attributes),
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
SINCE: Mapping[str, str] = {"brands": "brands", "global_unique_id": "global_unique_id"}
"""Fields that older versions lack, by the switch in `versions.Version`."""


def fields_of(shop: Shop, table: Fields, chosen: Iterable[str] = ()) -> dict[str, Field]:
    """The table without what this version lacks, or the chosen fields in the order asked for."""
    version = shop.settings.version
    names = [name for name in chosen if name in table] if chosen else table
    return {
        name: table[name] for name in names if name not in SINCE or getattr(version, SINCE[name])
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
