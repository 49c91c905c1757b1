"""Carriers' own plugins that keep nothing but the numbers of their labels, under a key of their
own, read in public code: GLS (gls-shipping-for-woocommerce 214b6d73cb), DPD Connect
(dpdconnect/woocommerce-shipping 0dd68cba99), Colissimo, Omniva, Correios
(woocommerce-correios 0bcb0ff60a), InPost (plugins-inpost-for-woocommerce 3bf129433b).
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

META_KEYS = (
    ("_gls_tracking_codes", "GLS"),
    ("_gls_tracking_code", "GLS"),
    ("dpd_tracking_numbers", "DPD"),
    ("lpc_outward_parcel_number", "Colissimo"),
    ("_omnivalt_barcode", "Omniva"),
    ("_correios_tracking_code", "Correios"),
    ("_easypack_parcel_tracking", "InPost"),
)
CORREIOS_FIELD = "correios_tracking_code"
_REPEATED = frozenset({"dpd_tracking_numbers"})
"""DPD Connect writes another entry for each label under the same key, and its return labels too:
which is which is not told, so the first one counts."""


def trackings(order: Json) -> tuple[Tracking, ...]:
    found: dict[str, Tracking] = {}
    for key, carrier in META_KEYS:
        for number in shapes.numbers(_value(order, key)):
            made = Tracking(f"{carrier.casefold()}:{number}", number, carrier, "", label=True)
            found.setdefault(number, made)
    return tuple(found.values())


def _value(order: Json, key: str) -> object:
    if key in _REPEATED:
        return next(iter(shapes.metas(order, key)), None)
    if key == f"_{CORREIOS_FIELD}":
        return shapes.meta(order, key) or order.get(CORREIOS_FIELD)
    return shapes.meta(order, key)
