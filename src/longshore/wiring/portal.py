"""What vendors do themselves: parcels, what they cannot deliver, what they offer."""

from collections.abc import Mapping, Sequence

from longshore.storage.repositories import pasted_numbers, vendor_parcels, vendor_products
from longshore.wiring.shops import clock

Parcel = vendor_parcels.Parcel
Numbered = pasted_numbers.Numbered


def ship_parcel(marketplace_id: int, vendor_id: int, part_id: int, parcel: Parcel) -> int:
    """A vendor sent a parcel; returns how many units are still to be shipped. Raises Rejected."""
    return vendor_parcels.ship_parcel(marketplace_id, vendor_id, part_id, parcel, clock.now())


def cannot_deliver(
    marketplace_id: int, vendor_id: int, part_id: int, units: Mapping[int, int], why: str
) -> None:
    """The marketplace is told and decides. Raises Rejected."""
    now = clock.now()
    vendor_parcels.cannot_deliver(marketplace_id, vendor_id, part_id, units, why, now)


def keep_back(
    marketplace_id: int, vendor_id: int, product_ids: Sequence[int], *, back: bool
) -> tuple[str, ...]:
    """A vendor keeps products in the own shop, or offers them here again; the names of those that
    changed. Raises Rejected where none is this vendor's.
    """
    return vendor_products.keep_back(marketplace_id, vendor_id, product_ids, back=back)


def give_numbers(
    marketplace_id: int,
    vendor_id: int | None,
    part_id: int,
    numbers: Sequence[str],
    carrier: str,
) -> Numbered:
    """Pasted numbers are an order's from now on. `vendor_id` None: of any vendor's. Raises
    Rejected.
    """
    now = clock.now()
    return pasted_numbers.give_numbers(marketplace_id, vendor_id, part_id, numbers, carrier, now)
