"""Money given back, on Shopify and in the vendor's shop: kept once as an event, and felt by orders,
shelves and shipments.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from longshore.domain.money import Money
from longshore.domain.refunds import Refund, RefundedLine
from longshore.storage.models import OrderRefund, PurchaseOrder, Reservation
from longshore.storage.repositories.orders import Orders
from support.quay import COMPLETED, PROCESSING, Quay, parcel

pytestmark = pytest.mark.django_db
Kept = list[tuple[str, Decimal, Decimal, list[tuple[int, bool]]]]


def front(quay: Quay, control: str, row: PurchaseOrder, **given: object) -> None:
    """The shop's staff act on the order, and the hub reads it."""
    quay.shop.control(control, order_id=row.order.order_gid, **given)
    for _ in range(2):
        gid = row.order.order_gid
        read = quay.shop.storefront.read_orders([gid]).by_id[gid]
        quay.clock.forward(1)
        now = quay.clock.now()
        order = replace(read, created_at=row.order.created_in_shop, updated_at=now)
        Orders(quay.harbor.marketplace.pk).keep_order(order, now)
    row.refresh_from_db()


def lines(quay: Quay, row: PurchaseOrder, *units: int, **given: object) -> list[dict[str, Any]]:
    state = quay.shop.state.orders[row.order.order_gid]
    pairs = zip(state["lines"], units, strict=False)
    return [{"line_id": line["id"], "quantity": n, **given} for line, n in pairs if n]


def kept(side: str = "storefront") -> Kept:
    """(shape, amount, beyond the goods' worth, [(units, put back)]) of each refund."""
    return [
        (
            one.shape,
            one.amount,
            one.beyond_goods,
            [(units, back) for _, units, _, back in one.lines],
        )
        for one in OrderRefund.objects.filter(side=side).order_by("pk")
    ]


def wanted(row: PurchaseOrder) -> list[int]:
    return [line.order_line.quantity for line in row.lines.order_by("pk")]


# The simulated goods cost 10.00 apiece, and sending them 4.90.


def test_a_whole_order_is_refunded_after_sending(quay: Quay):
    row = quay.order(2, 1)
    front(quay, "orders/refund", row, lines=lines(quay, row, 2, 1))
    assert kept() == [("both", Decimal("34.90"), Decimal("4.90"), [(2, True), (1, True)])]
    assert row.order.payment == "refunded"
    assert (wanted(row), row.cancel_asked_at is not None) == ([0, 0], True)


@pytest.mark.parametrize(("restock", "back"), [("CANCEL", True), ("NO_RESTOCK", False)])
def test_a_part_is_refunded_before_shipping(quay: Quay, restock: str, back: bool):
    row = quay.order(3)
    front(quay, "orders/refund", row, lines=lines(quay, row, 1, restock=restock))
    assert kept() == [("goods", Decimal("10.00"), Decimal(0), [(1, back)])]
    assert wanted(row) == [2]
    assert Reservation.objects.get().quantity == 2
    assert "2 in place of 3" in row.note_due


@pytest.mark.parametrize(("restock", "back"), [("RETURN", True), ("NO_RESTOCK", False)])
def test_a_part_is_refunded_after_shipping(quay: Quay, restock: str, back: bool):
    row = quay.order(2)
    quay.store_says(row, COMPLETED, parcel("1ZFAKE"))
    quay.tell()
    front(quay, "orders/refund", row, lines=lines(quay, row, 1, restock=restock))
    assert kept() == [("goods", Decimal("10.00"), Decimal(0), [(1, back)])]
    assert quay.shown(row) == [(("1ZFAKE",), 2)]
    assert row.conflict == ""


def test_before_sending_less_is_sent(quay: Quay):
    row = quay.order(3)
    PurchaseOrder.objects.update(state="pending", store_order_id=None, store_state="", posts=0)
    front(quay, "orders/refund", row, lines=lines(quay, row, 1))
    assert [line.quantity for line in row.lines.all()] == [2]
    assert (row.note_due, len(kept())) == ("", 1)


def test_shipping_alone_and_goodwill_are_money(quay: Quay):
    row = quay.order(2)
    front(quay, "orders/refund", row, shipping="4.90", amount="4.90")
    front(quay, "orders/refund", row, shipping="0", amount="3.00", note="Sorry for the wait")
    assert kept() == [
        ("money", Decimal("4.90"), Decimal("4.90"), []),
        ("money", Decimal("3.00"), Decimal("3.00"), []),
    ]
    assert OrderRefund.objects.last().reason == "Sorry for the wait"
    assert wanted(row) == [2]


def test_more_and_less_than_the_goods_are_worth(quay: Quay):
    row = quay.order(3)
    front(quay, "orders/refund", row, lines=lines(quay, row, 1), amount="7.50", shipping="0")
    front(quay, "orders/refund", row, lines=lines(quay, row, 1), amount="0", shipping="0")
    assert kept() == [
        ("both", Decimal("7.50"), Decimal("-2.50"), [(1, True)]),
        ("units", Decimal(0), Decimal("-10.00"), [(1, True)]),
    ]


def test_a_canceled_order_is_a_refund_too(quay: Quay):
    row = quay.order(2)
    front(quay, "orders/cancel", row)
    assert kept() == [("both", Decimal("24.90"), Decimal("4.90"), [(2, True)])]
    assert Reservation.objects.get().closed_at is not None


def test_a_refund_of_very_many_lines_is_read_whole(quay: Quay):
    made = [quay.shop.control("products", title=f"Thing {n}", vendor="Kiln",
                              variants=[{"available": 9}]) for n in range(60)]  # fmt: skip
    bought = [{"variant_id": one["variantIds"][0], "quantity": 1} for one in made]
    gid = quay.shop.control("checkout", lines=bought)["id"]
    every = [
        {"line_id": line["id"], "quantity": 1} for line in quay.shop.state.orders[gid]["lines"]
    ]
    quay.shop.control("orders/refund", order_id=gid, lines=every)
    (refund,) = quay.shop.storefront.read_orders([gid]).by_id[gid].refunds
    assert len({line.line_id for line in refund.lines}) == 60


# --- what the vendor pays back in the shop ---


def vendor_refund(row: PurchaseOrder, units: int, number: str = "7") -> Refund:
    item = str(row.lines.order_by("pk")[0].line_item_id)
    worth = Money(Decimal(10) * units, "EUR")
    return Refund(number, worth, (RefundedLine(item, units, worth),), "Broken")


def test_what_the_vendor_refunded_is_not_shipped(quay: Quay):
    row = quay.order(3, 1)
    refund = vendor_refund(row, 1)
    quay.store_says(row, PROCESSING, refunds=(refund,))
    assert quay.findings() == {"order_refunded_by_vendor"}
    quay.store_says(row, COMPLETED, parcel("1ZFAKE"), refunds=(refund,))
    quay.tell()
    assert quay.shown(row) == [(("1ZFAKE",), 3)]
    assert row.shipped_at is not None
    # The old APIs do not name it again.
    quay.store_says(row, COMPLETED, parcel("1ZFAKE"))
    quay.tell()
    assert quay.shown(row) == [(("1ZFAKE",), 3)]


def test_a_refund_of_shipped_goods_takes_nothing_back(quay: Quay):
    row = quay.order(2)
    quay.store_says(row, COMPLETED, parcel("1ZFAKE"))
    quay.store_says(row, COMPLETED, parcel("1ZFAKE"), refunds=(vendor_refund(row, 1),))
    quay.tell()
    assert quay.shown(row) == [(("1ZFAKE",), 2)]


def test_a_vendor_who_took_off_what_the_buyer_gave_up_is_asked_nothing(quay: Quay):
    row = quay.order(3)
    front(quay, "orders/refund", row, lines=lines(quay, row, 1))
    assert quay.findings() == {"order_edited_after_sending"}
    quay.store_says(row, PROCESSING, refunds=(vendor_refund(row, 1),))
    assert quay.findings() == set()
    assert len(kept("store")) == 1


def test_paying_back_what_the_vendor_cannot_send_answers_the_question(quay: Quay):
    row = quay.order(3)
    quay.store_says(row, PROCESSING, refunds=(vendor_refund(row, 2),))
    front(quay, "orders/refund", row, lines=lines(quay, row, 1))
    assert "order_refunded_by_vendor" in quay.findings()
    front(quay, "orders/refund", row, lines=lines(quay, row, 1))
    assert quay.findings() == set()


def test_what_is_known_is_not_asked_for_again(quay: Quay):
    from longshore.storage.repositories.shipments import StoreOrders

    row, other = quay.order(2), quay.order(1)
    ledger = StoreOrders(row.store_id)
    ids = [row.store_order_id or 0, other.store_order_id or 0]
    assert ledger.known_refunds(ids) == {}
    quay.store_says(row, PROCESSING, refunds=(vendor_refund(row, 1),))
    quay.store_says(other, COMPLETED)
    assert ledger.known_refunds(ids) == {ids[0]: {"7"}, ids[1]: frozenset()}
    assert StoreOrders(quay.harbor.stores[1].pk).known_refunds(ids) == {}
