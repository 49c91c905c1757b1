"""What waits for a person, cause by cause: how many, since when, and what it is worth."""

# ruff: noqa: S608 - the SQL is made of our own constants
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count

from longshore.storage.models import OpenFinding
from longshore.storage.queries.paging import TOP, Cursor, Slice, slice_of
from longshore.storage.queries.problems import Problem, dressed, problems_of


@dataclass(frozen=True, slots=True)
class Need:
    """One cause. `worth`: of the orders it concerns, None where there are none or their currencies
    differ. `evidence` and `vendor` are those of the oldest of `count`.
    """

    code: str
    severity: str
    who: str
    count: int
    vendors: int
    first_seen_at: datetime
    evidence: Mapping[str, Any]
    vendor: str
    worth: Decimal | None
    currency: str


_ORDER = """
SELECT CASE f.what
    WHEN 'order' THEN f.id
    WHEN 'purchase_order' THEN (SELECT p.order_id FROM storage_purchaseorder p WHERE p.id = f.id
        AND p.marketplace_id = f.marketplace_id)
    WHEN 'shipment' THEN (SELECT p.order_id FROM storage_shipment s
        JOIN storage_purchaseorder p ON p.id = s.purchase_order_id
        WHERE s.id = f.id AND s.marketplace_id = f.marketplace_id) END
"""
_NEEDS = f"""
WITH f AS (
    SELECT id AS finding, marketplace_id, code, severity, who, vendor_id, evidence, first_seen_at,
        split_part(subject, ':', 1) AS what,
        CASE WHEN subject ~ '^[a-z_]+:[0-9]{{1,18}}(:|$)'
            THEN split_part(subject, ':', 2)::bigint END AS id
    FROM storage_openfinding
    WHERE marketplace_id = %(m)s AND resolved_at IS NULL AND known_at IS NULL AND who <> 'nobody'
        AND severity <> 'note'
), placed AS (
    SELECT f.code, ({_ORDER}) AS order_id FROM f
    WHERE f.what IN ('order', 'purchase_order', 'shipment')
), worth AS (
    SELECT p.code, sum(l.quantity * l.unit_price) AS worth, min(o.currency) AS currency,
        count(DISTINCT o.currency) AS currencies
    FROM (SELECT DISTINCT code, order_id FROM placed) p
    JOIN storage_storefrontorder o ON o.id = p.order_id AND o.marketplace_id = %(m)s
    JOIN storage_storefrontorderline l ON l.order_id = o.id
    GROUP BY p.code
), oldest AS (
    SELECT DISTINCT ON (f.code) f.code, f.evidence, v.name FROM f
    LEFT JOIN storage_vendor v ON v.id = f.vendor_id ORDER BY f.code, f.first_seen_at, f.finding
)
SELECT f.code, max(f.severity), min(f.who), count(*), count(DISTINCT f.vendor_id),
    min(f.first_seen_at), (array_agg(oldest.evidence))[1], min(coalesce(oldest.name, '')),
    min(worth.worth) FILTER (WHERE worth.currencies = 1), min(worth.currency)
FROM f JOIN oldest ON oldest.code = f.code LEFT JOIN worth ON worth.code = f.code
GROUP BY f.code
ORDER BY max(f.severity) = 'stop' DESC, min(f.first_seen_at)
"""


OF: Mapping[str, tuple[str, ...]] = {
    "late": ("late_to_accept", "late_to_ship"),
    "failed": (
        "country_not_served", "fulfillment_refused", "line_without_vendor", "order_born_completed",
        "order_deleted", "order_gone", "order_half_made", "order_lines_differ", "order_needs_rate",
        "order_needs_tax_rule", "order_oversold", "order_price_unknown", "order_refused",
        "order_risky", "order_unreadable", "order_without_address", "order_twice",
        "vendor_cannot_deliver",
    ),
    "held": ("held_answers", "held_prices", "held_sold_out", "held_vanished"),
}  # fmt: skip
"""Causes that home counts together: orders that are late, that cannot go on, changes that are held.
"""


def waiting(marketplace_id: int) -> Mapping[str, int]:
    """How many things each of OF has that wait for a person."""
    rows = OpenFinding.objects.filter(
        marketplace_id=marketplace_id,
        resolved_at__isnull=True,
        known_at=None,
        code__in=[code for codes in OF.values() for code in codes],
    )
    found = dict(rows.order_by().values_list("code").annotate(n=Count("pk")))
    return {name: sum(found.get(code, 0) for code in codes) for name, codes in OF.items()}


def needs(marketplace_id: int) -> tuple[Need, ...]:
    """Stopped first, then the oldest."""
    with connection.cursor() as cursor:
        cursor.execute(_NEEDS, {"m": marketplace_id})
        return tuple(_need(row) for row in cursor.fetchall())


def _need(row: Any) -> Need:
    code, severity, who, count, vendors, first, evidence, vendor, worth, currency = row
    known = json.loads(evidence) if isinstance(evidence, str) else evidence
    return Need(code, severity, who, count, vendors, first, known, vendor, worth, currency or "")


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One of them; `id` is what settling names."""

    id: int
    problem: Problem


def need_rows(
    marketplace_id: int, code: str, vendor_id: int | None = None, cursor: Cursor = TOP
) -> Slice[NeedRow]:
    """All of one cause, the oldest first."""
    rows = OpenFinding.objects.filter(
        marketplace_id=marketplace_id, code=code, resolved_at__isnull=True, known_at=None
    )
    if vendor_id is not None:
        rows = rows.filter(vendor_id=vendor_id)

    def build(found: list[Any]) -> Iterable[NeedRow]:
        told = problems_of(marketplace_id, found)
        return [NeedRow(row.pk, problem) for row, problem in zip(found, told, strict=True)]

    return slice_of(rows, cursor, build, dress=dressed, by="first_seen_at", oldest_first=True)


def subjects_of(marketplace_id: int, code: str, ids: Iterable[int]) -> tuple[tuple[str, int], ...]:
    """(kind, primary key) of what these open findings are about, the oldest first."""
    rows = OpenFinding.objects.filter(
        marketplace_id=marketplace_id, code=code, pk__in=list(ids), resolved_at__isnull=True
    )
    found = rows.order_by("first_seen_at", "pk").values_list("subject", flat=True)
    pairs = (subject.partition(":") for subject in found)
    return tuple((kind, int(number)) for kind, _, number in pairs if number.isdigit())
