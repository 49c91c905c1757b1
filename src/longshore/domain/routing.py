"""What is true about routing: every line of an order lands exactly once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from longshore.domain.findings import Finding
from longshore.domain.orders import OrderLine, Payment, StorefrontOrder


@dataclass(frozen=True, slots=True)
class Source:
    """The vendor's variant behind a listing variant. Ids are the hub's own."""

    vendor_id: int
    store_id: int
    vendor_variant_id: int


@dataclass(frozen=True, slots=True)
class RoutedLine:
    line: OrderLine
    source: Source


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that is no vendor's work, with the reason shown on the order."""

    line: OrderLine
    reason: str


@dataclass(frozen=True, slots=True)
class Split:
    """Each line of the order is in exactly one of: a store's part, `left_out`, `without_vendor`."""

    parts: Mapping[int, tuple[RoutedLine, ...]]
    left_out: tuple[LeftOut, ...]
    without_vendor: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True)
class Waits:
    """The order is not routed now; `reason` says why, `finding` when a person should know."""

    reason: str
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class RoutingPolicy:
    """`hold`: how long a buyer may still change or cancel before vendors hear of it. `authorized`:
    orders go out once their payment is authorized, not only when it is paid.
    """

    live_since: datetime | None
    hold: timedelta = timedelta(0)
    authorized: bool = False


_ROUTABLE = frozenset({Payment.PAID, Payment.PARTIALLY_REFUNDED})


def may_route(
    order: StorefrontOrder, policy: RoutingPolicy, now: datetime, *, by_hand: bool
) -> Waits | None:
    """Whether an order may be sent to vendors at `now`, or what it waits for."""
    live_since = policy.live_since
    if order.canceled_at is not None:
        return Waits("canceled")
    if order.test:
        return Waits("test")
    paid = order.payment in _ROUTABLE
    if not paid and not (policy.authorized and order.payment is Payment.AUTHORIZED):
        return Waits("payment")
    if not by_hand and (live_since is None or order.created_at < live_since):
        return Waits("before_go_live", Finding("order_before_go_live", {"order": order.name}))
    if not by_hand and now < order.created_at + policy.hold:
        return Waits("hold")
    return None


def split(order: StorefrontOrder, sources: Mapping[str, Source]) -> Split:
    """One part a store; `sources` maps Shopify variant ids to the vendor's variant."""
    parts: dict[int, list[RoutedLine]] = {}
    left_out: list[LeftOut] = []
    without: list[OrderLine] = []
    for line in order.lines:
        reason = _left_out_because(line)
        source = sources.get(line.variant_id) if line.variant_id else None
        if reason:
            left_out.append(LeftOut(line, reason))
        elif source is None:
            without.append(line)
        else:
            parts.setdefault(source.store_id, []).append(RoutedLine(line, source))
    return Split({k: tuple(v) for k, v in parts.items()}, tuple(left_out), tuple(without))


def _left_out_because(line: OrderLine) -> str:
    if line.quantity <= 0:
        return "removed"
    if line.gift_card:
        return "gift_card"
    return "" if line.ships else "no_shipping"
