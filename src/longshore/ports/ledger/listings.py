"""What is remembered of listings: what the marketplace makes of vendor products on Shopify."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from longshore.domain.catalog import VendorProduct, VendorVariant
from longshore.domain.findings import Finding
from longshore.domain.pricing import PriceBase, PriceRule
from longshore.ports.storefronts import PublishedVariant


class State(StrEnum):
    """What people decided of a listing, and how far it got."""

    REVIEW = "review"
    APPROVED = "approved"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    DECLINED = "declined"


PERSON = "person"
"""A person took the listing off; it does not come back by itself."""
ABSENT = "absent"
LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class ListedVariant:
    """A vendor variant with its place on Shopify, if it has one. `row_id` is the vendor variant's
    row, `key` the listing variant's (0: none yet). `absent`: the store has it no more.
    """

    row_id: int
    variant: VendorVariant
    absent: bool
    key: int = 0
    variant_gid: str = ""
    wanted_tracked: bool | None = None
    wanted_oversell: bool = False


@dataclass(frozen=True, slots=True)
class VendorTerms:
    """What a marketplace agreed with one vendor. `base` and `weight_unit` are its store's."""

    vendor_id: int
    name: str
    auto_approve: bool
    base: PriceBase
    rule: PriceRule
    weight_unit: str
    country: str
    location_id: str


@dataclass(frozen=True, slots=True)
class ShopTerms:
    """What a storefront asks of listings. `per_vendor`: each vendor shall have a location."""

    base: PriceBase
    variant_limit: int
    location_limit: int
    publication_id: str
    per_vendor: bool
    shared_location_id: str
    prepared: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing as it is remembered. `published_digest` is the hash of the draft Shopify has."""

    listing_id: int
    uuid: str
    state: State
    linked: bool
    product_gid: str
    dirty: bool
    published_digest: str
    unpublished_because: str


@dataclass(frozen=True, slots=True)
class ListingSource:
    """A vendor product with all that decides its listing. `listing` None: it has none yet.
    `left_out` is the reason by rule. `product.variants` is not filled: see `variants`.
    """

    row_id: int
    product: VendorProduct
    left_out: Finding | None
    absent: bool
    variants: tuple[ListedVariant, ...]
    vendor: VendorTerms
    listing: Listing | None
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """What a review decided. `listed` are the vendor variants' rows that have a stock line."""

    state: State
    problems: tuple[Finding, ...]
    dirty: bool
    unpublished_because: str
    review_at: datetime | None
    listed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of listings a person decided on; `waiting` have problems or are gone."""

    done: tuple[int, ...]
    waiting: tuple[int, ...] = ()


class ListingLedger(Protocol):
    """Every writing call commits on its own, with the jobs it causes."""

    def shop_terms(self, marketplace_id: int) -> ShopTerms | None:
        """None while no storefront is connected."""
        ...

    def marketplace_of(self, store_id: int) -> int: ...

    def review_begins(self, store_id: int, at: datetime) -> bool:
        """Marks listings whose prices change with the clock as due. False while the store's first
        import has not ended: then half of its products would be judged by half of their variants.
        """
        ...

    def review_due(
        self,
        store_id: int,
        after: int,
        limit: int,
        at: datetime,
        decide: Callable[[ListingSource], Review | None],
    ) -> int:
        """Asks `decide` about the next due products, by row id after `after`, and keeps what it
        says (None: no listing): states, stock lines with their numbers, and the jobs that follow.
        The products are locked meanwhile. Returns the last one's row id, 0 when none was due.
        """
        ...

    def approve(
        self, marketplace_id: int, listing_ids: Sequence[int], user_id: int | None, at: datetime
    ) -> Decided: ...

    def decline(self, marketplace_id: int, listing_ids: Sequence[int], at: datetime) -> Decided: ...

    def unpublish(
        self, marketplace_id: int, listing_ids: Sequence[int], at: datetime
    ) -> Decided: ...

    def due_listings(
        self, marketplace_id: int, limit: int, at: datetime
    ) -> Sequence[ListingSource]:
        """Listings that differ from what Shopify has; those refused before come last."""
        ...

    def keep_prepared(self, marketplace_id: int) -> None: ...

    def taken_locations(self, marketplace_id: int) -> Sequence[str]:
        """Locations that vendors have."""
        ...

    def keep_location(
        self, marketplace_id: int, vendor_id: int, location_id: str, *, shared: bool
    ) -> None:
        """`shared`: the plan allows no location of the vendor's own; that is noted."""
        ...

    def keep_shared_location(self, marketplace_id: int, location_id: str) -> None: ...

    def keep_published(
        self,
        source: ListingSource,
        product_gid: str,
        variants: Sequence[PublishedVariant],
        digest: str,
        at: datetime,
    ) -> None:
        """Shopify has the draft with that digest. Its stock lines become due."""
        ...

    def keep_unpublished(self, source: ListingSource, at: datetime) -> None: ...

    def keep_postponed(self, source: ListingSource, why: str, at: datetime) -> None:
        """It stays due, behind the others."""
        ...

    def keep_refused(self, source: ListingSource, why: str, at: datetime) -> None:
        """Shopify said no: it is not sent again until it differs or a person asks."""
        ...

    def keep_for_review(self, source: ListingSource) -> None:
        """It cannot be published as it stands: its review is due."""
        ...
