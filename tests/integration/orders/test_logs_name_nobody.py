"""A run with everything that goes wrong: the log names no buyer."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
import structlog
from django.db import IntegrityError, connection, transaction

from longshore import logs
from longshore.domain.orders import Address
from longshore.ports.errors import LongshoreError
from longshore.storage.repositories.fulfillments import Shipments
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from longshore.sync.fulfill_shipment import fulfill_shipments
from longshore.sync.place_purchase_order import place_purchase_orders
from longshore.sync.pull_orders import pull_orders
from longshore.worker.task import _in_context
from support.exam_shop import simulated_shop
from support.fake_store import FakeStore
from support.quay import COMPLETED, make_quay, parcel

pytestmark = pytest.mark.django_db
BUYER = Address(
    "Zdenka", "Fakeova", line1="Secret Lane 77", city="Brno", country="CZ", phone="777123888"
)
EMAIL = "zdenka@buyer.example"
WORDS = ("zdenka", "fakeova", "secret lane", "777123888")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logs.configure("json")
    text = io.StringIO()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(text)
    yield text
    root.handlers, root.level = before, level
    structlog.reset_defaults()


def as_job(name: str, work) -> None:
    """As the worker runs it: the end of it is a line in the log, also when it fails."""
    job = SimpleNamespace(task_name=name, id=1, attempts=0, task_kwargs={"marketplace_id": 1})
    try:
        _in_context(work, SimpleNamespace(job=job), None)  # type: ignore[arg-type]
    except (LongshoreError, ValueError, IntegrityError):
        return


def test_no_line_names_a_buyer(log: io.StringIO):
    quay = make_quay()
    owner, store_id = quay.harbor.marketplace.pk, quay.harbor.stores[0].pk
    address = {
        "firstName": "Zdenka", "lastName": "Fakeova", "address1": "Secret Lane 77", "city": "Brno",
        "countryCodeV2": "CZ", "phone": "777123888", "zip": "60200", "company": None,
        "address2": None, "provinceCode": None,
    }  # fmt: skip
    lines = [{"variant_id": quay.harbor.lines[0].variant_gid, "quantity": 1}]
    gid = quay.shop.control("checkout", lines=lines, email="zdenka@buyer.example")["id"]
    quay.shop.control("orders/change", order_id=gid, shipping_address=address, note="For Zdenka")
    as_job("pull_orders", lambda: pull_orders(quay.shop.storefront, Orders(owner), quay.clock))
    store = FakeStore(quay.clock, share=0.9)
    for _ in range(6):
        as_job("place", lambda: place_purchase_orders(
            store, PurchaseOrders(store_id), quay.clock, request_timeout=timedelta(seconds=60),  # type: ignore[arg-type]
        ))  # fmt: skip
        quay.clock.forward(90)
    real_store()
    row = quay.order(1)
    quay.store_says(row, COMPLETED, parcel("1ZFAKE"))
    quay.shop.control("orders/cancel", order_id=row.order.order_gid)
    as_job("fulfill", lambda: fulfill_shipments(quay.shop.storefront, Shipments(owner), quay.clock))
    as_job("broken", broken_row)
    as_job("mailed", mail_told)
    text = log.getvalue()
    assert len(text.splitlines()) >= 8, "it was logged at all"
    assert "job_failed" in text
    assert [word for word in WORDS if word in text.casefold()] == []
    assert all(json.loads(line) for line in text.splitlines())


def real_store() -> None:
    """A shop that refuses the order in words of its own, and one that breaks on it."""
    with simulated_shop("9.9.5", "https") as shop:
        draft = shop.draft("LS-LOG1", (shop.tracked(), 1))
        bad = type(draft)(**{
            **{name: getattr(draft, name) for name in draft.__slots__},
            "shipping_address": BUYER, "buyer_email": "zdenka.no.address",
        })  # fmt: skip
        as_job("refused", lambda: shop.store.create_order(bad))


def broken_row() -> None:
    """PostgreSQL tells the whole row that it could not take."""
    whole = f"{BUYER.first_name}\n{BUYER.last_name}\n{BUYER.line1}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE buyers_once (name text, n int NOT NULL)")
        cursor.execute("INSERT INTO buyers_once VALUES (%s, NULL)", [whole])


def mail_told() -> None:
    raise ValueError(f"bad: {EMAIL}")
