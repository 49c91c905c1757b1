"""What we need from the storefront to put listings on it: writes in batches and in bulk, and
readings of what it shows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from longshore.domain.listing import ListingDraft, Step, Value, Values, Writing


@dataclass(frozen=True, slots=True)
class OtherVariant:
    """A variant on Shopify that the hub did not make; a whole SET names it so that it stays."""

    variant_id: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ListingWrite:
    """One step of one listing. `others` matter to a SET only."""

    draft: ListingDraft
    writing: Writing
    others: tuple[OtherVariant, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeVariant:
    variant_id: str
    inventory_item_id: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """What Shopify answered to a step. After a SET `variants` are all the product has and `media`
    the images in order; `shown` are the texts as Shopify shows them now, where it told them.
    """

    product_id: str
    variants: tuple[MadeVariant, ...] = ()
    media: tuple[str, ...] = ()
    shown: Values = field(default_factory=dict[str, Value])


@dataclass(frozen=True, slots=True)
class NotMade:
    """Shopify said no. `later`: not for its content, so it is worth another try; `daily_limit`:
    another day. `gone`: the product is not there any more.
    """

    why: str
    later: bool = False
    gone: bool = False
    daily_limit: bool = False


WriteOutcome = Made | NotMade


@dataclass(frozen=True, slots=True)
class BulkProgress:
    """A bulk operation as Shopify tells it. `address`: where its results lie, "" before its end or
    when it did nothing; `ended` with `failed`: some lines may have been done all the same.
    """

    operation_id: str
    ended: bool
    failed: bool
    done: int
    address: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class ShownImage:
    """`error` is Shopify's code for an image that could not be loaded, "" for others."""

    media_id: str
    alt: str
    ready: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class ShownVariant:
    variant_id: str
    inventory_item_id: str
    options: tuple[tuple[str, str], ...]
    values: Values
    tracked: bool
    oversell: bool


@dataclass(frozen=True, slots=True)
class ShownListing:
    """A product as Shopify shows it. `uuid` is the custom id the hub gave it, "" where it did not
    make it; `values` are by `domain.listing.Field`, but for images and metafields.
    """

    uuid: str
    product_id: str
    handle: str
    values: Values
    images: tuple[ShownImage, ...]
    variants: tuple[ShownVariant, ...]


@dataclass(frozen=True, slots=True)
class ListingRef:
    """By the product's id where it is known, else by the custom id."""

    uuid: str
    product_id: str = ""


class Publisher(Protocol):
    """The part of a storefront that shows products. Raises the errors of `ports.errors`; no
    userErrors entry is ever swallowed.
    """

    @property
    def requests_made(self) -> int:
        """HTTP requests sent since it was opened, for counting."""
        ...

    def prepare(self) -> None:
        """Defines the metafield that carries the listing's id; safe to repeat."""
        ...

    def write_listings(
        self, writes: Sequence[ListingWrite], publication_id: str
    ) -> Iterator[tuple[int, WriteOutcome]]:
        """Makes the steps in as few calls as their cost allows, and tells what became of each by
        its index, call by call. What is not told when it raises is not known.
        """
        ...

    def begin_bulk(
        self, mark: str, step: Step, writes: Iterable[ListingWrite], publication_id: str
    ) -> tuple[str, int]:
        """Has Shopify make this step of many listings by itself; returns the operation's id and how
        many lines it has. `mark` finds it again. Raises TryLater, also while too many run.
        """
        ...

    def begin_reading(self, mark: str, publication_id: str) -> str:
        """Has Shopify write down every product it has; returns the operation's id."""
        ...

    def find_bulk(self, mark: str) -> str | None:
        """An operation that was begun with this mark lately, if Shopify has it."""
        ...

    def bulk_progress(self, operation_id: str) -> BulkProgress: ...

    def bulk_outcomes(
        self, progress: BulkProgress, step: Step
    ) -> Iterator[tuple[int, WriteOutcome]]:
        """What became of each line, by its number from 0, in no order; lines may be missing."""
        ...

    def bulk_listings(self, progress: BulkProgress) -> Iterator[ShownListing]:
        """What a reading of every product found, one product after the other."""
        ...

    def read_listings(
        self, refs: Sequence[ListingRef], publication_id: str
    ) -> Mapping[str, ShownListing]:
        """Products by uuid; those that are not there are missing."""
        ...

    def image_errors(self, media_ids: Sequence[str]) -> Mapping[str, str | None]:
        """What became of images: "" loaded, an error's code, None while it is not known."""
        ...
