"""What is remembered of listings on products that were on Shopify before us."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from longshore.ports.ledger.listings import ListingSource
from longshore.ports.ledger.places import PlacesLedger
from longshore.ports.publishing import ShownListing, ShownVariant


@dataclass(frozen=True, slots=True)
class Link:
    """A listing with the product it is linked to; `variants` are by the listing variants' keys,
    `missing` names those that the product does not have.
    """

    source: ListingSource
    shown: ShownListing
    variants: Mapping[int, ShownVariant]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unlink:
    """A listing to be taken off its product, with the inventory items that hold its stock."""

    listing_id: int
    location_id: str
    items: tuple[str, ...]
    asked_key: str
    """An idempotency key of its own."""


class LinkLedger(PlacesLedger, Protocol):
    """Every writing call commits on its own."""

    def links_due(
        self, marketplace_id: int, limit: int, at: datetime
    ) -> Sequence[ListingSource]: ...

    def keep_linked(self, link: Link, at: datetime) -> None:
        """From now on the listing writes single fields of that product."""
        ...

    def keep_not_linked(self, source: ListingSource, why: str, at: datetime) -> None: ...

    def unlinks_due(self, marketplace_id: int, limit: int) -> Sequence[Unlink]: ...

    def keep_unlinked(self, unlink: Unlink, at: datetime) -> None:
        """The listing waits for review again."""
        ...
