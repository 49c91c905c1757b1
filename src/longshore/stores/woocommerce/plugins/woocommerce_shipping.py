"""WooCommerce Shipping (and Jetpack's "WooCommerce Tax" before it): labels in `wcshipping_labels`,
once `wc_connect_labels`; their goods in `_wcshipping-shipments`, joined by the label's id. The
number is there when the label is bought: no shipment yet. Read in plugins-woocommerce-shipping
e16a7f0fdf: LabelPurchaseService, ShipmentsService, class-wc-connect-service-settings-store.
"""

from collections.abc import Mapping

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

LABELS = ("wcshipping_labels", "wc_connect_labels")
SHIPMENTS = "_wcshipping-shipments"
_BOUGHT = frozenset({"", "PURCHASED", "ANONYMIZED"})


def trackings(order: Json) -> tuple[Tracking, ...]:
    goods = _goods(order)
    found: list[Tracking] = []
    for label in shapes.entries(shapes.meta(order, *LABELS)):
        number = shapes.number(label.get("tracking"))
        if number and _goes_out(label):
            # A shipment's name is "0", "shipment_0" in newer versions.
            place = wire.text(label.get("id")).rpartition("_")[2]
            found.append(
                Tracking(
                    key=f"label:{wire.text(label.get('label_id')) or number}",
                    number=number,
                    carrier=wire.text(label.get("carrier_id")) or _service(label),
                    url="",
                    lines=goods.get(place, ()),
                    label=True,
                )
            )
    return tuple(found)


def _goes_out(label: Json) -> bool:
    status = wire.text(label.get("status")).upper()
    return (
        status in _BOUGHT
        and not wire.flag(label.get("is_return"))
        and not label.get("parent_shipment_id")
        and not label.get("refund")
    )


def _service(label: Json) -> str:
    return wire.text(label.get("service_name")).partition(" - ")[0]


def _goods(order: Json) -> Mapping[str, tuple[tuple[int, int], ...]]:
    """Shipment -> (line item id, quantity): one sub-item a unit where there are several."""
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for place, items in wire.mapping(shapes.opened(shapes.meta(order, SHIPMENTS))).items():
        lines: dict[int, int] = {}
        for item in wire.items(items):
            line = wire.integer(item.get("id"))
            if line:
                units = max(1, len(wire.values(item.get("subItems"))))
                lines[line] = lines.get(line, 0) + units
        found[place.rpartition("_")[2]] = tuple(lines.items())
    return found
