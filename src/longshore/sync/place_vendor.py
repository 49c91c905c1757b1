"""Give a vendor's goods a place on Shopify: a location of its own while the plan allows one more,
else the one that vendors share.
"""

from collections.abc import Sequence

from longshore.ports.errors import NeedsOperator
from longshore.ports.ledger.listings import VendorTerms
from longshore.ports.ledger.places import PlacesLedger
from longshore.ports.storefronts import Location, Storefront


def place_vendor(
    storefront: Storefront, ledger: PlacesLedger, marketplace_id: int, vendor: VendorTerms
) -> str:
    """Returns the location's id, and remembers it. A location that was made just before a crash is
    found again by its name. Raises NeedsOperator when the shop has no active location.
    """
    shop = ledger.shop_terms(marketplace_id)
    active = [one for one in storefront.list_locations() if one.active]
    taken = set(ledger.taken_locations(marketplace_id))
    if shop is None or not active:
        raise NeedsOperator("The Shopify shop has no active location. Activate one in Shopify.")
    if shop.per_vendor:
        mine = _own(storefront, active, taken, vendor, shop.location_limit)
        if mine is not None:
            ledger.keep_location(marketplace_id, vendor.vendor_id, mine, shared=False)
            return mine
    shared = shop.shared_location_id or _shared(active, taken)
    if shared != shop.shared_location_id:
        ledger.keep_shared_location(marketplace_id, shared)
    ledger.keep_location(marketplace_id, vendor.vendor_id, shared, shared=shop.per_vendor)
    return shared


def _own(
    storefront: Storefront,
    active: Sequence[Location],
    taken: set[str],
    vendor: VendorTerms,
    limit: int,
) -> str | None:
    for one in active:
        if one.name == vendor.name and one.location_id not in taken:
            return one.location_id
    if not vendor.country or len(active) >= limit:
        return None
    return storefront.add_location(vendor.name, vendor.country).location_id


def _shared(active: Sequence[Location], taken: set[str]) -> str:
    """The shop's own location rather than a vendor's."""
    free = [one.location_id for one in active if one.location_id not in taken]
    return free[0] if free else active[0].location_id
