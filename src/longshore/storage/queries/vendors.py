"""Vendors in a list: how each one's shop is, and what waits because of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from longshore.domain.deadlines import Share
from longshore.storage.models import PurchaseOrder, Vendor
from longshore.storage.queries.paging import SIZE, Page
from longshore.storage.queries.tallies import Counts, counts_by_vendor

TABS = ("all", "needing", "down", "live", "starting", "paused")
SORTS = ("", "name", "sale", "review", "orders", "late", "tracking", "answered")
"""The first is the usual one: those that need somebody first. The others begin with what an
operator looks for: most open orders, most late, fewest numbers.
"""
LONGEST_ID = 18
STARTING = ("none", "reading", "ready")
_STATES_OF = {"starting": STARTING, "down": ("broken",), "live": ("live", "degraded")}


@dataclass(frozen=True, slots=True)
class VendorRow:
    """`state`: paused (by hand), none (no shop yet), broken, degraded, reading (its first import),
    ready (nothing on sale yet), live. `tracked` of `shipped` parcels have a tracking number; `late`
    of `due` parts of orders were not shipped in time, as measured at `measured_at`. `invited`:
    somebody may sign in for it.
    """

    id: int
    name: str
    host: str
    state: str
    stopped: bool
    problems: int
    products: int
    to_review: int
    on_sale: int
    answered_at: datetime | None
    late: int = 0
    due: int = 0
    measured_at: datetime | None = None
    invited: bool = False
    open_orders: int = 0
    shipped: int = 0
    tracked: int = 0

    @property
    def late_percent(self) -> int | None:
        return Share(self.late, self.due).percent

    @property
    def tracked_percent(self) -> int | None:
        return Share(self.tracked, self.shipped).percent


_STATES = """
WITH shops AS (
    SELECT t.vendor_id, bool_or(t.state IN ('broken', 'held')) AS stopped,
        bool_and(t.state = 'paused') AS paused, bool_or(t.state = 'degraded') AS degraded,
        min(t.base_url) AS host,
        max(t.last_answer_at) AS answered_at, bool_or(EXISTS (SELECT 1 FROM storage_scan s
            WHERE s.store_id = t.id AND s.kind = 'full' AND s.phase = 'done')) AS read
    FROM storage_store t WHERE t.marketplace_id = %(m)s GROUP BY t.vendor_id
), findings AS (
    SELECT vendor_id, count(*) AS problems FROM storage_openfinding
    WHERE marketplace_id = %(m)s AND resolved_at IS NULL AND who <> 'nobody'
        AND severity <> 'note' AND known_at IS NULL AND vendor_id IS NOT NULL GROUP BY vendor_id
), tallies AS (
    SELECT vendor_id, sum(n) FILTER (WHERE key LIKE 'published|%%') AS on_sale,
        sum(n) FILTER (WHERE key LIKE 'review|%%') AS to_review, sum(n) AS products
    FROM storage_tally WHERE marketplace_id = %(m)s AND topic = 'listing' AND vendor_id > 0
    GROUP BY vendor_id
)
SELECT v.id, v.name, coalesce(split_part(shops.host, '://', 2), '') AS host,
    CASE WHEN NOT v.active THEN 'paused' WHEN shops.vendor_id IS NULL THEN 'none'
        WHEN shops.stopped THEN 'broken' WHEN shops.paused THEN 'paused'
        WHEN NOT shops.read THEN 'reading' WHEN coalesce(t.on_sale, 0) = 0 THEN 'ready'
        WHEN shops.degraded THEN 'degraded' ELSE 'live' END AS state,
    coalesce(shops.stopped, false) AS stopped, coalesce(f.problems, 0) AS problems,
    coalesce(t.products, 0)::bigint, coalesce(t.to_review, 0)::bigint,
    coalesce(t.on_sale, 0)::bigint, shops.answered_at,
    coalesce(g.late, 0), coalesce(g.due, 0), g.measured_at,
    EXISTS (SELECT 1 FROM storage_membership m WHERE m.vendor_id = v.id)
FROM storage_vendor v LEFT JOIN shops ON shops.vendor_id = v.id
LEFT JOIN findings f ON f.vendor_id = v.id LEFT JOIN tallies t ON t.vendor_id = v.id
LEFT JOIN storage_vendorfigures g ON g.vendor_id = v.id
WHERE v.marketplace_id = %(m)s
"""


@dataclass(frozen=True, slots=True)
class Vendors:
    """The vendors that fit, and how many each of TABS holds."""

    page: Page[VendorRow]
    counts: Mapping[str, int]


def vendors_page(
    marketplace_id: int, *, tab: str = "all", sort: str = "", search: str = "", number: int = 1
) -> Vendors:
    """All vendors are looked at once: there are thousands of them at most, and their states are
    worked out, not kept.
    """
    every = all_vendors(marketplace_id)
    fits = _fitting(every, tab, search)
    counted = sort in BY_ORDERS
    fits = list(_with_orders(marketplace_id, fits)) if counted else fits
    fits.sort(key=_SORT[sort])
    pages = max(1, -(-len(fits) // SIZE))
    number = min(max(1, number), pages)
    shown = fits[(number - 1) * SIZE : number * SIZE]
    rows = shown if counted else _with_orders(marketplace_id, shown)
    page = Page(tuple(rows), number, pages, len(fits))
    return Vendors(page, {tab: sum(_in_tab(row, tab) for row in every) for tab in TABS})


def vendor_names(marketplace_id: int, ids: Iterable[int]) -> tuple[tuple[int, str, bool], ...]:
    """(primary key, name, whether it is active) of those that are the marketplace's."""
    rows = Vendor.objects.filter(marketplace_id=marketplace_id, pk__in=list(ids)).order_by("name")
    return tuple(rows.values_list("pk", "name", "active"))


def every_vendor(marketplace_id: int, *, tab: str, search: str) -> Iterable[VendorRow]:
    """All that fit, by name, with their orders and parcels."""
    fits = sorted(_fitting(all_vendors(marketplace_id), tab, search), key=_SORT["name"])
    for start in range(0, len(fits), SIZE):
        yield from _with_orders(marketplace_id, fits[start : start + SIZE])


def _fitting(every: list[VendorRow], tab: str, search: str) -> list[VendorRow]:
    return [row for row in every if _in_tab(row, tab) and _found(row, search)]


def all_vendors(marketplace_id: int) -> list[VendorRow]:
    """Every vendor with its state; what only lists show (orders, parcels) is not filled."""
    with connection.cursor() as cursor:
        cursor.execute(_STATES, {"m": marketplace_id})
        return [VendorRow(*row) for row in cursor.fetchall()]


def _in_tab(row: VendorRow, tab: str) -> bool:
    if tab == "needing":
        return row.stopped or row.problems > 0
    return tab == "all" or row.state in _STATES_OF.get(tab, (tab,))


def _found(row: VendorRow, search: str) -> bool:
    text = search.casefold()
    return text in row.name.casefold() or text in row.host.casefold()


_SORT: Mapping[str, Callable[[VendorRow], Any]] = {
    "": lambda row: (not row.stopped, row.problems == 0, row.name.casefold(), row.id),
    "name": lambda row: (row.name.casefold(), row.id),
    "answered": lambda row: (row.answered_at is None, row.answered_at or 0, row.id),
    "sale": lambda row: (-row.on_sale, row.name.casefold(), row.id),
    "review": lambda row: (-row.to_review, row.name.casefold(), row.id),
    "orders": lambda row: (-row.open_orders, row.name.casefold(), row.id),
    "late": lambda row: (-(row.late_percent or 0), -row.late, row.name.casefold(), row.id),
    "tracking": lambda row: (
        row.tracked_percent is None,
        row.tracked_percent or 0,
        row.name.casefold(),
        row.id,
    ),
}
BY_ORDERS = frozenset({"orders", "tracking"})
"""Sorts for which orders and parcels are counted for all, not for the shown ones only."""


def _with_orders(marketplace_id: int, rows: list[VendorRow]) -> Iterable[VendorRow]:
    """What only the shown ones need: one query for each kind of thing."""
    ids = [row.id for row in rows]
    waiting = open_orders(marketplace_id).filter(vendor_id__in=ids).order_by()
    waits = dict(waiting.values_list("vendor_id").annotate(n=Count("pk")))
    parcels = counts_by_vendor(marketplace_id, "parcel", ids)
    for row in rows:
        kept = parcels.get(row.id, Counts())
        yield replace(
            row,
            open_orders=waits.get(row.id, 0),
            shipped=kept.total(),
            tracked=kept.of("1"),
        )


FEW = 60
"""So many vendors may be a list to choose from; more are typed."""


@dataclass(frozen=True, slots=True)
class VendorChoice:
    """A filter by vendor: `id` 0 where none has the name that was typed, None where all count.
    `few`: (id, name) of all vendors, empty where they are too many to choose from.
    """

    id: int | None
    name: str
    few: tuple[tuple[int, str], ...]


def vendor_choice(marketplace_id: int, asked: str) -> VendorChoice:
    """`asked` is an id, or a name or its begin as somebody typed it; "" is all."""
    mine = Vendor.objects.filter(marketplace_id=marketplace_id).order_by("name")
    few = tuple(mine.values_list("id", "name")[: FEW + 1])
    few = few if len(few) <= FEW else ()
    if not asked:
        return VendorChoice(None, "", few)
    if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_ID:
        fits = mine.filter(pk=int(asked))
    else:
        fits = mine.filter(name__istartswith=asked)
    row = fits.values_list("id", "name").first()
    return VendorChoice(row[0], row[1], few) if row else VendorChoice(0, asked, few)


def open_orders(marketplace_id: int) -> QuerySet[PurchaseOrder]:
    """Parts that a vendor still has to ship."""
    rows = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, shipped_at=None)
    return rows.exclude(state__in=("canceled", "refused"))
