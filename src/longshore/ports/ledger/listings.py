"""What is remembered of listings: what the marketplace makes of vendor products on Shopify."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from longshore.domain.catalog import VendorProduct, VendorVariant
from longshore.domain.findings import Finding
from longshore.domain.listing import Value, Values
from longshore.domain.ownership import Own, OwnValue
from longshore.domain.policy import ListingRules, Policy
from longshore.domain.pricing import PriceBase, PriceRule


class State(StrEnum):
    """What people decided of a listing, and how far it got."""

    REVIEW = "review"
    APPROVED = "approved"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    DECLINED = "declined"


ON = frozenset({State.APPROVED, State.PUBLISHED})

PERSON = "person"
"""A person took the listing off; it does not come back by itself."""
UNDONE = "undone"
"""So did an undo."""
STOREFRONT = "storefront"
"""So did somebody on Shopify who deleted the product."""
ABSENT = "absent"
LEFT_OUT = "left_out"
BY_PEOPLE = frozenset({PERSON, UNDONE, STOREFRONT})


class Next(StrEnum):
    """What publishing a listing would do now."""

    NONE = "none"
    CREATE = "create"
    LINK = "link"
    UPDATE = "update"
    TAKE_OFF = "take_off"


@dataclass(frozen=True, slots=True)
class ListedVariant:
    """A vendor variant with its place on Shopify, if it has one. `row_id` is the vendor variant's
    row, `key` the listing variant's (0: none yet). `absent`: the store has it no more. `removed`:
    somebody deleted it on Shopify. `known` and `own` are as in `domain.listing` and
    `domain.ownership`; `accepted_price` is one that a person let through.
    """

    row_id: int
    variant: VendorVariant
    absent: bool
    key: int = 0
    variant_gid: str = ""
    wanted_tracked: bool | None = None
    wanted_oversell: bool = False
    wanted_quantity: int | None = None
    removed: bool = False
    known: Values = field(default_factory=dict[str, Value])
    own: Own = field(default_factory=dict[str, OwnValue])
    accepted_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class VendorTerms:
    """What a marketplace agreed with one vendor. `base` and `weight_unit` are its store's.
    `drafts_first`: what is approved by itself becomes a draft, for a last look.
    """

    vendor_id: int
    name: str
    auto_approve: bool
    base: PriceBase
    rule: PriceRule
    weight_unit: str
    country: str
    location_id: str
    policy: Policy = field(default_factory=Policy)
    drafts_first: bool = False


@dataclass(frozen=True, slots=True)
class ShopTerms:
    """What a storefront asks of listings. `per_vendor`: each vendor shall have a location. `hears`:
    webhooks tell us of products that change there; `read`: we have seen all that it has.
    """

    base: PriceBase
    variant_limit: int
    location_limit: int
    publication_id: str
    per_vendor: bool
    shared_location_id: str
    prepared: bool
    hears: bool = False
    read: bool = False
    rules: ListingRules = field(default_factory=ListingRules)


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing as it is remembered. `compared_at`: when we last saw what Shopify shows, also as an
    answer to a write. `link_gid`: a product on Shopify that a person linked it to. `joined`:
    another listing sells its goods.
    """

    listing_id: int
    uuid: str
    state: State
    linked: bool
    product_gid: str
    dirty: bool
    unpublished_because: str
    known: Values = field(default_factory=dict[str, Value])
    own: Own = field(default_factory=dict[str, OwnValue])
    echoed: Values = field(default_factory=dict[str, Value])
    compared_at: datetime | None = None
    link_gid: str = ""
    joined: bool = False


@dataclass(frozen=True, slots=True)
class ListingSource:
    """A vendor product with all that decides its listing. `listing` None: it has none yet.
    `left_out` is the reason by rule. `product.variants` is not filled: see `variants`.
    `kept_back`: its vendor does not offer it. `elsewhere`: another vendor has the same goods for
    this listing. `candidate`: a product on Shopify that may be the same, and what they have in
    common; ("", "") when there is none, or nobody looked.
    """

    row_id: int
    product: VendorProduct
    left_out: Finding | None
    absent: bool
    variants: tuple[ListedVariant, ...]
    vendor: VendorTerms
    listing: Listing | None
    loaded_at: datetime
    elsewhere: bool = False
    candidate: tuple[str, str] = ("", "")
    kept_back: bool = False


@dataclass(frozen=True, slots=True)
class VariantPrice:
    """What a variant shall cost, by which rule. `held`: the price that it should have, but that is
    too far from the last good one, which stays until a person decides.
    """

    price: Decimal
    compare_at: Decimal | None
    rule: str = ""
    held: Decimal | None = None
    held_compare_at: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """What a review decided. `problems` keep it from being published, `notes` do not. `listed` are
    the vendor variants' rows that have a stock line, `prices` are by the same rows. `kept_out` is
    the marketplace's own reason against the product.
    """

    state: State
    problems: tuple[Finding, ...]
    dirty: bool
    unpublished_because: str
    review_at: datetime | None
    listed: tuple[int, ...]
    next_write: Next = Next.NONE
    notes: tuple[Finding, ...] = ()
    prices: Mapping[int, VariantPrice] = field(default_factory=dict[int, VariantPrice])
    kept_out: Finding | None = None
    needs_listing: bool = True


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

    def source_of(self, marketplace_id: int, listing_id: int, at: datetime) -> ListingSource | None:
        """One listing with all that decides it, to look at; None for another marketplace's."""
        ...

    def look_at(
        self, marketplace_id: int, before: int, limit: int, at: datetime
    ) -> Sequence[ListingSource]:
        """Products to look at, the newest first: those with a row id below `before` (0: all)."""
        ...

    def count_products(self, marketplace_id: int) -> int: ...

    def review_begins(self, store_id: int, at: datetime) -> None:
        """Marks listings whose prices change with the clock as due. Variable products become due at
        the end of the import that brought them, when all their variants are there.
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
        self,
        marketplace_id: int,
        listing_ids: Sequence[int],
        user_id: int | None,
        at: datetime,
        *,
        as_draft: bool = False,
    ) -> Decided: ...

    def decline(self, marketplace_id: int, listing_ids: Sequence[int], at: datetime) -> Decided: ...

    def unpublish(
        self, marketplace_id: int, listing_ids: Sequence[int], at: datetime
    ) -> Decided: ...
