"""Counts kept by triggers: each statement that changes listings, stock lines, orders and the like
adds what it changed to `storage_tally`, in its own transaction. A page then sums a few rows where
it would count a million, and what it shows is never stale (docs/adr/0007).
"""

from typing import NamedTuple

from django.db.migrations import RunSQL


class Counted(NamedTuple):
    """A table whose rows are counted by `key`. `r` is the row; `vendor` "0" has no count for each
    vendor; `where` says which rows count.
    """

    topic: str
    table: str
    key: str
    vendor: str = "0"
    join: str = ""
    where: str = "true"


LISTING = (
    "r.state || '|' || (r.problems <> '[]'::jsonb)::int || '|' || r.dirty::int || '|' ||"
    " (r.publish_error <> '')::int"
)
"""state, has problems, differs from Shopify, refused by Shopify."""
LINE = (
    "(r.inventory_item_gid <> '')::int || '|' || r.stock_dirty::int || '|' ||"
    " (r.wanted_tracked IS TRUE AND r.wanted_quantity IS NOT DISTINCT FROM 0)::int || '|' ||"
    " (r.write_error <> '')::int || '|' || (r.known_at IS NOT NULL)::int"
)
"""on Shopify, to be written, sold out, refused by Shopify, known."""

COUNTED = (
    Counted("listing", "storage_listing", LISTING, "r.vendor_id"),
    Counted(
        "line",
        "storage_listingvariant",
        LINE,
        "l.vendor_id",
        "JOIN storage_listing l ON l.id = r.listing_id",
    ),
    Counted(
        "left_out",
        "storage_vendorproduct",
        "r.left_out",
        "s.vendor_id",
        "JOIN storage_store s ON s.id = r.store_id",
        "r.left_out <> '' AND r.absent_since IS NULL",
    ),
    Counted(
        "order", "storage_storefrontorder", "r.routing || '|' || (r.canceled_at IS NOT NULL)::int"
    ),
    Counted(
        "parcel",
        "storage_shipment",
        "(r.tracking_number <> '')::int::text",
        "p.vendor_id",
        "JOIN storage_purchaseorder p ON p.id = r.purchase_order_id",
    ),
)

_PART = (
    "SELECT r.marketplace_id AS m, {vendor} AS v, {key} AS k, {sign}1 AS d"
    " FROM {rows} r {join} WHERE {where}"
)
_FUNCTION = """
CREATE FUNCTION longshore_tally_{topic}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO storage_tally (marketplace_id, topic, vendor_id, key, n)
            SELECT m, '{topic}', coalesce(v, 0), k, sum(d) FROM ({new}) c GROUP BY {grouping};
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO storage_tally (marketplace_id, topic, vendor_id, key, n)
            SELECT m, '{topic}', coalesce(v, 0), k, sum(d) FROM ({old}) c GROUP BY {grouping};
    ELSE
        INSERT INTO storage_tally (marketplace_id, topic, vendor_id, key, n)
            SELECT m, '{topic}', coalesce(v, 0), k, sum(d) FROM ({new} UNION ALL {old}) c
            GROUP BY {grouping} HAVING sum(d) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tally_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION longshore_tally_{topic}();
CREATE TRIGGER tally_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION longshore_tally_{topic}();
CREATE TRIGGER tally_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION longshore_tally_{topic}();
"""
_DROP = """
DROP TRIGGER tally_insert ON {table};
DROP TRIGGER tally_update ON {table};
DROP TRIGGER tally_delete ON {table};
DROP FUNCTION longshore_tally_{topic}();
"""

FOLD = """
WITH many AS (
    SELECT marketplace_id, topic, vendor_id, key FROM storage_tally
    GROUP BY 1, 2, 3, 4 HAVING count(*) > 1 OR sum(n) = 0
), gone AS (
    DELETE FROM storage_tally t USING many m
    WHERE t.marketplace_id = m.marketplace_id AND t.topic = m.topic
        AND t.vendor_id = m.vendor_id AND t.key = m.key
    RETURNING t.marketplace_id, t.topic, t.vendor_id, t.key, t.n
)
INSERT INTO storage_tally (marketplace_id, topic, vendor_id, key, n)
SELECT marketplace_id, topic, vendor_id, key, sum(n) FROM gone
GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0
"""
"""One row for each count again. Differences added meanwhile are not seen and stay."""


def operations() -> list[RunSQL]:
    return [RunSQL(_create(one), _DROP.format(**one._asdict())) for one in COUNTED]


def _create(one: Counted) -> str:
    fill = one._asdict()
    grouping = "1, 3, 4" if one.vendor == "0" else "GROUPING SETS ((m, v, k), (m, k))"
    return _FUNCTION.format(
        topic=one.topic,
        table=one.table,
        new=_PART.format(rows="new_rows", sign="+", **fill),
        old=_PART.format(rows="old_rows", sign="-", **fill),
        grouping=grouping,
    )
