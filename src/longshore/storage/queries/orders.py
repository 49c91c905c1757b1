"""Orders in a list: who bought, how far each vendor's part is, and what is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import (
    Count,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from longshore.storage.models import (
    PurchaseOrder,
    StorefrontOrder,
    StorefrontOrderLine,
    StoreState,
)
from longshore.storage.queries.paging import TOP, Cursor, Slice, slice_of
from longshore.storage.queries.search import found_orders
from longshore.storage.queries.tallies import counts

TABS = ("open", "needing", "to_ship", "waiting", "shipped", "canceled", "all", "today")
TAKEN = DecimalField(max_digits=24, decimal_places=6)


Needing = Mapping[int, tuple[int, int]]
"""By order id: how many problems a person must settle, and how many of them stop it."""


@dataclass(frozen=True, slots=True)
class PartState:
    """One vendor's part: `state` of the purchase order, whether all of it was shipped, whether its
    store is out of use, how many units it holds, and the store's own number and address of it (""
    before it has them).
    """

    vendor_id: int
    vendor: str
    state: str
    shipped: bool
    shop_stopped: bool
    units: int
    store_number: str
    store_url: str


@dataclass(frozen=True, slots=True)
class OrderRow:
    """`waits_for` says why an order is not routed. `stopped` and `needing` count open findings."""

    id: int
    name: str
    buyer: str
    city: str
    total: Decimal
    currency: str
    created_at: datetime
    canceled_at: datetime | None
    routing: str
    waits_for: str
    parts: tuple[PartState, ...]
    stopped: int
    needing: int

    @property
    def vendors(self) -> str:
        return ", ".join(part.vendor for part in self.parts)

    @property
    def shipped_parts(self) -> int:
        return sum(part.shipped for part in self.parts)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders: those of a tab (`today` is when this day began), of one vendor, of the `day`
    that begins then. `search` fits Shopify's and the stores' numbers, references, tracking numbers,
    buyers and SKUs.
    """

    tab: str
    today: datetime
    vendor_id: int | None = None
    search: str = ""
    day: datetime | None = None


def order_rows(
    marketplace_id: int, wanted: Wanted, cursor: Cursor = TOP, needing: Needing | None = None
) -> Slice[OrderRow]:
    """Orders, newest first; their total is counted only for a search. `needing`: what
    `needing_orders` said, where it was asked already.
    """
    total: int | None = None
    needing = needing_orders(marketplace_id) if needing is None else needing
    rows = _of(marketplace_id, wanted.vendor_id)
    if (day := wanted.day) is not None:
        rows = rows.filter(created_in_shop__gte=day, created_in_shop__lt=day + timedelta(days=1))
    if wanted.search:
        found = found_orders(marketplace_id, wanted.search)
        rows, total = rows.filter(pk__in=found), len(found)
    return slice_of(
        rows.filter(_tab(wanted.tab, wanted.today, needing)),
        cursor,
        lambda page: _rows(marketplace_id, page, needing),
        dress=lambda page: page.annotate(total=_total()),
        by="created_in_shop",
        total=total,
    )


def order_names(marketplace_id: int, ids: Sequence[int]) -> list[tuple[int, str]]:
    """(id, number) of those that are this marketplace's, the oldest first."""
    rows = StorefrontOrder.objects.filter(marketplace_id=marketplace_id, pk__in=ids)
    return list(rows.order_by("created_in_shop", "id").values_list("pk", "name"))


_COUNTS = """
WITH unshipped AS (
    SELECT p.order_id, bool_or(p.state = 'accepted') AS accepted
    FROM storage_purchaseorder p
    WHERE p.marketplace_id = %(m)s AND p.shipped_at IS NULL AND p.state <> 'canceled'
        AND p.order_id NOT IN (SELECT id FROM storage_storefrontorder
            WHERE marketplace_id = %(m)s AND canceled_at IS NOT NULL)
    GROUP BY p.order_id
), needing AS (
    SELECT o.id FROM storage_storefrontorder o
    WHERE o.id = ANY(%(needing)s) AND o.canceled_at IS NULL
        AND o.routing <> 'waiting'
        AND NOT EXISTS (SELECT 1 FROM unshipped u WHERE u.order_id = o.id)
)
SELECT (SELECT count(*) FROM unshipped), (SELECT count(*) FROM unshipped WHERE accepted),
    (SELECT count(*) FROM needing),
    (SELECT count(*) FROM storage_storefrontorder WHERE marketplace_id = %(m)s
        AND created_in_shop >= %(today)s AND canceled_at IS NULL)
"""


def order_counts(
    marketplace_id: int, today: datetime, needing: Needing, vendor_id: int | None = None
) -> dict[str, int]:
    """How many orders each tab holds."""
    if vendor_id is not None:
        filters = {tab: Count("id", filter=_tab(tab, today, needing)) for tab in TABS}
        return _of(marketplace_id, vendor_id).aggregate(**filters)
    kept = counts(marketplace_id, ["order"])["order"]
    with connection.cursor() as cursor:
        ids: dict[str, Any] = {"m": marketplace_id, "needing": list(needing), "today": today}
        cursor.execute(_COUNTS, ids)
        unshipped, accepted, stuck, new = cursor.fetchone()
    every, canceled, waiting = kept.total(), kept.of("*|1"), kept.of("waiting|0")
    still_open = unshipped + waiting + stuck
    return {
        "open": still_open,
        "needing": len(needing),
        "to_ship": accepted,
        "waiting": waiting,
        "shipped": every - canceled - still_open,
        "canceled": canceled,
        "all": every,
        "today": new,
    }


def orders_of_vendor(
    marketplace_id: int, vendor_id: int, *, to_ship: bool, limit: int = 20
) -> tuple[OrderRow, ...]:
    """A vendor's orders, each with only this vendor's part: those that are to be shipped, the
    oldest first; or those that are not, the newest first.
    """
    parts = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, vendor_id=vendor_id)
    waiting = parts.filter(state="accepted", shipped_at=None)
    orders = StorefrontOrder.objects.filter(marketplace_id=marketplace_id)
    if to_ship:
        rows = orders.filter(pk__in=waiting.values("order_id"), canceled_at=None)
        rows = rows.order_by("created_in_shop", "id")
    else:
        rest = parts.filter(state="accepted", shipped_at__isnull=False)
        rows = orders.filter(pk__in=rest.values("order_id"))
        rows = rows.order_by("-created_in_shop", "-id")
    found = list(rows.annotate(total=_total())[:limit])
    return tuple(_rows(marketplace_id, found, needing_orders(marketplace_id), vendor_id))


_NEEDING = """
SELECT coalesce(direct.id, po.order_id, shipped.order_id), count(*),
    count(*) FILTER (WHERE f.severity = 'stop')
FROM (SELECT marketplace_id, severity, split_part(subject, ':', 1) AS what,
        split_part(subject, ':', 2)::bigint AS id FROM storage_openfinding
    WHERE marketplace_id = %s AND resolved_at IS NULL AND who <> 'nobody' AND severity <> 'note'
        AND subject ~ '^(order|purchase_order|shipment):[0-9]{1,18}$') f
LEFT JOIN storage_storefrontorder direct
    ON f.what = 'order' AND direct.id = f.id AND direct.marketplace_id = f.marketplace_id
LEFT JOIN storage_shipment s
    ON f.what = 'shipment' AND s.id = f.id AND s.marketplace_id = f.marketplace_id
LEFT JOIN storage_purchaseorder shipped ON shipped.id = s.purchase_order_id
LEFT JOIN storage_purchaseorder po
    ON f.what = 'purchase_order' AND po.id = f.id AND po.marketplace_id = f.marketplace_id
GROUP BY 1
"""


def needing_orders(marketplace_id: int) -> Needing:
    """Orders with a problem a person must settle. It looks through all open problems: a page asks
    once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEEDING, [marketplace_id])
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall() if row[0] is not None}


def _of(marketplace_id: int, vendor_id: int | None) -> QuerySet[StorefrontOrder]:
    rows = StorefrontOrder.objects.filter(marketplace_id=marketplace_id)
    if vendor_id is None:
        return rows
    parts = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, vendor_id=vendor_id)
    return rows.filter(pk__in=parts.values("order_id"))


def _unshipped(**more: str) -> QuerySet[PurchaseOrder]:
    """Parts that a vendor still has to ship, of the order that is asked about."""
    rows = PurchaseOrder.objects.filter(order_id=OuterRef("pk"), shipped_at=None, **more)
    return rows.exclude(state="canceled")


def _tab(tab: str, today: datetime, needing: Needing) -> Q:
    """`open`: somebody has still to do something. `shipped`: nobody has."""
    alive = Q(canceled_at=None)
    to_do = Q(Exists(_unshipped())) | Q(routing="waiting") | Q(pk__in=list(needing))
    return {
        "open": alive & to_do,
        "needing": Q(pk__in=list(needing)),
        "waiting": alive & Q(routing="waiting"),
        "to_ship": alive & Q(Exists(_unshipped(state="accepted"))),
        "shipped": alive & ~to_do,
        "canceled": Q(canceled_at__isnull=False),
        "today": alive & Q(created_in_shop__gte=today),
        "all": Q(),
    }[tab]


def _total() -> Any:
    """Goods and shipping as Shopify charged them."""
    worth = ExpressionWrapper(F("unit_price") * F("quantity"), output_field=TAKEN)
    lines = StorefrontOrderLine.objects.filter(order_id=OuterRef("pk")).order_by()
    goods = Subquery(lines.values("order_id").annotate(sum=Sum(worth)).values("sum"))
    zero = Decimal(0)
    return ExpressionWrapper(
        Coalesce(goods, zero, output_field=TAKEN) + F("shipping_price"), output_field=TAKEN
    )


def _rows(
    marketplace_id: int, found: list[Any], needing: Needing, vendor_id: int | None = None
) -> Iterable[OrderRow]:
    parts = PurchaseOrder.objects.filter(
        marketplace_id=marketplace_id, order_id__in=[row.pk for row in found]
    )
    if vendor_id is not None:
        parts = parts.filter(vendor_id=vendor_id)
    parts = parts.select_related("vendor", "store").annotate(units=Sum("lines__quantity"))
    by_order: dict[int, list[PartState]] = {}
    for part in parts.order_by("id"):
        by_order.setdefault(part.order_id, []).append(_part(part))
    for row in found:
        address = row.shipping_address or {}
        count, stopped = needing.get(row.pk, (0, 0))
        yield OrderRow(
            id=row.pk,
            name=row.name,
            buyer=_buyer(address) or row.email,
            city=address.get("city", ""),
            total=row.total,
            currency=row.currency,
            created_at=row.created_in_shop,
            canceled_at=row.canceled_at,
            routing=row.routing,
            waits_for=row.waits_for,
            parts=tuple(by_order.get(row.pk, ())),
            stopped=stopped,
            needing=count,
        )


def _part(row: Any) -> PartState:
    return PartState(
        vendor_id=row.vendor_id,
        vendor=row.vendor.name,
        state=row.state,
        shipped=row.shipped_at is not None,
        shop_stopped=row.store.state == StoreState.BROKEN,
        units=row.units or 0,
        store_number=row.store_order_number or str(row.store_order_id or ""),
        store_url=store_order_url(row),
    )


def store_order_url(row: PurchaseOrder) -> str:
    """Where the store's own people see the order, "" before it is there."""
    if not row.store_order_id:
        return ""
    base = row.store.base_url.rstrip("/")
    return f"{base}/wp-admin/post.php?post={row.store_order_id}&action=edit"


def _buyer(address: Mapping[str, str]) -> str:
    names = (address.get("first_name", ""), address.get("last_name", ""))
    return " ".join(filter(None, names)) or address.get("company", "")
