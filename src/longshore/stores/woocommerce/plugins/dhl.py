"""DHL for WooCommerce: DHL Paket `_pr_shipment_dhl_label_tracking`, Internetmarke
`_pr_dhl_im_label_tracking`, Deutsche Post `pr_dhl_dp_item_barcode`; the number is a text or a list
and is there with the label. Read in dhl-logistic-services-for-woocommerce 3c376baf0e:
abstract-pr-dhl-wc-order, pr-dhl-api-rest-parcel-de. The return label's number stands beside it.
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

PARCELS = {
    "_pr_shipment_dhl_label_tracking": "DHL Paket",
    "_pr_dhl_im_label_tracking": "Deutsche Post",
}
ITEM = "pr_dhl_dp_item_barcode"


def trackings(order: Json) -> tuple[Tracking, ...]:
    found: list[Tracking] = []
    for key, carrier in PARCELS.items():
        for row in shapes.entries(shapes.meta(order, key)):
            numbers = shapes.numbers(row.get("tracking_number"))
            found += [_label(number, carrier) for number in numbers]
    found += [
        _label(number, "Deutsche Post") for number in shapes.numbers(shapes.meta(order, ITEM))
    ]
    return tuple(found)


def _label(number: str, carrier: str) -> Tracking:
    return Tracking(f"dhl:{number}", number, carrier, "", label=True)
