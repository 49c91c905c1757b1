"""PostNL for WooCommerce: `_postnl_order_metadata`, barcodes with the label. Read in
postnl-for-woocommerce 7cf72fd410: src/Order/Base. Its link needs the buyer's postcode, so none is
made.
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

META_KEY = "_postnl_order_metadata"


def trackings(order: Json) -> tuple[Tracking, ...]:
    held = wire.mapping(shapes.opened(shapes.meta(order, META_KEY)))
    label = wire.mapping(wire.mapping(held.get("labels")).get("label"))
    rows = [*shapes.entries(held.get("barcodes")), {"value": label.get("barcode")}]
    numbers = dict.fromkeys(shapes.number(row.get("value")) for row in rows)
    return tuple(
        Tracking(f"postnl:{number}", number, "PostNL", "", label=True)
        for number in numbers
        if number
    )
