"""What we need from the marketplace's storefront."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from longshore.domain.fulfillment import FulfillmentCall
from longshore.domain.orders import FulfillmentOrder, StorefrontOrder
from longshore.domain.tracking import Tracking
from longshore.ports.publishing import Publisher


@dataclass(frozen=True, slots=True)
class StorefrontFacts:
    """What a storefront says of itself. `missing_scopes` maps each scope that is not granted to the
    feature that needs it.
    """

    name: str
    domain: str
    currency: str
    timezone: str
    taxes_included: bool
    location_limit: int
    variant_limit: int
    weight_unit: str
    missing_scopes: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Location:
    location_id: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class Publication:
    publication_id: str
    name: str


@dataclass(frozen=True, slots=True)
class StockWrite:
    """One absolute quantity with what we believe stands there now (None: nothing known yet)."""

    inventory_item_id: str
    location_id: str
    quantity: int
    known: int | None


@dataclass(frozen=True, slots=True)
class StockWriteReport:
    """`written`, `stale` and `refused` (with the reason) are indexes into the rows sent; every row
    is in exactly one of them.
    """

    written: tuple[int, ...]
    stale: tuple[int, ...] = ()
    refused: Mapping[int, str] = field(default_factory=dict[int, str])


@dataclass(frozen=True, slots=True)
class VariantSwitch:
    """Whether Shopify counts a variant, and whether it sells below zero."""

    product_id: str
    variant_id: str
    tracked: bool
    oversell: bool


@dataclass(frozen=True, slots=True)
class FoundOrders:
    """Orders by their id, complete. `unreadable`: those whose answer makes no sense, with the
    reason; they keep the others from nothing.
    """

    by_id: Mapping[str, StorefrontOrder]
    unreadable: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class ChangedOrders:
    """When orders changed last, by their ids, oldest change first. `cursor` continues at the next
    page of the same poll, None at its end.
    """

    changed_at: Mapping[str, datetime]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class StorefrontFulfillment:
    """A fulfillment as Shopify has it; quantities by storefront line id."""

    fulfillment_id: str
    status: str
    numbers: tuple[str, ...]
    quantities: Mapping[str, int]


class Storefront(Publisher, Protocol):
    """The marketplace's Shopify shop as the use cases see it. Every call is paced and may raise the
    errors of `ports.errors`; no userErrors entry is ever swallowed.
    """

    def read_facts(self) -> StorefrontFacts: ...

    def list_locations(self) -> Sequence[Location]: ...

    def add_location(self, name: str, country: str) -> Location: ...

    def list_publications(self) -> Sequence[Publication]: ...

    def activate_stock(self, inventory_item_ids: Sequence[str], location_id: str) -> None:
        """Stocks these items at the location; must precede their first quantity."""
        ...

    def switch_tracking(self, switches: Sequence[VariantSwitch]) -> Mapping[str, str]:
        """Turns counting on or off; returns variant id -> reason for those refused."""
        ...

    def read_stock(
        self, inventory_item_ids: Sequence[str], location_id: str
    ) -> Mapping[str, int | None]:
        """Available quantity by item; None where it is not stocked at the location."""
        ...

    def write_stock(self, key: str, rows: Sequence[StockWrite]) -> StockWriteReport:
        """Sets up to 250 quantities under one idempotency key (same key, same rows: no repeat)."""
        ...

    def changed_orders(self, since: datetime, cursor: str | None) -> ChangedOrders:
        """A page of the ids of orders updated at or after `since` (with overlap)."""
        ...

    def read_orders(self, order_ids: Sequence[str]) -> FoundOrders:
        """These orders (up to 25), complete; those that are gone are not in it."""
        ...

    def read_work(self, order_ids: Sequence[str]) -> Mapping[str, Sequence[FulfillmentOrder]]:
        """The fulfillment work of these orders (up to 25) in one call; orders that are gone are
        not in it.
        """
        ...

    def read_fulfillments(self, order_id: str) -> Sequence[StorefrontFulfillment]: ...

    def fulfill(self, call: FulfillmentCall, tracking: Tracking | None, *, notify: bool) -> str:
        """Creates one fulfillment and returns its id. Has no idempotency key: read before retry."""
        ...

    def update_tracking(self, fulfillment_id: str, tracking: Tracking, *, notify: bool) -> None: ...

    def ensure_webhooks(self, topics: Sequence[str], url: str) -> Sequence[str]:
        """Registers missing topics, repairs wrong addresses; returns the topics now active."""
        ...
