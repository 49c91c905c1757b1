"""What must be asked for beside an order: one request, and only for an order that has something.

A route that is switched off, or closed to this key, is no failure of the order.
"""

from collections.abc import Mapping

from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.client import Refused
from longshore.stores.woocommerce.plugins import core_fulfillments, shapes, shipment_tracking
from longshore.stores.woocommerce.reading import Reader
from longshore.stores.woocommerce.wire import Json


def with_answers(reader: Reader, row: Json) -> Json:
    """The order with what its other routes tell of its parcels."""
    profile = reader.profile
    number = wire.integer(row.get("id"))
    if not number:
        return row
    if profile.fulfillments and shapes.meta(row, core_fulfillments.STATUS):
        told = core_fulfillments.rows_of(asked(reader, number, "fulfillments"))
        return {**row, core_fulfillments.FIELD: told}
    if profile.tracking_route:
        return {**row, shipment_tracking.FIELD: asked(reader, number, "shipment-trackings")}
    return row


def asked(
    reader: Reader, number: int, what: str, params: Mapping[str, str] | None = None
) -> object:
    """The answer of one of the order's routes; () where it is refused."""
    try:
        return reader.api.get(f"{reader.dialect.root}/orders/{number}/{what}", params)
    except Refused:
        return ()
