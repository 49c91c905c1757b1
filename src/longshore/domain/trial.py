"""What is true about trial orders: one is placed in a vendor's store to see that orders arrive
there, looked at, and taken away again. None is ever a sale.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PREFIX = "LT-"
"""How their references begin; those of purchase orders begin otherwise."""
MARK = "longshore_trial"
"""A field of the store's order that says what it is."""
GIVE_UP_AFTER = timedelta(minutes=30)
"""A trial that nobody could even send by then says so."""
WATCHES = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=24))
"""After one that was not found: a host may have kept the request for long and make it still."""


class TrialState(StrEnum):
    """ASKED -> SENDING (committed before the POST) -> PLACED, or UNCERTAIN until it is found or
    surely not there; PLACED until it is away again. WATCHED: it was not there, and is looked for a
    few times more. ENDED: nothing of it is in the store as far as anybody can know.
    """

    ASKED = "asked"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    PLACED = "placed"
    WATCHED = "watched"
    ENDED = "ended"

    @property
    def running(self) -> bool:
        return self not in {TrialState.WATCHED, TrialState.ENDED}


class TrialOutcome(StrEnum):
    """NONE: not known yet. WELL: it arrived as sent and is away again. DIFFERS: it arrived with
    something else in it, and is away again. STAYS: it could not be taken away.
    """

    NONE = ""
    WELL = "well"
    DIFFERS = "differs"
    NOTHING_TO_ORDER = "nothing_to_order"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    NOT_THERE = "not_there"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Goods:
    """What is ordered for a trial: one unit. `before`: what the store counted right before."""

    product_id: int
    variation_id: int
    before: int | None = None


def next_watch(watches: int, since: datetime) -> datetime | None:
    """When to look again for one that was not there, None when it was looked for often enough."""
    return since + WATCHES[watches] if watches < len(WATCHES) else None
