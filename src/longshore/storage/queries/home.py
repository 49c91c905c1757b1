"""The home page: how much is well, how many orders each day brought, when each shop was last heard,
and what happened lately.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F

from longshore.storage.models import OrderEvent, PurchaseOrder, Store, Storefront
from longshore.storage.queries.pace import MEASURED, PARTS
from longshore.storage.queries.sweeps import LAST_SWEEPS
from longshore.storage.queries.tallies import counts


@dataclass(frozen=True, slots=True)
class Numbers:
    """Counts of one marketplace. Times to the vendor are of the last 1,000 parts of 7 days:
    `usual_s` is the median, `slow_s` what 5 in 100 exceed. `drift` products were found wrong by
    the last sweep of each shop; the newest of them ended at `swept_at`. Every line was read after
    `oldest_check`. `vendors_down`: whose shop is not in use, though it should be.
    """

    orders_today: int
    with_vendor_today: int
    waiting: int
    to_ship: int
    usual_s: float | None
    slow_s: float | None
    listings: int
    published: int
    to_review: int
    left_out: int
    lines: int
    lines_agreeing: int
    lines_to_write: int
    oldest_check: datetime | None
    swept_at: datetime | None
    drift: int
    vendors: int
    vendors_well: int
    vendors_down: int
    vendors_without_shop: int


_NUMBERS = f"""
WITH orders AS (
    SELECT o.id, EXISTS (SELECT 1 FROM storage_purchaseorder p WHERE p.order_id = o.id)
            AND NOT EXISTS (SELECT 1 FROM storage_purchaseorder p WHERE p.order_id = o.id
                AND p.state <> 'accepted') AS with_vendor
    FROM storage_storefrontorder o
    WHERE o.marketplace_id = %(m)s AND o.canceled_at IS NULL AND o.created_in_shop >= %(today)s
), paces AS (
    SELECT percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY p.seconds) AS seconds
    FROM ({PARTS}) p
), stores AS (
    SELECT t.vendor_id, bool_and(t.state = 'connected') AS well,
        bool_or(t.state IN ('broken', 'held')) AS down,
        min(walk.started_at) FILTER (WHERE t.state IN ('connected', 'degraded')) AS checked_at
    FROM storage_store t LEFT JOIN LATERAL (SELECT s.started_at FROM storage_scan s
        WHERE s.store_id = t.id AND s.phase = 'done'
        ORDER BY s.started_at DESC LIMIT 1) walk ON true
    WHERE t.marketplace_id = %(m)s GROUP BY t.vendor_id
), sweeps AS (
    SELECT max(s.finished_at) AS at, coalesce(sum(s.changed), 0) AS changed FROM ({LAST_SWEEPS}) s
), vendors AS (
    SELECT count(*) AS every, count(*) FILTER (WHERE s.well) AS well,
        count(*) FILTER (WHERE s.down) AS down,
        count(*) FILTER (WHERE s.vendor_id IS NULL) AS without, min(s.checked_at) AS oldest
    FROM storage_vendor v LEFT JOIN stores s ON s.vendor_id = v.id
    WHERE v.marketplace_id = %(m)s AND v.active
)
SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM orders WHERE with_vendor),
    (SELECT count(DISTINCT p.order_id) FROM storage_purchaseorder p
        WHERE p.marketplace_id = %(m)s AND p.state = 'accepted' AND p.shipped_at IS NULL
            AND p.order_id NOT IN (SELECT id FROM storage_storefrontorder
                WHERE marketplace_id = %(m)s AND canceled_at IS NOT NULL)),
    paces.seconds[1], paces.seconds[2], sweeps.at, sweeps.changed,
    vendors.every, vendors.well, vendors.down, vendors.without, vendors.oldest
FROM paces, sweeps, vendors
"""  # noqa: S608 - our constants


def numbers(marketplace_id: int, today: datetime, now: datetime) -> Numbers:
    """`today` is midnight in the marketplace's zone."""
    kept = counts(marketplace_id, ["listing", "line", "order", "left_out"])
    lines, listings = kept["line"], kept["listing"]
    asked: dict[str, Any] = {
        "m": marketplace_id,
        "today": today,
        "week": now - MEASURED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, asked)
        new, with_vendor, to_ship, usual, slow, swept_at, drift, *rest = cursor.fetchone()
    every, well, down, without, oldest = rest
    return Numbers(
        orders_today=new,
        with_vendor_today=with_vendor,
        waiting=kept["order"].of("waiting|0"),
        to_ship=to_ship,
        usual_s=usual,
        slow_s=slow,
        listings=listings.total(),
        published=listings.of("published|*|*|*"),
        to_review=listings.of("review|*|*|*"),
        left_out=kept["left_out"].total(),
        lines=lines.of("1|*|*|*|*"),
        lines_agreeing=lines.of("1|0|*|*|1"),
        lines_to_write=lines.of("1|1|*|*|*"),
        oldest_check=oldest,
        swept_at=swept_at,
        drift=drift,
        vendors=every,
        vendors_well=well,
        vendors_down=down,
        vendors_without_shop=without,
    )


DRAWN_DAYS = 28
"""Four weeks: a week's rhythm shows, and a phone has room for it."""
_A_DAY = """
SELECT (created_in_shop AT TIME ZONE %(zone)s)::date, count(*) FROM storage_storefrontorder
WHERE marketplace_id = %(m)s AND created_in_shop >= %(since)s GROUP BY 1
"""


def orders_a_day(marketplace_id: int, today: datetime) -> tuple[tuple[date, int], ...]:
    """(day, orders placed on it) of the last DRAWN_DAYS days, the oldest first, canceled ones too.
    `today` is midnight in the marketplace's zone, whose days these are.
    """
    since = today - timedelta(days=DRAWN_DAYS - 1)
    asked: dict[str, Any] = {"m": marketplace_id, "since": since, "zone": str(today.tzinfo)}
    with connection.cursor() as cursor:
        cursor.execute(_A_DAY, asked)
        found: dict[date, int] = dict(cursor.fetchall())
    days = (since.date() + timedelta(days=index) for index in range(DRAWN_DAYS))
    return tuple((day, found.get(day, 0)) for day in days)


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


PULSES_SHOWN = 8


def pulses(marketplace_id: int) -> tuple[ShopPulse, ...]:
    """The storefront first (vendor_id None), then the stores: broken ones, then those silent
    longest. At most PULSES_SHOWN of them; the vendors' list has all.
    """
    front = Storefront.objects.filter(marketplace_id=marketplace_id).first()
    found = [] if front is None else [_front_pulse(front)]
    stores = Store.objects.filter(marketplace_id=marketplace_id).select_related("vendor")
    ordered = stores.order_by("state", F("last_answer_at").asc(nulls_first=True), "id")
    return (*found, *(_store_pulse(store) for store in ordered[:PULSES_SHOWN]))


def _front_pulse(front: Storefront) -> ShopPulse:
    return ShopPulse(
        vendor_id=None,
        name=front.name or front.shop_domain,
        host=front.shop_domain,
        state=front.state,
        answered_at=_latest(front.facts_read_at, front.orders_polled_at),
        orders_read_at=front.orders_polled_at,
        notice_at=front.last_webhook_at,
    )


def _store_pulse(store: Store) -> ShopPulse:
    return ShopPulse(
        vendor_id=store.vendor_id,
        name=store.vendor.name,
        host=store.base_url.partition("://")[2],
        state=store.state,
        answered_at=_latest(store.last_answer_at, store.polled_at, store.swept_at),
        orders_read_at=store.orders_read_at,
        notice_at=store.last_webhook_at,
    )


def _latest(*times: datetime | None) -> datetime | None:
    return max(filter(None, times), default=None)


@dataclass(frozen=True, slots=True)
class Lately:
    """Something worth telling that happened to an order; its words are the timeline's."""

    at: datetime
    kind: str
    order_id: int
    order: str
    vendor: str
    number: str


TOLD = ("accepted", "adopted", "refused", "differs", "shipped", "tracking_corrected", "exception")
LATELY_SHOWN = 6


def lately(marketplace_id: int, vendor_id: int | None = None) -> tuple[Lately, ...]:
    """The newest events of a marketplace, or of one of its vendors. Ids grow with time, and unlike
    times they have an index.
    """
    rows = OrderEvent.objects.filter(marketplace_id=marketplace_id, kind__in=TOLD)
    if vendor_id is not None:
        parts = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, vendor_id=vendor_id)
        rows = rows.filter(purchase_order_id__in=parts.order_by("-created_at").values("pk")[:50])
    rows = rows.select_related("order", "purchase_order__vendor").order_by("-id")
    return tuple(
        Lately(
            at=row.at,
            kind=row.kind,
            order_id=row.order_id,
            order=row.order.name,
            vendor=row.purchase_order.vendor.name if row.purchase_order else "",
            number=str(row.data.get("number") or row.data.get("new") or ""),
        )
        for row in rows[:LATELY_SHOWN]
    )
