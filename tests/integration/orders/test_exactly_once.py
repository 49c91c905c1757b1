"""Every purchase order is in its store exactly once, whatever breaks on the way."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from longshore.domain.orders import PurchaseOrderState, StoreOrderState
from longshore.storage.models import OpenFinding, PurchaseOrder, Reservation
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from longshore.sync.place_purchase_order import place_purchase_orders
from support.fake_store import FakeStore, HandClock
from support.harbor import Harbor, bought, make_harbor

TIMEOUT = timedelta(seconds=60)
pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The worker is gone, as by kill -9."""


class Dying:
    """A ledger or a store whose process dies before or after a call, now and then."""

    def __init__(self, inner: object, dies: Callable[[], bool]) -> None:
        self._inner = inner
        self._dies = dies

    def __getattr__(self, name: str):
        call = getattr(self._inner, name)

        def dangerous(*args: object, **kwargs: object) -> object:
            if self._dies():
                raise Killed
            answer = call(*args, **kwargs)
            if self._dies():
                raise Killed
            return answer

        return dangerous


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def harbor(clock: HandClock) -> Harbor:
    return make_harbor(clock.now())


def ordered(harbor: Harbor, clock: HandClock, count: int) -> None:
    for number in range(count):
        order = bought(number, clock.now(), (harbor.lines[number % 2], 1))
        Orders(harbor.marketplace.pk).keep_order(order, clock.now())


def run(harbor: Harbor, store: object, clock: HandClock, ledger: object = None) -> None:
    place_purchase_orders(
        store,  # type: ignore[arg-type]
        ledger or PurchaseOrders(harbor.stores[0].pk),  # type: ignore[arg-type]
        clock,
        request_timeout=TIMEOUT,
        budget_s=60,
    )


def until_settled(harbor: Harbor, store: object, clock: HandClock, ledger: object = None) -> None:
    for _ in range(60):
        try:
            run(harbor, store, clock, ledger)
        except Killed:
            continue
        finally:
            clock.forward(25)
        open_ones = PurchaseOrder.objects.exclude(state__in=["accepted", "refused", "canceled"])
        if not open_ones.exists():
            return
    raise AssertionError("not settled")


def check(store: FakeStore, count: int) -> None:
    assert PurchaseOrder.objects.filter(state="accepted").count() == count
    made = Counter(order.reference for order in store.orders.values())
    assert [reference for reference, times in made.items() if times > 1] == []
    assert set(made) == set(PurchaseOrder.objects.values_list("reference", flat=True))
    for row in PurchaseOrder.objects.prefetch_related("lines"):
        assert row.store_order_id is not None
        assert store.orders[row.store_order_id].reference == row.reference
        assert all(line.line_item_id for line in row.lines.all())


def test_a_certain_order_is_posted_once_and_never_looked_up(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    ordered(harbor, clock, 3)
    until_settled(harbor, store, clock)
    check(store, 3)
    assert len(store.posts) == 3
    assert store.look_ups == []


@pytest.mark.parametrize(
    ("mischief", "look_ups", "posts"),
    [("lost_after", 1, 1), ("lost_before", 4, 2), ("half_made", 4, 1), ("late", 4, 1)],
)
def test_look_ups_stay_few(
    harbor: Harbor, clock: HandClock, mischief: str, look_ups: int, posts: int
):
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    store.mischief[PurchaseOrder.objects.get().reference] = mischief
    until_settled(harbor, store, clock)
    check(store, 1)
    assert len(store.look_ups) <= look_ups
    assert len(store.posts) == posts


def test_a_busy_store_gets_it_later_without_a_look_up(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    store.mischief[PurchaseOrder.objects.get().reference] = "busy"
    until_settled(harbor, store, clock)
    check(store, 1)
    assert store.look_ups == []


def test_a_second_post_waits_for_the_stores_request_timeout(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    reference = PurchaseOrder.objects.get().reference
    store.mischief[reference] = "lost_before"
    run(harbor, store, clock)
    began = clock.now()
    while len(store.posts) < 2:
        clock.forward(1)
        run(harbor, store, clock)
    assert clock.now() - began >= TIMEOUT


def test_a_refusal_is_told_and_not_repeated(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    store.mischief[PurchaseOrder.objects.get().reference] = "refused"
    until_settled(harbor, store, clock)
    run(harbor, store, clock)
    assert len(store.posts) == 1
    assert OpenFinding.objects.get().code == "order_refused"


def test_many_orders_with_lost_answers_and_dying_workers(harbor: Harbor, clock: HandClock):
    """300 orders, a tenth of the answers lost, the process dying before or after one call in 60."""
    chance = random.Random(7)  # noqa: S311 - mischief, not a secret
    store = FakeStore(clock, seed=3, share=0.1)
    ordered(harbor, clock, 300)
    dies = lambda: chance.random() < 1 / 60  # noqa: E731 - one line says it
    until_settled(
        harbor,
        Dying(store, dies),
        clock,
        Dying(PurchaseOrders(harbor.stores[0].pk), dies),
    )
    check(store, 300)
    assert max(Counter(store.look_ups).values()) <= 6


def test_a_worker_killed_while_sending_does_not_send_twice(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    row = PurchaseOrder.objects.get()
    draft = PurchaseOrders(harbor.stores[0].pk).begin_sending(row.pk, clock.now())
    assert draft is not None
    store.create_order(draft)  # ... and the process dies here
    until_settled(harbor, store, clock)
    check(store, 1)
    assert len(store.posts) == 1


def test_an_order_taken_differently_is_an_exception(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    honest = store._made

    def greedy(draft):
        from dataclasses import replace

        order = honest(draft)
        return replace(order, lines=(replace(order.lines[0], quantity=5),))

    store._made = greedy  # type: ignore[method-assign]
    run(harbor, store, clock)
    assert OpenFinding.objects.filter(code="order_lines_differ").exists()
    assert PurchaseOrder.objects.get().state == PurchaseOrderState.ACCEPTED


def test_reduced_stock_ends_the_reservation_at_the_next_reading(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    run(harbor, store, clock)
    held = Reservation.objects.get()
    assert held.reduced_seen_at == clock.now()
    assert held.closed_at is None


def test_born_completed_is_an_exception(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    honest = store._made

    def instant(draft):
        from dataclasses import replace

        return replace(honest(draft), state=StoreOrderState.COMPLETED, completed_at=clock.now())

    store._made = instant  # type: ignore[method-assign]
    run(harbor, store, clock)
    assert PurchaseOrder.objects.get().born_completed
    assert OpenFinding.objects.filter(code="order_born_completed").exists()
