"""Buyers' data goes some time after an order is closed, or when they ask; and never comes back."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import CharField, Field, JSONField, Model, TextField

from longshore.domain.findings import Finding
from longshore.domain.money import Money
from longshore.domain.orders import Address
from longshore.domain.refunds import Refund
from longshore.ports.errors import Rejected
from longshore.storage.models import (
    OpenFinding,
    OrderEvent,
    OrderRefund,
    PurchaseOrder,
    Shipment,
    StorefrontOrder,
)
from longshore.storage.queries.search import found_orders
from longshore.storage.repositories import buyers, going_live
from longshore.storage.repositories.findings import note_finding
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from longshore.storage.repositories.refunds import keep_store_refunds
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


# --- wherever it may be kept ---

SAID = "Zdenka Fakeova of Secret Lane 77, zdenka@buyer.example, 777123"
NAMES_NOBODY = {
    "StorefrontOrder": {"order_gid", "name", "currency", "shipping_title", "waits_for"},
    "StorefrontOrderLine": {"line_gid", "variant_gid", "title", "sku", "left_out"},
    "PurchaseOrder": {"reference", "store_order_number", "raw_status", "former", "conflict"},
    "Shipment": {"key", "tracking_number", "carrier", "fulfillment_gids", "told_number"},
    "OrderRefund": {"refund_id", "currency", "lines"},
    "OrderEvent": {"kind"},
    "OpenFinding": {"subject", "code", "severity", "who"},
}
"""Texts that are what they are without a buyer: numbers, codes, goods. Whatever else there is in
rows of an order has to be erased, also when it is new."""


def rows_of_orders() -> list[type[Model]]:
    """Every model whose rows belong to an order, and the findings about them."""
    found: list[type[Model]] = [StorefrontOrder, OpenFinding]
    for model in found:
        for relation in model._meta.related_objects:
            if relation.related_model not in found:
                found.append(relation.related_model)
    return found


def texts(model: type[Model]) -> list[Field]:
    kinds = (CharField, TextField, JSONField)
    return [
        one for one in model._meta.concrete_fields if isinstance(one, kinds) and not one.choices
    ]


def everywhere_said(row: Model, field: Field) -> object:
    """The buyer's data in this field, in the shape it has."""
    held = getattr(row, field.name)
    if not isinstance(field, JSONField):
        return SAID[: field.max_length]
    return [["x", SAID]] if isinstance(held, list) else {**(held or {}), "one more": SAID}


def whole_life(harbor: Harbor) -> PurchaseOrder:
    """Sent, refused, shipped, paid back by both sides, each in words that name the buyer."""
    part = placed(harbor)
    ten = Money(Decimal(10), "EUR")
    paid = (Refund("r1", ten, reason=SAID),)
    Orders(harbor.marketplace.pk).keep_order(replace(order(harbor), refunds=paid), NOW)
    keep_store_refunds(part, (Refund("7", ten, reason=SAID),), NOW)
    Shipment.objects.create(
        marketplace=harbor.marketplace,
        purchase_order=part,
        key="k",
        found_at=NOW,
        tracking_url="https://t.example/?to=Secret%20Lane&for=Zdenka",
        others=[["N2", "https://t.example/Fakeova"]],
        why=f"Shopify: {SAID}",
    )
    ship(part)
    return part


def test_no_field_of_any_row_of_an_order_keeps_the_buyer(harbor: Harbor):
    """Also one that is made tomorrow: it is erased, or named among those that name nobody."""
    whole_life(harbor)
    for model in rows_of_orders():
        for row in model._base_manager.all():
            for field in texts(model):
                if field.name not in NAMES_NOBODY.get(model.__name__, ()):
                    setattr(row, field.name, everywhere_said(row, field))
            row.save()
    assert buyers.erase_closed(LATE) == 1
    left = {
        (model.__name__, field.name)
        for model in rows_of_orders()
        for row in model._base_manager.all()
        for field in texts(model)
        if any(word in json.dumps(getattr(row, field.name)).casefold() for word in WORDS)
    }
    assert left == set()


def test_no_table_keeps_the_buyer(harbor: Harbor):
    whole_life(harbor)
    assert "storage_orderrefund" in tables_that_say(WORDS)
    assert buyers.erase_closed(LATE) == 1
    assert tables_that_say(WORDS) == []


def tables_that_say(words: tuple[str, ...]) -> list[str]:
    """Tables of the whole database, the queue's among them, with one of these words."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT coalesce(string_agg(t::text, chr(10)), $$$$) FROM "{table}" t')
            ((text,),) = cursor.fetchall()
            if any(word in text.casefold() for word in words):
                found.append(table)
    return found


def test_an_address_that_was_changed_after_sending_goes_too(harbor: Harbor):
    part = placed(harbor)
    moved = replace(BUYER, first_name="Other", last_name="Person", line1="New Road 1", phone="")
    told = replace(order(harbor), shipping_address=moved, email="other@buyer.example", note="",
                   updated_at=NOW + timedelta(hours=1))  # fmt: skip
    Orders(harbor.marketplace.pk).keep_order(told, NOW)
    ship(part)
    assert buyers.erase_closed(LATE) == 1
    assert tables_that_say((*WORDS, "other person", "new road")) == []


def test_a_refund_after_that_brings_nothing_back(harbor: Harbor):
    part = whole_life(harbor)
    assert buyers.erase_closed(LATE) == 1
    part.refresh_from_db()
    refund = Refund("8", Money(Decimal(5), "EUR"), reason=SAID)
    keep_store_refunds(part, (refund,), LATE)
    Orders(harbor.marketplace.pk).keep_order(replace(order(harbor), refunds=(refund,)), LATE)
    assert OrderRefund.objects.count() == 4
    assert tables_that_say(WORDS) == []


def test_refunds_are_handed_out_too(harbor: Harbor):
    whole_life(harbor)
    (found,) = buyers.export_buyer(harbor.marketplace.pk, EMAIL)
    assert [(one["by"], one["reason"]) for one in found["refunds"]] == [
        ("storefront", SAID),
        ("store", SAID),
    ]
