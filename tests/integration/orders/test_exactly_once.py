"""Every purchase order is in its store exactly once, whatever breaks on the way."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from longshore.domain.orders import PurchaseOrderState, StoreOrder, StoreOrderState
from longshore.domain.placing import Resend
from longshore.ports.errors import Rejected, TryLater
from longshore.storage.models import OpenFinding, PurchaseOrder, Reservation
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from longshore.storage.repositories.resending import send_again
from longshore.sync.place_purchase_order import place_purchase_orders
from support.fake_store import FakeStore, HandClock
from support.harbor import Harbor, bought

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


def test_what_a_worker_that_was_held_up_sends_late_is_waited_for(harbor: Harbor, clock: HandClock):
    """Others looked for it before it was sent, and the store takes as long as it may."""
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    row = PurchaseOrder.objects.get()
    sending = PurchaseOrders(harbor.stores[0].pk).begin_sending(row.pk, 0, clock.now())
    assert sending is not None
    for _ in range(2):  # to the others it is gone; then they look
        run(harbor, store, clock)
    clock.forward(4)
    store.mischief[row.reference] = "last_moment"
    with pytest.raises(TryLater):
        store.create_order(sending.draft)
    clock.forward(TIMEOUT.seconds - 3)
    run(harbor, store, clock)
    until_settled(harbor, store, clock)
    check(store, 1)
    assert len(store.posts) == 1


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
    draft = PurchaseOrders(harbor.stores[0].pk).begin_sending(row.pk, 0, clock.now())
    assert draft is not None
    store.create_order(draft.draft)  # ... and the process dies here
    until_settled(harbor, store, clock)
    check(store, 1)
    assert len(store.posts) == 1


def test_an_order_taken_differently_is_an_exception(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    honest = store._made

    def greedy(draft):
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
        return replace(honest(draft), state=StoreOrderState.COMPLETED, completed_at=clock.now())

    store._made = instant  # type: ignore[method-assign]
    run(harbor, store, clock)
    assert PurchaseOrder.objects.get().born_completed
    assert OpenFinding.objects.filter(code="order_born_completed").exists()


def test_outcomes_of_an_attempt_that_is_not_the_newest_change_nothing(
    harbor: Harbor, clock: HandClock
):
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    number = PurchaseOrder.objects.get().pk
    slow, quick = (PurchaseOrders(harbor.stores[0].pk) for _ in range(2))
    assert slow.begin_sending(number, 0, clock.now())
    quick.uncertain(number, 1, clock.now())
    sending = quick.begin_sending(number, 1, clock.now())
    assert sending is not None
    slow.put_back(number, 1, "busy", clock.now(), clock.now())
    slow.refused(number, 1, "no", clock.now())
    slow.looked_up(number, 1, clock.now(), clock.now(), found=False)
    assert slow.begin_sending(number, 1, clock.now()) is None
    row = PurchaseOrder.objects.get()
    assert (row.state, row.posts, row.look_ups) == ("sending", 2, 0)
    quick.accepted(number, store.create_order(sending.draft), clock.now(), adopted=False)
    slow.uncertain(number, 2, clock.now())
    assert PurchaseOrder.objects.get().state == "accepted"


def test_look_ups_of_an_older_attempt_never_let_it_be_sent_again(harbor: Harbor, clock: HandClock):
    """Two workers learned that the first attempt made nothing; the second attempt, whose answer is
    lost, may have made the order meanwhile.
    """
    ordered(harbor, clock, 1)
    number = PurchaseOrder.objects.get().pk
    slow, quick = (PurchaseOrders(harbor.stores[0].pk) for _ in range(2))
    assert quick.begin_sending(number, 0, clock.now())
    quick.uncertain(number, 1, clock.now())
    assert quick.begin_sending(number, 1, clock.now())
    quick.uncertain(number, 2, clock.now())
    assert slow.begin_sending(number, 1, clock.now()) is None
    row = PurchaseOrder.objects.get()
    assert (row.state, row.posts) == ("uncertain", 2)
    assert slow.begin_sending(number, 2, clock.now()), "the newest one's may"


def test_a_second_order_in_the_store_is_told(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    run(harbor, store, clock)
    row = PurchaseOrder.objects.get()
    (made,) = store.orders.values()
    late = replace(made, order_id=made.order_id + 1, number="502")
    PurchaseOrders(harbor.stores[0].pk).accepted(row.pk, late, clock.now(), adopted=False)
    assert PurchaseOrder.objects.get().store_order_id == made.order_id
    assert OpenFinding.objects.get().code == "order_twice"


def test_a_store_that_cannot_be_searched_does_not_stop_the_others(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    ordered(harbor, clock, 2)
    first, second = PurchaseOrder.objects.order_by("pk")
    store.mischief[first.reference] = "lost_before"
    store.unsearchable = True
    for _ in range(3):
        run(harbor, store, clock)
        clock.forward(25)
    assert PurchaseOrder.objects.get(pk=second.pk).state == "accepted"
    assert PurchaseOrder.objects.get(pk=first.pk).state == "uncertain"
    assert len(store.look_ups) == 1


def test_an_order_refused_is_looked_for_before_it_is_sent_again(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    row = PurchaseOrder.objects.get()
    store.mischief[row.reference] = "refused"
    run(harbor, store, clock)
    assert send_again(row.marketplace_id, row.pk, clock.now()) is Resend.LOOK
    until_settled(harbor, store, clock)
    check(store, 1)
    assert len(store.posts) == 2
    assert store.look_ups
    with pytest.raises(Rejected, match="not sent twice"):
        send_again(row.marketplace_id, row.pk, clock.now())


def test_what_the_vendor_canceled_is_sent_anew_under_a_new_reference(
    harbor: Harbor, clock: HandClock
):
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    run(harbor, store, clock)
    row = PurchaseOrder.objects.get()
    (made,) = store.orders.values()
    PurchaseOrder.objects.update(store_state="canceled")
    assert send_again(row.marketplace_id, row.pk, clock.now()) is Resend.ANEW
    run(harbor, store, clock)
    again = PurchaseOrder.objects.get()
    assert again.reference != row.reference
    assert again.former == [[row.reference, made.order_id, made.number]]
    assert again.store_order_id != made.order_id


def test_an_order_that_stays_half_made_is_told_and_made_anew(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    row = PurchaseOrder.objects.get()
    store.mischief[row.reference] = "stuck"
    for _ in range(50):
        run(harbor, store, clock)
        clock.forward(25)
    assert OpenFinding.objects.filter(code="order_half_made", resolved_at=None).exists()
    assert len(store.posts) == 1
    send_again(row.marketplace_id, row.pk, clock.now())
    run(harbor, store, clock)
    states = [order.state for order in store.orders.values()]
    assert states == [StoreOrderState.CANCELED, StoreOrderState.PROCESSING]
    assert not OpenFinding.objects.filter(resolved_at=None).exists()


def test_a_store_that_is_slow_to_cancel_the_dead_one_gets_the_new_one_once(
    harbor: Harbor, clock: HandClock
):
    """While it cancels, another worker believes the first gone, looks twice and sends."""
    store = FakeStore(clock)
    ordered(harbor, clock, 1)
    row = PurchaseOrder.objects.get()
    store.mischief[row.reference] = "stuck"
    for _ in range(50):
        run(harbor, store, clock)
        clock.forward(25)
    send_again(row.marketplace_id, row.pk, clock.now())
    honest = store.cancel_order

    def slow(order_id: int, **more: bool) -> StoreOrder | None:
        store.cancel_order = honest  # type: ignore[method-assign]
        for _ in range(6):
            clock.forward(40)
            run(harbor, store, clock)
        return honest(order_id, **more)

    store.cancel_order = slow  # type: ignore[method-assign]
    for _ in range(4):
        run(harbor, store, clock)
        clock.forward(40)
    alive = [one for one in store.every() if one.state is StoreOrderState.PROCESSING]
    assert len(alive) == 1
    assert PurchaseOrder.objects.get().store_order_id == alive[0].order_id


def test_another_marketplaces_order_is_not_sent_again(harbor: Harbor, clock: HandClock):
    ordered(harbor, clock, 1)
    with pytest.raises(Rejected, match="no such order"):
        send_again(harbor.marketplace.pk + 1, PurchaseOrder.objects.get().pk, clock.now())
