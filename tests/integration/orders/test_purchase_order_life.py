"""A model of a purchase order's life: two workers of one store that are held up, killed and race at
every step, a store that loses answers in every way, a buyer who cancels, and a person who presses
"Send again" at any moment. Whatever happens, the store has each order once.

A worker that is held up between its last look at the clock and the socket cannot be told from a
slow network, so a POST takes effect within the request timeout here, as everywhere.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from longshore.domain.orders import StoreOrder, StoreOrderDraft, StoreOrderState, differences
from longshore.ports.errors import Rejected
from longshore.storage.models import OpenFinding, PurchaseOrder
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_drafts import read, shown
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from longshore.storage.repositories.purchase_work import to_cancel
from longshore.storage.repositories.resending import send_again
from longshore.sync.place_purchase_order import place_purchase_orders
from support.fake_store import FakeStore, HandClock
from support.harbor import bought, make_harbor
from support.racing import Gated, RacingWorker

TIMEOUT = timedelta(seconds=60)
KINDS = ["", "lost_before", "lost_after", "half_made", "late", "last_moment", "busy", "junk",
         "greedy", "lost_greedy", "refused", "stuck"]  # fmt: skip
AT_WORK = ["late", "last_moment", "half_made"]
"""Answers are lost while the store is still at work on the order."""
LOST = ["lost_after", "late", "junk", "lost_before", "half_made"]
HELD_UP_AT = [
    ("before begin_sending", ""),
    ("after begin_sending", ""),
    ("before put_back", "busy"),
    ("before refused", "refused"),
    ("before uncertain", "lost_after"),
    ("before accepted", ""),
    ("before looked_up", "lost_before"),
]
"""Where a worker may be held up, and what its POST comes to before."""
HELD_UP_S = 4
"""So long a worker may be held up between putting "sending" on disk and sending."""
WORKERS = some.integers(0, 1)
pytestmark = pytest.mark.django_db


class Life(RuleBasedStateMachine):
    @initialize(plan=some.lists(some.sampled_from(KINDS), min_size=4, max_size=12))
    def begin(self, plan: list[str]) -> None:
        """`plan`: what goes wrong with one POST after the other."""
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.clock = HandClock()
        self.harbor = make_harbor(self.clock.now())
        self.store = FakeStore(self.clock, plan=plan)
        self.store.on_post = self.is_on_disk
        self.sent_unwritten: list[str] = []
        self.workers: list[RacingWorker | None] = [None, None]
        self.buyers: dict[int, object] = {}
        self.sold = 0
        for _ in range(2):
            self.somebody_buys()

    def teardown(self) -> None:
        if not hasattr(self, "undo"):
            return
        try:
            for worker in self.workers:
                if worker is not None:
                    worker.kill()
            self.comes_to_rest()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    # --- what happens ---

    def somebody_buys(self) -> None:
        self.sold += 1
        order = bought(self.sold, self.clock.now(), (self.harbor.lines[0], 1))
        self.buyers[self.sold] = order
        Orders(self.harbor.marketplace.pk).keep_order(order, self.clock.now())

    @precondition(lambda self: self.buyers and self.store.posts)
    @rule()
    def a_buyer_cancels(self) -> None:
        order = self.buyers.pop(min(self.buyers))
        at = self.clock.now() + timedelta(seconds=1)
        gone = replace(order, canceled_at=at, updated_at=at)  # type: ignore[type-var]
        Orders(self.harbor.marketplace.pk).keep_order(gone, at)

    @rule(number=WORKERS, steps=some.integers(1, 12))
    def a_worker_goes_on(self, number: int, steps: int) -> None:
        worker = self.worker(number)
        for _ in range(steps):
            worker.step()

    @rule(number=WORKERS)
    def a_worker_stops_where_it_sends(self, number: int) -> None:
        worker = self.worker(number)
        while worker.at and worker.at not in {"before create_order", "after create_order"}:
            worker.step()

    @rule(number=WORKERS, seconds=some.sampled_from([0, 8, 30, 70, 1000]), pressed=some.booleans())
    def a_worker_does_its_job_later(self, number: int, seconds: int, pressed: bool) -> None:
        self.time_passes(seconds)
        if pressed:
            self.somebody_sends_it_again()
        self.worker(number).finish()

    @rule(
        number=WORKERS,
        kind=some.sampled_from(AT_WORK),
        held_up_s=some.sampled_from([0, HELD_UP_S]),
        looks=some.lists(
            some.tuples(some.sampled_from([0, 15, TIMEOUT.seconds - 3, 66]), some.booleans()),
            min_size=1,
            max_size=4,
        ),
    )
    def the_store_is_slow_while_others_look(
        self, number: int, kind: str, held_up_s: int, looks: list[tuple[int, bool]]
    ) -> None:
        """One worker begins to send, is held up, sends, and is gone; another looks after it."""
        self.store.plan.insert(0, kind)
        self.a_worker_sends_and_is_gone(number, held_up_s)
        for seconds, pressed in looks:
            self.a_worker_does_its_job_later(1 - number, seconds, pressed)

    def a_worker_sends_and_is_gone(self, number: int, held_up_s: int) -> None:
        worker, posts = self.worker(number), len(self.store.posts)
        while worker.at and worker.at != "before create_order":
            worker.step()
        if worker.at:
            for _ in range(2):  # to the other it is gone; then it looks for what it sent
                self.worker(1 - number).finish()
            self.clock.forward(held_up_s)
        while worker.at and len(self.store.posts) == posts:
            worker.step()
        worker.kill()

    @rule(
        number=WORKERS,
        held=some.sampled_from(HELD_UP_AT),
        theirs=some.lists(some.sampled_from(LOST), min_size=1, max_size=2),
        looks=some.lists(some.sampled_from([15, 70]), min_size=1, max_size=4),
    )
    def a_worker_is_held_up_while_the_other_goes_on(
        self, number: int, held: tuple[str, str], theirs: list[str], looks: list[int]
    ) -> None:
        """What it believed is old when it wakes."""
        place, mine = held
        self.somebody_buys()
        self.store.plan.insert(0, mine)
        worker = self.worker(number)
        while worker.at and worker.at != place:
            worker.step()
        if worker.at:
            self.store.plan[:0] = theirs
            for seconds in looks:
                self.a_worker_does_its_job_later(1 - number, seconds, pressed=False)
            worker.finish()

    @rule(number=WORKERS)
    def a_worker_is_killed(self, number: int) -> None:
        worker = self.workers[number]
        if worker is not None:
            worker.kill()

    @rule(seconds=some.sampled_from([1, 4, 40, 70, 86_400 * 3]))
    def time_passes(self, seconds: int) -> None:
        for worker in self.workers:
            if worker is not None and worker.at == "before create_order" and seconds > HELD_UP_S:
                worker.step()
        self.clock.forward(seconds)

    @rule()
    def somebody_sends_it_again(self) -> None:
        for row in PurchaseOrder.objects.order_by("pk"):
            with suppress(Rejected):
                send_again(row.marketplace_id, row.pk, self.clock.now())

    @precondition(lambda self: self.store.orders)
    @rule()
    def the_vendor_cancels(self) -> None:
        number = min(self.store.orders)
        self.store.cancel_order(number)
        PurchaseOrder.objects.filter(store_order_id=number).update(store_state="canceled")

    def worker(self, number: int) -> RacingWorker:
        found = self.workers[number]
        if found is None or not found.at:
            found = self.workers[number] = RacingWorker(self.work)
        return found

    # --- what must hold ---

    @invariant()
    def the_store_has_no_order_twice(self) -> None:
        if not hasattr(self, "store"):
            return
        made = Counter(order.reference for order in self.store.every())
        assert [reference for reference, times in made.items() if times > 1] == []
        alive = Counter(
            self.store.notes[order.order_id].partition(",")[0]
            for order in self.store.every()
            if order.state not in _DEAD
        )
        assert [name for name, times in alive.items() if times > 1] == []

    def is_on_disk(self, draft: StoreOrderDraft) -> None:
        """Whoever finds this order after a crash knows that it may be in the store."""
        row = PurchaseOrder.objects.filter(reference=draft.reference).first()
        if row is None or row.state not in _SENT or row.draft != shown(draft):
            self.sent_unwritten.append(draft.reference)

    @invariant()
    def what_was_sent_can_be_found_again(self) -> None:
        if not hasattr(self, "store"):
            return
        assert self.sent_unwritten == []
        known = set(PurchaseOrder.objects.values_list("reference", flat=True))
        for former in PurchaseOrder.objects.values_list("former", flat=True):
            known |= {one[0] for one in former}
        assert set(self.store.posts) <= known

    def comes_to_rest(self) -> None:
        self.store.plan.clear()
        for _ in range(400):
            open_ones = Q(state__in=["pending", "sending", "uncertain"], half_made_id=None)
            if not PurchaseOrder.objects.filter(open_ones | to_cancel()).exists():
                break
            self.work(None)
            self.clock.forward(33)
        else:
            raise AssertionError("it does not come to rest")
        self.store.settle()
        self.the_store_has_no_order_twice()
        for row in PurchaseOrder.objects.filter(state="accepted"):
            order = self.store.orders[row.store_order_id]
            assert order.reference == row.reference
            self.its_lines_were_verified(row, order)
            if row.cancel_asked_at is not None:
                assert order.state is StoreOrderState.CANCELED
        missing = PurchaseOrder.objects.filter(state="canceled").values_list("reference")
        alive = [o.reference for o in self.store.every() if o.state not in _DEAD]
        assert not {reference for (reference,) in missing} & set(alive)

    def its_lines_were_verified(self, row: PurchaseOrder, order: StoreOrder) -> None:
        """What it is not is told; what it is was known whole when it was accepted."""
        told = OpenFinding.objects.filter(
            subject=f"purchase_order:{row.pk}", code="order_lines_differ"
        )
        if differences(read(row.draft), order):
            assert told.exists()
        elif not row.former:
            assert not told.exists()
            assert None not in row.lines.values_list("line_item_id", flat=True)

    def work(self, worker: RacingWorker | None) -> None:
        ledger: object = PurchaseOrders(self.harbor.stores[0].pk)
        store: object = self.store
        if worker is not None:
            ledger, store = Gated(ledger, worker), Gated(store, worker)
        place_purchase_orders(
            store,  # type: ignore[arg-type]
            ledger,  # type: ignore[arg-type]
            self.clock,
            request_timeout=TIMEOUT,
            budget_s=60,
        )


_SENT = {"sending", "uncertain"}
_DEAD = {StoreOrderState.CANCELED, StoreOrderState.PENDING}
"""Canceled, or begun and never finished."""


def test_a_purchase_order_is_in_its_store_exactly_once():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=50,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
