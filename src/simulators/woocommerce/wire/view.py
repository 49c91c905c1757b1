"""One row of the catalog with all that the tables of fields ask of it."""

from urllib.parse import quote_plus

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.stock import (
    NOTHING_TO_BUY,
    child_prices,
    in_sale,
    number,
    pool_of,
)
from simulators.woocommerce.texts import attribute_key, option_value
from simulators.woocommerce.wire.common import symbol

UNPUBLISHED = frozenset({"draft", "pending", "trash", "auto-draft"})
RELATED = 5
DEFAULT_LANGUAGE = "en"


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
        trashed = row.status == "trash" and not self.shop.settings.version.late_fields
        if row.status in UNPUBLISHED and not trashed:
            return f"{self.home}/?post_type=product&p={row.id}"
        if not self.shop.settings.pretty_permalinks:
            return f"{self.home}/?product={row.slug}"
        code = self.content.get("lang", DEFAULT_LANGUAGE)
        prefix = "" if code == DEFAULT_LANGUAGE else f"/{code}"
        return f"{self.home}{prefix}/product/{row.slug}/"

    @property
    def price_html(self) -> str:
        shown = sorted({value for text in self.prices if (value := number(text)) is not None})
        sign, version = symbol(self.shop.settings.currency), self.shop.settings.version
        ends = [shown[0], shown[-1]] if len(shown) > 1 else shown
        begin, end = ("<bdi>", "</bdi>") if version.late_fields else ("", "")
        dash = " &ndash; " if version.objects else "&ndash;"
        return dash.join(
            f'<span class="woocommerce-Price-amount amount">{begin}'
            f'<span class="woocommerce-Price-currencySymbol">{sign}</span>{value:.2f}{end}</span>'
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
