"""Nothing stays held back of an order that is taken away: a test on Shopify, one that was deleted
there, and the trial order that the hub places itself.
"""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from longshore.domain.trial import TrialState
from longshore.storage.models import (
    Hint,
    HintKind,
    ListingVariant,
    PurchaseOrder,
    Reservation,
    StorefrontOrder,
)
from longshore.storage.repositories.going_live import route_by_hand
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.trials import Trials, ask_trial
from longshore.sync.pull_orders import pull_orders
from longshore.sync.send_trial_order import send_trial_order
from support.fake_store import FakeStore
from support.quay import Quay

pytestmark = pytest.mark.django_db


def buy(quay: Quay, units: int = 2, **more: object) -> str:
    """Bought on Shopify and read from there."""
    goods = [{"variant_id": quay.harbor.lines[0].variant_gid, "quantity": units}]
    gid = str(quay.shop.control("checkout", lines=goods, **more)["id"])
    read(quay, gid)
    return gid


def read(quay: Quay, gid: str) -> None:
    """As a webhook does, whatever Shopify has there now."""
    Hint.objects.get_or_create(
        marketplace=quay.harbor.marketplace,
        source=f"storefront:{quay.harbor.storefront.pk}",
        kind=HintKind.STOREFRONT_ORDER,
        resource_id=gid,
        defaults={"noted_at": quay.clock.now()},
    )
    quay.clock.time = max(quay.clock.time, quay.shop.clock.now()) + timedelta(seconds=1)
    pull_orders(quay.shop.storefront, Orders(quay.harbor.marketplace.pk), quay.clock)


def read_gone(quay: Quay, gid: str) -> None:
    """Asked for until it is sure."""
    read(quay, gid)
    assert Hint.objects.filter(resource_id=gid).exists(), "one answer proves nothing"
    quay.clock.forward(60)
    read(quay, gid)


def held() -> int:
    return sum(Reservation.objects.filter(closed_at=None).values_list("quantity", flat=True))


def numbers(quay: Quay) -> tuple[int | None, int | None]:
    line = ListingVariant.objects.get(pk=quay.harbor.lines[0].pk)
    return line.wanted_quantity, line.known_quantity


def test_a_test_order_holds_nothing_back_while_it_is_there_and_after(quay: Quay):
    before, _ = numbers(quay)
    gid = buy(quay, test=True)
    assert held() == 0
    assert numbers(quay) == (before, (before or 0) - 2), "Shopify took them: they are put back"
    quay.shop.control("orders/cancel", order_id=gid)
    read(quay, gid)
    assert held() == 0
    assert numbers(quay) == (before, before)


def test_a_test_order_that_a_person_sends_is_held_back_until_it_is_taken_away(quay: Quay):
    quay.harbor.marketplace.live_since = quay.clock.now() - timedelta(days=1)
    quay.harbor.marketplace.save()
    before, _ = numbers(quay)
    gid = buy(quay, test=True)
    row = StorefrontOrder.objects.get()
    route_by_hand(quay.harbor.marketplace.pk, row.pk, quay.clock.now() + timedelta(minutes=5))
    (part,) = PurchaseOrder.objects.all()
    assert list(part.lines.values_list("quantity", flat=True)) == [2]
    assert held() == 2
    assert numbers(quay)[0] == (before or 0) - 2
    quay.shop.control("orders/delete", order_id=gid)
    read_gone(quay, gid)
    part.refresh_from_db()
    assert (part.state, held()) == ("canceled", 0)
    assert numbers(quay)[0] == before


def test_an_order_deleted_before_anybody_saw_it_canceled_is_over(quay: Quay):
    gid = buy(quay)
    assert held() == 2
    quay.shop.control("orders/cancel", order_id=gid)
    quay.shop.control("orders/delete", order_id=gid)
    read_gone(quay, gid)
    row = StorefrontOrder.objects.get()
    assert row.canceled_at is not None
    assert held() == 0
    assert set(row.purchase_orders.values_list("state", flat=True)) <= {"canceled"}
    assert quay.findings() == set()


def test_an_answer_without_it_is_no_proof(quay: Quay):
    gid = buy(quay)
    hidden = quay.shop.state.orders.pop(gid)
    read(quay, gid)
    assert held() == 2
    assert StorefrontOrder.objects.get().canceled_at is None
    quay.shop.state.orders[gid] = hidden
    quay.clock.forward(60)
    read(quay, gid)
    assert not Hint.objects.exists()
    del quay.shop.state.orders[gid]
    quay.clock.forward(60)
    read(quay, gid)
    assert held() == 2, "it was seen in between: it is asked for anew"


def test_one_that_a_vendor_has_is_told_and_left_as_it_is(quay: Quay):
    row = quay.order(1)
    gid = row.order.order_gid
    quay.shop.control("orders/cancel", order_id=gid)
    quay.shop.control("orders/delete", order_id=gid)
    read_gone(quay, gid)
    row.refresh_from_db()
    assert (row.state, row.cancel_asked_at) == ("accepted", None)
    assert quay.findings() == {"order_deleted"}
    read(quay, gid)
    assert quay.findings() == {"order_deleted"}


def test_an_order_too_old_to_be_shown_is_not_taken_for_deleted(quay: Quay):
    gid = buy(quay)
    StorefrontOrder.objects.update(created_in_shop=quay.clock.now() - timedelta(days=60))
    quay.shop.control("orders/cancel", order_id=gid)
    quay.shop.control("orders/delete", order_id=gid)
    for _ in range(2):
        read(quay, gid)
        quay.clock.forward(60)
    assert StorefrontOrder.objects.get().canceled_at is None
    assert held() == 2


def test_after_a_trial_order_its_goods_are_read_again(quay: Quay):
    """A reading from while the unit was off the shelf is not believed for long."""
    store = FakeStore(quay.clock)  # type: ignore[arg-type]
    store.shelf = {1: 20}
    row = quay.harbor.stores[0]
    ask_trial(row.marketplace_id, row.vendor_id, row.pk, "Only a test.", quay.clock.now())
    trials = Trials(row.pk)
    for _ in range(2):
        assert not Hint.objects.exists()
        send_trial_order(
            store,  # type: ignore[arg-type]
            trials,
            quay.clock,
            request_timeout=timedelta(seconds=60),
        )
    trial = row.trials.get()
    assert trial.state == TrialState.ENDED
    assert held() == 0
    assert list(Hint.objects.values_list("kind", "resource_id")) == [("product", "1")]
    assert ProcrastinateJob.objects.filter(task_name="refresh_products").count() == 1
