"""WooCommerce Shipment Tracking and Advanced Shipment Tracking: both keep parcels in the order meta
`_wc_shipment_tracking_items`, also after the plugin is off (recording shipment_tracking.json).
Where an API shows no meta, their route tells; the reading of orders puts its answer under FIELD.
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

META_KEY = "_wc_shipment_tracking_items"
FIELD = "_shipment_trackings"


def trackings(order: Json) -> tuple[Tracking, ...]:
    """The parcels of an order; entries without a number are left out."""
    rows = [*shapes.entries(order.get(FIELD)), *shapes.entries(shapes.meta(order, META_KEY))]
    found = [_tracking(row, order) for row in rows]
    return tuple(one for one in found if one is not None)


def _tracking(entry: Json, order: Json) -> Tracking | None:
    number = shapes.number(entry.get("tracking_number"))
    if not number:
        return None
    carrier = wire.text(entry.get("tracking_provider")) or wire.text(
        entry.get("custom_tracking_provider")
    )
    link = shapes.link(entry.get("custom_tracking_link")) or shapes.link(entry.get("tracking_link"))
    return Tracking(
        key=wire.text(entry.get("tracking_id")) or number,
        number=number,
        carrier=carrier.strip(),
        url=link,
        shipped_at=shapes.moment(entry.get("date_shipped")),
        lines=_goods(entry, order),
    )


def _goods(entry: Json, order: Json) -> tuple[tuple[int, int], ...]:
    """Only Advanced Shipment Tracking says which goods are inside, some versions by product only:
    that names a line where the order has one line of it.
    """
    lines: dict[int, list[int]] = {}
    for line in wire.items(order.get("line_items")):
        sold = wire.integer(line.get("variation_id")) or wire.integer(line.get("product_id")) or 0
        lines.setdefault(sold, []).append(wire.integer(line.get("id")) or 0)
    rows: list[Json] = []
    for part in shapes.entries(entry.get("products_list")):
        items = lines.get(wire.integer(part.get("product")) or 0, [])
        only = items[0] if len(items) == 1 else None
        rows.append({"item_id": part.get("item_id") or only, "qty": part.get("qty")})
    return shapes.quantities(rows, ("item_id",), ("qty",))
