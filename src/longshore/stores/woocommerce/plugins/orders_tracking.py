"""Orders Tracking for WooCommerce (VillaTheme): each line keeps its parcels as JSON, the last one
counts and those before it are history. Read in plugins-woo-orders-tracking 591b151e1e: import_csv,
orders-edit-tracking; the list by quantity (one more entry for each further unit) in TrackShip's
reader 63b777ea20.
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

LINE = "_vi_wot_order_item_tracking_data"
BY_QUANTITY = "_vi_wot_order_item_tracking_data_by_quantity"
NUMBER, CARRIER = "_wot_tracking_number", "_wot_tracking_carrier"


def trackings(order: Json) -> tuple[Tracking, ...]:
    parcels: dict[str, tuple[Json, dict[int, int]]] = {}
    for line in wire.items(order.get("line_items")):
        item, ordered = wire.integer(line.get("id")) or 0, wire.integer(line.get("quantity")) or 0
        further = [(row, 1) for row in shapes.entries(shapes.meta(line, BY_QUANTITY))]
        first = shapes.entries(shapes.meta(line, LINE))[-1:]
        rest = max(1, ordered - len(further))
        for row, units in [*((row, rest) for row in first), *further]:
            number = shapes.number(row.get("tracking_number"))
            if number and item:
                lines = parcels.setdefault(number, (row, {}))[1]
                lines[item] = lines.get(item, 0) + units
    found = [_parcel(number, row, lines) for number, (row, lines) in parcels.items()]
    return tuple(found) or _single(order)


def _parcel(number: str, row: Json, lines: dict[int, int]) -> Tracking:
    return Tracking(
        key=f"orders_tracking:{number}",
        number=number,
        carrier=wire.text(row.get("carrier_name")) or wire.text(row.get("carrier_slug")),
        url=shapes.filled_in(row.get("carrier_url"), number),
        shipped_at=shapes.moment(row.get("time")),
        lines=tuple(lines.items()),
    )


def _single(order: Json) -> tuple[Tracking, ...]:
    number = shapes.number(shapes.meta(order, NUMBER))
    carrier = wire.text(shapes.meta(order, CARRIER))
    return (Tracking(f"orders_tracking:{number}", number, carrier, ""),) if number else ()
