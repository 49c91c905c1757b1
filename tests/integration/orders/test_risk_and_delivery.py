"""Orders of a simulated Shopify shop that no vendor should get: risky, picked up, digital."""

from dataclasses import replace
from datetime import timedelta

import pytest

from longshore.domain.orders import Delivery, Risk
from longshore.ports.errors import Rejected
from longshore.storage import due_work
from longshore.storage.models import (
    Hint,
    Marketplace,
    OpenFinding,
    OrderEvent,
    PurchaseOrder,
    Reservation,
    StorefrontOrder,
)
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.risks import RiskAnswer, answer_risk
from support.quay import Quay, make_quay

pytestmark = pytest.mark.django_db


@pytest.fixture
def quay(quay: Quay) -> Quay:
    Marketplace.objects.update(live_since=quay.clock.now() - timedelta(hours=1))
    return quay


def buy(quay: Quay, **more: object) -> StorefrontOrder:
    lines = [{"variant_id": quay.harbor.lines[0].variant_gid, "quantity": 2}]
    return keep(quay, quay.shop.control("checkout", lines=lines, **more)["id"])


def keep(quay: Quay, gid: str) -> StorefrontOrder:
    read = quay.shop.storefront.read_orders([gid]).by_id[gid]
    quay.clock.time = max(quay.clock.time, read.created_at)
    Orders(quay.harbor.marketplace.pk).keep_order(read, quay.clock.now())
    return StorefrontOrder.objects.get(order_gid=gid)


def left_out(row: StorefrontOrder) -> list[str]:
    return list(row.lines.order_by("pk").values_list("left_out", flat=True))


# --- risk ---


@pytest.mark.parametrize(
    ("level", "said", "waits"),
    [
        ("LOW", Risk.ACCEPT, ""),
        ("NONE", Risk.NONE, ""),
        ("MEDIUM", Risk.INVESTIGATE, "risk"),
        ("HIGH", Risk.CANCEL, "risk"),
        ("PENDING", Risk.PENDING, "risk_pending"),
    ],
)
def test_what_shopify_warns_of_is_held(quay: Quay, level: str, said: Risk, waits: str):
    row = buy(quay, risk=level)
    assert (row.risk, row.waits_for) == (said, waits)
    assert PurchaseOrder.objects.exists() == (waits == "")


@pytest.mark.parametrize(
    ("policy", "level", "waits"),
    [
        ("never", "HIGH", ""),
        ("never", "PENDING", ""),
        ("cancel", "MEDIUM", ""),
        ("cancel", "HIGH", "risk"),
        ("investigate", "MEDIUM", "risk"),
    ],
)
def test_the_marketplace_says_which(quay: Quay, policy: str, level: str, waits: str):
    Marketplace.objects.update(hold_risk=policy)
    assert buy(quay, risk=level).waits_for == waits


def test_a_held_order_is_an_exception_with_its_amount(quay: Quay):
    row = buy(quay, risk="HIGH")
    found = OpenFinding.objects.get()
    assert (found.code, found.subject, found.who) == ("order_risky", f"order:{row.pk}", "operator")
    assert found.evidence["amount"].endswith(" EUR")
    assert found.evidence["advice"] == "cancel"


def test_it_is_sent_anyway_once(quay: Quay):
    row = buy(quay, risk="HIGH")
    for _ in range(2):
        answer_risk(row.marketplace_id, row.pk, RiskAnswer.SEND, quay.clock.now())
    assert PurchaseOrder.objects.count() == 1
    assert not OpenFinding.objects.filter(resolved_at=None).exists()
    assert OrderEvent.objects.filter(kind="risk_answered").count() == 1
    keep(quay, row.order_gid)
    assert PurchaseOrder.objects.count() == 1
    with pytest.raises(Rejected, match="sent already"):
        answer_risk(row.marketplace_id, row.pk, RiskAnswer.LEAVE_OUT, quay.clock.now())


def test_it_is_left_out_until_somebody_says_else(quay: Quay):
    row = buy(quay, risk="HIGH")
    answer_risk(row.marketplace_id, row.pk, RiskAnswer.LEAVE_OUT, quay.clock.now())
    row = keep(quay, row.order_gid)
    assert (row.routing, row.waits_for) == ("closed", "left_out")
    assert not OpenFinding.objects.filter(resolved_at=None).exists()
    assert not PurchaseOrder.objects.exists()
    answer_risk(row.marketplace_id, row.pk, RiskAnswer.SEND, quay.clock.now())
    assert PurchaseOrder.objects.count() == 1


def test_an_advice_that_comes_late_holds_or_lets_go(quay: Quay):
    row = buy(quay, risk="PENDING")
    assert due_work.let_go(quay.clock.now()) == 0
    quay.clock.time += timedelta(minutes=2)
    assert due_work.let_go(quay.clock.now()) == 1
    assert Hint.objects.get().resource_id == row.order_gid
    quay.shop.control("orders/change", order_id=row.order_gid, risk="MEDIUM")
    assert keep(quay, row.order_gid).waits_for == "risk"
    quay.shop.control("orders/change", order_id=row.order_gid, risk="LOW")
    assert keep(quay, row.order_gid).routing == "routed"
    assert not OpenFinding.objects.filter(resolved_at=None).exists()


def test_an_advice_that_never_comes_is_not_waited_for(quay: Quay):
    row = buy(quay, risk="PENDING")
    quay.clock.time += timedelta(minutes=11)
    assert keep(quay, row.order_gid).routing == "routed"


def test_what_was_sent_is_not_held_by_a_later_advice(quay: Quay):
    row = buy(quay, risk="LOW")
    quay.shop.control("orders/change", order_id=row.order_gid, risk="HIGH")
    row = keep(quay, row.order_gid)
    assert (row.routing, row.waits_for) == ("routed", "")


def test_a_canceled_risky_order_asks_nobody(quay: Quay):
    row = buy(quay, risk="HIGH")
    quay.shop.control("orders/cancel", order_id=row.order_gid)
    keep(quay, row.order_gid)
    assert not OpenFinding.objects.filter(resolved_at=None).exists()
    with pytest.raises(Rejected, match="canceled"):
        answer_risk(row.marketplace_id, row.pk, RiskAnswer.SEND, quay.clock.now())


# --- goods that nobody sends ---


@pytest.mark.parametrize(
    ("way", "reason"), [("pickup", "pickup"), ("none", "no_shipping"), ("shipping", "")]
)
def test_only_what_is_sent_goes_to_a_vendor(quay: Quay, way: str, reason: str):
    row = buy(quay, delivery=way)
    assert left_out(row) == [reason]
    assert PurchaseOrder.objects.exists() == (reason == "")
    assert Reservation.objects.exists() == (reason == "")
    told = OrderEvent.objects.filter(kind="left_out").values_list("data__reason", flat=True)
    assert list(told) == ([reason] if reason else [])
    keep(quay, row.order_gid)
    assert OrderEvent.objects.filter(kind="left_out").count() == bool(reason)


def test_goods_that_are_sent_after_all_are_held_back_again(quay: Quay):
    lines = [{"variant_id": quay.harbor.lines[0].variant_gid, "quantity": 2}]
    gid = quay.shop.control("checkout", lines=lines, delivery="pickup")["id"]
    row = keep(quay, gid)
    order = quay.shop.storefront.read_orders([gid]).by_id[gid]
    sent = tuple(replace(line, delivery=Delivery.SHIPPING) for line in order.lines)
    Orders(row.marketplace_id).keep_order(replace(order, lines=sent), quay.clock.now())
    assert left_out(row) == [""]
    assert Reservation.objects.get().quantity == 2
    assert PurchaseOrder.objects.count() == 1


def test_an_order_waits_a_moment_until_shopify_says_how_it_is_delivered():
    quay = make_quay(routing_s=3600)
    Marketplace.objects.update(live_since=quay.clock.now() - timedelta(hours=1))
    quay.clock.time += timedelta(seconds=5)
    row = buy(quay, delivery="pickup")
    assert (row.routing, row.waits_for) == ("waiting", "delivery")
    quay.clock.time += timedelta(seconds=16)
    assert due_work.let_go(quay.clock.now()) == 1
    quay.clock.time += timedelta(minutes=3)
    assert keep(quay, row.order_gid).routing == "routed"
