"""MyParcel (Netherlands and Belgium): `_myparcelcom_order_shipments`, in version 5
`_myparcelnl_order_shipments` and `_myparcelbe_order_shipments`, in version 4 `_myparcel_shipments`.
Read in myparcelnl/woocommerce 7f439eb1f0: WcPdkBootstrapper, Migration6_5_1, tests/Datasets. An
entry without a barcode is a concept.
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

KEYS = (
    "_myparcelcom_order_shipments",
    "_myparcelnl_order_shipments",
    "_myparcelbe_order_shipments",
    "_myparcel_shipments",
)
_BY_ID = {1: "PostNL", 2: "bpost", 4: "DPD", 9: "DHL Parcel"}


def trackings(order: Json) -> tuple[Tracking, ...]:
    found: dict[str, Tracking] = {}
    for key in KEYS:
        for row in shapes.entries(shapes.meta(order, key)):
            inner = wire.mapping(row.get("shipment"))
            number = shapes.number(
                row.get("barcode") or inner.get("barcode") or row.get("track_trace")
            )
            if number and number not in found:
                found[number] = Tracking(
                    key=f"myparcel:{number}",
                    number=number,
                    carrier=_carrier(row.get("carrier") or inner.get("carrier_id")),
                    url=shapes.link(row.get("linkConsumerPortal")),
                    label=True,
                )
    return tuple(found.values())


def _carrier(value: object) -> str:
    """A word, a number, or an object that has one of both."""
    held = wire.mapping(value)
    if held:
        value = held.get("externalIdentifier") or held.get("name") or held.get("id")
    number = wire.integer(value)
    if number is not None:
        return _BY_ID.get(number, "")
    return wire.text(value).replace("_", " ").partition(":")[0]
