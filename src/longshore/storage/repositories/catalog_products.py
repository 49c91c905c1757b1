"""Merging products as they were read into their rows: only what differs is written."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

from longshore.domain.catalog import VendorProduct, left_out_because
from longshore.domain.lanes import Lane
from longshore.storage.bulk import assignments, fill, listed
from longshore.storage.repositories.translations import (
    INCOMING,
    find_originals,
    review_originals,
)

_CONTENT = (
    ("kind", "text"),
    ("raw_type", "text"),
    ("status", "text"),
    ("visible", "bool"),
    ("protected", "bool"),
    ("name", "text"),
    ("slug", "text"),
    ("permalink", "text"),
    ("sku", "text"),
    ("description_html", "text"),
    ("short_description_html", "text"),
    ("categories", "jsonb"),
    ("tags", "jsonb"),
    ("brand", "text"),
    ("images", "jsonb"),
    ("option_names", "jsonb"),
    ("variation_ids", "jsonb"),
    ("attributes", "jsonb"),
    ("created_in_store", "timestamptz"),
    ("modified_in_store", "timestamptz"),
    ("language", "text"),
    ("original_id", "bigint"),
    ("left_out", "text"),
    ("left_out_evidence", "jsonb"),
)
_NAMES = tuple(name for name, _ in _CONTENT)
_COLUMNS = (("product_id", "bigint"), ("complete", "bool"), *_CONTENT)
_SHOWN = tuple(name for name in _NAMES if name not in {"modified_in_store", "variation_ids"})
"""A product that only says "modified" has not changed for us."""

_UPDATE = f"""
UPDATE storage_vendorproduct p SET {assignments(_NAMES, "i")}, absent_since = NULL,
    missing_since = NULL, read_at = %(at)s, scan_id = greatest(p.scan_id, %(scan)s),
    changed_at = CASE WHEN d.shown THEN %(at)s ELSE p.changed_at END,
    review_due = p.review_due OR d.shown
FROM {INCOMING} i JOIN storage_vendorproduct o
    ON o.store_id = %(store)s AND o.product_id = i.product_id
CROSS JOIN LATERAL (SELECT o.absent_since IS NOT NULL OR
    ({listed(_SHOWN, "o")}) IS DISTINCT FROM ({listed(_SHOWN, "i")}) AS shown) d
WHERE p.id = o.id AND (d.shown OR (o.modified_in_store, o.variation_ids)
    IS DISTINCT FROM (i.modified_in_store, i.variation_ids))
RETURNING p.id, d.shown
"""  # noqa: S608 - column names are ours

_INSERT = f"""
INSERT INTO storage_vendorproduct (marketplace_id, store_id, product_id, {", ".join(_NAMES)},
    read_at, changed_at, scan_id, review_due)
SELECT %(owner)s, %(store)s, i.product_id, {listed(_NAMES, "i")}, %(at)s, %(at)s, %(scan)s,
    i.kind <> 'variable' OR %(lane)s <> 'import'
FROM {INCOMING} i
ON CONFLICT (store_id, product_id) DO NOTHING
RETURNING id
"""  # noqa: S608
"""In an import the variations come later: their product is reviewed at its end."""

_TOUCH = f"""
UPDATE storage_vendorproduct p SET read_at = %(at)s, missing_since = NULL,
    scan_id = greatest(p.scan_id, %(scan)s)
FROM {INCOMING} i WHERE p.store_id = %(store)s AND p.product_id = i.product_id
    AND (p.read_at < %(at)s OR p.scan_id < %(scan)s)
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Where:
    """Whose rows a merge writes, when they were asked for, which walk saw them (0: none), and by
    which lane they came.
    """

    marketplace_id: int
    store_id: int
    scan_id: int
    at: datetime
    requested_at: datetime
    lane: Lane

    def names(self) -> dict[str, Any]:
        return {
            "owner": self.marketplace_id,
            "store": self.store_id,
            "scan": self.scan_id,
            "at": self.at,
            "requested": self.requested_at,
            "lane": self.lane.value,
        }


def fill_products(cursor: CursorWrapper, where: Where, items: Sequence[VendorProduct]) -> None:
    """Puts products into the table of what comes in, where brakes may look at them."""
    fill(cursor, INCOMING, _COLUMNS, _rows(items))
    if any(one.language for one in items):
        find_originals(cursor, where.names())


def merge_products(cursor: CursorWrapper, where: Where) -> set[int]:
    """Writes new and changed products; returns the row ids of those whose content changed. The
    temporary table stays for `catalog_variants`.
    """
    names = where.names()
    cursor.execute(_UPDATE, names)
    changed = {row_id for row_id, shown in cursor.fetchall() if shown}
    cursor.execute(_INSERT, names)
    changed |= {row[0] for row in cursor.fetchall()}
    cursor.execute(_TOUCH, names)
    if changed:
        review_originals(cursor, changed)
    return changed


def _rows(items: Sequence[VendorProduct]) -> Iterator[tuple[Any, ...]]:
    distinct = {one.product_id: one for one in items}
    for one in distinct.values():
        because = left_out_because(one)
        yield (
            one.product_id,
            one.variants is not None,
            one.kind.value,
            one.raw_type[:100],
            one.status[:50],
            one.visible,
            one.protected,
            plain(one.name),
            plain(one.slug),
            plain(one.permalink),
            plain(one.sku),
            plain(one.description_html),
            plain(one.short_description_html),
            dump(one.categories),
            dump(one.tags),
            plain(one.brand),
            dump([[image.image_id, image.url, image.alt] for image in one.images]),
            dump(one.option_names),
            dump(one.variation_ids),
            dump(one.attributes),
            one.created_at,
            one.modified_at,
            one.language[:20],
            one.original_id,
            because.code if because else "",
            dump(dict(because.evidence) if because else {}),
        )


def dump(value: Any) -> str:
    """JSON as PostgreSQL takes it: it knows no NUL, not even an escaped one."""
    written = json.dumps(value, ensure_ascii=False) if value else ("{}" if value == {} else "[]")
    return written.replace("\\u0000", "") if "\\u0000" in written else written


def plain(value: str) -> str:
    """Text as PostgreSQL takes it."""
    return value.replace("\x00", "") if "\x00" in value else value


def touch_unreadable(cursor: CursorWrapper, where: Where, product_ids: Sequence[int]) -> None:
    """Products (or variations) that were there but could not be read were seen all the same."""
    names = {**where.names(), "ids": list(product_ids)}
    cursor.execute(
        "UPDATE storage_vendorproduct SET scan_id = greatest(scan_id, %(scan)s)"
        " WHERE store_id = %(store)s AND product_id = ANY(%(ids)s)",
        names,
    )
    cursor.execute(
        "UPDATE storage_vendorvariant SET scan_id = greatest(scan_id, %(scan)s)"
        " WHERE store_id = %(store)s"
        " AND (product_id_in_store = ANY(%(ids)s) OR variation_id = ANY(%(ids)s))",
        names,
    )
