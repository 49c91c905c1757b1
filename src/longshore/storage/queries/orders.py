"""Orders in a list: who bought, how far each vendor's part is, and what is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
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
from longshore.storage.queries.order_tabs import in_tab, orders_with, problems_by_order
from longshore.storage.queries.paging import TOP, Cursor, Slice, slice_of
from longshore.storage.queries.search import found_orders

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


def order_rows(marketplace_id: int, wanted: Wanted, cursor: Cursor = TOP) -> Slice[OrderRow]:
    """Orders, newest first; their total is counted only for a search."""
    total: int | None = None
    rows = orders_with(marketplace_id, wanted.vendor_id)
    if (day := wanted.day) is not None:
        rows = rows.filter(created_in_shop__gte=day, created_in_shop__lt=day + timedelta(days=1))
    if wanted.search:
        found = found_orders(marketplace_id, wanted.search)
        rows, total = rows.filter(pk__in=found), len(found)
    return slice_of(
        rows.filter(in_tab(marketplace_id, wanted.tab, wanted.today, wanted.vendor_id)),
        cursor,
        lambda page: _rows(marketplace_id, page),
        dress=lambda page: page.annotate(total=_total()),
        by="created_in_shop",
        total=total,
    )


def order_names(marketplace_id: int, ids: Sequence[int]) -> list[tuple[int, str]]:
    """(id, number) of those that are this marketplace's, the oldest first."""
    rows = StorefrontOrder.objects.filter(marketplace_id=marketplace_id, pk__in=ids)
    return list(rows.order_by("created_in_shop", "id").values_list("pk", "name"))


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
    return tuple(_rows(marketplace_id, found, vendor_id))


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
    ids = [row.pk for row in found]
    needing = problems_by_order(marketplace_id, ids)
    parts = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, order_id__in=ids)
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
