"""What the sweeps found: how many products of each shop were wrong, and which stock lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from longshore.storage.models import StockEvent
from longshore.storage.queries.paging import TOP, Cursor, Slice, slice_of

LATELY = timedelta(days=1)
SHOPS_SHOWN = 50

LAST_SWEEPS = """
SELECT t.vendor_id, t.id AS store_id, walk.* FROM storage_store t CROSS JOIN LATERAL (
    SELECT s.started_at, s.finished_at, s.products_seen, s.changed FROM storage_scan s
    WHERE s.store_id = t.id AND s.kind = 'sweep' AND s.phase = 'done'
    ORDER BY s.started_at DESC LIMIT 1) walk
WHERE t.marketplace_id = %(m)s
"""
"""The newest finished sweep of each shop of the marketplace `m`."""


@dataclass(frozen=True, slots=True)
class Swept:
    """The last sweep of one shop. `wrong` products were others than we knew and are right since;
    `wrong_lately`: the same of all sweeps of the last day.
    """

    vendor_id: int
    vendor: str
    host: str
    ended_at: datetime
    products: int
    wrong: int
    wrong_lately: int


@dataclass(frozen=True, slots=True)
class LastSweeps:
    """`rows` are at most SHOPS_SHOWN of `shops`, those with most wrong first; `wrong` is of all."""

    rows: tuple[Swept, ...]
    shops: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Mended:
    """A stock line that a sweep found wrong, and what it said before and after."""

    id: int
    line_id: int
    product: str
    options: str
    vendor: str
    at: datetime
    before: int | None
    after: int | None


_SWEPT = f"""
SELECT top.shops, top.wrong, top.vendor_id, top.name, split_part(t.base_url, '://', 2),
    top.finished_at, top.products_seen, top.changed,
    coalesce((SELECT sum(s.changed) FROM storage_scan s
        WHERE s.store_id = top.store_id AND s.kind = 'sweep' AND s.phase = 'done'
            AND s.started_at >= %(since)s), 0)
FROM (SELECT last.*, v.name, count(*) OVER () AS shops, sum(last.changed) OVER ()::bigint AS wrong
    FROM ({LAST_SWEEPS}) last JOIN storage_vendor v ON v.id = last.vendor_id
    ORDER BY last.changed DESC, v.name, last.store_id LIMIT {SHOPS_SHOWN}) top
JOIN storage_store t ON t.id = top.store_id
ORDER BY top.changed DESC, top.name, top.store_id
"""  # noqa: S608 - our constant


def swept(marketplace_id: int, now: datetime) -> LastSweeps:
    """Of each shop that was swept."""
    with connection.cursor() as cursor:
        cursor.execute(_SWEPT, {"m": marketplace_id, "since": now - LATELY})
        found = cursor.fetchall()
    shops, wrong = found[0][:2] if found else (0, 0)
    return LastSweeps(tuple(Swept(*row[2:]) for row in found), shops, wrong)


def mended(
    marketplace_id: int, now: datetime, vendor_id: int | None = None, cursor: Cursor = TOP
) -> Slice[Mended]:
    """The lines that sweeps of the last day found wrong, the newest first."""
    rows = StockEvent.objects.filter(
        marketplace_id=marketplace_id, kind="reading", data__lane="sweep", at__gte=now - LATELY
    )
    if vendor_id is not None:
        rows = rows.filter(listing_variant__listing__vendor_id=vendor_id)
    return slice_of(rows, cursor, _mended, dress=_dressed, by="at")


def _dressed(rows: Any) -> Any:
    beside = ("listing_variant__variant__product", "listing_variant__listing__vendor")
    wide = ("description_html", "short_description_html")
    return rows.select_related(*beside).defer(
        *(f"listing_variant__variant__product__{name}" for name in wide)
    )


def _mended(found: list[Any]) -> Iterable[Mended]:
    for event in found:
        line = event.listing_variant
        yield Mended(
            id=event.pk,
            line_id=line.pk,
            product=line.variant.product.name,
            options=", ".join(value for _name, value in line.variant.options if value),
            vendor=line.listing.vendor.name,
            at=event.at,
            before=event.before,
            after=event.after,
        )
