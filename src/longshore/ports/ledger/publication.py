"""What is remembered of writing listings to Shopify: every step before it is sent, and what became
of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from longshore.domain.findings import Finding
from longshore.domain.listing import ListingDraft, Said, Step, Writing
from longshore.domain.ownership import OwnValues
from longshore.ports.ledger.links import LinkLedger
from longshore.ports.ledger.listings import ListingSource, ShopTerms
from longshore.ports.publishing import Made, MadeVariant, NotMade, ShownListing


@dataclass(frozen=True, slots=True)
class Sent:
    """A step that is about to be sent. `last`: with it nothing differs any more."""

    source: ListingSource
    draft: ListingDraft
    writing: Writing
    known: Said
    last: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A step that was sent and of which nobody knows yet what became."""

    change_id: int
    source: ListingSource
    step: Step
    after: Said


@dataclass(frozen=True, slots=True)
class Compared:
    """A listing beside what Shopify shows. `known`, `own` and `variants` (ids by key) are what
    holds from now on. `removed`: keys of variants that are not on Shopify any more. `arrived` says
    of each write in doubt whether Shopify shows it. `image_errors`: codes by media id. `switches`:
    (counted, sold at zero) by key.
    """

    source: ListingSource
    known: Said
    own: OwnValues
    variants: Mapping[int, MadeVariant]
    removed: tuple[int, ...] = ()
    arrived: tuple[bool, ...] = ()
    findings: tuple[Finding, ...] = ()
    image_errors: Mapping[str, str] = field(default_factory=dict[str, str])
    product_id: str = ""
    switches: Mapping[int, tuple[bool, bool]] = field(default_factory=dict[int, tuple[bool, bool]])


@dataclass(frozen=True, slots=True)
class Bulk:
    """A bulk operation that is under way. `step` None: the reading of everything. `operation_id`
    empty: its answer was lost, or it was not begun. `done` of `lines` at `looked_at`.
    """

    bulk_id: int
    run_id: int | None
    step: Step | None
    mark: str
    operation_id: str
    lines: int
    done: int
    started_at: datetime
    looked_at: datetime | None
    look_at: datetime | None


@dataclass(frozen=True, slots=True)
class ImagesDue:
    """A listing whose images should be loaded by now; `media` are their ids by source url."""

    listing_id: int
    media: Mapping[str, str]


class ComparisonLedger(Protocol):
    """What Shopify shows, ours and other people's. Every writing call commits on its own."""

    def shop_terms(self, marketplace_id: int) -> ShopTerms | None: ...

    def product_hints(self, marketplace_id: int, limit: int) -> Sequence[tuple[str, datetime]]:
        """Products that webhooks named, with the time each was noted."""
        ...

    def clear_product_hints(
        self, marketplace_id: int, seen: Sequence[tuple[str, datetime]]
    ) -> None: ...

    def sources_of_products(
        self, marketplace_id: int, product_ids: Sequence[str], uuids: Sequence[str], at: datetime
    ) -> Sequence[ListingSource]:
        """Listings on these products; none that is under way."""
        ...

    def keep_compared(self, compared: Sequence[Compared], at: datetime) -> None: ...

    def keep_foreign(
        self, marketplace_id: int, shown: Sequence[ShownListing], at: datetime
    ) -> None:
        """Products that are not ours; listings that wait are compared with them."""
        ...

    def forget_foreign(
        self,
        marketplace_id: int,
        *,
        but_since: datetime | None = None,
        product_ids: Sequence[str] = (),
    ) -> None:
        """These, or all that were not seen since."""
        ...

    def not_seen_since(
        self, marketplace_id: int, since: datetime, limit: int, at: datetime
    ) -> Sequence[ListingSource]:
        """Listings that should be on Shopify and that a reading of everything has not shown."""
        ...

    def end_reading(self, marketplace_id: int, at: datetime) -> None:
        """Everything that Shopify has was read."""
        ...

    def keep_deleted(self, sources: Sequence[ListingSource], at: datetime) -> None:
        """Somebody deleted the product on Shopify: it waits for a person."""
        ...

    def keep_bulk(
        self, marketplace_id: int, run_id: int | None, step: Step | None, at: datetime
    ) -> Bulk:
        """Remembers a bulk operation before Shopify hears of it."""
        ...

    def keep_bulk_begun(
        self, bulk_id: int, operation_id: str, lines: int, at: datetime, look_in_s: float
    ) -> None:
        """Shopify is at work on it. Lines from `lines` on did not fit: they are due again."""
        ...

    def open_bulks(self, marketplace_id: int) -> Sequence[Bulk]: ...

    def drop_bulk(self, bulk_id: int, at: datetime) -> None:
        """Shopify never had it: its lines are due again."""
        ...


class PublicationLedger(ComparisonLedger, LinkLedger, Protocol):
    """Every writing call commits on its own, with the jobs it causes."""

    def shop_terms(self, marketplace_id: int) -> ShopTerms | None: ...

    def keep_prepared(self, marketplace_id: int) -> None: ...

    def due_count(self, marketplace_id: int, most: int, at: datetime) -> int:
        """How many listings differ from what Shopify has, counted up to `most`. What is under way,
        or waits for another day, does not count.
        """
        ...

    def due_listings(
        self, marketplace_id: int, after: int, limit: int, at: datetime
    ) -> Sequence[ListingSource]:
        """The next of those, by listing id after `after`."""
        ...

    def listing_sources(
        self, marketplace_id: int, listing_ids: Sequence[int], at: datetime
    ) -> Sequence[ListingSource]: ...

    def open_run(self, marketplace_id: int, at: datetime) -> int:
        """The run that is going on, or a new one."""
        ...

    def close_run(self, marketplace_id: int, at: datetime) -> None:
        """Nothing differs any more."""
        ...

    def keep_sent(
        self, run_id: int, sent: Sequence[Sent], at: datetime, bulk: tuple[int, int] | None = None
    ) -> Sequence[int]:
        """Remembers steps before they are sent; returns their ids. `bulk`: as lines of that bulk
        operation, from this number on.
        """
        ...

    def keep_outcomes(self, outcomes: Mapping[int, Made | NotMade], at: datetime) -> None:
        """What became of steps, by their ids: what Shopify says now, and for what was refused why.
        A product that is gone there waits for a person.
        """
        ...

    def keep_bulk_outcomes(
        self, bulk_id: int, outcomes: Mapping[int, Made | NotMade], at: datetime
    ) -> None:
        """The same by the numbers of lines."""
        ...

    def keep_not_sent(self, change_ids: Sequence[int]) -> None:
        """These never left: they are due again."""
        ...

    def keep_nothing_differs(self, listing_ids: Sequence[int], at: datetime) -> None: ...

    def keep_for_review(self, sources: Sequence[ListingSource]) -> None:
        """They cannot be published as they stand: their review is due."""
        ...

    def uncertain(self, marketplace_id: int, limit: int, at: datetime) -> Sequence[Change]:
        """Steps whose answer was lost: sent, and in no bulk operation that is under way. All of a
        listing or none.
        """
        ...

    def keep_settled(
        self,
        change_ids: Sequence[int],
        source: ListingSource,
        compared: Compared | None,
        at: datetime,
    ) -> None:
        """What became of them by what Shopify shows; None: the product is not there."""
        ...

    def keep_bulk_look(self, bulk_id: int, done: int, at: datetime, look_at: datetime) -> None: ...

    def end_bulk(self, bulk_id: int, at: datetime, error: str = "") -> None:
        """Lines without a result are uncertain from now on."""
        ...

    def variants_refused_at(self, marketplace_id: int) -> datetime | None:
        """When Shopify last refused new variants by its daily limit."""
        ...

    def variants_made_since(self, marketplace_id: int, since: datetime) -> int: ...

    def images_due(self, marketplace_id: int, limit: int, at: datetime) -> Sequence[ImagesDue]: ...

    def keep_images(
        self, due: Sequence[ImagesDue], found: Mapping[str, str | None], at: datetime
    ) -> None:
        """What became of images, by media id; those that nobody knows of are looked at again."""
        ...

    def next_images_s(self, marketplace_id: int, at: datetime) -> float | None:
        """Seconds until images are due, None when none are."""
        ...
