"""What is remembered of where vendors' goods stand on Shopify."""

from collections.abc import Sequence
from typing import Protocol

from longshore.ports.ledger.listings import ShopTerms


class PlacesLedger(Protocol):
    """Where vendors' goods stand on Shopify. Every writing call commits on its own."""

    def shop_terms(self, marketplace_id: int) -> ShopTerms | None:
        """None while no storefront is connected."""
        ...

    def taken_locations(self, marketplace_id: int) -> Sequence[str]:
        """Locations that vendors have."""
        ...

    def keep_location(
        self, marketplace_id: int, vendor_id: int, location_id: str, *, shared: bool
    ) -> None:
        """`shared`: the plan allows no location of the vendor's own; that is noted."""
        ...

    def keep_shared_location(self, marketplace_id: int, location_id: str) -> None: ...
