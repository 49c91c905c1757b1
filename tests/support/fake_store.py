"""A vendor's store in memory that misbehaves on request: it loses answers before or after an order
is made, makes orders by halves, and answers late.
"""

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from longshore.domain.fulfillment import has_left
from longshore.domain.money import Money
from longshore.domain.orders import (
    StoreOrder,
    StoreOrderDraft,
    StoreOrderLine,
    StoreOrderState,
)
from longshore.ports.errors import Bug, Rejected, TryLater
from longshore.ports.stores import Found


class HandClock:
    """Moves only when told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    def forward(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


LONGEST_S = 60
"""A request that is still at work after so long never makes anything."""


class FakeStore:
    """`mischief(draft)` names what goes wrong with a POST: "", "lost_before", "lost_after",
    "half_made", "stuck" (half made for ever), "late" (made only after a while), "last_moment" (made
    when nobody could wait any longer), "junk" (made, with an answer nobody can read), "greedy" (one
    unit more of each line), "lost_greedy", "busy", "refused". `plan` names it for one POST after
    the other. `on_post` is told of each.
    """

    def __init__(
        self, clock: HandClock, seed: int = 1, share: float = 0.0, plan: Sequence[str] = ()
    ) -> None:
        self.clock = clock
        self.orders: dict[int, StoreOrder] = {}
        self.notes: dict[int, str] = {}
        self.shelf: dict[int, int] = {}
        self.told: list[tuple[int, str]] = []
        self.posts: list[str] = []
        self.look_ups: list[str] = []
        self.unsearchable = False
        self.mischief: dict[str, str] = {}
        self.plan = list(plan)
        self.on_post: Callable[[StoreOrderDraft], object] = lambda _draft: None
        self._share = share
        self._random = random.Random(seed)  # noqa: S311 - mischief, not a secret
        self._numbers = itertools.count(501)
        self._due: list[tuple[datetime, StoreOrder]] = []

    def create_order(self, draft: StoreOrderDraft) -> StoreOrder:
        self.posts.append(draft.reference)
        self.on_post(draft)
        kind = self.mischief.pop(draft.reference, None) or self._chance()
        if kind == "refused":
            raise Rejected("The product cannot be ordered.")
        if kind == "busy":
            raise TryLater("busy", maybe_done=False, after=1)
        if kind == "lost_before":
            raise TryLater("no answer", maybe_done=True)
        order = _one_more(self._made(draft)) if "greedy" in kind else self._made(draft)
        self.notes[order.order_id] = draft.note
        if kind in {"half_made", "stuck"}:
            half = replace(order, state=StoreOrderState.PENDING, lines=())
            self.orders[order.order_id] = half
            if kind == "half_made":
                self._due.append((self.clock.now() + timedelta(seconds=30), order))
            raise TryLater("no answer", maybe_done=True)
        if kind in {"late", "last_moment"}:
            seconds = 20 if kind == "late" else LONGEST_S
            self._due.append((self.clock.now() + timedelta(seconds=seconds), order))
            raise TryLater("no answer", maybe_done=True)
        self.orders[order.order_id] = order
        if kind == "junk":
            raise Bug("An answer nobody can read.")
        if kind in {"lost_after", "lost_greedy"}:
            raise TryLater("no answer", maybe_done=True)
        return order

    def _chance(self) -> str:
        if self.plan:
            return self.plan.pop(0)
        if self._random.random() >= self._share:
            return ""
        return self._random.choice(["lost_before", "lost_after", "half_made", "late", "busy"])

    def _made(self, draft: StoreOrderDraft) -> StoreOrder:
        number = next(self._numbers)
        lines = tuple(
            StoreOrderLine(
                number * 10 + index,
                line.product_id,
                line.variation_id,
                line.quantity,
                line.unit_price.times(line.quantity),
            )
            for index, line in enumerate(draft.lines)
        )
        return StoreOrder(
            order_id=number,
            number=str(number),
            reference=draft.reference,
            state=StoreOrderState.PROCESSING,
            raw_status="processing",
            currency=draft.currency,
            total=Money(Decimal(0), draft.currency),
            created_at=self.clock.now(),
            modified_at=self.clock.now(),
            completed_at=None,
            lines=lines,
        )

    def every(self) -> list[StoreOrder]:
        """Also those that are made a little later."""
        return list({**self.orders, **{one.order_id: one for _, one in self._due}}.values())

    def settle(self) -> None:
        due = [one for one in self._due if one[0] <= self.clock.now()]
        for one in due:
            self._due.remove(one)
            self.orders[one[1].order_id] = one[1]

    def find_order(self, reference: str, since: datetime) -> StoreOrder | None:
        self.settle()
        self.look_ups.append(reference)
        if self.unsearchable:
            raise Rejected("The search is switched off.")
        found = [one for one in self.orders.values() if one.reference == reference]
        return found[0] if found else None

    def read_orders(self, order_ids, known_refunds=None) -> Found[StoreOrder]:
        self.settle()
        found = tuple(self.orders[one] for one in order_ids if one in self.orders)
        missing = frozenset(order_ids) - {one.order_id for one in found}
        return Found(found, missing, (), self.clock.now())

    def cancel_order(self, order_id: int, *, shipped_too: bool = False) -> StoreOrder | None:
        self._due = [one for one in self._due if one[1].order_id != order_id]
        if order_id not in self.orders:
            return None
        if shipped_too or not has_left(self.orders[order_id]):
            self.change(order_id, state=StoreOrderState.CANCELED)
        return self.orders[order_id]

    def remove_order(self, order_id: int) -> None:
        self.orders.pop(order_id, None)

    def suggest_tracking(self, _order_id: int) -> None:
        """Its notes name no number."""

    def add_note(self, order_id: int, text: str) -> None:
        self.told.append((order_id, text))

    def read_counter(self, product_id: int, variation_id: int) -> int | None:
        return self.shelf.get(variation_id or product_id)

    def set_counter(self, product_id: int, variation_id: int, quantity: int) -> None:
        self.shelf[variation_id or product_id] = quantity

    def change(self, order_id: int, **values: object) -> None:
        self.orders[order_id] = replace(
            self.orders[order_id], modified_at=self.clock.now(), **values
        )


def _one_more(order: StoreOrder) -> StoreOrder:
    lines = tuple(replace(line, quantity=line.quantity + 1) for line in order.lines)
    return replace(order, lines=lines)
