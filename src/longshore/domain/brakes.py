"""What is true about changes too large to be believed at once: they are held, with the last good
values in force, until the store takes them back, a later reading proves them, or a person decides.

A bad export sets every stock to zero, a plugin empties the prices, a firewall answers for the shop:
each looks like news and takes a whole vendor off sale (failures.md S08, X02).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from longshore.domain.stock import StockStatus, StoreStock

SECOND_READING_AFTER = timedelta(minutes=15)
"""A full reading that began so long after a change was held may prove it."""
GONE_FOR_GOOD_AFTER = timedelta(hours=24)
"""So long every full reading must miss what vanished before it is believed without a person: what a
vendor no longer has must not be sold for ever because nobody looked.
"""
CONFIRM_AFTER = timedelta(minutes=2)
"""Between the two times that a product, asked for by its id, must not be there."""
RECENT = timedelta(hours=1)
"""What sold out within this time counts as one change, whichever lanes saw it."""


class BrakeKind(StrEnum):
    VANISHED = "vanished"
    SOLD_OUT = "sold_out"
    PRICES = "prices"
    ANSWERS = "answers"
    """Answers that make no sense; there is nothing to apply."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A change is massive when it is of more than `least` and of more than `share` of all."""

    least: int
    share: float

    def passed_by(self, count: int, of: int) -> bool:
        return count > self.least and count > self.share * of


VANISHED = Limit(10, 0.2)
SOLD_OUT = Limit(20, 0.3)
PRICES = Limit(20, 0.3)
UNREADABLE = Limit(20, 0.3)
PRICE_TOLERANCE = Decimal("0.5")
"""A price that moves by a larger part of itself counts as suspicious."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one reading changes. `changed` of `seen` in it; `recent` changed shortly before, and
    `all_of` is what the store has in all. `fair`: the reading took what came, as a walk does; a
    poll reads what was modified, so its own share says nothing.
    """

    changed: int
    seen: int
    recent: int
    all_of: int
    fair: bool


def is_mass(sample: Sample, limit: Limit) -> bool:
    """Whether a reading's changes are held."""
    if limit.passed_by(sample.changed + sample.recent, sample.all_of):
        return True
    return sample.fair and limit.passed_by(sample.changed, sample.seen)


def sells(stock: StoreStock) -> bool:
    """Whether the store itself would sell it now."""
    if stock.tracked:
        return (stock.quantity or 0) > 0
    return stock.status is StockStatus.IN_STOCK


def price_is_suspicious(was: Decimal | None, says: Decimal | None) -> bool:
    """Whether a price moved beyond the tolerance, or went away."""
    if was is None or was <= 0:
        return False
    if says is None or says <= 0:
        return True
    return abs(says - was) > PRICE_TOLERANCE * was


def proven_by(kind: BrakeKind, held_at: datetime, walk_began: datetime) -> bool:
    """Whether a full, proven walk that found the held change again is proof enough. A price is
    never believed by repetition: a wrong export says the same all night.
    """
    match kind:
        case BrakeKind.SOLD_OUT:
            return walk_began - held_at >= SECOND_READING_AFTER
        case BrakeKind.VANISHED:
            return walk_began - held_at >= GONE_FOR_GOOD_AFTER
        case BrakeKind.PRICES | BrakeKind.ANSWERS:
            return False


def confirmed_gone(first_missed_at: datetime | None, asked_at: datetime) -> bool:
    """Whether a product that is not there, asked for by its id, was missed so once before."""
    return first_missed_at is not None and asked_at - first_missed_at >= CONFIRM_AFTER
