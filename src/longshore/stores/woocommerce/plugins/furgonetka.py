"""Furgonetka: `tracking_info`, an object number -> {courierService} (seen in woocommerce issue
35847). It is an aggregator: the carrier is the courier's.
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

META_KEY = "tracking_info"


def trackings(order: Json) -> tuple[Tracking, ...]:
    found: list[Tracking] = []
    for key, row in shapes.keyed(shapes.meta(order, META_KEY)):
        number = shapes.number(key)
        if number and "courierService" in row:
            carrier = wire.text(row.get("courierService"))
            found.append(Tracking(f"furgonetka:{number}", number, carrier, "", label=True))
    return tuple(found)
