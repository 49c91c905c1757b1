"""Rows that programs ask for over the API: shops, vendors' parts of orders, parcels, problems."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from longshore.domain.tracking import web_address
from longshore.storage.models import OpenFinding, PurchaseOrder, PurchaseOrderLine, Shipment, Store
from longshore.storage.queries.paging import TOP, Cursor, Slice, slice_of


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A vendor's shop; its keys are nobody's."""

    id: int
    vendor_id: int
    vendor: str
    url: str
    name: str
    state: str
    state_since: datetime | None
    platform_version: str
    api: str
    currency: str
    language: str
    connected_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class PartLine:
    id: int
    title: str
    sku: str
    quantity: int
    shipped: int
    unit_price: Any


@dataclass(frozen=True, slots=True)
class PartRow:
    """One vendor's share of an order."""

    id: int
    order_id: int
    order: str
    vendor_id: int
    vendor: str
    store_id: int
    reference: str
    state: str
    why: str
    store_state: str
    store_order_number: str
    created_at: datetime
    answered_at: datetime | None
    shipped_at: datetime | None
    lines: tuple[PartLine, ...]


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """Goods a vendor sent; `told_at`: when Shopify had it."""

    id: int
    part_id: int
    order_id: int
    order: str
    vendor_id: int
    state: str
    carrier: str
    number: str
    others: tuple[str, ...]
    url: str
    units: int
    found_at: datetime
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """An open problem; `subject` names what it is about, such as order:41."""

    id: int
    code: str
    severity: str
    who: str
    subject: str
    vendor_id: int | None
    evidence: Mapping[str, Any]
    first_seen_at: datetime
    last_seen_at: datetime
    times_seen: int


def store_rows(
    marketplace_id: int, *, vendor_id: int | None = None, cursor: Cursor = TOP
) -> Slice[StoreRow]:
    rows = Store.objects.filter(marketplace_id=marketplace_id)
    if vendor_id is not None:
        rows = rows.filter(vendor_id=vendor_id)
    return slice_of(rows, cursor, _stores, dress=lambda page: page.select_related("vendor"))


def store_row(marketplace_id: int, store_id: int) -> StoreRow | None:
    rows = Store.objects.filter(marketplace_id=marketplace_id, pk=store_id)
    return next(iter(_stores(rows.select_related("vendor"))), None)


def part_rows(
    marketplace_id: int,
    *,
    state: str = "all",
    vendor_id: int | None = None,
    cursor: Cursor = TOP,
) -> Slice[PartRow]:
    """`state`: one of a purchase order's, or all; the newest first."""
    rows = PurchaseOrder.objects.filter(marketplace_id=marketplace_id)
    if vendor_id is not None:
        rows = rows.filter(vendor_id=vendor_id)
    if state != "all":
        rows = rows.filter(state=state)
    return slice_of(rows, cursor, _parts, dress=_with_lines)


def part_row(marketplace_id: int, part_id: int) -> PartRow | None:
    rows = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, pk=part_id)
    return next(iter(_parts(_with_lines(rows))), None)


def parcel_rows(
    marketplace_id: int, *, vendor_id: int | None = None, cursor: Cursor = TOP
) -> Slice[ParcelRow]:
    rows = Shipment.objects.filter(marketplace_id=marketplace_id)
    if vendor_id is not None:
        rows = rows.filter(purchase_order__vendor_id=vendor_id)
    return slice_of(rows, cursor, _parcels, dress=_with_order)


def finding_rows(
    marketplace_id: int, *, vendor_id: int | None = None, code: str = "", cursor: Cursor = TOP
) -> Slice[FindingRow]:
    """Those that are open now."""
    rows = OpenFinding.objects.filter(marketplace_id=marketplace_id, resolved_at=None)
    if vendor_id is not None:
        rows = rows.filter(vendor_id=vendor_id)
    return slice_of(rows.filter(code=code) if code else rows, cursor, _findings)


def _stores(found: Iterable[Any]) -> Iterable[StoreRow]:
    for row in found:
        yield StoreRow(
            id=row.pk,
            vendor_id=row.vendor_id,
            vendor=row.vendor.name,
            url=row.base_url,
            name=row.name,
            state=row.state,
            state_since=row.state_since,
            platform_version=str(row.profile.get("platform_version") or ""),
            api=str(row.profile.get("dialect") or ""),
            currency=row.currency,
            language=row.import_language,
            connected_at=row.connected_at,
            answered_at=row.last_answer_at,
        )


def _with_lines(rows: Any) -> Any:
    lines = PurchaseOrderLine.objects.select_related("order_line").order_by("id")
    return rows.select_related("order", "vendor").prefetch_related(Prefetch("lines", lines))


def _parts(found: Iterable[Any]) -> Iterable[PartRow]:
    for row in found:
        yield PartRow(
            id=row.pk,
            order_id=row.order_id,
            order=row.order.name,
            vendor_id=row.vendor_id,
            vendor=row.vendor.name,
            store_id=row.store_id,
            reference=row.reference,
            state=row.state,
            why=row.why,
            store_state=row.store_state,
            store_order_number=row.store_order_number or str(row.store_order_id or ""),
            created_at=row.created_at,
            answered_at=row.answered_at,
            shipped_at=row.shipped_at,
            lines=tuple(_line(line) for line in row.lines.all()),
        )


def _line(row: PurchaseOrderLine) -> PartLine:
    bought = row.order_line
    return PartLine(row.pk, bought.title, bought.sku, row.quantity, row.shipped, row.unit_price)


def _with_order(rows: Any) -> Any:
    return rows.select_related("purchase_order__order").prefetch_related("lines")


def _parcels(found: Iterable[Any]) -> Iterable[ParcelRow]:
    for row in found:
        part = row.purchase_order
        yield ParcelRow(
            id=row.pk,
            part_id=part.pk,
            order_id=part.order_id,
            order=part.order.name,
            vendor_id=part.vendor_id,
            state=row.state,
            carrier=row.carrier,
            number=row.tracking_number,
            others=tuple(str(other[0]) for other in row.others),
            url=web_address(row.tracking_url),
            units=sum(line.quantity for line in row.lines.all()),
            found_at=row.found_at,
            told_at=row.fulfilled_at,
        )


def _findings(found: Iterable[Any]) -> Iterable[FindingRow]:
    for row in found:
        yield FindingRow(
            id=row.pk,
            code=row.code,
            severity=row.severity,
            who=row.who,
            subject=row.subject,
            vendor_id=row.vendor_id,
            evidence=row.evidence,
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
            times_seen=row.times_seen,
        )
