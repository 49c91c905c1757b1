"""What is true about goods that several vendors have: which of them a listing variant sells now."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Choice(StrEnum):
    """PRIORITY: the first in the marketplace's order that has it. STOCK: who has most. COST: who is
    cheapest.
    """

    PRIORITY = "priority"
    STOCK = "stock"
    COST = "cost"


TWICE = 2
"""By STOCK another vendor must have twice as much: each sale would swing it back and forth else."""
UNCOUNTED = 1_000_000_000
"""In place of a quantity where the vendor does not count."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A vendor variant behind a listing variant. `units` can be sold now, `cost` is in the
    storefront's currency, None where nobody said.
    """

    variant_id: int
    position: int
    units: int
    cost: Decimal | None = None


def choose_source(candidates: Sequence[Candidate], choice: Choice, current: int) -> int:
    """The vendor variant to sell, `current` while none is better; the one that cannot sell is left
    only for one that can.
    """
    able = [one for one in candidates if one.units > 0]
    if not able:
        return current
    now = next((one for one in able if one.variant_id == current), None)
    match choice:
        case Choice.PRIORITY:
            best = min(able, key=lambda one: (one.position, one.variant_id))
        case Choice.STOCK:
            best = max(able, key=lambda one: (one.units, -one.position, -one.variant_id))
            if now is not None and best.units < now.units * TWICE:
                return current
        case Choice.COST:
            best = min(able, key=lambda one: (one.cost is None, one.cost or 0, one.position))
            if now is not None and now.cost is not None and now.cost == best.cost:
                return current
    return best.variant_id
