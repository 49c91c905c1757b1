"""Orders that take a store below zero: an exception at once, and no longer than it is so."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from longshore.domain.findings import Finding
from longshore.domain.stock import Claim, beyond
from longshore.storage.models import OpenFinding, Reservation
from longshore.storage.repositories.findings import note_many

CODE = "order_oversold"

_MISSING = """
WITH pools AS (
    SELECT v.id, v.product_id, v.pooled FROM storage_vendorvariant v
    WHERE v.marketplace_id = %(owner)s AND v.id = ANY(%(ids)s)
), members AS (
    SELECT p.id AS asked, v.id, v.quantity, v.stock_requested_at FROM pools p
    JOIN storage_vendorvariant v ON v.id = p.id OR (p.pooled AND v.pooled
        AND v.product_id = p.product_id)
    JOIN storage_store s ON s.id = v.store_id JOIN storage_vendor ON storage_vendor.id = s.vendor_id
    WHERE v.tracked AND v.quantity IS NOT NULL
        AND NOT (storage_vendor.sell_backorders AND v.stock_status = 'onbackorder')
)
SELECT m.asked, coalesce(sum(r.quantity), 0) - min(m.quantity) AS missing, array_agg(DISTINCT m.id)
FROM members m LEFT JOIN storage_reservation r ON r.variant_id = m.id AND r.closed_at IS NULL
    AND (r.reduced_seen_at IS NULL OR m.stock_requested_at <= r.reduced_seen_at)
GROUP BY m.asked
HAVING coalesce(sum(r.quantity), 0) > min(m.quantity)
"""


@dataclass(frozen=True, slots=True)
class _Short:
    order: str
    products: list[str]
    vendors: list[tuple[int, str]]


def check_oversold(marketplace_id: int, variant_ids: Collection[int], at: datetime) -> None:
    """Looks whether open orders want more of these vendor variants than their stores have; the
    newest are those that cannot be had. In the transaction that changed a reading or a reservation.
    """
    told = _told(marketplace_id)
    if not told and not variant_ids:
        return
    mine = Reservation.objects.filter(order_line__order_id__in=told, closed_at=None)
    asked = {*variant_ids, *(mine.values_list("variant_id", flat=True) if told else ())}
    short = _short(marketplace_id, _missing(marketplace_id, asked))
    found = [(f"order:{order_id}", *_finding(one)) for order_id, one in short.items()]
    note_many(marketplace_id, found, at)
    over = [pk for order_id, pk in told.items() if order_id not in short]
    if over:
        OpenFinding.objects.filter(pk__in=over).update(resolved_at=at)


def _finding(short: _Short) -> tuple[int | None, Finding]:
    """With the vendor, where it is one."""
    vendors = dict(short.vendors)
    evidence = {
        "order": short.order,
        "product": ", ".join(short.products),
        "vendor": ", ".join(vendors.values()),
    }
    return next(iter(vendors)) if len(vendors) == 1 else None, Finding(CODE, evidence)


def _told(marketplace_id: int) -> dict[int, int]:
    """Open findings by their order."""
    rows = OpenFinding.objects.filter(
        marketplace_id=marketplace_id, code=CODE, resolved_at__isnull=True
    )
    pairs = rows.values_list("subject", "pk")
    return {int(subject.partition(":")[2]): pk for subject, pk in pairs}


def _missing(marketplace_id: int, ids: Collection[int]) -> list[tuple[int, frozenset[int]]]:
    """(units that are missing, the variants that share the shelf), each shelf once."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, {"owner": marketplace_id, "ids": list(ids)})
        found = {frozenset(members): missing for _, missing, members in cursor.fetchall()}
    return [(missing, members) for members, missing in found.items()]


def short_lines(marketplace_id: int, variant_ids: Collection[int]) -> set[int]:
    """The order lines that cannot be had of these vendor variants, by primary key."""
    beyond_stock = _beyond(marketplace_id, _missing(marketplace_id, variant_ids))
    return {row.order_line_id for row in beyond_stock}


def _short(
    marketplace_id: int, missing: Collection[tuple[int, frozenset[int]]]
) -> Mapping[int, _Short]:
    """The orders that cannot be had, by their ids."""
    found: dict[int, _Short] = {}
    for row in _beyond(marketplace_id, missing):
        line, vendor = row.order_line, row.variant.store.vendor
        one = found.setdefault(line.order_id, _Short(line.order.name, [], []))
        one.products.append(line.title)
        one.vendors.append((vendor.pk, vendor.name))
    return found


def _beyond(
    marketplace_id: int, missing: Collection[tuple[int, frozenset[int]]]
) -> Sequence[Reservation]:
    """The newest reservations, as many as units are missing."""
    ids = {one for _, members in missing for one in members}
    if not ids:
        return ()
    rows = Reservation.objects.filter(
        marketplace_id=marketplace_id,
        variant_id__in=ids,
        closed_at=None,
        quantity__gt=0,
        order_line__purchase_line__purchase_order__shipped_at=None,
    ).select_related("order_line__order", "variant__store__vendor")
    by_shelf: defaultdict[frozenset[int], list[Reservation]] = defaultdict(list)
    shelves = {one: members for _, members in missing for one in members}
    for row in rows:
        by_shelf[shelves[row.variant_id]].append(row)
    found: list[Reservation] = []
    for units, members in missing:
        by_id = {row.pk: row for row in by_shelf[members]}
        claims = [Claim(row.pk, row.quantity, row.opened_at) for row in by_id.values()]
        found += [by_id[claim.claim_id] for claim in beyond(units, claims)]
    return found
