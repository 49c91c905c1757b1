"""Shopify is asked for many orders at once, and a vendor's shop for few."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from procrastinate.contrib.django.models import ProcrastinateJob

from longshore.domain.money import Money
from longshore.domain.orders import StoreOrderState
from longshore.ports.storefronts import FoundOrders
from longshore.storage.models import Hint, HintKind, OpenFinding, PurchaseOrder, StorefrontOrder
from longshore.storage.models import Storefront as StorefrontRow
from longshore.storage.repositories import orders as orders_as_rows
from longshore.storage.repositories import unreadable_orders
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_drafts import draft_of
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from longshore.sync.pull_orders import ORDERS_AT_ONCE, pull_orders
from longshore.worker import jobs_orders
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


def bought(quay: Quay, count: int) -> list[str]:
    goods = [{"variant_id": quay.harbor.lines[0].variant_gid, "quantity": 1}]
    return [quay.shop.control("checkout", lines=goods)["id"] for _ in range(count)]


def test_a_walk_reads_again_only_what_changed_since_it_was_read(quay: Quay):
    """Stock that was written while buyers bought asks for one; most of what it meets is known."""
    owner = quay.harbor.marketplace.pk
    ledger = Orders(owner)
    first, other = bought(quay, 2)
    read_orders = quay.shop.storefront.read_orders
    read: list[str] = []

    def noted(order_ids: Sequence[str]) -> FoundOrders:
        read.extend(order_ids)
        return read_orders(order_ids)

    quay.shop.storefront.read_orders = noted  # type: ignore[method-assign]
    StorefrontRow.objects.update(orders_read_to=quay.clock.now())
    assert pull_orders(quay.shop.storefront, ledger, quay.clock, everything=True) == 2
    StorefrontOrder.objects.update(
        routing="routed", read_at=F("updated_in_shop") + timedelta(seconds=2)
    )
    read.clear()
    pull_orders(quay.shop.storefront, ledger, quay.clock, everything=True)
    assert sorted(read) == sorted([first, other]), "it may have changed again in that second"
    StorefrontOrder.objects.update(
        routing="routed", read_at=F("updated_in_shop") + timedelta(seconds=20)
    )
    StorefrontOrder.objects.filter(order_gid=other).update(
        updated_in_shop=F("updated_in_shop") - timedelta(seconds=1)
    )
    read.clear()
    pull_orders(quay.shop.storefront, ledger, quay.clock, everything=True)
    assert read == [other]
    StorefrontOrder.objects.filter(order_gid=first).update(routing="waiting")
    read.clear()
    pull_orders(quay.shop.storefront, ledger, quay.clock, everything=True)
    assert first in read, "its time may have come"


def test_a_backlog_is_shared(quay: Quay, monkeypatch: pytest.MonkeyPatch):
    gids = bought(quay, ORDERS_AT_ONCE + 5)
    hinted(quay, *gids)
    owner = quay.harbor.marketplace.pk
    monkeypatch.setattr(
        jobs_orders, "storefront_at_work", lambda _: nullcontext(quay.shop.storefront)
    )
    ProcrastinateJob.objects.all()._raw_delete("default")
    jobs_orders.pull_orders(marketplace_id=owner)
    shares = ProcrastinateJob.objects.filter(task_name="follow_orders")
    assert sorted(one.args["share"] for one in shares) == [1, 2]
    kept = set(StorefrontOrder.objects.values_list("order_gid", flat=True))
    assert 0 < len(kept) < len(gids)
    for one in shares:
        jobs_orders.follow_orders(**one.args)
    assert set(StorefrontOrder.objects.values_list("order_gid", flat=True)) == set(gids)
    assert not Hint.objects.filter(kind=HintKind.STOREFRONT_ORDER).exists()


def test_what_is_left_of_a_long_backlog_is_asked_for_at_once(
    quay: Quay, monkeypatch: pytest.MonkeyPatch
):
    hinted(quay, *bought(quay, 3))
    monkeypatch.setattr(orders_as_rows, "MOST_HINTS", 2)
    monkeypatch.setattr(
        jobs_orders, "storefront_at_work", lambda _: nullcontext(quay.shop.storefront)
    )
    ProcrastinateJob.objects.all()._raw_delete("default")
    jobs_orders.pull_orders(marketplace_id=quay.harbor.marketplace.pk)
    asked = ProcrastinateJob.objects.values_list("task_name", flat=True)
    assert "pull_orders" in asked
    jobs_orders.pull_orders(marketplace_id=quay.harbor.marketplace.pk)
    assert StorefrontOrder.objects.count() == 3


def test_an_order_that_stood_in_anothers_way_is_kept_at_the_next_try(quay: Quay):
    """The database ends one of two transactions that wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE SEQUENCE kept_before; CREATE FUNCTION in_the_way() RETURNS trigger"
            " LANGUAGE plpgsql AS $$ BEGIN IF nextval('kept_before') < 2 THEN RAISE"
            " EXCEPTION USING ERRCODE = '40P01'; END IF; RETURN NEW; END $$;"
            " CREATE TRIGGER in_the_way BEFORE INSERT ON storage_storefrontorder"
            " FOR EACH ROW EXECUTE FUNCTION in_the_way()"
        )
    (gid,) = bought(quay, 1)
    (order,) = quay.shop.storefront.read_orders([gid]).by_id.values()
    assert not Orders(quay.harbor.marketplace.pk).keep_order(order, quay.clock.now())
    assert StorefrontOrder.objects.get().order_gid == gid
