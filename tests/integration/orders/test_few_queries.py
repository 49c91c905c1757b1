"""What an order costs in the database does not grow with its lines, and stays what it is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from longshore.storage.models import PurchaseOrder, PurchaseOrderLine
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from longshore.sync.place_purchase_order import place_purchase_orders
from support.fake_store import FakeStore, HandClock
from support.harbor import Harbor, bought

pytestmark = pytest.mark.django_db
KEPT, KEPT_AGAIN, SENT = 38, 7, 22
"""Statements, those that begin and end transactions included."""


def kept(harbor: Harbor, clock: HandClock, number: int, lines: int) -> int:
    """Of one store: goods of the first stock line, and of the second."""
    goods = [(harbor.lines[place % 2], 1) for place in range(lines)]
    order = bought(number, clock.now(), *goods)
    with CaptureQueriesContext(connection) as seen:
        Orders(harbor.marketplace.pk).keep_order(order, clock.now())
    return len(seen)


def sent(harbor: Harbor, store: FakeStore, clock: HandClock) -> int:
    with CaptureQueriesContext(connection) as seen:
        place_purchase_orders(
            store,  # type: ignore[arg-type]
            PurchaseOrders(harbor.stores[0].pk),
            clock,
            request_timeout=timedelta(seconds=60),
        )
    assert not PurchaseOrder.objects.exclude(state="accepted").exists()
    return len(seen)


def test_an_order_is_kept_in_few_statements_however_many_lines_it_has(
    harbor: Harbor, clock: HandClock
):
    counts = [kept(harbor, clock, number, lines) for number, lines in ((1, 2), (2, 2), (3, 9))]
    assert PurchaseOrderLine.objects.count() == 13
    assert counts[1] == counts[2] <= KEPT
    assert kept(harbor, clock, 2, 2) <= KEPT_AGAIN, "nothing changed"


def test_an_order_is_sent_in_few_statements_however_many_lines_it_has(
    harbor: Harbor, clock: HandClock
):
    counts: list[int] = []
    store = FakeStore(clock)
    for number, lines in ((1, 2), (2, 2), (3, 9)):
        kept(harbor, clock, number, lines)
        counts.append(sent(harbor, store, clock))
    assert counts[1] == counts[2] <= SENT
