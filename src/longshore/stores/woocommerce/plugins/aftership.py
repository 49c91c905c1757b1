"""AfterShip Tracking: `_aftership_fulfillments`, before it `_aftership_tracking_items`, before that
two single values. Read in aftership-apps-woocommerce 32ee84aa80: class-aftership-actions,
class-aftership-fulfillment. Its times carry a Z and are the shop's local ones: not used.
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

FULFILLMENTS = "_aftership_fulfillments"
ITEMS = "_aftership_tracking_items"
NUMBER, CARRIER = "_aftership_tracking_number", "_aftership_tracking_provider_name"
_LINE = ("id", "item_id", "line_item_id")


def trackings(order: Json) -> tuple[Tracking, ...]:
    found: list[Tracking] = []
    for row in shapes.entries(shapes.meta(order, FULFILLMENTS)):
        parcels = shapes.entries(row.get("trackings"))
        # The goods belong to the fulfillment: only with one parcel it is known which is which.
        goods = row.get("items") if len(parcels) == 1 else None
        for parcel in parcels:
            found += _parcels(parcel, goods)
    if found:
        return tuple(found)
    for row in shapes.entries(shapes.meta(order, ITEMS)):
        found += _parcels(row, row.get("line_items"))
    if found:
        return tuple(found)
    single = {"tracking_number": shapes.meta(order, NUMBER), "slug": shapes.meta(order, CARRIER)}
    return tuple(_parcels(single, None))


def _parcels(row: Json, goods: object) -> list[Tracking]:
    """One row may name several numbers, parted by commas."""
    numbers = shapes.numbers(row.get("tracking_number"))
    lines = shapes.quantities(shapes.entries(goods), _LINE, ("quantity", "qty"))
    return [
        Tracking(
            key=f"aftership:{number}",
            number=number,
            carrier=wire.text(row.get("slug")),
            url="",
            lines=lines if len(numbers) == 1 else (),
        )
        for number in numbers
    ]
