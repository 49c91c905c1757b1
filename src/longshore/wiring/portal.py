"""What vendors do themselves: parcels, what they cannot deliver."""

from collections.abc import Mapping

from longshore.storage.repositories import vendor_parcels
from longshore.wiring.shops import clock

Parcel = vendor_parcels.Parcel


def ship_parcel(marketplace_id: int, vendor_id: int, part_id: int, parcel: Parcel) -> int:
    """A vendor sent a parcel; returns how many units are still to be shipped. Raises Rejected."""
    return vendor_parcels.ship_parcel(marketplace_id, vendor_id, part_id, parcel, clock.now())


def cannot_deliver(
    marketplace_id: int, vendor_id: int, part_id: int, units: Mapping[int, int], why: str
) -> None:
    """The marketplace is told and decides. Raises Rejected."""
    now = clock.now()
    vendor_parcels.cannot_deliver(marketplace_id, vendor_id, part_id, units, why, now)
