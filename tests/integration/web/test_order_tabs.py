"""Every tab of the orders holds what its words say, and counts what it holds."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from longshore.storage.models import OpenFinding, PurchaseOrder, StorefrontOrder
from longshore.storage.queries.chrome import rail_counts
from longshore.storage.queries.order_tabs import TABS, order_counts
from longshore.storage.queries.orders import Wanted, order_rows
from longshore.storage.queries.paging import Cursor
from longshore.storage.queries.portal import PartRow, count_to_ship, parts, parts_to_ship
from support import screen_rows as rows
from support.screens import World, make_world

ORDERS = 24


@pytest.fixture
def mixed(world: World) -> World:
    """Orders in every state, some with problems, and another marketplace that has the same."""
    _fill(make_world("other", "Other Table"))
    _fill(world)
    return world


def _fill(world: World) -> None:
    for number in range(ORDERS):
        state = {"canceled_at": rows.ago(minutes=1)} if number % 7 == 0 else {}
        waits = {"routing": "waiting"} if number % 5 == 1 else {}
        placed = rows.ago(days=number % 6, minutes=number)
        order = rows.make_order(
            world.marketplace, 3000 + number, ("Mara", "Lund"), created_in_shop=placed,
            **state, **waits,
        )  # fmt: skip
        if waits and number % 2:
            continue
        store = world.store if number % 2 else world.other_store
        goods = [rows.make_line(order, world.line, "Mug", 1, "9.00")]
        shipped = {"shipped_at": rows.ago(days=1)} if number % 4 == 0 else {}
        taken = 3000 + number if number % 3 else None
        part = rows.make_part(order, store, goods, taken, created_at=placed, **shipped)
        if number % 8 == 4:
            parcel = rows.ship(part, f"99{number}", 1)
            rows.find(world.marketplace, f"shipment:{parcel.pk}", "tracking_suggested", number="9")
        if number % 6 == 2:
            rows.find(world.marketplace, f"purchase_order:{part.pk}", "late_to_ship", days=3)
            rows.find(world.marketplace, f"order:{order.pk}", "order_oversold")


def _told(order: StorefrontOrder) -> set[str]:
    """The tabs of an order, in the plainest words."""
    left = [p for p in order.purchase_orders.all() if not p.shipped_at and p.state != "canceled"]
    about = [f"order:{order.pk}"]
    for part in order.purchase_orders.all():
        about += [f"purchase_order:{part.pk}"]
        about += [f"shipment:{parcel.pk}" for parcel in part.shipments.all()]
    problems = OpenFinding.objects.filter(subject__in=about, resolved_at=None)
    needing = problems.exclude(who="nobody").exclude(severity="note").exists()
    waiting = order.routing == "waiting"
    tabs = {"all"} | ({"needing"} if needing else set())
    if order.canceled_at:
        return tabs | {"canceled"}
    today = timezone.now() - timedelta(hours=12)
    return (
        tabs
        | ({"open"} if left or waiting or needing else {"shipped"})
        | ({"waiting"} if waiting else set())
        | ({"to_ship"} if any(part.state == "accepted" for part in left) else set())
        | ({"today"} if order.created_in_shop >= today else set())
    )


@pytest.mark.parametrize("whose", [lambda _w: None, lambda w: w.vendor.pk, lambda w: w.second.pk])
def test_each_tab_holds_and_counts_its_orders(
    mixed: World, whose: Callable[[World], int | None]
) -> None:
    owner, vendor_id = mixed.marketplace.pk, whose(mixed)
    orders = StorefrontOrder.objects.filter(marketplace_id=owner).order_by(
        "-created_in_shop", "-pk"
    )
    if vendor_id is not None:
        orders = orders.filter(purchase_orders__vendor_id=vendor_id).distinct()
    told = {order.pk: _told(order) for order in orders}
    today = timezone.now() - timedelta(hours=12)
    counted = order_counts(owner, today, vendor_id)
    for tab in TABS:
        expected = [pk for pk, tabs in told.items() if tab in tabs]
        found = order_rows(owner, Wanted(tab, today, vendor_id), Cursor(size=200)).rows
        assert [row.id for row in found] == expected, tab
        assert counted[tab] == len(expected), tab
        assert all((row.needing > 0) == ("needing" in told[row.id]) for row in found)
        assert expected or vendor_id, f"nothing is tested of {tab}"


def test_a_problem_that_is_over_needs_nobody(mixed: World) -> None:
    owner = mixed.marketplace.pk
    before = rail_counts(owner).orders_needing
    assert before == order_counts(owner, timezone.now())["needing"] > 1
    mine = OpenFinding.objects.filter(marketplace_id=owner, order=mixed.order)
    mine.update(resolved_at=timezone.now())
    assert rail_counts(owner).orders_needing == before - 1


def test_a_finding_knows_its_order_and_never_anothers(mixed: World) -> None:
    stranger = PurchaseOrder.objects.exclude(marketplace=mixed.marketplace).latest("pk")
    rows.find(mixed.marketplace, f"purchase_order:{stranger.pk}", "late_to_ship", days=1)
    rows.find(mixed.marketplace, f"purchase_order:{mixed.purchase.pk}", "late_to_ship", days=1)
    rows.find(mixed.marketplace, f"store:{mixed.order.pk}", "late_to_ship", days=1)
    newest = OpenFinding.objects.order_by("-pk").values_list("order_id", flat=True)[:3]
    assert list(newest) == [None, mixed.order.pk, None]


@pytest.mark.parametrize("vendor", [False, True])
def test_queries_of_the_list_and_its_counts(mixed: World, vendor: bool) -> None:
    owner, now = mixed.marketplace.pk, timezone.now()
    wanted = Wanted("open", now, mixed.vendor.pk if vendor else None)
    with CaptureQueriesContext(connection) as seen:
        order_rows(owner, wanted)
        order_counts(owner, now, wanted.vendor_id)
    assert len(seen) == (5 if vendor else 6), [one["sql"][:200] for one in seen]
    assert max(len(one["sql"]) for one in seen) < 6000, "ids of many orders are in a query"


def test_a_vendor_sees_what_is_due_first_on_home_and_in_the_list(mixed: World) -> None:
    owner, vendor_id = mixed.marketplace.pk, mixed.vendor.pk
    top = parts_to_ship(owner, vendor_id, limit=3)
    every = parts(owner, vendor_id, to_ship=True).rows
    assert top == every[:3]
    assert len(every) == count_to_ship(owner, vendor_id) > 3
    assert [row.due for row in every] == sorted(row.due for row in every)

    read: list[PartRow] = []
    after = None
    while True:
        page = parts(owner, vendor_id, to_ship=True, cursor=Cursor(after=after, size=2))
        read += page.rows
        if (after := page.older) is None:
            break
    assert tuple(read) == every, "pages neither miss nor repeat one"


def test_what_is_done_is_newest_first(mixed: World) -> None:
    done = parts(mixed.marketplace.pk, mixed.second.pk, to_ship=False).rows
    assert len(done) > 2
    assert [row.created_at for row in done] == sorted((r.created_at for r in done), reverse=True)
