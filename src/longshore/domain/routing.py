"""What is true about routing: every line of an order lands exactly once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from longshore.domain.findings import Finding
from longshore.domain.orders import Delivery, OrderLine, Payment, Risk, StorefrontOrder


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
    """The order is not routed now; `reason` says why, `finding` when a person should know.
    `look_at`: when Shopify should be asked again, where nothing tells that the reason is gone.
    """

    reason: str
    finding: Finding | None = None
    look_at: datetime | None = None


class RiskHold(StrEnum):
    """Which of Shopify's advices hold an order until a person releases it."""

    NEVER = "never"
    CANCEL = "cancel"
    INVESTIGATE = "investigate"
    """That, and the advice to cancel."""


class RiskAnswer(StrEnum):
    """What a person said about an order that was held for its risk."""

    OPEN = ""
    SEND = "send"
    LEAVE_OUT = "leave_out"


@dataclass(frozen=True, slots=True)
class RoutingPolicy:
    """`hold`: how long a buyer may still change or cancel before vendors hear of it. `authorized`:
    orders go out once their payment is authorized, not only when it is paid. `risk_answer` is this
    order's.
    """

    live_since: datetime | None
    hold: timedelta = timedelta(0)
    authorized: bool = False
    hold_risk: RiskHold = RiskHold.NEVER
    risk_answer: RiskAnswer = RiskAnswer.OPEN


LOOK_AGAIN = timedelta(minutes=1)
RISK_TAKES = timedelta(minutes=10)
"""So long Shopify's advice is waited for; an order does not wait for an advice that never comes."""
WORK_TAKES = timedelta(minutes=2)
"""So long an order waits to be told how its goods come to the buyer."""
_HELD_BY = {
    RiskHold.NEVER: frozenset[Risk](),
    RiskHold.CANCEL: frozenset({Risk.CANCEL}),
    RiskHold.INVESTIGATE: frozenset({Risk.CANCEL, Risk.INVESTIGATE}),
}
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
    if not _paid(order, policy):
        return Waits("payment")
    if not by_hand and (live_since is None or order.created_at < live_since):
        return Waits("before_go_live", Finding("order_before_go_live", {"order": order.name}))
    return _risk(order, policy, now) or _a_moment(order, policy, now, by_hand=by_hand)


def _paid(order: StorefrontOrder, policy: RoutingPolicy) -> bool:
    authorized = policy.authorized and order.payment is Payment.AUTHORIZED
    return authorized or order.payment in _ROUTABLE


def _a_moment(
    order: StorefrontOrder, policy: RoutingPolicy, now: datetime, *, by_hand: bool
) -> Waits | None:
    if not by_hand and now < order.created_at + policy.hold:
        return Waits("hold")
    if now < order.created_at + WORK_TAKES and any(map(_unknown, order.lines)):
        return Waits("delivery", look_at=now + LOOK_AGAIN / 4)
    return None


def _risk(order: StorefrontOrder, policy: RoutingPolicy, now: datetime) -> Waits | None:
    if policy.risk_answer is RiskAnswer.SEND:
        return None
    if policy.risk_answer is RiskAnswer.LEAVE_OUT:
        return Waits("left_out")
    if order.risk in _HELD_BY[policy.hold_risk]:
        evidence = {"order": order.name, "amount": str(order.total), "advice": order.risk.value}
        return Waits("risk", Finding("order_risky", evidence))
    waited = now >= order.created_at + RISK_TAKES
    if policy.hold_risk is RiskHold.NEVER or order.risk is not Risk.PENDING or waited:
        return None
    return Waits("risk_pending", look_at=now + LOOK_AGAIN)


def _unknown(line: OrderLine) -> bool:
    return line.delivery is Delivery.UNKNOWN and not left_out_because(line)


def split(
    order: StorefrontOrder, sources: Mapping[str, Source], own: Collection[str] = ()
) -> Split:
    """One part a store. `sources` maps the order's lines to the vendor's variant; `own` are lines
    that the marketplace sends itself.
    """
    parts: dict[int, list[RoutedLine]] = {}
    left_out: list[LeftOut] = []
    without: list[OrderLine] = []
    for line in order.lines:
        reason = left_out_because(line) or ("own" if line.line_id in own else "")
        source = sources.get(line.line_id)
        if reason:
            left_out.append(LeftOut(line, reason))
        elif source is None:
            without.append(line)
        else:
            parts.setdefault(source.store_id, []).append(RoutedLine(line, source))
    return Split({k: tuple(v) for k, v in parts.items()}, tuple(left_out), tuple(without))


_NO_VENDOR = {
    Delivery.PICKUP: "pickup",
    Delivery.IN_STORE: "in_store",
    Delivery.NONE: "no_shipping",
}


def left_out_because(line: OrderLine) -> str:
    """Why a line is no vendor's work whoever sells it, "" where it is."""
    if line.quantity <= 0:
        return "removed"
    if line.gift_card:
        return "gift_card"
    return _NO_VENDOR.get(line.delivery, "") if line.ships else "no_shipping"
