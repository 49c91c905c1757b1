"""Packeta (Zásilkovna): an object in the order's shipping lines; the number is "Z" and the packet's
id, and another carrier's number may stand beside. Read in Zasilkovna/WooCommerce 77a8da97c4:
Order/ApiExtender, Order/Repository. A `packet_claim_id` is a return.
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json


def trackings(order: Json) -> tuple[Tracking, ...]:
    found: list[Tracking] = []
    for line in wire.items(order.get("shipping_lines")):
        number = shapes.number(wire.mapping(line.get("packeta")).get("packet_id"))
        if number:
            number = number if number.upper().startswith("Z") else f"Z{number}"
            found.append(Tracking(f"packeta:{number}", number, "Packeta", "", label=True))
    return tuple(found)
