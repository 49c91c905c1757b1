"""Shopify is asked for many orders at once, and a vendor's shop for few."""

from dataclasses import replace
from decimal import Decimal

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from longshore.domain.money import Money
from longshore.domain.orders import StoreOrderState
from longshore.storage.models import Hint, HintKind, OpenFinding, PurchaseOrder, StorefrontOrder
from longshore.storage.repositories import unreadable_orders
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_drafts import draft_of
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from longshore.sync.pull_orders import pull_orders
from support.fake_store import FakeStore
from support.quay import Quay

pytestmark = pytest.mark.django_db


def hinted(quay: Quay, *order_gids: str) -> None:
    for gid in order_gids:
        Hint.objects.create(
            marketplace=quay.harbor.marketplace,
            source=f"storefront:{quay.harbor.storefront.pk}",
            kind=HintKind.STOREFRONT_ORDER,
            resource_id=gid,
            noted_at=quay.clock.now(),
        )


def test_orders_that_hints_name_are_read_in_one_call(quay: Quay):
    goods = [{"variant_id": quay.harbor.lines[0].variant_gid, "quantity": 1}]
    gids = [quay.shop.control("checkout", lines=goods)["id"] for _ in range(3)]
    hinted(quay, *gids, "gid://shopify/Order/999999999")
    before = quay.shop.storefront.requests_made
    ledger = Orders(quay.harbor.marketplace.pk)
    assert pull_orders(quay.shop.storefront, ledger, quay.clock) == 3
    assert quay.shop.storefront.requests_made == before + 1
    assert set(StorefrontOrder.objects.values_list("order_gid", flat=True)) == set(gids)
    assert not Hint.objects.filter(kind=HintKind.STOREFRONT_ORDER).exists(), (
        "also of one that is gone"
    )


@pytest.mark.parametrize(
    ("state", "follows"),
    [
        (StoreOrderState.PROCESSING, "refresh_products"),
        (StoreOrderState.ON_HOLD, "refresh_products"),
        (StoreOrderState.PENDING, "pull_shipments"),
    ],
)
def test_what_an_accepted_order_has_read(quay: Quay, state: StoreOrderState, follows: str):
    """Its goods, where it took them out of the stock; else the order itself, a moment later."""
    row = quay.order(1)
    PurchaseOrder.objects.update(state="sending", posts=1, store_order_id=None)
    ProcrastinateJob.objects.all()._raw_delete("default")
    ledger = PurchaseOrders(row.store_id)
    store = FakeStore(quay.clock)  # type: ignore[arg-type]
    store.create_order(draft_of(row, quay.clock.now()))
    (number,) = store.orders
    store.change(number, state=state)
    ledger.accepted(row.pk, store.orders[number], quay.clock.now(), adopted=False)
    assert list(ProcrastinateJob.objects.values_list("task_name", flat=True)) == [follows]
    assert ProcrastinateJob.objects.get().scheduled_at is not None, "not one job for each order"


def test_an_order_that_makes_no_sense_keeps_the_others_from_nothing(quay: Quay):
    """It is told, tried again every hour, and forgotten once it is read."""
    owner = quay.harbor.marketplace.pk
    goods = [{"variant_id": quay.harbor.lines[0].variant_gid, "quantity": 1}]
    odd, sound = [quay.shop.control("checkout", lines=goods)["id"] for _ in range(2)]
    number = int(odd.rpartition("/")[2])
    row = next(one for one in quay.shop.state.orders.values() if one["id"] == odd)
    row["cancelledAt"] = "the day before"
    hinted(quay, odd, sound)
    pull_orders(quay.shop.storefront, Orders(owner), quay.clock)
    assert StorefrontOrder.objects.get().order_gid == sound
    (told,) = OpenFinding.objects.filter(marketplace_id=owner, code="order_unreadable")
    assert told.subject == f"storefront_order:{number}"
    assert "the day before" in told.evidence["why"]
    assert not Hint.objects.exists()

    now = quay.clock.now()
    assert unreadable_orders.ask_again(now) == 0, "it was tried a moment ago"
    assert unreadable_orders.ask_again(now + unreadable_orders.AGAIN_AFTER) == 1
    row["cancelledAt"] = None
    pull_orders(quay.shop.storefront, Orders(owner), quay.clock)
    assert StorefrontOrder.objects.filter(order_gid=odd).exists()
    told.refresh_from_db()
    assert told.resolved_at is not None


def test_an_order_that_the_tables_cannot_hold_keeps_the_others_from_nothing(quay: Quay):
    owner = quay.harbor.marketplace.pk
    goods = [{"variant_id": quay.harbor.lines[0].variant_gid, "quantity": 1}]
    gids = [quay.shop.control("checkout", lines=goods)["id"] for _ in range(2)]
    found = quay.shop.storefront.read_orders(gids).by_id
    endless = replace(found[gids[0]], shipping_price=Money(Decimal("1e30"), "EUR"))
    ledger = Orders(owner)
    why = [ledger.keep_order(one, quay.clock.now()) for one in (endless, found[gids[1]])]
    assert why[0]
    assert not why[1]
    assert StorefrontOrder.objects.get().order_gid == gids[1]
