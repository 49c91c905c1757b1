"""What is true about placing: what a look-up for a lost answer means, and what sending again by
hand may do without ever making an order twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from longshore.domain.orders import PurchaseOrderState, StoreOrder, StoreOrderState, settled

CLEAN_LOOK_UPS = 2
UNSETTLED_PAUSE = timedelta(seconds=20)
HALF_MADE_PAUSE = timedelta(minutes=5)
"""Between look-ups once somebody was told; a shop is not asked every few seconds for days."""
HALF_MADE_FOR = timedelta(minutes=15)
"""Longer than any host lets PHP run: what is still half made then stays so."""


@dataclass(frozen=True, slots=True)
class Search:
    """How the search for one order has gone so far. `clean_since`: when the first look-up found
    nothing; `half_made_since`: when it was first seen unfinished.
    """

    clean_look_ups: int = 0
    clean_since: datetime | None = None
    half_made_since: datetime | None = None


class Next(StrEnum):
    """ADOPT: it is there. AGAIN: it surely is not, and may be sent again. WAIT: look again later.
    STUCK: it is there but half made for too long; a person should know.
    """

    ADOPT = "adopt"
    AGAIN = "again"
    WAIT = "wait"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Step:
    """`look_at`: when to look again, for WAIT and STUCK."""

    next: Next
    look_at: datetime | None = None


def after_look_up(
    found: StoreOrder | None, search: Search, now: datetime, timeout: timedelta
) -> Step:
    """What follows from one look-up at `now` that gave `found`; `search` is from before. Only two
    clean look-ups at least the store's request timeout apart say that it is surely not there: a
    request still at work has made it by then, or never will.
    """
    if found is not None and settled(found):
        return Step(Next.ADOPT)
    if found is not None:
        since = search.half_made_since or now
        if now - since >= HALF_MADE_FOR:
            return Step(Next.STUCK, now + HALF_MADE_PAUSE)
        return Step(Next.WAIT, now + UNSETTLED_PAUSE)
    first = search.clean_since
    if first is not None and search.clean_look_ups + 1 >= CLEAN_LOOK_UPS and now >= first + timeout:
        return Step(Next.AGAIN)
    return Step(Next.WAIT, (first or now) + timeout)


class Conflict(StrEnum):
    """What may be decided about goods that were shipped though they were canceled."""

    OPEN = "open"
    KEEP_SALE = "keep_sale"
    COME_BACK = "come_back"
    VENDOR_BEARS = "vendor_bears"


class Resend(StrEnum):
    """What "Send again" does. NOW: it was never sent, so it goes out. LOOK: it is looked for first.
    ANEW: what the store had is over, so a new order is made under a new reference. THERE and
    CANCELED: nothing, with the reason.
    """

    NOW = "now"
    LOOK = "look"
    ANEW = "anew"
    THERE = "there"
    CANCELED = "canceled"


OVER = frozenset(
    {
        StoreOrderState.CANCELED,
        StoreOrderState.FAILED,
        StoreOrderState.TRASHED,
        StoreOrderState.REFUNDED,
    }
)
"""Store orders of which nothing will be shipped any more."""


def resend(
    state: PurchaseOrderState, store_state: StoreOrderState | None, *, shipped: bool, stuck: bool
) -> Resend:
    """What sending a purchase order again by hand may do. `stuck`: its store order is half made."""
    if state is PurchaseOrderState.CANCELED:
        return Resend.CANCELED
    if state is PurchaseOrderState.PENDING:
        return Resend.NOW
    if state is PurchaseOrderState.ACCEPTED:
        return Resend.ANEW if store_state in OVER and not shipped else Resend.THERE
    return Resend.ANEW if stuck else Resend.LOOK
