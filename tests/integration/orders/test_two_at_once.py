"""What changes on Shopify in the very instant in which an order begins to be sent is not lost,
whichever of the two transactions is first.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction

from longshore.domain.orders import StorefrontOrder
from longshore.storage.models import OpenFinding, PurchaseOrder
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_drafts import read
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from support.beside import Beside
from support.fake_store import HandClock
from support.harbor import Harbor, bought, make_harbor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def harbor(clock: HandClock) -> Iterator[Harbor]:
    yield make_harbor(clock.now())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def keep(harbor: Harbor, clock: HandClock, order: StorefrontOrder) -> None:
    assert Orders(harbor.marketplace.pk).keep_order(order, clock.now()) == ""


def two(harbor: Harbor, clock: HandClock, *units: int, **changes: object) -> StorefrontOrder:
    """The order with so many units of each of its lines, changed a moment ago."""
    lines = list(zip(harbor.lines, units, strict=False))
    later = clock.now() + timedelta(seconds=1)
    return bought(1, clock.now(), *lines, updated_at=later, **changes)


def begin(harbor: Harbor, clock: HandClock, row: PurchaseOrder) -> object:
    return PurchaseOrders(harbor.stores[0].pk).begin_sending(row.pk, 0, clock.now())


def raced(
    harbor: Harbor, clock: HandClock, changed: StorefrontOrder, *, sending_first: bool
) -> PurchaseOrder:
    """Both at once: one is not committed yet when the other begins."""
    keep(harbor, clock, bought(1, clock.now(), (harbor.lines[0], 2)))
    row = PurchaseOrder.objects.get()
    steps = [lambda: begin(harbor, clock, row), lambda: keep(harbor, clock, changed)]
    first, second = steps if sending_first else reversed(steps)
    with transaction.atomic():
        first()
        other = Beside(second)
        other.until_it_waits()
    other.end()
    row.refresh_from_db()
    return row


def units_sent(row: PurchaseOrder) -> list[int]:
    return [line.quantity for line in read(row.draft).lines]


def test_a_line_added_as_the_order_is_sent_goes_out_on_its_own(harbor: Harbor, clock: HandClock):
    row = raced(harbor, clock, two(harbor, clock, 2, 1), sending_first=True)
    assert (row.state, units_sent(row)) == ("sending", [2])
    later = PurchaseOrder.objects.exclude(pk=row.pk).get()
    assert (later.state, later.round) == ("pending", 2)
    assert list(later.lines.values_list("quantity", flat=True)) == [1]
    assert list(row.lines.values_list("quantity", flat=True)) == [2]


def test_a_line_added_first_goes_out_with_the_order(harbor: Harbor, clock: HandClock):
    row = raced(harbor, clock, two(harbor, clock, 2, 1), sending_first=False)
    assert (row.state, units_sent(row)) == ("sending", [2, 1])
    assert PurchaseOrder.objects.count() == 1


def test_a_quantity_changed_as_the_order_is_sent_is_told(harbor: Harbor, clock: HandClock):
    row = raced(harbor, clock, two(harbor, clock, 1), sending_first=True)
    assert units_sent(row) == [2]
    assert row.told_edits
    assert row.note_due
    codes = OpenFinding.objects.filter(resolved_at=None).values_list("code", flat=True)
    assert set(codes) == {"order_edited_after_sending"}


def test_a_quantity_changed_first_goes_out_as_it_is(harbor: Harbor, clock: HandClock):
    row = raced(harbor, clock, two(harbor, clock, 1), sending_first=False)
    assert units_sent(row) == [1]
    assert not row.told_edits


def test_an_order_canceled_as_it_is_sent_is_canceled_in_its_store(harbor: Harbor, clock: HandClock):
    changed = two(harbor, clock, 2, canceled_at=clock.now())
    row = raced(harbor, clock, changed, sending_first=True)
    assert row.state == "sending"
    assert row.cancel_asked_at is not None


def test_an_order_canceled_first_is_not_sent(harbor: Harbor, clock: HandClock):
    changed = two(harbor, clock, 2, canceled_at=clock.now())
    row = raced(harbor, clock, changed, sending_first=False)
    assert (row.state, row.draft) == ("canceled", None)
