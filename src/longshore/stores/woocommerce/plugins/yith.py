"""YITH Order Tracking: one parcel in single values; `ywot_carrier_url` is the carrier's front page,
not the parcel's. Read in plugins-yith-woocommerce-order-tracking b29bd288fe.
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

KEY = "yith"


def trackings(order: Json) -> tuple[Tracking, ...]:
    number = shapes.number(shapes.meta(order, "ywot_tracking_code"))
    if not number:
        return ()
    carrier = wire.text(shapes.meta(order, "ywot_carrier_name", "ywot_carrier_id"))
    at = shapes.moment(shapes.meta(order, "ywot_pick_up_date"))
    return (Tracking(KEY, number, carrier, "", at),)
