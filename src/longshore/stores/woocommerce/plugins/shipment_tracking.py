"""WooCommerce Shipment Tracking and Advanced Shipment Tracking: both keep parcels in the order meta
`_wc_shipment_tracking_items`, also after the plugin is off (recording shipment_tracking.json).
"""

from datetime import UTC, datetime

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.wire import Json

META_KEY = "_wc_shipment_tracking_items"


def trackings(order: Json) -> tuple[Tracking, ...]:
    """The parcels of an order; entries without a number are left out."""
    for meta in wire.items(order.get("meta_data")):
        if meta.get("key") == META_KEY:
            found = [_tracking(one) for one in _entries(meta.get("value"))]
            return tuple(one for one in found if one is not None)
    return ()


def _entries(value: object) -> tuple[Json, ...]:
    """A list, or PHP's object with numbered keys once an entry was deleted."""
    numbered = wire.mapping(value)
    return tuple(wire.items(list(numbered.values()) if numbered else value))


def _tracking(entry: Json) -> Tracking | None:
    number = wire.text(entry.get("tracking_number")).strip()
    if not number:
        return None
    carrier = wire.text(entry.get("tracking_provider")) or wire.text(
        entry.get("custom_tracking_provider")
    )
    link = wire.text(entry.get("custom_tracking_link"))
    return Tracking(
        key=wire.text(entry.get("tracking_id")) or number,
        number=number,
        carrier=carrier,
        url=link if link.startswith(("http://", "https://")) else "",
        shipped_at=_day(entry.get("date_shipped")),
        lines=_lines(entry.get("products_list")),
    )


def _day(value: object) -> datetime | None:
    """A unix time, as text or as a number."""
    seconds = wire.integer(value)
    if seconds is None or not 0 < seconds < 2**33:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _lines(value: object) -> tuple[tuple[int, int], ...]:
    """(line item id, quantity) of the goods inside, where Advanced Shipment Tracking says so."""
    found = [
        (wire.integer(one.get("item_id")), wire.integer(one.get("qty")))
        for one in wire.items(value)
    ]
    return tuple((item, qty) for item, qty in found if item and qty and qty > 0)
