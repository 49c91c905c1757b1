"""What is true about stock: the three rules, reservations, and the quantity to show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

MOST_UNITS = 1_000_000_000
"""Shopify takes no larger quantity (schema: INVALID_QUANTITY_TOO_HIGH)."""


class StockStatus(StrEnum):
    """WooCommerce's own three words (schema: products.stock_status)."""

    IN_STOCK = "instock"
    OUT_OF_STOCK = "outofstock"
    ON_BACKORDER = "onbackorder"


@dataclass(frozen=True, slots=True)
class StoreStock:
    """What a store says of one variant. `quantity` may be negative or, rarely, fractional:
    it is floored to whole units when read.
    """

    tracked: bool
    quantity: int | None
    status: StockStatus


@dataclass(frozen=True, slots=True)
class StockReading:
    """A store's word with the time it was asked for; `requested_at` orders it against events."""

    stock: StoreStock
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class StockPolicy:
    """The marketplace's switches for one vendor, and a person's word about one line: `cap` is what
    it shows at most. 0 holds it, whatever its vendor has; None: nobody said anything.
    """

    buffer: int = 0
    sell_backorders: bool = False
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Untracked:
    """Shopify does not count this variant; it can always be bought."""

    purchasable: Literal[True] = True


@dataclass(frozen=True, slots=True)
class Tracked:
    """Shopify counts this variant; `oversell` lets it sell at zero (vendor's backorders)."""

    quantity: int
    oversell: bool = False

    @property
    def purchasable(self) -> bool:
        return self.quantity > 0 or self.oversell


StorefrontStock = Untracked | Tracked


@dataclass(frozen=True, slots=True)
class StockDecision:
    """What Shopify must show, with the rule that decided and the sum behind it."""

    show: StorefrontStock
    rule: Literal[1, 2, 3]
    quantity: int | None
    reserved: int
    buffer: int


def decide_stock(stock: StoreStock, reserved: int, policy: StockPolicy) -> StockDecision:
    """The three rules, then `max(0, quantity - reserved - buffer)`, then what a person said."""
    decision = _by_rule(stock, reserved, policy)
    show = _capped(decision.show, policy.cap)
    return decision if show == decision.show else replace(decision, show=show)


def _capped(show: StorefrontStock, cap: int | None) -> StorefrontStock:
    """What is not counted can be held, but not limited: nobody would count what is left of it."""
    if cap is None or (isinstance(show, Untracked) and cap > 0):
        return show
    return Tracked(min(show.quantity if isinstance(show, Tracked) else 0, cap))


def _by_rule(stock: StoreStock, reserved: int, policy: StockPolicy) -> StockDecision:
    if stock.tracked:
        quantity = stock.quantity or 0
        left = min(max(0, quantity - reserved - policy.buffer), MOST_UNITS)
        oversell = policy.sell_backorders and stock.status is StockStatus.ON_BACKORDER
        return StockDecision(Tracked(left, oversell), 3, quantity, reserved, policy.buffer)
    if stock.status is StockStatus.IN_STOCK:
        return StockDecision(Untracked(), 1, None, reserved, policy.buffer)
    oversell = policy.sell_backorders and stock.status is StockStatus.ON_BACKORDER
    return StockDecision(Tracked(0, oversell), 2, None, reserved, policy.buffer)


@dataclass(frozen=True, slots=True)
class Reservation:
    """Units sold on Shopify that the store's own stock may not show yet.

    `reduced_seen_at`: when the store's order was first seen in a state that reduces stock.
    `closed_at`: ended by shipment or cancel (stores that never reduce) or by hand.
    """

    quantity: int
    opened_at: datetime
    reduced_seen_at: datetime | None = None
    closed_at: datetime | None = None

    def counts_against(self, reading_requested_at: datetime) -> bool:
        """Whether a reading asked for at that time still lacks these units.

        Only a reading *requested after* the reduction was seen is known to include it; a reading
        in flight at that moment may be older than the sale.
        """
        if self.closed_at is not None:
            return False
        return self.reduced_seen_at is None or reading_requested_at <= self.reduced_seen_at


def reserved_units(reservations: Iterable[Reservation], reading_requested_at: datetime) -> int:
    """Units to take off a reading asked for at `reading_requested_at`."""
    return sum(r.quantity for r in reservations if r.counts_against(reading_requested_at))


@dataclass(frozen=True, slots=True)
class Claim:
    """Units of one shelf that an order wants, and since when."""

    claim_id: int
    quantity: int
    opened_at: datetime


def beyond(missing: int, claims: Iterable[Claim]) -> Sequence[Claim]:
    """The claims that cannot be met where `missing` units are not there: the newest, as few as
    cover what is missing; whoever ordered first is served first.
    """
    found: list[Claim] = []
    for claim in sorted(claims, key=lambda one: (one.opened_at, one.claim_id), reverse=True):
        if missing <= 0:
            break
        if claim.quantity > 0:
            found.append(claim)
            missing -= claim.quantity
    return found
