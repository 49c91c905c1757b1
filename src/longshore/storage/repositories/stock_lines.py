"""What the rules look at: stock lines and the vendor variants behind them, as rows; and the history
of lines.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from longshore.domain.stock import (
    Reservation,
    StockDecision,
    StockPolicy,
    StockStatus,
    StoreStock,
    decide_stock,
    reserved_units,
)

NOT_FOR_SALE = StoreStock(tracked=False, quantity=None, status=StockStatus.OUT_OF_STOCK)
"""What the rules see of a variant that is gone, hidden, left out or without a price, and of all
that a shop has which stayed away for too long.
"""


@dataclass(frozen=True, slots=True)
class StockEventRow:
    """One entry of a stock line's history: "reading", "decision", "sale", "write" or "stale"."""

    line_id: int
    kind: str
    before: int | None
    after: int | None
    data: dict[str, Any]


_FOR_SALE = """coalesce(v.absent_since IS NULL AND v.public AND v.regular_price > 0
        AND p.absent_since IS NULL AND p.left_out = '' AND p.kept_out = '' AND NOT shop.withheld
        AND vendor.active AND NOT vendor.on_holiday, false)"""
_GOODS = """JOIN storage_vendorproduct p ON p.id = v.product_id
JOIN storage_store shop ON shop.id = v.store_id
JOIN storage_vendor vendor ON vendor.id = shop.vendor_id"""

_LINES = f"""
SELECT lv.id, v.id, v.product_id, v.pooled, v.tracked, v.quantity, v.stock_status,
    v.stock_requested_at, coalesce(lv.own_buffer, vendor.buffer), vendor.sell_backorders,
    {_FOR_SALE},
    lv.wanted_tracked, lv.wanted_quantity, lv.wanted_oversell, lv.rule, lv.reserved, lv.buffer,
    lv.cap
FROM storage_listingvariant lv JOIN storage_vendorvariant v ON v.id = lv.variant_id
{_GOODS}
WHERE lv.id = ANY(%s)
ORDER BY lv.id
"""  # noqa: S608 - our own constants

_SOURCES = f"""
SELECT 0, v.id, v.product_id, v.pooled, v.tracked, v.quantity, v.stock_status,
    v.stock_requested_at, vendor.buffer, vendor.sell_backorders, {_FOR_SALE},
    NULL, NULL, false, NULL, 0, 0, NULL
FROM storage_vendorvariant v {_GOODS} WHERE v.id = ANY(%s)
"""  # noqa: S608 - our own constants

_OPEN_RESERVATIONS = """
SELECT r.variant_id, v.product_id, v.pooled, r.quantity, r.opened_at, r.reduced_seen_at
FROM storage_reservation r JOIN storage_vendorvariant v ON v.id = r.variant_id
WHERE r.closed_at IS NULL AND r.variant_id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One stock line with the variant that is sold now. `wanted` and `reason` are what was decided
    last: (tracked, quantity, oversell) and (rule, reserved, buffer).
    """

    line_id: int
    variant_id: int
    product_id: int
    pooled: bool
    stock: StoreStock
    requested_at: datetime
    policy: StockPolicy
    wanted: tuple[bool | None, int | None, bool]
    reason: tuple[int | None, int, int]


Held = dict[tuple[str, int], list[Reservation]]
"""By what they count against: one variant, or the pool of a product."""


def read_lines(line_ids: Sequence[int]) -> list[Line]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [list(line_ids)])
        return [_line(row) for row in cursor.fetchall()]


def decide_line(line: Line, held: Held) -> StockDecision:
    key = ("pool", line.product_id) if line.pooled else ("variant", line.variant_id)
    return decide_stock(
        line.stock, reserved_units(held.get(key, ()), line.requested_at), line.policy
    )


def decisions_of(variant_ids: Sequence[int]) -> dict[int, StockDecision]:
    """What the rules say of vendor variants, whether a stock line sells them or not."""
    with connection.cursor() as cursor:
        cursor.execute(_SOURCES, [list(variant_ids)])
        lines = [_line(row) for row in cursor.fetchall()]
    held = reservations([line.variant_id for line in lines])
    return {line.variant_id: decide_line(line, held) for line in lines}


def _line(row: Sequence[Any]) -> Line:
    stock = StoreStock(row[4], row[5], StockStatus(row[6])) if row[10] else NOT_FOR_SALE
    return Line(
        line_id=row[0],
        variant_id=row[1],
        product_id=row[2],
        pooled=row[3],
        stock=stock,
        requested_at=row[7],
        policy=StockPolicy(buffer=row[8], sell_backorders=row[9], cap=row[17]),
        wanted=(row[11], row[12], row[13]),
        reason=(row[14], row[15], row[16]),
    )


def reservations(variant_ids: Sequence[int]) -> dict[tuple[str, int], list[Reservation]]:
    """By what they count against: one variant, or the pool of a product."""
    held: defaultdict[tuple[str, int], list[Reservation]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_RESERVATIONS, [list(variant_ids)])
        for variant_id, product_id, pooled, quantity, opened_at, seen_at in cursor.fetchall():
            key = ("pool", product_id) if pooled else ("variant", variant_id)
            held[key].append(Reservation(quantity, opened_at, seen_at))
    return held


def keep_events(marketplace_id: int, events: Sequence[StockEventRow], at: datetime) -> None:
    """Adds entries to the history of stock lines."""
    if not events:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO storage_stockevent"
            " (marketplace_id, listing_variant_id, at, kind, before, after, data)"
            " SELECT %s, e.line, %s, e.kind, e.before, e.after, e.data FROM unnest("
            " %s::bigint[], %s::text[], %s::int[], %s::int[], %s::jsonb[])"
            " AS e (line, kind, before, after, data)",
            [
                marketplace_id,
                at,
                [event.line_id for event in events],
                [event.kind for event in events],
                [event.before for event in events],
                [event.after for event in events],
                [json.dumps(event.data) for event in events],
            ],
        )


def chunks(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """`ids` in parts of at most `size`."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
