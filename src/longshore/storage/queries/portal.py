"""What a vendor's people ask: which products are not on sale, and why."""

from dataclasses import dataclass

from django.db import connection

from longshore.storage.queries.links import web_address


@dataclass(frozen=True, slots=True)
class NotOnSale:
    """Products with one reason: a finding's code, or review, publishing, declined, unpublished.
    `examples` are the first SHOWN of `count`, as (name, address in the vendor's own shop).
    """

    why: str
    count: int
    examples: tuple[tuple[str, str], ...]


SHOWN = 12

_REASONS = """
SELECT why, count(*), (array_agg(name ORDER BY name))[:%(shown)s],
    (array_agg(permalink ORDER BY name))[:%(shown)s]
FROM (
    SELECT CASE WHEN l.problems <> '[]' THEN l.problems -> 0 ->> 0
            WHEN l.publish_error <> '' THEN 'publish_refused'
            WHEN l.state = 'approved' THEN 'publishing' ELSE l.state END AS why,
        p.name, p.permalink
    FROM storage_listing l JOIN storage_vendorproduct p ON p.id = l.product_id
    WHERE l.marketplace_id = %(m)s AND l.vendor_id = %(v)s AND l.state <> 'published'
        AND p.absent_since IS NULL AND p.left_out = ''
    UNION ALL
    SELECT p.left_out, p.name, p.permalink
    FROM storage_vendorproduct p JOIN storage_store s ON s.id = p.store_id
    WHERE p.marketplace_id = %(m)s AND s.vendor_id = %(v)s AND p.left_out <> ''
        AND p.absent_since IS NULL
) reasons GROUP BY why ORDER BY count(*) DESC, why
"""


def not_on_sale(marketplace_id: int, vendor_id: int) -> tuple[NotOnSale, ...]:
    """The reasons, the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(_REASONS, {"m": marketplace_id, "v": vendor_id, "shown": SHOWN})
        return tuple(
            NotOnSale(why, count, tuple(zip(names, map(web_address, links), strict=True)))
            for why, count, names, links in cursor.fetchall()
        )
