"""The home page: how much is well, and when each shop was last heard."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from longshore.storage.models import Store, Storefront


@dataclass(frozen=True, slots=True)
class Numbers:
    """Counts of one marketplace. Times to the vendor are medians over the last 7 days."""

    orders_today: int
    with_vendor_today: int
    waiting: int
    to_ship: int
    usual_seconds: float | None
    listings: int
    published: int
    to_review: int
    left_out: int
    publishing: int
    lines: int
    lines_agreeing: int
    lines_to_write: int
    oldest_reading: datetime | None
    stores: int
    stores_well: int


_NUMBERS = """
WITH orders AS (
    SELECT o.id, o.created_in_shop >= %(today)s AS today, o.routing,
        EXISTS (SELECT 1 FROM storage_purchaseorder p WHERE p.order_id = o.id)
            AND NOT EXISTS (SELECT 1 FROM storage_purchaseorder p WHERE p.order_id = o.id
                AND p.state <> 'accepted') AS with_vendor
    FROM storage_storefrontorder o
    WHERE o.marketplace_id = %(m)s AND o.canceled_at IS NULL
        AND (o.created_in_shop >= %(today)s OR o.routing <> 'closed')
), listings AS (
    SELECT count(*) AS every, count(*) FILTER (WHERE state = 'published') AS published,
        count(*) FILTER (WHERE state = 'review') AS review,
        count(*) FILTER (WHERE state = 'approved' OR state = 'published' AND dirty) AS publishing
    FROM storage_listing WHERE marketplace_id = %(m)s
), lines AS (
    SELECT count(*) AS every, count(*) FILTER (WHERE NOT lv.stock_dirty
            AND lv.known_at IS NOT NULL) AS agreeing,
        count(*) FILTER (WHERE lv.stock_dirty) AS dirty, min(v.stock_requested_at) AS oldest
    FROM storage_listingvariant lv JOIN storage_vendorvariant v ON v.id = lv.variant_id
    WHERE lv.marketplace_id = %(m)s AND lv.inventory_item_gid <> ''
)
SELECT
    (SELECT count(*) FROM orders WHERE today),
    (SELECT count(*) FROM orders WHERE today AND with_vendor),
    (SELECT count(*) FROM orders WHERE routing = 'waiting'),
    (SELECT count(*) FROM storage_purchaseorder WHERE marketplace_id = %(m)s
        AND state = 'accepted' AND shipped_at IS NULL),
    (SELECT extract(epoch FROM percentile_cont(0.5) WITHIN GROUP
            (ORDER BY p.answered_at - o.first_seen_at))
        FROM storage_purchaseorder p JOIN storage_storefrontorder o ON o.id = p.order_id
        WHERE p.marketplace_id = %(m)s AND p.state = 'accepted' AND NOT o.routed_by_hand
            AND p.answered_at >= %(week)s),
    listings.every, listings.published, listings.review,
    (SELECT count(*) FROM storage_vendorproduct WHERE marketplace_id = %(m)s AND left_out <> ''
        AND absent_since IS NULL),
    listings.publishing, lines.every, lines.agreeing, lines.dirty, lines.oldest,
    (SELECT count(*) FROM storage_store WHERE marketplace_id = %(m)s),
    (SELECT count(*) FROM storage_store WHERE marketplace_id = %(m)s AND state = 'connected')
FROM listings, lines
"""


def numbers(marketplace_id: int, today: datetime, now: datetime) -> Numbers:
    """`today` is midnight in the marketplace's zone."""
    values = {"m": marketplace_id, "today": today, "week": now - timedelta(days=7)}
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, values)
        row = list(cursor.fetchone())
    row[4] = None if row[4] is None else float(row[4])
    return Numbers(*row)


@dataclass(frozen=True, slots=True)
class ShopPulse:
    """When one shop was last heard: `answered_at` by asking, `notice_at` by its webhook."""

    vendor_id: int | None
    name: str
    host: str
    state: str
    answered_at: datetime | None
    orders_read_at: datetime | None
    notice_at: datetime | None


def pulses(marketplace_id: int) -> tuple[ShopPulse, ...]:
    """The storefront first (vendor_id None), then the stores; those silent longest first."""
    front = Storefront.objects.filter(marketplace_id=marketplace_id).first()
    found = [
        ShopPulse(
            None,
            front.name or front.shop_domain,
            front.shop_domain,
            front.state,
            front.facts_read_at,
            front.orders_polled_at,
            front.last_webhook_at,
        )
        for front in [front]
        if front is not None
    ]
    stores = Store.objects.filter(marketplace_id=marketplace_id).select_related("vendor")
    return (
        *found,
        *(
            ShopPulse(
                store.vendor_id,
                store.vendor.name,
                store.base_url.partition("://")[2],
                store.state,
                max(filter(None, (store.last_answer_at, store.polled_at, store.swept_at)), default=None),
                store.orders_polled_at,
                store.last_webhook_at,
            )
            for store in stores.order_by("last_answer_at", "id")[:50]
        ),
    )
