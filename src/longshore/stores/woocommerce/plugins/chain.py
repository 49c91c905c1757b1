"""All readers of tracking, the most telling first. Each is passive: it looks into the order that
was read anyway, also where its plugin is gone meanwhile.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from longshore.domain.tracking import TaughtKeys, Tracking, merged
from longshore.stores.woocommerce.plugins import (
    aftership,
    bring,
    carrier_labels,
    core_fulfillments,
    dhl,
    dhl_parcel,
    furgonetka,
    myparcel,
    orders_tracking,
    packeta,
    parcelpanel,
    postnl,
    shapes,
    shipment_tracking,
    shiptastic,
    single_values,
    taught,
    wcfm,
    woocommerce_shipping,
    yith,
)
from longshore.stores.woocommerce.wire import Json, readable

WITH_GOODS = (shiptastic, core_fulfillments, aftership, orders_tracking, wcfm)
LISTS = (
    shipment_tracking,
    woocommerce_shipping,
    parcelpanel,
    dhl,
    dhl_parcel,
    postnl,
    myparcel,
    packeta,
    carrier_labels,
    bring,
    furgonetka,
)
SINGLE_VALUES = (yith, single_values)
LONGEST_KEY, LONGEST_CARRIER = 100, 100


def trackings(order: Json, keys: TaughtKeys | None = None) -> tuple[Tracking, ...]:
    """The parcels of an order. What people taught counts most; single values, which stay behind
    when a plugin is changed for another, count only where nothing else tells.
    """
    own = [taught.trackings(order, keys)] if keys is not None else []
    told = [*own, *(reader.trackings(order) for reader in (*WITH_GOODS, *LISTS))]
    return _parcels(told) or _parcels([reader.trackings(order) for reader in SINGLE_VALUES])


def _parcels(told: Sequence[Sequence[Tracking]]) -> tuple[Tracking, ...]:
    return merged([_bounded(one) for one in source] for source in told)


def _bounded(parcel: Tracking) -> Tracking:
    """What a row can hold, and a person read; several numbers of one field apart."""
    first, *more = parcel.number.split(shapes.BETWEEN)
    key, carrier = readable(parcel.key), readable(parcel.carrier)[:LONGEST_CARRIER]
    if len(key) > LONGEST_KEY:
        key = f"{key[:20]}:{hashlib.sha256(key.encode()).hexdigest()}"
    url = "" if more and first not in parcel.url else parcel.url
    others = (*parcel.others, *((number, "") for number in more))
    return replace(parcel, key=key, number=first, carrier=carrier, url=url, others=others)
