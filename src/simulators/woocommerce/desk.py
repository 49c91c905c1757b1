"""The catalog as the shop's own staff sees it: one form, whatever its version's API looks like."""

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.wire.products import PRODUCT, VARIATION, Fields
from simulators.woocommerce.wire.view import View

SHOWN = (
    *("id", "name", "type", "status", "post_password", "regular_price", "sale_price"),
    *("manage_stock", "stock_quantity", "stock_status", "attributes"),
)


def desk_products(shop: Shop) -> list[Json]:
    """Products of any status but the trash."""
    rows = (row for row in shop.catalog.products() if row.status != "trash")
    return [_shown(shop, row, PRODUCT) for row in rows]


def desk_variations(shop: Shop, product_id: int) -> list[Json]:
    """Raises KeyError for a product that there is not."""
    parent = shop.catalog.require(product_id)
    return [_shown(shop, row, VARIATION) for row in shop.catalog.children_of(parent)]


def _shown(shop: Shop, row: Product, table: Fields) -> Json:
    """What waits for goods without being counted is in stock where there is no word for it, and a
    password is told where the shop's API tells it.
    """
    view = View(shop, row)
    body = {name: table[name](view) for name in SHOWN if name in table}
    if body["stock_status"] == "onbackorder" and not shop.settings.version.knows_backorders:
        body["stock_status"] = "instock"
    if not shop.settings.version.late_fields:
        body.pop("post_password", None)
    return body
