"""ParcelPanel: `_parcelpanel_shipping_numbers`, an object keyed by number, as JSON in a text. It
writes past WooCommerce, so the order's date does not move; goods are named in words only. Read in
plugins-parcelpanel 44dfc6a3b7: Action/Common, Api/Orders.
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

META_KEY = "_parcelpanel_shipping_numbers"


def trackings(order: Json) -> tuple[Tracking, ...]:
    found: list[Tracking] = []
    for row in shapes.entries(shapes.meta(order, META_KEY)):
        number = shapes.number(row.get("tracking_number"))
        if number:
            carrier = wire.text(row.get("courier_code"))
            at = shapes.moment(row.get("fulfilled_at"))
            found.append(Tracking(f"parcelpanel:{number}", number, carrier, "", at))
    return tuple(found)
