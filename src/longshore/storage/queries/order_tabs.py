"""Which orders each tab of their list holds, and how many."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from longshore.storage.models import OpenFinding, PurchaseOrder, StorefrontOrder
from longshore.storage.models.findings import NEEDS_PERSON
from longshore.storage.queries.tallies import counts

TABS = ("open", "needing", "to_ship", "waiting", "shipped", "canceled", "all", "today")


def orders_with(marketplace_id: int, vendor_id: int | None) -> QuerySet[StorefrontOrder]:
    """The orders of a marketplace, or those of them that a vendor has a part of."""
    rows = StorefrontOrder.objects.filter(marketplace_id=marketplace_id)
    return rows if vendor_id is None else rows.filter(pk__in=_of_vendor(marketplace_id, vendor_id))


def in_tab(marketplace_id: int, tab: str, today: datetime, vendor_id: int | None = None) -> Q:
    """Which of `orders_with` a tab holds. `open`: somebody has still to do something. `shipped`:
    nobody has. `today` is when this day began.
    """
    alive = Q(canceled_at=None)
    if vendor_id is None:
        to_do, settled = _open(marketplace_id), _settled(marketplace_id)
    else:
        to_do, settled = _open_of(marketplace_id, vendor_id), _settled_each(marketplace_id)
    return {
        "open": alive & to_do,
        "shipped": alive & settled,
        "needing": Q(pk__in=_needing(marketplace_id, vendor_id)),
        "waiting": alive & Q(routing="waiting"),
        "to_ship": alive & Q(pk__in=_unshipped(marketplace_id, state="accepted")),
        "canceled": Q(canceled_at__isnull=False),
        "today": alive & Q(created_in_shop__gte=today),
        "all": Q(),
    }[tab]


def _open(marketplace_id: int) -> Q:
    """As sets of ids, made once: the index of living orders is then walked from its new end."""
    unshipped, needing = _unshipped(marketplace_id), _needing(marketplace_id)
    return Q(routing="waiting") | Q(pk__in=unshipped) | Q(pk__in=needing)


def _open_of(marketplace_id: int, vendor_id: int) -> Q:
    """As one set: a vendor has few, which are looked up by their ids."""
    mine = _of_vendor(marketplace_id, vendor_id)
    waiting = orders_with(marketplace_id, vendor_id).filter(routing="waiting").values("pk")
    unshipped = _unshipped(marketplace_id).filter(order_id__in=mine)
    return Q(pk__in=unshipped.union(waiting, _needing(marketplace_id, vendor_id)))


def _settled(marketplace_id: int) -> Q:
    unshipped, needing = _unshipped(marketplace_id), _needing(marketplace_id)
    return ~Q(routing="waiting") & ~Q(pk__in=unshipped) & ~Q(pk__in=needing)


def _settled_each(marketplace_id: int) -> Q:
    """The same, asked of each order: there are few."""
    mine = Q(order_id=OuterRef("pk"))
    unshipped, needing = _unshipped(marketplace_id), _needing(marketplace_id)
    return ~Q(routing="waiting") & ~Exists(unshipped.filter(mine)) & ~Exists(needing.filter(mine))


def _of_vendor(marketplace_id: int, vendor_id: int) -> QuerySet[PurchaseOrder, Any]:
    parts = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, vendor_id=vendor_id)
    return parts.values("order_id")


def _unshipped(marketplace_id: int, **more: str) -> QuerySet[PurchaseOrder, Any]:
    """The orders of parts that a vendor still has to ship."""
    rows = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, shipped_at=None, **more)
    return rows.exclude(state="canceled").values("order_id")


def _needing(marketplace_id: int, vendor_id: int | None = None) -> QuerySet[OpenFinding, Any]:
    """The orders with a problem that a person must settle."""
    rows = OpenFinding.objects.filter(NEEDS_PERSON, marketplace_id=marketplace_id)
    if vendor_id is not None:
        rows = rows.filter(order_id__in=_of_vendor(marketplace_id, vendor_id))
    return rows.filter(order_id__isnull=False).values("order_id")


def problems_by_order(
    marketplace_id: int, order_ids: Iterable[int]
) -> Mapping[int, tuple[int, int]]:
    """By order id: how many problems a person must settle, and how many of them stop it. Orders
    without one are not in it.
    """
    rows = _needing(marketplace_id).filter(order_id__in=list(order_ids)).order_by()
    found = rows.annotate(n=Count("id"), stopped=Count("id", filter=Q(severity="stop")))
    return {row["order_id"]: (row["n"], row["stopped"]) for row in found}


_NEEDING = """
    SELECT DISTINCT order_id FROM storage_openfinding
    WHERE marketplace_id = %(m)s AND resolved_at IS NULL AND who <> 'nobody'
        AND severity <> 'note' AND order_id IS NOT NULL
"""
_UNSHIPPED = """
    SELECT p.order_id, bool_or(p.state = 'accepted') AS accepted FROM storage_purchaseorder p
    WHERE p.marketplace_id = %(m)s AND p.shipped_at IS NULL AND p.state <> 'canceled'
"""
_COUNTS = f"""
WITH unshipped AS ({_UNSHIPPED}
        AND p.order_id NOT IN (SELECT id FROM storage_storefrontorder
            WHERE marketplace_id = %(m)s AND canceled_at IS NOT NULL)
    GROUP BY p.order_id
), needing AS ({_NEEDING}
), stuck AS (
    SELECT n.order_id FROM needing n LEFT JOIN unshipped u ON u.order_id = n.order_id
    WHERE u.order_id IS NULL
)
SELECT (SELECT count(*) FROM unshipped WHERE order_id NOT IN (SELECT id
        FROM storage_storefrontorder WHERE marketplace_id = %(m)s AND routing = 'waiting')),
    (SELECT count(*) FROM unshipped WHERE accepted),
    (SELECT count(*) FROM needing),
    (SELECT count(*) FROM stuck s JOIN storage_storefrontorder o ON o.id = s.order_id
        WHERE o.canceled_at IS NULL AND o.routing <> 'waiting'),
    (SELECT count(*) FROM storage_storefrontorder WHERE marketplace_id = %(m)s
        AND created_in_shop >= %(today)s AND canceled_at IS NULL)
"""  # noqa: S608 - our own constants
_COUNTS_OF_VENDOR = f"""
WITH mine AS (
    SELECT o.id, o.canceled_at IS NULL AS alive, o.routing = 'waiting' AS waiting,
        o.created_in_shop
    FROM storage_storefrontorder o WHERE o.marketplace_id = %(m)s AND o.id IN (
        SELECT order_id FROM storage_purchaseorder
        WHERE marketplace_id = %(m)s AND vendor_id = %(v)s)
), unshipped AS ({_UNSHIPPED} AND p.order_id IN (SELECT id FROM mine) GROUP BY p.order_id
), told AS (
    SELECT m.alive, m.waiting, m.created_in_shop, n.order_id IS NOT NULL AS needing,
        u.accepted IS TRUE AS accepted,
        m.waiting OR n.order_id IS NOT NULL OR u.order_id IS NOT NULL AS to_do
    FROM mine m LEFT JOIN ({_NEEDING}) n ON n.order_id = m.id
        LEFT JOIN unshipped u ON u.order_id = m.id
)
SELECT count(*) FILTER (WHERE alive AND to_do), count(*) FILTER (WHERE needing),
    count(*) FILTER (WHERE alive AND accepted), count(*) FILTER (WHERE alive AND waiting),
    count(*) FILTER (WHERE alive AND NOT to_do), count(*) FILTER (WHERE NOT alive), count(*),
    count(*) FILTER (WHERE alive AND created_in_shop >= %(today)s)
FROM told
"""  # noqa: S608


def order_counts(
    marketplace_id: int, today: datetime, vendor_id: int | None = None
) -> dict[str, int]:
    """How many orders each tab holds."""
    asked: dict[str, Any] = {"m": marketplace_id, "today": today, "v": vendor_id}
    if vendor_id is not None:
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS_OF_VENDOR, asked)
            return dict(zip(TABS, cursor.fetchone(), strict=True))
    kept = counts(marketplace_id, ["order"])["order"]
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, asked)
        unshipped, accepted, needing, stuck, new = cursor.fetchone()
    every, canceled, waiting = kept.total(), kept.of("*|1"), kept.of("waiting|0")
    still_open = unshipped + waiting + stuck
    return {
        "open": still_open,
        "needing": needing,
        "to_ship": accepted,
        "waiting": waiting,
        "shipped": every - canceled - still_open,
        "canceled": canceled,
        "all": every,
        "today": new,
    }
