"""What is late is found, and closed when it is not late any more."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from longshore.storage.models import OpenFinding, PurchaseOrder, Shipment
from longshore.storage.queries.figures import figures
from longshore.storage.repositories.deadlines import check_deadlines
from longshore.storage.repositories.orders import Orders
from support.harbor import Harbor, bought, make_harbor

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-23T12:00:00+00:00")


@pytest.fixture
def harbor() -> Harbor:
    return make_harbor(NOW)


def taken(harbor: Harbor, count: int, line: int = 0) -> list[PurchaseOrder]:
    """Orders that the vendor's store took."""
    for number in range(count):
        order = bought(number + 100 * line, NOW, (harbor.lines[line], 1))
        Orders(harbor.marketplace.pk).keep_order(order, NOW)
    rows = PurchaseOrder.objects.filter(store=harbor.lines[line].variant.store)
    rows.update(state="accepted", answered_at=NOW)
    return list(rows.order_by("pk"))


def open_codes() -> list[str]:
    rows = OpenFinding.objects.filter(resolved_at=None).order_by("pk")
    return list(rows.values_list("code", flat=True))


def test_late_orders_are_findings_until_they_are_shipped(harbor: Harbor):
    (row,) = taken(harbor, 1)
    assert check_deadlines(NOW + timedelta(days=1)) == 0
    assert check_deadlines(NOW + timedelta(days=5)) == 1
    found = OpenFinding.objects.get()
    assert (found.code, found.vendor_id, found.evidence["days"]) == (
        "late_to_ship", row.vendor_id, 3,
    )  # fmt: skip
    check_deadlines(NOW + timedelta(days=6))
    assert OpenFinding.objects.get().evidence["days"] == 4
    PurchaseOrder.objects.update(shipped_at=NOW)
    check_deadlines(NOW + timedelta(days=6))
    assert open_codes() == []


def test_an_order_that_does_not_arrive_is_late_to_be_taken(harbor: Harbor):
    taken(harbor, 1)
    PurchaseOrder.objects.update(state="uncertain", answered_at=None)
    check_deadlines(NOW + timedelta(hours=6))
    assert open_codes() == ["late_to_accept"]


def test_a_shipment_without_a_number_lacks_one(harbor: Harbor):
    (row,) = taken(harbor, 1)
    PurchaseOrder.objects.update(shipped_at=NOW)
    Shipment.objects.create(
        marketplace=harbor.marketplace, purchase_order=row, key="k", state="fulfilled", found_at=NOW
    )
    check_deadlines(NOW + timedelta(hours=25))
    assert open_codes() == ["tracking_missing"]
    Shipment.objects.update(tracking_number="A")
    check_deadlines(NOW + timedelta(hours=26))
    assert open_codes() == []


def test_many_late_orders_cost_few_statements(harbor: Harbor):
    taken(harbor, 40)
    with CaptureQueriesContext(connection) as queries:
        assert check_deadlines(NOW + timedelta(days=5)) == 40
    assert len(queries) < 12


def test_figures_of_a_vendor(harbor: Harbor):
    rows = taken(harbor, 4)
    PurchaseOrder.objects.filter(pk=rows[0].pk).update(state="refused")
    PurchaseOrder.objects.filter(pk=rows[1].pk).update(shipped_at=NOW)
    found = figures(harbor.marketplace.pk, rows[0].vendor_id, NOW + timedelta(days=9))
    assert (found.accepted.percent, found.late.percent, found.tracked.percent) == (75, 67, None)
