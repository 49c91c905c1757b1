"""Orders of a vendor's shop in shapes that nobody foresaw: each is kept as far as it makes sense or
becomes a finding, and keeps no other order from being read.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from longshore.domain.money import Money
from longshore.domain.orders import StoreOrder
from longshore.domain.refunds import Refund
from longshore.ports.stores import Found, Unreadable
from longshore.storage.models import OrderRefund, PurchaseOrder, Shipment, Store
from longshore.storage.repositories.shipments import StoreOrders
from longshore.stores.woocommerce import orders, wire
from longshore.sync.pull_shipments import pull_shipments
from support.quay import Quay

pytestmark = pytest.mark.django_db
ST = {"tracking_provider": "ups", "tracking_number": "1ZFAKE", "tracking_id": "aa"}


def row_of(part: PurchaseOrder, **more: object) -> dict:
    lines = [
        {"id": line.line_item_id, "product_id": 7, "quantity": line.quantity, "total": "1"}
        for line in part.lines.order_by("pk")
    ]
    return {
        "id": part.store_order_id,
        "number": str(part.store_order_id),
        "status": "completed",
        "currency": "EUR",
        "total": "1.00",
        "line_items": lines,
        **more,
    }


def meta(**values: object) -> list[dict]:
    return [{"key": key, "value": value} for key, value in values.items()]


NASTY = {
    "no readable number": {"meta_data": meta(_tracking_number="\x00\x00")},
    "a number with NUL": {"meta_data": meta(_tracking_number="1Z\x00FAKE")},
    "fields with NUL": {"meta_data": meta(my_field="a\x00b", other="x")},
    "a very long id": {
        "meta_data": meta(_wc_shipment_tracking_items=[{**ST, "tracking_id": "k" * 5000}])
    },
    "a very long number": {"meta_data": meta(_tracking_number="9" * 5000)},
    "a hundred thousand numbers": {"meta_data": meta(_tracking_number="A1," * 100_000)},
    "endless digits": {"meta_data": meta(_date_shipped="1e999999999", _tracking_number="A1")},
    "HTML": {"meta_data": meta(_tracking_number="<script>alert(1)</script>")},
    "a long status": {"status": "s" * 500},
    "a status with NUL": {"status": "comp\x00leted"},
    "a long order number": {"number": "n" * 500},
    "wrong types": {"meta_data": {"a": 1}, "line_items": [], "refunds": "x", "currency": []},
    "meta of wrong types": {"meta_data": [None, 7, {"key": None}, {"key": "_tracking_number"}]},
    "a refund with NUL": {"refunds": [{"id": 1, "reason": "bro\x00ken", "total": "-1.00"}]},
    "a refund with a long id": {"refunds": [{"id": "r" * 500, "total": "-1.00"}]},
    "a refund without end": {"refunds": [{"id": 1, "total": "-1e999999999"}]},
    "a refund above all money": {"refunds": [{"id": 1, "total": "-99999999999999999"}]},
    "a long currency": {"currency": "EURO", "refunds": [{"id": 1, "total": "-1.00"}]},
    "quantities without end": {
        "shipments": [{"id": 1, "status": "shipped", "tracking_id": "A1",
                       "items": [{"order_item_id": 10**30, "quantity": 10**30}]}]
    },
}  # fmt: skip


class Shop:
    def __init__(self, *rows: dict) -> None:
        self.rows = rows

    def read_orders(self, _ids: object, _known: object = None) -> Found[StoreOrder]:
        told = wire.decode(json.dumps(self.rows).encode())
        found = tuple(orders.order(row) for row in told)
        return Found(found, frozenset(), (), datetime.now(UTC))

    def suggest_tracking(self, _order_id: int) -> None:
        return None


def read(quay: Quay, shop: object) -> None:
    store_id = quay.harbor.stores[0].pk
    Store.objects.update(orders_read_at=None)
    pull_shipments(shop, StoreOrders(store_id), quay.clock)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NASTY)
def test_one_order_in_a_bad_shape_keeps_no_other_from_being_shipped(quay: Quay, name: str):
    bad, good = quay.order(2), quay.order(1)
    shop = Shop(row_of(bad, **NASTY[name]), row_of(good, meta_data=meta(_tracking_number="GOOD")))
    for _ in range(2):
        read(quay, shop)
        quay.tell()
    assert quay.shown(good) == [(("GOOD",), 1)]
    assert sum(units for _, units in quay.shown(bad)) <= 2
    for one in Shipment.objects.all():
        assert one.tracking_number.isprintable()
        assert len(one.tracking_number) <= 100
    assert OrderRefund.objects.count() <= 1


def test_an_order_that_cannot_be_kept_is_told_until_it_can(quay: Quay):
    """Whatever nobody foresaw: PostgreSQL does not take it."""
    bad, good = quay.order(2), quay.order(1)
    whole = orders.order(row_of(bad, status="processing"))
    whole = replace(whole, refunds=(Refund("1", Money(Decimal(10**30), "EUR")),))
    other = orders.order(row_of(good))

    class Odd(Shop):
        def read_orders(self, _ids: object, _known: object = None) -> Found[StoreOrder]:
            return Found((whole, other), frozenset(), (), datetime.now(UTC))

    read(quay, Odd())
    assert quay.findings() == {"store_order_unreadable"}
    quay.tell()
    assert quay.shown(good) == [((), 1)]
    quay.clock.forward(60)
    read(quay, Odd())
    assert quay.findings() == {"store_order_unreadable"}
    quay.clock.forward(60)
    read(quay, Shop(row_of(bad, status="processing")))
    assert quay.findings() == set()


def test_an_order_that_cannot_be_read_is_told(quay: Quay):
    bad = quay.order(2)
    unreadable = (Unreadable(bad.store_order_id or 0, "no id"), Unreadable(77, "a stranger's"))

    class Odd(Shop):
        def read_orders(self, _ids: object, _known: object = None) -> Found[StoreOrder]:
            return Found((), frozenset(), unreadable, datetime.now(UTC))

    read(quay, Odd())
    assert quay.findings() == {"store_order_unreadable"}
