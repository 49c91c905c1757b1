"""One vendor: its stores with how they are connected, its switches, and its people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from longshore.storage.models import (
    Marketplace,
    Membership,
    Scan,
    ScanPhase,
    Store,
    Storefront,
    StoreLoad,
    StoreState,
    Vendor,
)
from longshore.storage.queries.tallies import counts
from longshore.storage.queries.vendors import open_orders


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """A full scan: where it is (`phase` products, variants, done, stopped) and what it found."""

    phase: str
    products_seen: int
    products_total: int | None
    variants_seen: int
    variants_total: int | None
    unreadable: int
    requests: int
    started_at: datetime
    slice_at: datetime | None
    finished_at: datetime | None
    error: str

    @property
    def running(self) -> bool:
        return self.phase in {ScanPhase.PRODUCTS, ScanPhase.VARIANTS}


@dataclass(frozen=True, slots=True)
class StoreCard:
    id: int
    url: str
    host: str
    state: str
    name: str
    currency: str
    tells_currency: bool
    prices_include_tax: bool
    stock_managed: bool
    dialect: str
    signing: str
    version: str
    wordpress: str
    can_write: bool
    languages: tuple[str, ...]
    import_language: str
    tracking_keys: tuple[str, ...]
    status_meanings: Mapping[str, str]
    held: bool
    notes: tuple[tuple[str, Mapping[str, Any]], ...]
    """What the doctor noted without stopping: (code, evidence)."""
    limits: tuple[str, ...]
    clock_offset_s: float
    connected_at: datetime | None
    answered_at: datetime | None
    polled_at: datetime | None
    orders_read_at: datetime | None
    swept_at: datetime | None
    plugins: frozenset[str]
    """Folders of those the doctor saw, empty where the shop does not tell."""
    answer_ms: int | None
    slowest_ms: int | None
    """Of the last day: on average, and the slowest."""
    webhooks: int
    webhook_at: datetime | None
    scan: ScanProgress | None


@dataclass(frozen=True, slots=True)
class VendorPage:
    """`front_*` are the storefront's, "" and None before one is connected. `lines` are its stock
    lines on Shopify, `people` the addresses of those who may sign in for it.
    """

    id: int
    name: str
    email: str
    active: bool
    auto_approve: bool
    drafts_first: bool
    buffer: int
    sell_backorders: bool
    rate: Decimal | None
    rate_dated: datetime | None
    rate_days: int
    tax_factor: Decimal | None
    ship_days: int
    countries: tuple[str, ...]
    labels_ship: bool
    holiday_from: date | None
    holiday_until: date | None
    on_holiday: bool
    when_silent: str
    silent_hours: int
    stores: tuple[StoreCard, ...]
    products: int
    to_review: int
    on_sale: int
    left_out: int
    lines: int
    open_orders: int
    to_ship: int
    people: tuple[str, ...]
    marketplace: str
    front_currency: str
    front_taxes_included: bool | None

    @property
    def scanning(self) -> bool:
        return any(store.scan is None or store.scan.running for store in self.stores)

    @property
    def state(self) -> str:
        """paused, none (no shop yet), held, broken, degraded, reading (first import), or well."""
        if not self.active:
            return "paused"
        if not self.stores:
            return "none"
        states = {store.state for store in self.stores}
        for word in ("held", "broken", "degraded"):
            if word in states:
                return word
        if states == {"paused"}:
            return "paused"
        return "reading" if self.scanning and not self.products else "well"

    @property
    def foreign_currency(self) -> str:
        """The currency of a store that prices must cross from, "" where all sell in ours."""
        known = [store.currency for store in self.stores if store.currency]
        others = [currency for currency in known if currency != self.front_currency]
        return others[0] if others and self.front_currency else ""

    @property
    def needs_tax(self) -> bool:
        return self.front_taxes_included is not None and any(
            store.prices_include_tax != self.front_taxes_included for store in self.stores
        )

    @property
    def connected_since(self) -> datetime | None:
        times = [store.connected_at for store in self.stores if store.connected_at]
        return min(times, default=None)


def vendor_page(marketplace_id: int, vendor_id: int) -> VendorPage | None:
    """One vendor, None when the marketplace has no such vendor."""
    row = Vendor.objects.filter(marketplace_id=marketplace_id, pk=vendor_id).first()
    if row is None:
        return None
    people = Membership.objects.filter(marketplace_id=marketplace_id, vendor_id=vendor_id)
    front = Storefront.objects.filter(marketplace_id=marketplace_id).first()
    return VendorPage(
        id=row.pk,
        name=row.name,
        email=row.email,
        active=row.active,
        auto_approve=row.auto_approve,
        drafts_first=row.drafts_first,
        buffer=row.buffer,
        sell_backorders=row.sell_backorders,
        rate=row.rate,
        rate_dated=row.rate_dated,
        rate_days=row.rate_days,
        tax_factor=row.tax_factor,
        ship_days=row.ship_days,
        countries=tuple(row.countries),
        labels_ship=row.labels_ship,
        holiday_from=row.holiday_from,
        holiday_until=row.holiday_until,
        on_holiday=row.on_holiday,
        when_silent=row.when_silent,
        silent_hours=row.silent_hours,
        stores=_stores(marketplace_id, vendor_id),
        people=tuple(people.order_by("id").values_list("user__email", flat=True)),
        marketplace=Marketplace.objects.values_list("name", flat=True).get(pk=marketplace_id),
        front_currency=front.currency if front else "",
        front_taxes_included=front.taxes_included if front else None,
        **_listings(marketplace_id, vendor_id),
        **_orders(marketplace_id, vendor_id),
    )


def _listings(marketplace_id: int, vendor_id: int) -> dict[str, int]:
    kept = counts(marketplace_id, ["listing", "line", "left_out"], vendor_id)
    return {
        "products": kept["listing"].total(),
        "to_review": kept["listing"].of("review|*|*|*"),
        "on_sale": kept["listing"].of("published|*|*|*"),
        "lines": kept["line"].of("1|*|*|*|*"),
        "left_out": kept["left_out"].total(),
    }


def _orders(marketplace_id: int, vendor_id: int) -> dict[str, int]:
    """`to_ship`: those of the open ones that are in the vendor's shop."""
    mine = open_orders(marketplace_id).filter(vendor_id=vendor_id)
    there = Count("pk", filter=Q(state="accepted", order__canceled_at=None))
    return mine.aggregate(open_orders=Count("pk"), to_ship=there)


def _stores(marketplace_id: int, vendor_id: int) -> tuple[StoreCard, ...]:
    rows = Store.objects.filter(marketplace_id=marketplace_id, vendor_id=vendor_id).order_by("id")
    newest = Scan.objects.filter(store_id=OuterRef("pk"), kind="full").order_by("-started_at")
    day = StoreLoad.objects.filter(
        store_id=OuterRef("pk"), hour__gt=timezone.now() - timedelta(days=1)
    )
    told = day.order_by().values("store_id")
    stores = list(
        rows.annotate(
            newest_scan=Subquery(newest.values("pk")[:1]),
            asked=Subquery(told.annotate(n=Sum("requests")).values("n")),
            waited=Subquery(told.annotate(n=Sum("waited_s")).values("n")),
            slowest=Subquery(told.annotate(n=Max("slowest_s")).values("n")),
        )
    )
    scans = Scan.objects.in_bulk([s.newest_scan for s in stores if s.newest_scan])
    return tuple(_card(store, scans.get(store.newest_scan)) for store in stores)


def _card(store: Any, scan: Scan | None) -> StoreCard:
    """`store` is a Store with what `_stores` adds."""
    profile = store.profile
    measured = bool(store.asked and store.waited)
    return StoreCard(
        id=store.pk,
        url=store.base_url,
        host=store.base_url.partition("://")[2],
        state=store.state,
        name=store.name,
        currency=store.currency,
        tells_currency=store.tells_currency,
        prices_include_tax=store.prices_include_tax,
        stock_managed=store.stock_managed,
        dialect=profile.get("dialect", ""),
        signing=profile.get("signing", ""),
        version=profile.get("platform_version", ""),
        wordpress=profile.get("wordpress_version", ""),
        can_write=bool(profile.get("can_write", True)),
        languages=tuple(profile.get("languages", ())),
        import_language=store.import_language,
        tracking_keys=tuple(store.tracking_keys.values()),
        status_meanings=dict(store.status_meanings),
        held=store.state == StoreState.HELD,
        notes=tuple((str(one["code"]), one.get("evidence") or {}) for one in store.notes),
        limits=tuple(profile.get("limits", ())),
        clock_offset_s=float(profile.get("clock_offset_s", 0)),
        connected_at=store.connected_at,
        answered_at=store.last_answer_at,
        polled_at=store.polled_at,
        orders_read_at=store.orders_read_at,
        swept_at=store.swept_at,
        plugins=frozenset(profile.get("plugins") or ()),
        answer_ms=round(1000 * store.waited / store.asked) if measured else None,
        slowest_ms=round(1000 * store.slowest) if measured else None,
        webhooks=len(store.webhooks_active),
        webhook_at=store.last_webhook_at,
        scan=_progress(scan) if scan else None,
    )


def _progress(scan: Scan) -> ScanProgress:
    return ScanProgress(
        phase=scan.phase,
        products_seen=scan.products_seen,
        products_total=scan.products_total,
        variants_seen=scan.variants_seen,
        variants_total=scan.variants_total,
        unreadable=scan.unreadable,
        requests=scan.requests,
        started_at=scan.started_at,
        slice_at=scan.slice_at,
        finished_at=scan.finished_at,
        error=scan.error,
    )
