"""Orders in a list: who bought, how far each vendor's part is, and what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
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
    Shipment,
    StorefrontOrder,
    StorefrontOrderLine,
    StoreState,
)
from longshore.storage.queries.paging import Page, page_of

TABS = ("open", "needing", "to_ship", "waiting", "shipped", "canceled", "all", "today")
TAKEN = DecimalField(max_digits=24, decimal_places=6)


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


def order_rows(
    marketplace_id: int,
    *,
    tab: str,
    today: datetime,
    vendor_id: int | None = None,
    search: str = "",
    number: int = 1,
) -> Page[OrderRow]:
    """Orders, newest first. `search` fits Shopify's and the stores' numbers, references, tracking
    numbers, buyers and SKUs.
    """
    rows = _in_tab(_of(marketplace_id, vendor_id), tab, today, marketplace_id)
    if search:
        rows = rows.filter(_found(marketplace_id, search))
    rows = rows.annotate(total=_total()).order_by("-created_in_shop", "-id")
    return page_of(rows, number, lambda found: _rows(marketplace_id, found))


def order_counts(
    marketplace_id: int, today: datetime, vendor_id: int | None = None
) -> dict[str, int]:
    """How many orders each tab holds."""
    needing = needing_ids(marketplace_id)
    filters = {tab: Count("id", filter=_tab(tab, today, needing)) for tab in TABS}
    return _of(marketplace_id, vendor_id).aggregate(**filters)


def orders_of_vendor(
    marketplace_id: int, vendor_id: int, *, to_ship: bool, limit: int = 20
) -> tuple[OrderRow, ...]:
    """A vendor's orders, each with only this vendor's part: those that are to be shipped, the
    oldest first; or those that are not, the newest first.
    """
    parts = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, vendor_id=vendor_id)
    waiting = parts.filter(state="accepted", shipped_at=None)
    if to_ship:
        rows = _marked(marketplace_id).filter(pk__in=waiting.values("order_id"), canceled_at=None)
        rows = rows.order_by("created_in_shop", "id")
    else:
        rest = parts.filter(state="accepted", shipped_at__isnull=False)
        rows = _marked(marketplace_id).filter(pk__in=rest.values("order_id"))
        rows = rows.order_by("-created_in_shop", "-id")
    return tuple(_rows(marketplace_id, list(rows.annotate(total=_total())[:limit]), vendor_id))


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


def needing_ids(marketplace_id: int) -> Mapping[int, tuple[int, int]]:
    """Orders with a problem a person must settle: (how many, how many of them stop it) by id."""
    with connection.cursor() as cursor:
        cursor.execute(_NEEDING, [marketplace_id])
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall() if row[0] is not None}


def _of(marketplace_id: int, vendor_id: int | None) -> QuerySet[StorefrontOrder]:
    rows = _marked(marketplace_id)
    if vendor_id is None:
        return rows
    parts = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, vendor_id=vendor_id)
    return rows.filter(pk__in=parts.values("order_id"))


def _marked(marketplace_id: int) -> QuerySet[StorefrontOrder]:
    parts = PurchaseOrder.objects.filter(order_id=OuterRef("pk")).exclude(state="canceled")
    return StorefrontOrder.objects.filter(marketplace_id=marketplace_id).annotate(
        has_parts=Exists(parts),
        unshipped=Exists(parts.filter(shipped_at=None)),
        accepted_unshipped=Exists(parts.filter(shipped_at=None, state="accepted")),
    )


def _tab(tab: str, today: datetime, needing: Mapping[int, object]) -> Q:
    alive = Q(canceled_at=None)
    shipped = alive & Q(has_parts=True, unshipped=False) & ~Q(routing="waiting")
    return {
        "open": alive & ~Q(routing="closed") & (Q(unshipped=True) | Q(has_parts=False)),
        "needing": Q(pk__in=list(needing)),
        "waiting": alive & Q(routing="waiting"),
        "to_ship": alive & Q(accepted_unshipped=True),
        "shipped": shipped,
        "canceled": Q(canceled_at__isnull=False),
        "today": alive & Q(created_in_shop__gte=today),
        "all": Q(),
    }[tab]


def _in_tab(
    rows: QuerySet[StorefrontOrder], tab: str, today: datetime, marketplace_id: int
) -> QuerySet[StorefrontOrder]:
    needing = needing_ids(marketplace_id) if tab == "needing" else {}
    return rows.filter(_tab(tab, today, needing))


def _found(marketplace_id: int, search: str) -> Q:
    text = search.strip()
    bare = text.lstrip("#")
    parts = PurchaseOrder.objects.filter(marketplace_id=marketplace_id).filter(
        Q(reference__iexact=text) | Q(store_order_number=bare)
    )
    parcels = Shipment.objects.filter(
        marketplace_id=marketplace_id,
        tracking_number__icontains=text.replace(" ", ""),
    )
    lines = StorefrontOrderLine.objects.filter(marketplace_id=marketplace_id, sku__iexact=text)
    found = Q(name__in=[bare, f"#{bare}"]) | Q(pk__in=parts.values("order_id"))
    found |= Q(pk__in=lines.values("order_id")) | Q(email__icontains=text)
    found |= Q(shipping_address__last_name__icontains=text)
    found |= Q(shipping_address__first_name__icontains=text)
    return found | Q(pk__in=parcels.values("purchase_order__order_id"))


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
    marketplace_id: int, found: list[Any], vendor_id: int | None = None
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
    needing = needing_ids(marketplace_id)
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
