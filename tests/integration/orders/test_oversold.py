"""An order that takes a store below zero is an exception at once, and no longer than it is so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from longshore.domain.stock import StockStatus, StoreStock
from longshore.ports.stores import Found, StockLine
from longshore.storage.models import (
    OpenFinding,
    PurchaseOrder,
    Reservation,
    StorefrontOrder,
    Vendor,
    VendorVariant,
)
from longshore.storage.repositories.catalog import Catalog
from longshore.storage.repositories.orders import Orders
from support.harbor import Harbor, bought, make_harbor

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor() -> Harbor:
    return make_harbor(NOW)


def buy(harbor: Harbor, number: int, units: int, place: int = 0, at: datetime = NOW):
    order = bought(number, at, (harbor.lines[place], units))
    Orders(harbor.marketplace.pk).keep_order(order, LATER)
    return order


def oversold() -> list[str]:
    rows = OpenFinding.objects.filter(code="order_oversold", resolved_at=None)
    return sorted(row.evidence["order"] for row in rows)


def read(harbor: Harbor, quantity: int, place: int = 0, at: datetime = LATER) -> None:
    """The store says what it has."""
    variant = harbor.lines[place].variant
    line = StockLine(
        variant.product_id_in_store,
        0,
        StoreStock(tracked=True, quantity=quantity, status=StockStatus.IN_STOCK),
        pooled=False,
        modified_at=None,
        status="publish",
    )
    found = Found((line,), frozenset(), (), at)
    Catalog().keep_watched(variant.store_id, found, at)


def test_the_order_that_cannot_be_had_is_told_at_once(harbor: Harbor):
    buy(harbor, 1, 18)
    assert oversold() == []
    buy(harbor, 2, 3, at=NOW + timedelta(seconds=5))
    assert oversold() == ["#2"]
    found = OpenFinding.objects.get(code="order_oversold")
    assert (found.vendor.name, found.evidence["product"]) == ("Kiln", "A thing")
    assert found.subject == f"order:{StorefrontOrder.objects.get(name='#2').pk}"


def test_all_that_is_there_may_be_sold(harbor: Harbor):
    buy(harbor, 1, 20)
    assert oversold() == []


def test_it_ends_when_the_vendor_has_more(harbor: Harbor):
    buy(harbor, 1, 25)
    assert oversold() == ["#1"]
    read(harbor, 25)
    assert oversold() == []


def test_it_ends_when_the_order_is_canceled_or_made_smaller(harbor: Harbor):
    first = buy(harbor, 1, 15)
    second = buy(harbor, 2, 10, at=NOW + timedelta(seconds=5))
    assert oversold() == ["#2"]
    canceled = replace(second, canceled_at=LATER, updated_at=LATER)
    Orders(harbor.marketplace.pk).keep_order(canceled, LATER)
    assert oversold() == []
    buy(harbor, 3, 10, at=NOW + timedelta(seconds=9))
    assert oversold() == ["#3"]
    less = replace(first, lines=(replace(first.lines[0], quantity=4),), updated_at=LATER)
    Orders(harbor.marketplace.pk).keep_order(less, LATER)
    assert oversold() == []


def test_a_sale_in_the_vendors_own_shop_shows_too(harbor: Harbor):
    buy(harbor, 1, 10)
    read(harbor, 8)
    assert oversold() == ["#1"]


def test_a_store_below_zero_names_the_newest_open_order(harbor: Harbor):
    buy(harbor, 1, 4)
    buy(harbor, 2, 4, at=NOW + timedelta(seconds=5))
    Reservation.objects.update(reduced_seen_at=NOW + timedelta(seconds=10))
    read(harbor, -2)
    assert oversold() == ["#2"]
    PurchaseOrder.objects.filter(order__name="#2").update(shipped_at=LATER)
    read(harbor, -3, at=LATER + timedelta(minutes=1))
    assert oversold() == ["#1"]


def test_who_takes_backorders_is_not_oversold(harbor: Harbor):
    Vendor.objects.update(sell_backorders=True)
    VendorVariant.objects.update(stock_status="onbackorder", quantity=0)
    buy(harbor, 1, 3)
    assert oversold() == []


def test_what_is_not_counted_is_not_oversold(harbor: Harbor):
    VendorVariant.objects.update(tracked=False, quantity=None)
    buy(harbor, 1, 300)
    assert oversold() == []


def test_variants_of_one_pool_are_one_shelf(harbor: Harbor):
    first, second = harbor.lines[0].variant, harbor.lines[1].variant
    second.product, second.product_id_in_store, second.variation_id = first.product, 1, 12
    second.save()
    VendorVariant.objects.filter(product=first.product).update(pooled=True, quantity=20)
    buy(harbor, 1, 12)
    assert oversold() == []
    buy(harbor, 2, 12, place=1, at=NOW + timedelta(seconds=5))
    assert oversold() == ["#2"]


def test_many_orders_are_looked_through_in_as_many_questions_as_few(harbor: Harbor):
    def asked(number: int) -> int:
        order = bought(number, NOW + timedelta(seconds=number), (harbor.lines[0], 1))
        with CaptureQueriesContext(connection) as seen:
            Orders(harbor.marketplace.pk).keep_order(order, LATER)
        return len(seen)

    buy(harbor, 1, 25)
    few = asked(2)
    for number in range(3, 12):
        buy(harbor, number, 1, at=NOW + timedelta(seconds=number))
    assert asked(12) == few
