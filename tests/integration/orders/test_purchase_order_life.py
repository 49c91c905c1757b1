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

from longshore.domain.orders import StoreOrderState
from longshore.ports.errors import Rejected
from longshore.storage.models import PurchaseOrder
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_orders import PurchaseOrders, to_cancel
from longshore.storage.repositories.resending import send_again
from longshore.sync.place_purchase_order import place_purchase_orders
from support.fake_store import FakeStore, HandClock
from support.harbor import bought, make_harbor
from support.racing import Gated, RacingWorker

TIMEOUT = timedelta(seconds=60)
KINDS = ["", "lost_before", "lost_after", "half_made", "late", "busy", "junk", "refused",
         "stuck"]  # fmt: skip
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
        self.workers: list[RacingWorker | None] = [None, None]
        self.buyers: dict[int, object] = {}
        for number in (1, 2):
            order = bought(number, self.clock.now(), (self.harbor.lines[0], 1))
            self.buyers[number] = order
            Orders(self.harbor.marketplace.pk).keep_order(order, self.clock.now())

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

    @rule(number=WORKERS)
    def a_worker_is_killed(self, number: int) -> None:
        worker = self.workers[number]
        if worker is not None:
            worker.kill()

    @rule(seconds=some.sampled_from([1, 4, 40, 70, 86_400 * 3]))
    def time_passes(self, seconds: int) -> None:
        for worker in self.workers:
            if worker is not None and worker.at == "before create_order" and seconds > 4:
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
            if row.cancel_asked_at is not None:
                assert order.state is StoreOrderState.CANCELED
        missing = PurchaseOrder.objects.filter(state="canceled").values_list("reference")
        alive = [o.reference for o in self.store.every() if o.state not in _DEAD]
        assert not {reference for (reference,) in missing} & set(alive)

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


_DEAD = {StoreOrderState.CANCELED, StoreOrderState.PENDING}
"""Canceled, or begun and never finished."""


def test_a_purchase_order_is_in_its_store_exactly_once():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
