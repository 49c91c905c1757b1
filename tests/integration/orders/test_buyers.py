"""Buyers' data goes some time after an order is closed, or when they ask; and never comes back."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from longshore.domain.findings import Finding
from longshore.domain.orders import Address
from longshore.ports.errors import Rejected
from longshore.storage.models import (
    OpenFinding,
    OrderEvent,
    PurchaseOrder,
    Shipment,
    StorefrontOrder,
)
from longshore.storage.queries.search import found_orders
from longshore.storage.repositories import buyers, going_live
from longshore.storage.repositories.findings import note_finding
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from longshore.storage.repositories.timeline import note_event
from support.harbor import Harbor, bought, make_harbor

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
LATE = NOW + timedelta(days=91)
EMAIL = "zdenka@buyer.example"
BUYER = Address(
    "Zdenka", "Fakeova", line1="Secret Lane 77", city="Brno", country="CZ", phone="777123"
)
WORDS = ("zdenka", "fakeova", "secret lane", "777123")


@pytest.fixture
def harbor() -> Harbor:
    return make_harbor(NOW)


def order(harbor: Harbor, number: int = 1, email: str = EMAIL):
    return bought(
        number, NOW, (harbor.lines[0], 1), email=email, shipping_address=BUYER, note="For Zdenka"
    )


def placed(harbor: Harbor, number: int = 1, email: str = EMAIL) -> PurchaseOrder:
    """Sent to the store, refused once in words that name the buyer, then taken."""
    Orders(harbor.marketplace.pk).keep_order(order(harbor, number, email), NOW)
    row = PurchaseOrder.objects.get(order__name=f"#{number}")
    PurchaseOrders(row.store_id).begin_sending(row.pk, 0, NOW)
    row.refresh_from_db()
    why = f"{email} of Secret Lane 77 is blocked"
    note_event(row, NOW, "refused", why=why)
    finding = Finding("order_refused", {"order": row.order.name, "vendor": "Kiln", "why": why})
    note_finding(harbor.marketplace.pk, f"purchase_order:{row.pk}", finding, NOW)
    PurchaseOrder.objects.filter(pk=row.pk).update(state="accepted", why=why, answered_at=NOW)
    return row


def ship(row: PurchaseOrder, at: datetime = NOW) -> None:
    PurchaseOrder.objects.filter(pk=row.pk).update(shipped_at=at)


def everything() -> str:
    """All that is kept of orders, as one text."""
    models = (StorefrontOrder, PurchaseOrder, OrderEvent, OpenFinding, Shipment)
    rows = [list(model.objects.values()) for model in models]
    return json.dumps(rows, default=str).casefold()


def named() -> list[str]:
    text = everything()
    return [word for word in WORDS if word in text]


def test_it_goes_when_its_time_is_over(harbor: Harbor):
    row = placed(harbor)
    ship(row)
    assert buyers.erase_closed(NOW + timedelta(days=89)) == 0
    assert named() == list(WORDS)
    assert buyers.erase_closed(LATE) == 1
    assert named() == []
    assert found_orders(harbor.marketplace.pk, "Fakeova") == []
    assert found_orders(harbor.marketplace.pk, "#1") == [row.order_id]
    assert buyers.erase_closed(LATE) == 0


def test_whom_the_order_is_billed_to_goes_too(harbor: Harbor):
    harbor.stores[0].vendor.placing = {"invoice": "buyer"}
    harbor.stores[0].vendor.save()
    payer = Address("Quentin", "Payerov", "Pay & Co", "Bill Road 9", city="Brno", country="CZ")
    bought_for_her = replace(order(harbor), billing_address=payer)
    Orders(harbor.marketplace.pk).keep_order(bought_for_her, NOW)
    row = PurchaseOrder.objects.get()
    PurchaseOrders(row.store_id).begin_sending(row.pk, 0, NOW)
    note_event(row, NOW, "refused", why="Payerov of Bill Road 9 is blocked")
    PurchaseOrder.objects.update(state="accepted", answered_at=NOW, shipped_at=NOW)
    names = ("quentin", "payerov", "pay & co", "bill road 9")
    assert [name for name in names if name in everything()] == list(names)
    assert found_orders(harbor.marketplace.pk, "Payerov") == [row.order_id]
    (told,) = buyers.export_buyer(harbor.marketplace.pk, EMAIL)
    assert told["billing_address"]["line1"] == "Bill Road 9"
    assert buyers.erase_closed(LATE) == 1
    assert [name for name in names if name in everything()] == []
    assert found_orders(harbor.marketplace.pk, "Payerov") == []
    Orders(harbor.marketplace.pk).keep_order(bought_for_her, LATE)
    assert [name for name in names if name in everything()] == []


def test_a_place_the_vendor_was_told_later_goes_too(harbor: Harbor):
    row = placed(harbor)
    for street in ("First Lane 1", "Second Lane 2"):
        moved = replace(order(harbor), shipping_address=replace(BUYER, line1=street))
        Orders(harbor.marketplace.pk).keep_order(moved, NOW)
    row.refresh_from_db()
    assert "Second Lane 2" in row.note_due
    ship(row)
    assert buyers.erase_closed(LATE) == 1
    text = everything()
    assert [word for word in (*WORDS, "first lane", "second lane") if word in text] == []


def test_the_marketplace_says_how_long(harbor: Harbor):
    harbor.marketplace.keep_buyer_days = 7
    harbor.marketplace.save()
    ship(placed(harbor))
    assert buyers.erase_closed(NOW + timedelta(days=8)) == 1


@pytest.mark.parametrize("state", ["accepted", "uncertain", "sending", "pending"])
def test_an_open_order_keeps_its_address(harbor: Harbor, state: str):
    placed(harbor)
    PurchaseOrder.objects.update(state=state)
    assert buyers.erase_closed(LATE) == 0
    assert named() == list(WORDS)


def test_an_order_that_changes_on_shopify_does_not_bring_it_back(harbor: Harbor):
    ship(placed(harbor))
    buyers.erase_closed(LATE)
    Orders(harbor.marketplace.pk).keep_order(order(harbor), LATE)
    assert [word for word in WORDS if word in everything()] == []


def test_an_erased_order_is_not_sent_any_more(harbor: Harbor):
    old = bought(1, NOW, (harbor.lines[0], 1), created_at=NOW - timedelta(days=1))
    Orders(harbor.marketplace.pk).keep_order(old, NOW)
    assert buyers.erase_closed(LATE) == 1
    with pytest.raises(Rejected, match="erased"):
        going_live.route_by_hand(harbor.marketplace.pk, StorefrontOrder.objects.get().pk, LATE)


def test_a_buyer_gets_everything_that_is_kept(harbor: Harbor):
    row = placed(harbor)
    placed(harbor, 2, "other@buyer.example")
    (found,) = buyers.export_buyer(harbor.marketplace.pk, " ZDENKA@buyer.example")
    assert (found["order"], found["email"]) == ("#1", EMAIL)
    assert found["address"]["line1"] == "Secret Lane 77"
    assert found["sent_to"][0]["sent"]["reference"] == row.reference
    assert json.dumps(found)
    assert buyers.export_buyer(harbor.marketplace.pk + 1, EMAIL) == []
    assert buyers.export_buyer(harbor.marketplace.pk, "") == []


def test_a_buyer_who_asks_is_erased_open_orders_once_they_are_closed(harbor: Harbor):
    ship(placed(harbor))
    open_one = placed(harbor, 2)
    placed(harbor, 3, "other@buyer.example")
    done = buyers.erase_buyer(harbor.marketplace.pk, EMAIL, NOW + timedelta(hours=1))
    assert (done.erased, done.waiting) == (1, 1)
    ship(open_one, NOW + timedelta(hours=2))
    assert buyers.erase_closed(NOW + timedelta(hours=3)) == 1
    assert set(StorefrontOrder.objects.exclude(email="").values_list("name", flat=True)) == {"#3"}
