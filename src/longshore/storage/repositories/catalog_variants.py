"""Merging variants and their stock readings into their rows: only what differs is written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.utils import CursorWrapper

from longshore.domain.catalog import VendorVariant
from longshore.ports.stores import StockLine
from longshore.storage.bulk import assignments, fill, listed
from longshore.storage.repositories.catalog_holding import SELLS, hold_back_variants
from longshore.storage.repositories.catalog_products import Where, dump, plain
from longshore.storage.repositories.translations import INCOMING as PRODUCTS

INCOMING = "incoming_variant"
LINES = "incoming_stock"

_KEYS = (("product_id_in_store", "bigint"), ("variation_id", "bigint"))
_CONTENT = (
    ("sku", "text"),
    ("barcode", "text"),
    ("regular_price", "numeric(18,6)"),
    ("sale_price", "numeric(18,6)"),
    ("sale_from", "timestamptz"),
    ("sale_to", "timestamptz"),
    ("options", "jsonb"),
    ("weight", "numeric(12,4)"),
    ("image", "jsonb"),
    ("public", "bool"),
    ("position", "int"),
)
_STOCK = (
    ("tracked", "bool"),
    ("quantity", "int"),
    ("stock_status", "text"),
    ("pooled", "bool"),
)
_CONTENT_NAMES = tuple(f'"{name}"' for name, _ in _CONTENT)
_STOCK_NAMES = tuple(name for name, _ in _STOCK)
_NAMES = (*_CONTENT_NAMES, *_STOCK_NAMES)
_HELD = ("held", "bool")
"""Whether the stock in the row is the one in force and no reading (see `catalog_holding`)."""
_COLUMNS = (*_KEYS, *((f'"{name}"', kind) for name, kind in (*_CONTENT, *_STOCK)), _HELD)

_LINE_COLUMNS = (
    *_KEYS,
    *_STOCK,
    _HELD,
    ("status", "text"),
    ("modified_at", "timestamptz"),
    ("raw_type", "text"),
    ("visible", "bool"),
    ("regular_price", "numeric(18,6)"),
    ("sale_price", "numeric(18,6)"),
)

MOST_UNITS = 2_000_000_000
"""What the column holds; more is a slip of the store's."""


def _differ(names: Iterable[str]) -> str:
    names = tuple(names)
    return f"({listed(names, 'o')}) IS DISTINCT FROM ({listed(names, 'i')})"


_READING = """
    stock_requested_at = CASE WHEN i.held THEN v.stock_requested_at
        ELSE greatest(v.stock_requested_at, %(requested)s) END,
    stock_lane = CASE WHEN i.held OR v.stock_requested_at > %(requested)s THEN v.stock_lane
        ELSE %(lane)s END,
    scan_id = greatest(v.scan_id, %(scan)s)"""
_SOLD_OUT = (
    f"sold_out_at = CASE WHEN {SELLS.format('o')} AND NOT ({SELLS.format('i')}) THEN %(at)s"
    " ELSE v.sold_out_at END"
)

_UPDATE = f"""
UPDATE storage_vendorvariant v SET {assignments(_NAMES, "i")}, absent_since = NULL, {_READING},
    {_SOLD_OUT}, changed_at = %(at)s
FROM {INCOMING} i JOIN storage_vendorvariant o ON o.store_id = %(store)s
    AND o.product_id_in_store = i.product_id_in_store AND o.variation_id = i.variation_id
WHERE v.id = o.id AND (o.absent_since IS NOT NULL OR {_differ(_NAMES)})
RETURNING v.id, v.product_id, o.quantity, v.quantity,
    o.absent_since IS NOT NULL OR {_differ(_CONTENT_NAMES)}, {_differ(_STOCK_NAMES)}
"""  # noqa: S608 - column names are ours

_INSERT = f"""
INSERT INTO storage_vendorvariant (marketplace_id, store_id, product_id, product_id_in_store,
    variation_id, {", ".join(_NAMES)}, stock_requested_at, stock_lane, changed_at, scan_id)
SELECT %(owner)s, %(store)s, p.id, i.product_id_in_store, i.variation_id, {listed(_NAMES, "i")},
    %(requested)s, %(lane)s, %(at)s, %(scan)s
FROM {INCOMING} i JOIN storage_vendorproduct p
    ON p.store_id = %(store)s AND p.product_id = i.product_id_in_store
ON CONFLICT (store_id, product_id_in_store, variation_id) DO NOTHING
RETURNING id, product_id
"""  # noqa: S608

_TOUCH = f"""
UPDATE storage_vendorvariant v SET {_READING}
FROM {{source}} i WHERE v.store_id = %(store)s AND v.absent_since IS NULL
    AND v.product_id_in_store = i.product_id_in_store AND v.variation_id = i.variation_id
    AND (v.scan_id < %(scan)s OR (v.stock_requested_at < %(requested)s AND NOT i.held))
"""  # noqa: S608

_ENDING = """
SELECT DISTINCT v.id FROM {source} i JOIN storage_vendorvariant v ON v.store_id = %(store)s
    AND v.product_id_in_store = i.product_id_in_store AND v.variation_id = i.variation_id
JOIN storage_reservation r ON r.variant_id = v.id
WHERE r.closed_at IS NULL AND r.reduced_seen_at IS NOT NULL AND NOT i.held
"""
"""A newer reading ends reservations even where the number is the same."""

_GONE = f"""
UPDATE storage_vendorvariant v SET absent_since = %(at)s, changed_at = %(at)s
FROM {PRODUCTS} p
WHERE v.store_id = %(store)s AND v.product_id_in_store = p.product_id AND v.absent_since IS NULL
    AND CASE WHEN p.complete THEN NOT EXISTS (SELECT 1 FROM {INCOMING} i
            WHERE i.product_id_in_store = v.product_id_in_store
            AND i.variation_id = v.variation_id)
        ELSE v.variation_id = 0 END
RETURNING v.id, v.product_id
"""  # noqa: S608
"""A product read whole names all its variants; a variable one is never sold as itself."""

_STOCK_UPDATE = f"""
UPDATE storage_vendorvariant v SET {assignments(_STOCK_NAMES, "i")}, {_READING}, {_SOLD_OUT},
    changed_at = %(at)s
FROM {LINES} i JOIN storage_vendorvariant o ON o.store_id = %(store)s
    AND o.product_id_in_store = i.product_id_in_store AND o.variation_id = i.variation_id
WHERE v.id = o.id AND o.absent_since IS NULL AND {_differ(_STOCK_NAMES)}
RETURNING v.id, v.product_id, o.quantity, v.quantity, false, true
"""  # noqa: S608


@dataclass(slots=True)
class Changes:
    """What a merge changed: `stock` are variants to decide anew, `content` products to review,
    `moved` products of whose stock something changed; `readings` are (variant row, quantity before,
    after).
    """

    stock: set[int] = field(default_factory=set)
    content: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    readings: list[tuple[int, int | None, int | None]] = field(default_factory=list)


def merge_variants(
    cursor: CursorWrapper, where: Where, items: Sequence[VendorVariant], changes: Changes
) -> None:
    """Writes new and changed variants with their readings."""
    fill(cursor, INCOMING, _COLUMNS, _rows(items))
    if not items:
        return
    hold_back_variants(cursor, where, INCOMING, priced=True)
    names = where.names()
    cursor.execute(_UPDATE, names)
    _note(cursor.fetchall(), changes)
    cursor.execute(_INSERT, names)
    for row_id, product_id in cursor.fetchall():
        changes.stock.add(row_id)
        changes.content.add(product_id)
    _touch(cursor, names, INCOMING, changes)


def mark_gone_variants(cursor: CursorWrapper, where: Where, changes: Changes) -> None:
    """Marks variants that their product, read whole, no longer has. After both merges."""
    cursor.execute(_GONE, where.names())
    for row_id, product_id in cursor.fetchall():
        changes.stock.add(row_id)
        changes.content.add(product_id)


def merge_stock(
    cursor: CursorWrapper, where: Where, lines: Sequence[StockLine], changes: Changes
) -> None:
    """Writes changed readings of variants that are known; the lines stay in their table."""
    fill(cursor, LINES, _LINE_COLUMNS, _line_rows(lines))
    hold_back_variants(cursor, where, LINES, priced=False)
    names = where.names()
    cursor.execute(_STOCK_UPDATE, names)
    _note(cursor.fetchall(), changes)
    _touch(cursor, names, LINES, changes)


def _touch(cursor: CursorWrapper, names: dict[str, Any], source: str, changes: Changes) -> None:
    cursor.execute(_ENDING.format(source=source), names)
    changes.stock.update(row[0] for row in cursor.fetchall())
    cursor.execute(_TOUCH.format(source=source), names)


def _note(rows: Sequence[Sequence[Any]], changes: Changes) -> None:
    for row_id, product_id, before, after, content, stock in rows:
        changes.stock.add(row_id)
        if content:
            changes.content.add(product_id)
        if stock:
            changes.moved.add(product_id)
            changes.readings.append((row_id, before, after))


def _rows(items: Sequence[VendorVariant]) -> Iterator[tuple[Any, ...]]:
    distinct = {(one.product_id, one.variation_id): one for one in items}
    for one in distinct.values():
        image = one.image
        yield (
            one.product_id,
            one.variation_id,
            plain(one.sku),
            plain(one.barcode),
            one.regular_price,
            one.sale_price,
            one.sale_from,
            one.sale_to,
            dump([list(pair) for pair in one.options]),
            one.weight,
            dump([image.image_id, image.url, image.alt]) if image else None,
            one.public,
            one.position,
            one.stock.tracked,
            whole_units(one.stock.quantity),
            one.stock.status.value,
            one.pooled,
            False,
        )


def _line_rows(lines: Sequence[StockLine]) -> Iterator[tuple[Any, ...]]:
    distinct = {(one.product_id, one.variation_id): one for one in lines}
    for one in distinct.values():
        yield (
            one.product_id,
            one.variation_id,
            one.stock.tracked,
            whole_units(one.stock.quantity),
            one.stock.status.value,
            one.pooled,
            False,
            one.status,
            one.modified_at,
            one.raw_type,
            one.visible,
            one.regular_price,
            one.sale_price,
        )


def whole_units(quantity: int | None) -> int | None:
    return None if quantity is None else max(-MOST_UNITS, min(MOST_UNITS, quantity))
