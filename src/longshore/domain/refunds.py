"""What is true about refunds: money given back for an order, by the storefront or by a store, with
units or without.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from longshore.domain.money import Money


class RefundShape(StrEnum):
    """GOODS: units and just their worth. MONEY: an amount without units (shipping, goodwill). BOTH:
    units, and more or less than their worth. UNITS: units without money.
    """

    GOODS = "goods"
    MONEY = "money"
    BOTH = "both"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class RefundedLine:
    """Units of one line; `worth` as the platform values them, `put_back`: onto its own shelf."""

    line_id: str
    units: int
    worth: Money
    put_back: bool = False


@dataclass(frozen=True, slots=True)
class Refund:
    """`amount` is what was really paid back; `at` is None where the platform does not say when."""

    refund_id: str
    amount: Money
    lines: tuple[RefundedLine, ...] = ()
    reason: str = ""
    at: datetime | None = None

    @property
    def beyond_goods(self) -> Money:
        """What was paid back beyond the worth of the units: shipping, goodwill; negative where less
        was.
        """
        left = self.amount
        for line in self.lines:
            left = left - line.worth
        return left

    @property
    def shape(self) -> RefundShape:
        if not self.lines:
            return RefundShape.MONEY
        if not self.amount.amount:
            return RefundShape.UNITS
        return RefundShape.BOTH if self.beyond_goods.rounded().amount else RefundShape.GOODS


def new_ones(refunds: Sequence[Refund], known: frozenset[str]) -> Sequence[Refund]:
    """Those not kept yet, each once, however often the platform names them."""
    fresh = {one.refund_id: one for one in refunds if one.refund_id not in known}
    return list(fresh.values())
