"""What became of the orders that did not go the plain way, told by both shops: how they stand, and
what was asked of them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from simulators.market.shops import Row

ORDERS_ROUTE = re.compile(r"/(wc|wc-api)/v[123]/orders/?$")
LOOK_UP = re.compile(r"(?i)search=|order(%5D|\])?=desc")
"""A list of orders that is asked for by words, or newest first: not by ids that are known."""
OVER = frozenset({"cancelled", "refunded", "failed", "trash", "pending", "checkout-draft"})
"""Statuses of which nothing is shipped, and for which nothing is off the shelf."""
PATIENCE, REFUSAL, LOST_ANSWER = 429, 400, 502


class Fate(StrEnum):
    """What happens to an order beside being shipped."""

    CANCELED_UNSENT = "canceled_before_sending"
    CANCELED = "canceled_after_sending"
    REFUNDED = "refunded_in_part"
    REFUNDED_BY_VENDOR = "refunded_by_vendor"
    REFUSED = "refused_by_vendor"
    TIMED_OUT = "timed_out_and_found"


@dataclass
class Played:
    """What the story did: what stood on the vendors' shelves before it, by (shop, product), and the
    storefront's ids of orders by what was to become of them.
    """

    shelves: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])
    fates: dict[Fate, str] = field(default_factory=dict[Fate, str])


@dataclass(frozen=True)
class Part:
    """A vendor's part of a buyer's order: what the vendor's shop has of it, and every creation of
    an order that the shop was asked for, by the status of its answer.
    """

    vendor: str
    order: Row
    made: Sequence[Row]
    requests: Sequence[Row]

    @property
    def live(self) -> Sequence[Row]:
        return [one for one in self.made if one["status"] not in OVER]

    def answered(self, status: int) -> Sequence[int]:
        """Where in the shop's log creations of orders stand that were answered so."""
        return [
            place
            for place, one in enumerate(self.requests)
            if one["method"] == "POST"
            and one["status"] == status
            and ORDERS_ROUTE.search(one["path"])
        ]


class Tally(Protocol):
    """Where figures go."""

    problems: list[str]
    fates: dict[str, int]
    look_ups: int
    units_put_back: int


def audit_fate(found: Tally, fate: Fate, parts: Iterable[Part]) -> None:
    """Counts the parts that ended as they had to; the others are problems."""
    for part in parts:
        wrong = _CHECKS[fate](found, part)
        if wrong:
            name = f"{part.vendor}, {part.order['name']} ({fate.value.replace('_', ' ')})"
            found.problems.append(f"{name}: {wrong}")
        else:
            found.fates[fate] += 1


def _unsent(_: Tally, part: Part) -> str:
    if len(part.answered(PATIENCE)) != 1:
        return f"the shop asked {len(part.answered(PATIENCE))} times for patience, not once"
    return _not_there(part)


def _refused(_: Tally, part: Part) -> str:
    if len(part.answered(REFUSAL)) != 1:
        return f"the shop refused it {len(part.answered(REFUSAL))} times, not once"
    return _not_there(part)


def _not_there(part: Part) -> str:
    if part.made:
        return f"the shop has {len(part.made)} orders of it, and must have none"
    return "" if part.order["cancelledAt"] else "it is not canceled on the storefront"


def _canceled(_: Tally, part: Part) -> str:
    statuses = [one["status"] for one in part.made]
    return "" if statuses == ["cancelled"] else f"the shop says {statuses}"


def _timed_out(found: Tally, part: Part) -> str:
    lost = part.answered(LOST_ANSWER)
    if len(lost) != 1 or len(part.live) != 1:
        return f"{len(lost)} answers were lost, {len(part.live)} orders are there"
    looked = sum(
        1
        for one in part.requests[lost[0] :]
        if one["method"] == "GET"
        and ORDERS_ROUTE.search(one["path"])
        and LOOK_UP.search(one["query"])
    )
    found.look_ups += looked
    return "" if looked else "nobody looked for it"


def _refunded(_: Tally, part: Part) -> str:
    gone = sum(line["quantity"] - line["currentQuantity"] for line in part.order["lines"])
    back = sum(line["quantity"] for one in part.order["refunds"] for line in one["lines"])
    if not gone or back != gone or len(part.live) != 1:
        return f"{gone} units left it, {back} were refunded, {len(part.live)} orders are there"
    order = part.live[0]
    units = sum(order["refunded_units"].values())
    if units != 1:
        return f"the vendor refunded {units} units, not one"
    told = any(part.order["name"] in note and "in place of" in note for note in order["notes"])
    return "" if told else "nobody told the vendor"


_CHECKS = {
    Fate.CANCELED_UNSENT: _unsent,
    Fate.CANCELED: _canceled,
    Fate.REFUNDED: _refunded,
    Fate.REFUNDED_BY_VENDOR: _refunded,
    Fate.REFUSED: _refused,
    Fate.TIMED_OUT: _timed_out,
}


def paid_back(state: Row) -> Decimal:
    """What buyers got back, by the storefront's refunds."""
    refunds = (one for order in state["orders"] for one in order["refunds"])
    return sum((Decimal(one["amount"]) for one in refunds), Decimal(0))


def audit_shelves(
    found: Tally,
    shelves: Mapping[tuple[str, int], int],
    now: Mapping[tuple[str, int], int],
    orders: Mapping[str, Sequence[Row]],
) -> None:
    """Everything that was ever on a shelf is there, or in an order that keeps it: what was canceled
    or refunded came back once, in every release.
    """
    for (shop, product), before in shelves.items():
        kept = 0
        for order in orders[shop]:
            for line in order["line_items"]:
                if line["product_id"] == product:
                    units, back = _units(order, line)
                    kept += units - back
                    found.units_put_back += back
        if now.get((shop, product)) != before - kept:
            found.problems.append(
                f"{shop}: {now.get((shop, product))} of product {product} are on the shelf, not"
                f" {before - kept}: there were {before}, {kept} are sold"
            )


def _units(order: Row, line: Row) -> tuple[int, int]:
    """Those taken off the shelf, and those put back onto it."""
    if order["status"] == "cancelled":
        return line["quantity"], line["quantity"]
    if order["status"] in OVER:
        return 0, 0
    return line["quantity"], order["restocked_units"][str(line["id"])]
