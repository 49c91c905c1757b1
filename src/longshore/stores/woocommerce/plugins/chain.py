"""All readers of tracking, the most telling first. Each is passive: it looks into the order that
was read anyway, also where its plugin is gone meanwhile.
"""

from longshore.domain.tracking import TaughtKeys, Tracking, merged
from longshore.stores.woocommerce.plugins import (
    aftership,
    bring,
    carrier_labels,
    core_fulfillments,
    dhl,
    furgonetka,
    myparcel,
    orders_tracking,
    packeta,
    parcelpanel,
    postnl,
    shipment_tracking,
    shiptastic,
    single_values,
    taught,
    wcfm,
    woocommerce_shipping,
    yith,
)
from longshore.stores.woocommerce.wire import Json

WITH_GOODS = (shiptastic, core_fulfillments, aftership, orders_tracking, wcfm)
LISTS = (
    shipment_tracking,
    woocommerce_shipping,
    parcelpanel,
    dhl,
    postnl,
    myparcel,
    packeta,
    carrier_labels,
    bring,
    furgonetka,
)
SINGLE_VALUES = (yith, single_values)


def trackings(order: Json, keys: TaughtKeys | None = None) -> tuple[Tracking, ...]:
    """The parcels of an order. What people taught counts most; single values, which stay behind
    when a plugin is changed for another, count only where nothing else tells.
    """
    own = [taught.trackings(order, keys)] if keys is not None else []
    found = merged([*own, *(reader.trackings(order) for reader in (*WITH_GOODS, *LISTS))])
    return found or merged(reader.trackings(order) for reader in SINGLE_VALUES)
