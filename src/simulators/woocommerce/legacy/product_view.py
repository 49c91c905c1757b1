"""One product or variation as the old API sees it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.jsonish import Json, as_list, as_object, as_text
from simulators.woocommerce.legacy.rules import Speech
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.stock import number
from simulators.woocommerce.texts import attribute_key, option_value
from simulators.woocommerce.wire.common import symbol
from simulators.woocommerce.wire.view import View

NEVER = "-0001-11-30T00:00:00Z"
UNDATED = frozenset({"draft", "pending", "auto-draft"})
PLACEHOLDER = "/wp-content/plugins/woocommerce/assets/images/placeholder.png"


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
            return self.speech.nothing_counted(inside=self.inside)
        return int(self.view.counted.stock_quantity or 0)

    @property
    def in_stock(self) -> bool:
        """What waits for goods is in stock. Before 3.0 a variation that is counted with its product
        has its own word.
        """
        row = self.view.counted if self.rules.objects else self.row
        return row.stock_status != "outofstock"

    @property
    def visibility(self) -> str:
        if self.parent is not None and self.rules.hidden_when_made:
            return "hidden"
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
    def created(self) -> str:
        """Before 3.0 a draft has no date yet, and PHP makes a day before the first of it."""
        undated = self.row.status in UNDATED and not self.rules.objects
        return NEVER if undated else z(self.row.created)

    @property
    def permalink(self) -> str:
        home, row = self.shop.home, self.row
        if row.status in UNDATED:
            return f"{home}/?post_type=product&p={row.id}"
        if self.parent is None:
            pretty = self.shop.settings.pretty_permalinks
            slug = row.slug if self.rules.trash_renamed else row.slug.removesuffix("__trashed")
            return f"{home}/product/{slug}/" if pretty else f"{home}/?product={slug}"
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
        default = default if self.rules.default_category and self.parent is None else []
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
            shown["slug"] = slug if self.rules.plain_slugs else slug.removeprefix("pa_")
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

        def shown(value: Decimal) -> str:
            return f"{begin}{value:.2f}</span>"

        regular = number(self.own_regular)
        if self.view.on_sale and regular is not None and len(ends) == 1:
            return f"<del>{shown(regular)}</del> <ins>{shown(ends[0])}</ins>"
        return dash.join(map(shown, ends))


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
