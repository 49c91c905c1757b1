"""Bring Fraktguiden: `_bring_booking_response` holds Bring's answer to the booking as JSON in a
text; its return consignments are skipped. Read in bring-fraktguiden-for-woocommerce 052df1a621:
class-bring-wc-order-adapter. Old versions write it where the newer order storage does not show it.
"""

from collections.abc import Iterator

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

META_KEY = "_bring_booking_response"


def trackings(order: Json) -> tuple[Tracking, ...]:
    found = {number: url for number, url in _numbers(order) if number}
    return tuple(
        Tracking(f"bring:{number}", number, "Bring", url, label=True)
        for number, url in found.items()
    )


def _numbers(order: Json) -> Iterator[tuple[str, str]]:
    held = wire.mapping(shapes.opened(shapes.meta(order, META_KEY)))
    body = wire.mapping(shapes.opened(held.get("body")))
    for one in wire.items(body.get("consignments")):
        confirmation = wire.mapping(one.get("confirmation"))
        if wire.flag(one.get("return")) or wire.flag(confirmation.get("return")):
            continue
        links = wire.mapping(confirmation.get("links"))
        yield (
            shapes.number(confirmation.get("consignmentNumber")),
            shapes.link(links.get("tracking")),
        )
