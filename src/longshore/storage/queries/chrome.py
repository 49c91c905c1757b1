"""The numbers of the rail: who waits for somebody, and when everything was last looked at."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from longshore.storage.queries.tallies import counts


@dataclass(frozen=True, slots=True)
class RailCounts:
    """`checked_at`: when the shop that was silent longest answered; None before the first."""

    orders_needing: int
    to_review: int
    checked_at: datetime | None


_COUNTS = """
SELECT
    (SELECT min(at) FROM (
        SELECT greatest(last_answer_at, polled_at, swept_at) AS at FROM storage_store
            WHERE marketplace_id = %(m)s AND state <> 'paused'
        UNION ALL
        SELECT greatest(orders_polled_at, facts_read_at, last_webhook_at) FROM storage_storefront
            WHERE marketplace_id = %(m)s) AS contact),
    (SELECT count(DISTINCT order_id) FROM storage_openfinding
        WHERE marketplace_id = %(m)s AND resolved_at IS NULL AND who <> 'nobody'
            AND severity <> 'note' AND order_id IS NOT NULL)
"""


def rail_counts(marketplace_id: int) -> RailCounts:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"m": marketplace_id})
        checked_at, needing = cursor.fetchone()
    to_review = counts(marketplace_id, ["listing"])["listing"].of("review|*|*|*")
    return RailCounts(needing, to_review, checked_at)
