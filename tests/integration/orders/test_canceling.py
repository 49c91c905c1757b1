"""Orders that are canceled: before they are sent, after, when they are shipped, and in part."""

from dataclasses import replace
from datetime import timedelta

import pytest

from longshore.domain.orders import StorefrontOrder, put_back_next
from longshore.storage.models import OpenFinding, PurchaseOrder, PurchaseOrderLine
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from longshore.sync.place_purchase_order import place_purchase_orders
from support.fake_store import FakeStore, HandClock
from support.harbor import Harbor, bought, make_harbor
from support.racing import Killed

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def harbor(clock: HandClock) -> Harbor:
    return make_harbor(clock.now())


@pytest.fixture
def store(clock: HandClock) -> FakeStore:
    return FakeStore(clock)


def keep(harbor: Harbor, order: StorefrontOrder, clock: HandClock) -> None:
    clock.forward(1)
    Orders(harbor.marketplace.pk).keep_order(replace(order, updated_at=clock.now()), clock.now())


def run(harbor: Harbor, store: object, clock: HandClock) -> None:
    place_purchase_orders(
        store,  # type: ignore[arg-type]
        PurchaseOrders(harbor.stores[0].pk),
        clock,
        request_timeout=timedelta(seconds=60),
        budget_s=60,
    )


def sold_by_an_old_store(harbor: Harbor, store: FakeStore, clock: HandClock) -> StorefrontOrder:
    """Three units leave a store that does not put goods back by itself; seven are left."""
    harbor.stores[0].profile = {"restocks": False}
    harbor.stores[0].save()
    order = bought(1, clock.now(), (harbor.lines[0], 3))
    keep(harbor, order, clock)
    run(harbor, store, clock)
    store.shelf[1] = 7
    keep(harbor, replace(order, canceled_at=clock.now()), clock)
    return order


def test_an_old_store_gets_its_goods_back_once(harbor: Harbor, store: FakeStore, clock: HandClock):
    sold_by_an_old_store(harbor, store, clock)
    for _ in range(3):
        run(harbor, store, clock)
    assert store.shelf[1] == 10
    assert PurchaseOrder.objects.get().state == "canceled"
    assert PurchaseOrderLine.objects.get().put_back == "done"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_dies_while_putting_back_does_it_once(
    harbor: Harbor, store: FakeStore, clock: HandClock, when: str
):
    sold_by_an_old_store(harbor, store, clock)
    honest = store.set_counter

    def dying(product_id: int, variation_id: int, quantity: int) -> None:
        if when == "after":
            honest(product_id, variation_id, quantity)
        raise Killed

    store.set_counter = dying  # type: ignore[method-assign]
    with pytest.raises(Killed):
        run(harbor, store, clock)
    store.set_counter = honest  # type: ignore[method-assign]
    run(harbor, store, clock)
    assert store.shelf[1] == 10


def test_a_sale_in_that_moment_is_told_and_not_guessed(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    sold_by_an_old_store(harbor, store, clock)
    run_dying(harbor, store, clock)
    store.shelf[1] = 6
    run(harbor, store, clock)
    assert store.shelf[1] == 6
    assert OpenFinding.objects.get(resolved_at=None).code == "stock_not_put_back"


def run_dying(harbor: Harbor, store: FakeStore, clock: HandClock) -> None:
    honest = store.set_counter

    def dying(*_: int) -> None:
        raise Killed

    store.set_counter = dying  # type: ignore[method-assign]
    with pytest.raises(Killed):
        run(harbor, store, clock)
    store.set_counter = honest  # type: ignore[method-assign]


def test_a_store_that_puts_back_by_itself_is_left_alone(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    order = bought(1, clock.now(), (harbor.lines[0], 3))
    keep(harbor, order, clock)
    run(harbor, store, clock)
    store.shelf[1] = 7
    keep(harbor, replace(order, canceled_at=clock.now()), clock)
    run(harbor, store, clock)
    assert store.shelf[1] == 7


@pytest.mark.parametrize(
    ("shown", "before", "state"), [(7, 7, "due"), (10, 7, "done"), (6, 7, "unclear")]
)
def test_where_a_write_that_may_have_happened_stands(shown: int, before: int, state: str):
    assert put_back_next(shown, before, 3) == state
