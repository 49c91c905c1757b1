"""WooCommerce's own fulfillments (10.1 and later, where the feature is on): a route of the order
tells the goods of each parcel (measured on 10.5; older ones put the rows into an envelope). The
reading of orders puts its answer under FIELD.
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

FIELD = "_fulfillments"
STATUS = "_fulfillment_status"
"""The order's meta that is there as soon as something is fulfilled."""
CARRIER = ("_shipment_provider", "_shipping_provider", "_tracking_provider", "_provider_name")
"""The key moved between versions (woocommerce issues 63475, 64096); the last one names "other"."""


def trackings(order: Json) -> tuple[Tracking, ...]:
    found = [_parcel(row) for row in wire.items(order.get(FIELD))]
    return tuple(one for one in found if one is not None)


def rows_of(answer: object) -> list[Json]:
    """The rows of the route's answer, out of their envelopes."""
    held = wire.mapping(answer).get("fulfillments", answer)
    return [wire.mapping(row.get("fulfillment")) or row for row in wire.items(held)]


def _parcel(row: Json) -> Tracking | None:
    if not wire.flag(row.get("is_fulfilled")) or row.get("date_deleted"):
        return None
    goods = shapes.quantities(shapes.entries(shapes.meta(row, "_items")), ("item_id",), ("qty",))
    number = shapes.number(shapes.meta(row, "_tracking_number"))
    if not number and not goods:
        return None
    return Tracking(
        key=f"fulfillment:{wire.text(row.get('id'))}",
        number=number,
        carrier=_carrier(row),
        # TrackShip puts its own page over the carrier's and keeps that one beside.
        url=shapes.link(shapes.meta(row, "_carrier_tracking_url", "_tracking_url")),
        shipped_at=shapes.moment(shapes.meta(row, "_date_fulfilled")),
        lines=goods,
    )


def _carrier(row: Json) -> str:
    for key in CARRIER:
        name = wire.text(shapes.meta(row, key)).strip()
        if name and name.casefold() != "other":
            return name
    return ""
