"""What pasted parcel numbers mean here: which vendor's part of which order each belongs to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from longshore.domain.parcel_numbers import bare
from longshore.domain.pasted import PastedLine
from longshore.storage.models import PurchaseOrder, Shipment
from longshore.storage.search_sql import PARCEL_NUMBER

MOST_OPEN = 200
"""Open orders that are offered for numbers without one."""
NUMBER = 18  # digits that fit into a number of the database


class Fit(StrEnum):
    """SHIPS: the order is shipped with it. NUMBERS: a shipment without a number gets it. KNOWN: it
    is there already. TAKEN: the order was shipped with another number. CLOSED: it cannot be
    shipped (not in the shop yet, or canceled). SEVERAL, UNKNOWN, NO_ORDER: somebody must say which
    order. UNREADABLE: the line holds no number.
    """

    SHIPS = "ships"
    NUMBERS = "numbers"
    KNOWN = "known"
    TAKEN = "taken"
    CLOSED = "closed"
    SEVERAL = "several"
    UNKNOWN = "unknown"
    NO_ORDER = "no_order"
    UNREADABLE = "unreadable"


APPLIES = frozenset({Fit.SHIPS, Fit.NUMBERS})
ASKS = frozenset({Fit.SEVERAL, Fit.UNKNOWN, Fit.NO_ORDER})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A vendor's part of an order that can take a number, or could."""

    id: int
    reference: str
    order: str
    number: str
    vendor: str
    city: str
    units: int
    fit: Fit


@dataclass(frozen=True, slots=True)
class Row:
    """A pasted line; `part` where it is clear which one."""

    line: PastedLine
    fit: Fit
    part: Candidate | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """`open`: the parts that numbers without an order can be given to, the oldest first."""

    rows: tuple[Row, ...]
    open: tuple[Candidate, ...]


def fit_pasted(marketplace_id: int, vendor_id: int | None, lines: Sequence[PastedLine]) -> Fitted:
    """In a fixed number of statements. `vendor_id` None: of the whole marketplace."""
    parts = PurchaseOrder.objects.filter(marketplace_id=marketplace_id)
    parts = parts if vendor_id is None else parts.filter(vendor_id=vendor_id)
    named = _named(parts, {line.order for line in lines if line.order})
    known = _known(marketplace_id, vendor_id, {line.number for line in lines if line.number})
    rows = tuple(_fit(line, named.get(_plain(line.order), ()), known) for line in lines)
    return Fitted(rows, _open(parts) if lines else ())


def _plain(order: str) -> str:
    return order.lstrip("#").lower()


def _fit(line: PastedLine, parts: Sequence[Candidate], known: frozenset[str]) -> Row:
    if not line.number:
        return Row(line, Fit.UNREADABLE)
    if line.number in known:
        return Row(line, Fit.KNOWN, parts[0] if len(parts) == 1 else None)
    if not line.order:
        return Row(line, Fit.NO_ORDER)
    able = [part for part in parts if part.fit in APPLIES]
    if len(able) == 1:
        return Row(line, able[0].fit, able[0])
    if len(able) > 1:
        return Row(line, Fit.SEVERAL)
    return Row(line, parts[0].fit, parts[0]) if parts else Row(line, Fit.UNKNOWN)


def _named(
    parts: "QuerySet[PurchaseOrder]", orders: set[str]
) -> Mapping[str, tuple[Candidate, ...]]:
    """Parts by each text that names their order: Shopify's name, the store's number or id, our
    reference.
    """
    plain = {_plain(order) for order in orders}
    if not plain:
        return {}
    texts = plain | {f"#{one}" for one in plain} | orders | {one.upper() for one in plain}
    ids = [int(one) for one in plain if one.isascii() and one.isdigit() and len(one) <= NUMBER]
    wanted = (
        Q(order__name__in=texts)
        | Q(store_order_number__in=texts)
        | Q(store_order_id__in=ids)
        | Q(reference__in=texts)
    )
    found: dict[str, tuple[Candidate, ...]] = {}
    for row in _dressed(parts.filter(wanted)).order_by("pk")[: MOST_OPEN * 5]:
        one = _candidate(row)
        names = {row.order.name, row.store_order_number, str(row.store_order_id), row.reference}
        for name in {_plain(name) for name in names} & plain:
            found[name] = (*found.get(name, ()), one)
    return found


def _open(parts: "QuerySet[PurchaseOrder]") -> tuple[Candidate, ...]:
    waits = Q(shipped_at=None, order__canceled_at=None, cancel_asked_at=None)
    lacks = Exists(Shipment.objects.filter(purchase_order=OuterRef("pk"), tracking_number=""))
    rows = parts.filter(waits, state="accepted")
    bare_rows = parts.filter(lacks, state="accepted")
    found = [_candidate(row) for row in _dressed(rows).order_by("created_at", "pk")[:MOST_OPEN]]
    more = _dressed(bare_rows).order_by("-created_at", "-pk")[: MOST_OPEN // 4]
    known = {one.id for one in found}
    found += [_candidate(row) for row in more if row.pk not in known]
    return tuple(one for one in found if one.fit in APPLIES)


def _dressed(rows: "QuerySet[PurchaseOrder]") -> "QuerySet[Any]":
    lacks = Shipment.objects.filter(purchase_order=OuterRef("pk"), tracking_number="")
    return rows.select_related("order", "vendor").annotate(
        left=Sum(F("lines__quantity") - F("lines__shipped")), lacks_number=Exists(lacks)
    )


def _candidate(row: Any) -> Candidate:
    return Candidate(
        id=row.pk,
        reference=row.reference,
        order=row.order.name,
        number=row.store_order_number or str(row.store_order_id or ""),
        vendor=row.vendor.name,
        city=(row.order.shipping_address or {}).get("city") or "",
        units=max(0, row.left or 0),
        fit=_state(row),
    )


def _state(row: Any) -> Fit:
    if row.lacks_number:
        return Fit.NUMBERS
    if row.shipped_at is not None:
        return Fit.TAKEN
    canceled = row.order.canceled_at is not None or row.cancel_asked_at is not None
    open_ = row.state == "accepted" and not canceled and (row.left or 0) > 0
    return Fit.SHIPS if open_ else Fit.CLOSED


_KNOWN = f"""
SELECT {PARCEL_NUMBER} FROM storage_shipment s
WHERE marketplace_id = %(m)s AND tracking_number <> '' AND {PARCEL_NUMBER} = ANY(%(numbers)s)
    AND (%(v)s::bigint IS NULL OR EXISTS (SELECT FROM storage_purchaseorder p
        WHERE p.id = s.purchase_order_id AND p.vendor_id = %(v)s))
"""  # noqa: S608 - our own constants


def _known(marketplace_id: int, vendor_id: int | None, numbers: Iterable[str]) -> frozenset[str]:
    """Those that parcels have already."""
    asked = {"m": marketplace_id, "v": vendor_id, "numbers": sorted(numbers)}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, asked)
        return frozenset(bare(number) for (number,) in cursor.fetchall())
