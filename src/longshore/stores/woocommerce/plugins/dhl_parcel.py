"""DHL Parcel (Benelux, its plugin dhlpwc): `_dhlpwc_order_labels`, one label each, kept by its id;
return labels are skipped. Its public code: DHLPWC_Model_Meta_Order_Label (fields) and
DHLPWC_Model_Service_Order_Meta (the key); not seen on a shop.
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

META_KEY = "_dhlpwc_order_labels"


def trackings(order: Json) -> tuple[Tracking, ...]:
    found: list[Tracking] = []
    for row in shapes.entries(shapes.meta(order, META_KEY)):
        number = shapes.number(row.get("tracker_code"))
        if number and not wire.flag(row.get("is_return")):
            key = f"dhl_parcel:{wire.text(row.get('label_id')) or number}"
            found.append(Tracking(key, number, "DHL Parcel", "", label=True))
    return tuple(found)
