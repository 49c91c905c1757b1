from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from longshore.domain.orders import OrderLine, Payment
from longshore.ports.errors import Rejected
from longshore.storage import due_work
from longshore.storage.models import (
    Hint,
    ListingVariant,
    Marketplace,
    OpenFinding,
    PurchaseOrder,
    PurchaseOrderLine,
    Reservation,
    StorefrontOrder,
)
from longshore.storage.repositories import going_live
from longshore.storage.repositories.orders import Orders
from support.harbor import Harbor, bought, make_harbor

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor() -> Harbor:
    return make_harbor(NOW)


def keep(harbor: Harbor, order) -> StorefrontOrder:
    Orders(harbor.marketplace.pk).keep_order(order, LATER)
    return StorefrontOrder.objects.get(order_gid=order.order_id)


def known(line: ListingVariant) -> int | None:
    return ListingVariant.objects.get(pk=line.pk).known_quantity


def test_an_order_is_split_into_one_purchase_order_a_store(harbor: Harbor):
    a, b, c, _ = harbor.lines
    keep(harbor, bought(1, NOW, (a, 1), (b, 2), (c, 3)))
    found = {
        order.store_id: sorted(order.lines.values_list("quantity", flat=True))
        for order in PurchaseOrder.objects.all()
    }
    assert found == {harbor.stores[0].pk: [1, 2], harbor.stores[1].pk: [3]}
    references = set(PurchaseOrder.objects.values_list("reference", flat=True))
    assert len(references) == 2


def test_reading_it_again_changes_nothing(harbor: Harbor):
    order = bought(1, NOW, (harbor.lines[0], 2))
    for _ in range(3):
        keep(harbor, order)
    assert PurchaseOrder.objects.count() == 1
    assert PurchaseOrderLine.objects.count() == 1
    assert Reservation.objects.get().quantity == 2
    assert known(harbor.lines[0]) == 18


def test_a_sale_is_reserved_and_leaves_what_shopify_is_believed_to_show(harbor: Harbor):
    keep(harbor, bought(1, NOW, (harbor.lines[0], 3)))
    line = ListingVariant.objects.get(pk=harbor.lines[0].pk)
    assert (line.known_quantity, line.wanted_quantity, line.reserved) == (17, 17, 3)
    assert not line.stock_dirty


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"payment": Payment.PENDING}, "payment"),
        ({"payment": Payment.AUTHORIZED}, "payment"),
        ({"test": True}, "test"),
        ({"created_at": NOW - timedelta(days=1)}, "before_go_live"),
    ],
)
def test_some_orders_wait_and_say_why(harbor: Harbor, changes: dict, reason: str):
    row = keep(harbor, bought(1, NOW, (harbor.lines[0], 1), **changes))
    assert (row.routing, row.waits_for) == ("waiting", reason)
    assert not PurchaseOrder.objects.exists()


def test_a_payment_that_comes_later_routes_it(harbor: Harbor):
    order = bought(1, NOW, (harbor.lines[0], 1), payment=Payment.PENDING)
    keep(harbor, order)
    row = keep(harbor, replace(order, payment=Payment.PAID))
    assert (row.routing, row.waits_for) == ("routed", "")
    assert PurchaseOrder.objects.count() == 1


def test_an_old_order_can_be_sent_by_hand_once(harbor: Harbor):
    row = keep(harbor, bought(1, NOW, (harbor.lines[0], 1), created_at=NOW - timedelta(days=1)))
    assert OpenFinding.objects.get().code == "order_before_go_live"
    going_live.route_by_hand(harbor.marketplace.pk, row.pk, LATER)
    assert PurchaseOrder.objects.count() == 1
    assert not OpenFinding.objects.filter(resolved_at=None).exists()
    with pytest.raises(Rejected, match="sent already"):
        going_live.route_by_hand(harbor.marketplace.pk, row.pk, LATER)


def test_an_unpaid_order_is_not_sent_by_hand_either(harbor: Harbor):
    row = keep(harbor, bought(1, NOW, (harbor.lines[0], 1), payment=Payment.PENDING))
    with pytest.raises(Rejected, match="payment"):
        going_live.route_by_hand(harbor.marketplace.pk, row.pk, LATER)
    assert not StorefrontOrder.objects.get().routed_by_hand


def test_another_marketplaces_order_is_no_ones(harbor: Harbor):
    row = keep(harbor, bought(1, NOW, (harbor.lines[0], 1), payment=Payment.PENDING))
    with pytest.raises(Rejected, match="no such order"):
        going_live.route_by_hand(harbor.marketplace.pk + 1, row.pk, LATER)


def test_lines_of_nobody_are_an_exception_and_gift_cards_are_left_out(harbor: Harbor):
    order = bought(1, NOW, (harbor.lines[0], 1))
    strange = OrderLine("gid://shopify/LineItem/9", "gid://shopify/ProductVariant/9", "Strange",
                        "", 1, order.lines[0].unit_price)  # fmt: skip
    card = replace(strange, line_id="gid://shopify/LineItem/8", title="Card", gift_card=True)
    row = keep(harbor, replace(order, lines=(*order.lines, strange, card)))
    assert OpenFinding.objects.get().code == "line_without_vendor"
    assert row.lines.get(title="Card").left_out == "gift_card"
    assert PurchaseOrder.objects.count() == 1


def test_cancelling_before_sending_closes_it_and_frees_the_goods(harbor: Harbor):
    order = bought(1, NOW, (harbor.lines[0], 2))
    keep(harbor, order)
    row = keep(harbor, replace(order, canceled_at=LATER, updated_at=LATER))
    assert row.routing == "closed"
    assert PurchaseOrder.objects.get().state == "canceled"
    line = ListingVariant.objects.get(pk=harbor.lines[0].pk)
    assert (line.known_quantity, line.reserved) == (20, 0)


def test_an_older_answer_that_comes_late_changes_nothing(harbor: Harbor):
    order = bought(1, NOW, (harbor.lines[0], 2))
    keep(harbor, replace(order, canceled_at=LATER, updated_at=LATER))
    keep(harbor, order)
    assert not PurchaseOrder.objects.exists()
    assert known(harbor.lines[0]) == 20


def test_an_edit_before_sending_is_followed(harbor: Harbor):
    order = bought(1, NOW, (harbor.lines[0], 3))
    keep(harbor, order)
    less = replace(order.lines[0], quantity=1)
    keep(harbor, replace(order, lines=(less,), updated_at=LATER))
    assert PurchaseOrderLine.objects.get().quantity == 1
    assert Reservation.objects.get().quantity == 1
    assert known(harbor.lines[0]) == 19


def test_an_order_is_held_until_its_buyer_has_had_time(harbor: Harbor):
    Marketplace.objects.update(hold_minutes=10)
    order = bought(1, NOW, (harbor.lines[0], 1))
    row = keep(harbor, order)
    assert (row.routing, row.waits_for) == ("waiting", "hold")
    assert due_work.let_go(NOW + timedelta(minutes=9)) == 0
    assert due_work.let_go(NOW + timedelta(minutes=10)) == 1
    assert Hint.objects.get().resource_id == order.order_id
    Orders(harbor.marketplace.pk).keep_order(order, NOW + timedelta(minutes=10))
    assert PurchaseOrder.objects.count() == 1
    Marketplace.objects.update(hold_minutes=60)
    row = keep(harbor, order)
    assert row.routing == "routed"


def test_an_authorized_order_goes_out_where_the_marketplace_says_so(harbor: Harbor):
    Marketplace.objects.update(route_authorized=True)
    row = keep(harbor, bought(1, NOW, (harbor.lines[0], 1), payment=Payment.AUTHORIZED))
    assert row.routing == "routed"


def test_an_attempt_that_was_put_back_is_made_again_and_not_twice(harbor: Harbor):
    """Read from Shopify meanwhile, the order keeps the part that is tried again."""
    order = bought(1, NOW, (harbor.lines[0], 1))
    keep(harbor, order)
    PurchaseOrder.objects.update(posts=1, draft={"reference": "LS-1"})
    keep(harbor, replace(order, note="Ring twice.", updated_at=LATER))
    assert PurchaseOrder.objects.count() == 1
    assert PurchaseOrder.objects.get().lines.count() == 1
