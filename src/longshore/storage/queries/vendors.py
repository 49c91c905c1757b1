"""Vendors: the list, and one vendor with its stores, switches and scans."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from longshore.storage.models import (
    Listing,
    OpenFinding,
    PurchaseOrder,
    Scan,
    ScanPhase,
    Store,
    Storefront,
    Vendor,
    VendorProduct,
)


@dataclass(frozen=True, slots=True)
class VendorRow:
    """`state`: broken, connected, paused, inactive, or "" without a store."""

    id: int
    name: str
    state: str
    problems: int
    products: int
    to_review: int
    on_sale: int
    open_orders: int
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """A full scan: where it is (`phase` products, variants, done, failed) and what it found."""

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
    prices_include_tax: bool
    stock_managed: bool
    dialect: str
    auth: str
    version: str
    wordpress: str
    can_write: bool
    connected_at: datetime | None
    answered_at: datetime | None
    polled_at: datetime | None
    orders_polled_at: datetime | None
    swept_at: datetime | None
    webhooks: int
    webhook_at: datetime | None
    scan: ScanProgress | None


@dataclass(frozen=True, slots=True)
class VendorPage:
    """`front_*` are the storefront's, "" and None before one is connected."""

    id: int
    name: str
    email: str
    active: bool
    auto_approve: bool
    buffer: int
    sell_backorders: bool
    rate: Decimal | None
    tax_factor: Decimal | None
    stores: tuple[StoreCard, ...]
    products: int
    to_review: int
    on_sale: int
    left_out: int
    open_orders: int
    front_currency: str
    front_taxes_included: bool | None

    @property
    def scanning(self) -> bool:
        return any(store.scan is None or store.scan.running for store in self.stores)

    @property
    def needs_rate(self) -> bool:
        return bool(self.front_currency) and any(
            store.currency != self.front_currency for store in self.stores
        )

    @property
    def needs_tax(self) -> bool:
        return self.front_taxes_included is not None and any(
            store.prices_include_tax != self.front_taxes_included for store in self.stores
        )


def vendor_rows(marketplace_id: int) -> tuple[VendorRow, ...]:
    """All vendors, those with problems first."""
    rows = _counted(Vendor.objects.filter(marketplace_id=marketplace_id)).annotate(
        answered=Max("stores__last_answer_at"),
        broken=Count("stores", filter=Q(stores__state="broken"), distinct=True),
        paused=Count("stores", filter=Q(stores__state="paused"), distinct=True),
        every=Count("stores", distinct=True),
    )
    found = [
        VendorRow(
            id=row.pk,
            name=row.name,
            state=_state(row.active, row.every, row.broken, row.paused),
            problems=row.problems,
            products=row.products,
            to_review=row.to_review,
            on_sale=row.on_sale,
            open_orders=row.open_orders,
            answered_at=row.answered,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda row: (-row.problems, row.name.casefold())))


def vendor_names(marketplace_id: int) -> tuple[tuple[int, str], ...]:
    """(id, name) of all vendors, by name."""
    rows = Vendor.objects.filter(marketplace_id=marketplace_id).order_by("name")
    return tuple(rows.values_list("id", "name"))


def vendor_page(marketplace_id: int, vendor_id: int) -> VendorPage | None:
    """One vendor, None when the marketplace has no such vendor."""
    mine = Vendor.objects.filter(marketplace_id=marketplace_id, pk=vendor_id)
    row = _counted(mine).first()
    if row is None:
        return None
    left_out = VendorProduct.objects.filter(
        marketplace_id=marketplace_id, store__vendor_id=vendor_id, absent_since=None
    ).exclude(left_out="")
    front = Storefront.objects.filter(marketplace_id=marketplace_id).first()
    return VendorPage(
        id=row.pk,
        name=row.name,
        email=row.email,
        active=row.active,
        auto_approve=row.auto_approve,
        buffer=row.buffer,
        sell_backorders=row.sell_backorders,
        rate=row.rate,
        tax_factor=row.tax_factor,
        stores=_stores(marketplace_id, vendor_id),
        products=row.products,
        to_review=row.to_review,
        on_sale=row.on_sale,
        left_out=left_out.count(),
        open_orders=row.open_orders,
        front_currency=front.currency if front else "",
        front_taxes_included=front.taxes_included if front else None,
    )


def _counted(rows: QuerySet[Vendor]) -> QuerySet[Vendor]:
    """Counts in subqueries: joined together they would multiply."""
    mine = {"vendor_id": OuterRef("pk"), "marketplace_id": OuterRef("marketplace_id")}
    listings = Listing.objects.filter(**mine)
    open_orders = PurchaseOrder.objects.filter(**mine, shipped_at=None).exclude(state="canceled")
    findings = OpenFinding.objects.filter(**mine, resolved_at=None)
    findings = findings.exclude(who="nobody").exclude(severity="note")
    return rows.annotate(
        products=_count(listings),
        to_review=_count(listings.filter(state="review")),
        on_sale=_count(listings.filter(state="published")),
        open_orders=_count(open_orders),
        problems=_count(findings),
    )


def _count(rows: QuerySet[Listing] | QuerySet[PurchaseOrder] | QuerySet[OpenFinding]) -> Coalesce:
    counted = rows.order_by().values("vendor_id").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _state(active: bool, every: int, broken: int, paused: int) -> str:  # noqa: FBT001 - four facts of one row
    if not active:
        return "inactive"
    if not every:
        return ""
    if broken:
        return "broken"
    return "paused" if paused == every else "connected"


def _stores(marketplace_id: int, vendor_id: int) -> tuple[StoreCard, ...]:
    rows = Store.objects.filter(marketplace_id=marketplace_id, vendor_id=vendor_id).order_by("id")
    newest = Scan.objects.filter(store_id=OuterRef("pk"), kind="full").order_by("-started_at")
    stores = list(rows.annotate(newest_scan=Subquery(newest.values("pk")[:1])))
    scans = Scan.objects.in_bulk([s.newest_scan for s in stores if s.newest_scan])
    return tuple(_card(store, scans.get(store.newest_scan)) for store in stores)


def _card(store: Store, scan: Scan | None) -> StoreCard:
    facts = store.facts
    return StoreCard(
        id=store.pk,
        url=store.base_url,
        host=store.base_url.partition("://")[2],
        state=store.state,
        name=store.name,
        currency=store.currency,
        prices_include_tax=store.prices_include_tax,
        stock_managed=store.stock_managed,
        dialect=facts.get("dialect", ""),
        auth=facts.get("auth", ""),
        version=facts.get("platform_version", ""),
        wordpress=facts.get("wordpress_version", ""),
        can_write=bool(facts.get("can_write", True)),
        connected_at=store.connected_at,
        answered_at=store.last_answer_at,
        polled_at=store.polled_at,
        orders_polled_at=store.orders_polled_at,
        swept_at=store.swept_at,
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
