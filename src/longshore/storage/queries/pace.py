"""How long orders take to get into the vendors' shops."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

MEASURED = timedelta(days=7)
MOST = 1_000
"""The newest parts; more would say the same."""
LISTED = 50

PARTS = f"""
SELECT p.id, p.order_id, p.vendor_id, p.answered_at,
    extract(epoch FROM p.answered_at - o.first_seen_at)::float AS seconds
FROM (SELECT id, order_id, vendor_id, answered_at FROM storage_purchaseorder
    WHERE marketplace_id = %(m)s AND state = 'accepted' AND answered_at >= %(week)s
    ORDER BY answered_at DESC LIMIT {MOST}) p
JOIN storage_storefrontorder o ON o.id = p.order_id WHERE NOT o.routed_by_hand
"""  # noqa: S608 - our constant
"""Vendors' parts that were taken, with the seconds from when we first saw the order; those sent by
hand waited for a person. Takes `m`, the marketplace, and `week`, since when.
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of one vendor's parts, or of all (`vendor_id` 0): the median, and what 5 in 100
    exceed.
    """

    vendor_id: int
    vendor: str
    parts: int
    usual_s: float
    slow_s: float


@dataclass(frozen=True, slots=True)
class SlowPart:
    order_id: int
    order: str
    vendor: str
    taken_at: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class Paces:
    """`every` is None where nothing was taken; `slowest` are at most LISTED."""

    every: Pace | None
    vendors: tuple[Pace, ...]
    slowest: tuple[SlowPart, ...]


_VENDORS = f"""
WITH parts AS ({PARTS})
SELECT coalesce(parts.vendor_id, 0), coalesce(min(v.name), ''), count(*),
    percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY parts.seconds)
FROM parts JOIN storage_vendor v ON v.id = parts.vendor_id
GROUP BY GROUPING SETS ((), (parts.vendor_id)) HAVING count(*) > 0
ORDER BY 1, 2
"""  # noqa: S608 - our constant
_SLOWEST = f"""
WITH parts AS ({PARTS})
SELECT parts.order_id, o.name, v.name, parts.answered_at, parts.seconds
FROM parts JOIN storage_storefrontorder o ON o.id = parts.order_id
JOIN storage_vendor v ON v.id = parts.vendor_id
ORDER BY parts.seconds DESC, parts.id LIMIT {LISTED}
"""  # noqa: S608 - our constant


def paces(marketplace_id: int, now: datetime) -> Paces:
    """The slowest first."""
    asked: dict[str, Any] = {"m": marketplace_id, "week": now - MEASURED}
    with connection.cursor() as cursor:
        cursor.execute(_VENDORS, asked)
        rows = [Pace(*first, *pair) for *first, pair in cursor.fetchall()]
        cursor.execute(_SLOWEST, asked)
        slowest = tuple(SlowPart(*row) for row in cursor.fetchall())
    vendors = sorted((one for one in rows if one.vendor_id), key=lambda one: -one.slow_s)
    every = next((one for one in rows if not one.vendor_id), None)
    return Paces(every, tuple(vendors), slowest)
