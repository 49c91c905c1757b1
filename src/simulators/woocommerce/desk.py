"""The catalog and the orders as the shop's own staff sees them: one form, whatever its version's
API looks like.
"""

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.orders import Order
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.wire.orders import order_json
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


def desk_orders(shop: Shop) -> list[Json]:
    """Orders as today's API prints them, with what people see beside: notes, and by line the units
    that were refunded and those of them that are back on the shelf.
    """
    return [
        {
            **order_json(shop, f"{shop.home}/wp-json/wc/v3", order),
            "notes": [note.text for note in order.notes],
            "refunded_units": _refunded(order),
            "restocked_units": {str(one.id): one.restocked for one in order.lines},
        }
        for order in shop.orders.values()
    ]


def _refunded(order: Order) -> Json:
    units = {str(one.id): 0 for one in order.lines}
    for copy in (line for refund in order.refunds for line in refund.lines):
        marks = {str(one["key"]): str(one["value"]) for one in copy.meta}
        units[marks["_refunded_item_id"]] -= copy.quantity
    return dict(units)


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
