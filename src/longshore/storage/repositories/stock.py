"""Stock lines as rows: what the rules want Shopify to show, and what it is believed to show.

Every change of a reading, a reservation or a vendor's settings ends in `redecide`, in the same
transaction. The writes to Shopify are in `stock_writes`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from longshore.domain.stock import StockDecision, Tracked
from longshore.storage import work
from longshore.storage.repositories.source_choice import rechoose
from longshore.storage.repositories.stock_lines import (
    Line,
    StockEventRow,
    chunks,
    decide_line,
    keep_events,
    read_lines,
    reservations,
)
from longshore.storage.repositories.watching import note_sold

BATCH = 2_000
"""Lines decided at once: bounds memory, and the time their rows stay locked."""

DIRTY = """(inventory_item_gid <> '' AND wanted_tracked IS NOT NULL AND (
    stocked_at_location = ''
    OR known_tracked IS DISTINCT FROM wanted_tracked
    OR known_oversell IS DISTINCT FROM wanted_oversell
    OR (wanted_tracked AND known_quantity IS DISTINCT FROM wanted_quantity)))"""
"""Whether Shopify must be told; only lines that are on Shopify."""
_REFRESHED = f"""
WITH moved AS (UPDATE storage_listingvariant SET stock_dirty = {DIRTY}
    WHERE id = ANY(%(ids)s) AND stock_dirty IS DISTINCT FROM {DIRTY})
SELECT count(*) FROM storage_listingvariant WHERE id = ANY(%(ids)s) AND {DIRTY}
"""  # noqa: S608 - our constant


@transaction.atomic(savepoint=False)
def redecide(marketplace_id: int, variant_ids: Iterable[int], at: datetime) -> int:
    """Decides the stock lines of these vendor variants anew, and of all that share a pool with
    them; asks for `push_stock` when Shopify must be told. Call it in the transaction that changed
    a reading, a reservation or a switch. Returns how many lines now want other numbers.

    `variant_ids` are primary keys of VendorVariant; ids of other marketplaces are ignored.
    """
    changed = 0
    push = False
    for ids in chunks(sorted(set(variant_ids)), BATCH):
        # pools first: all lines are locked in one order, whoever decides
        pool = set(_with_pools(marketplace_id, ids))
        sold = rechoose(marketplace_id, pool, at) - pool
        pool |= set(_with_pools(marketplace_id, sorted(sold))) if sold else set()
        count, dirty = _decide(marketplace_id, sorted(pool), at)
        changed += count
        push = push or dirty
    if push:
        work.push_stock(marketplace_id)
    return changed


_LOWERED = """
WITH sold AS (
    SELECT lv.id, s.units FROM storage_listingvariant lv
    JOIN unnest(%(ids)s::bigint[], %(units)s::int[]) AS s (id, units) ON s.id = lv.id
    WHERE lv.marketplace_id = %(owner)s AND lv.known_quantity IS NOT NULL
        AND lv.known_tracked IS NOT FALSE
    ORDER BY lv.id FOR UPDATE OF lv
)
UPDATE storage_listingvariant lv SET known_quantity = lv.known_quantity - sold.units,
    known_at = %(at)s
FROM sold WHERE lv.id = sold.id RETURNING lv.id, lv.known_quantity, lv.variant_id
"""


def lower_known(marketplace_id: int, sold: Mapping[int, int], at: datetime) -> list[int]:
    """Sales on Shopify took these units off what it shows (negative: they were put back), by
    primary key of ListingVariant. Returns the lines that moved; in the caller's transaction, which
    asks `refresh_dirty` about them in the end.

    Nothing happens while nothing is known, or where Shopify does not count the variant. A belief
    that is wrong harms nothing: the compare-and-set of the next write finds out.
    """
    ids, units = [*sold], [*sold.values()]
    with connection.cursor() as cursor:
        cursor.execute(_LOWERED, {"owner": marketplace_id, "ids": ids, "units": units, "at": at})
        lowered = cursor.fetchall()
    note_sold([variant for line, _, variant in lowered if sold[line] > 0], at)
    events = [
        StockEventRow(line, "sale", known + sold[line], known, {}) for line, known, _ in lowered
    ]
    keep_events(marketplace_id, events, at)
    return [line for line, _, _ in lowered]


def redecide_vendor(marketplace_id: int, vendor_id: int, at: datetime) -> int:
    """Decides all stock lines of a vendor anew: its buffer or backorder switch changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.id FROM storage_vendorvariant v JOIN storage_store s ON s.id = v.store_id"
            " WHERE v.marketplace_id = %s AND s.vendor_id = %s AND ("
            " EXISTS (SELECT FROM storage_listingvariant lv WHERE lv.variant_id = v.id)"
            " OR EXISTS (SELECT FROM storage_variantsource vs WHERE vs.variant_id = v.id))",
            [marketplace_id, vendor_id],
        )
        ids = [row[0] for row in cursor.fetchall()]
    return redecide(marketplace_id, ids, at)


def refresh_dirty(line_ids: Sequence[int]) -> int:
    """Sets `stock_dirty` to what the numbers say; returns how many of these lines are dirty."""
    if not line_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_REFRESHED, {"ids": list(line_ids)})
        found: int = cursor.fetchone()[0]
    return found


_POOLS = """
SELECT id FROM storage_vendorvariant WHERE marketplace_id = %(owner)s AND id = ANY(%(ids)s)
UNION
SELECT sibling.id FROM storage_vendorvariant mine
JOIN storage_vendorvariant sibling ON sibling.product_id = mine.product_id AND sibling.pooled
WHERE mine.marketplace_id = %(owner)s AND mine.id = ANY(%(ids)s) AND mine.pooled
"""

_DECIDED = """
UPDATE storage_listingvariant lv SET rule = d.rule, reserved = d.reserved, buffer = d.buffer,
    wanted_tracked = d.tracked, wanted_quantity = d.quantity, wanted_oversell = d.oversell,
    decided_at = %s
FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::bool[], %s::int[], %s::bool[])
    AS d (id, rule, reserved, buffer, tracked, quantity, oversell)
WHERE lv.id = d.id
"""


def _with_pools(marketplace_id: int, ids: Sequence[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_POOLS, {"owner": marketplace_id, "ids": list(ids)})
        return [row[0] for row in cursor.fetchall()]


def _decide(marketplace_id: int, variant_ids: Sequence[int], at: datetime) -> tuple[int, bool]:
    """Returns how many lines changed, and whether any of those decided is dirty."""
    lines = _locked_lines(marketplace_id, variant_ids)
    held = reservations(variant_ids) if lines else {}
    fresh: list[tuple[Line, StockDecision]] = []
    for line in lines:
        decision = decide_line(line, held)
        if (_wanted(decision), _reason(decision)) != (line.wanted, line.reason):
            fresh.append((line, decision))
    if not fresh:
        return 0, False
    _store(fresh, at)
    keep_events(marketplace_id, list(_decision_events(fresh)), at)
    dirty = refresh_dirty([line.line_id for line, _ in fresh])
    return sum(_wanted(new) != line.wanted for line, new in fresh), dirty > 0


def _locked_lines(marketplace_id: int, variant_ids: Sequence[int]) -> list[Line]:
    """Locks first and reads in a statement of its own: while one statement waits for a lock it
    still sees the readings and reservations from before, and two deciders would miss each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM storage_listingvariant WHERE marketplace_id = %s"
            " AND variant_id = ANY(%s) ORDER BY id FOR UPDATE",
            [marketplace_id, list(variant_ids)],
        )
        ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return []
    return read_lines(ids)


def _wanted(decision: StockDecision) -> tuple[bool | None, int | None, bool]:
    match decision.show:
        case Tracked(quantity, oversell):
            return True, quantity, oversell
        case _:
            return False, None, False


def _reason(decision: StockDecision) -> tuple[int | None, int, int]:
    return decision.rule, decision.reserved, decision.buffer


def _store(fresh: Sequence[tuple[Line, StockDecision]], at: datetime) -> None:
    wanted = [_wanted(decision) for _, decision in fresh]
    with connection.cursor() as cursor:
        cursor.execute(
            _DECIDED,
            [
                at,
                [line.line_id for line, _ in fresh],
                [decision.rule for _, decision in fresh],
                [decision.reserved for _, decision in fresh],
                [decision.buffer for _, decision in fresh],
                [tracked for tracked, _, _ in wanted],
                [quantity for _, quantity, _ in wanted],
                [oversell for _, _, oversell in wanted],
            ],
        )


def _decision_events(fresh: Sequence[tuple[Line, StockDecision]]) -> Iterator[StockEventRow]:
    """The first decision of a line is no event: there is nothing it changed."""
    for line, decision in fresh:
        tracked, quantity, oversell = _wanted(decision)
        if line.wanted[0] is None or (tracked, quantity, oversell) == line.wanted:
            continue
        data = {
            "rule": decision.rule,
            "reserved": decision.reserved,
            "buffer": decision.buffer,
            "tracked": tracked,
            "oversell": oversell,
        }
        yield StockEventRow(line.line_id, "decision", line.wanted[1], quantity, data)
