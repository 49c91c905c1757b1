"""WCFM Marketplace: a number and a link in the meta of each line (public code of its vendor module;
not seen on a shop).
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

NUMBER, LINK = "wcfm_tracking_code", "wcfm_tracking_url"


def trackings(order: Json) -> tuple[Tracking, ...]:
    parcels: dict[str, tuple[str, list[tuple[int, int]]]] = {}
    for line in wire.items(order.get("line_items")):
        number = shapes.number(shapes.meta(line, NUMBER))
        item, units = wire.integer(line.get("id")) or 0, wire.integer(line.get("quantity")) or 0
        if number and item and units > 0:
            url = shapes.link(shapes.meta(line, LINK))
            parcels.setdefault(number, (url, []))[1].append((item, units))
    return tuple(
        Tracking(f"wcfm:{number}", number, "", url, lines=tuple(lines))
        for number, (url, lines) in parcels.items()
    )
