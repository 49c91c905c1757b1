"""Vendors in a list: how each one's shop is, and what waits because of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from longshore.storage.models import (
    Listing,
    ListingState,
    OpenFinding,
    PurchaseOrder,
    Scan,
    ScanPhase,
    Shipment,
    Store,
    StoreState,
    Vendor,
)
from longshore.storage.queries.paging import Page, page_of

TABS = ("all", "needing", "live", "starting", "paused")
SORTS = ("", "name", "answered")
"""The first is the usual one: those that need somebody first."""
STARTING = ("none", "reading", "ready")


@dataclass(frozen=True, slots=True)
class VendorRow:
    """`state`: paused (by hand), none (no shop yet), broken, reading (its first import), ready
    (nothing on sale yet), live. `tracked` of `shipped` parcels have a tracking number.
    """

    id: int
    name: str
    host: str
    state: str
    problems: int
    products: int
    to_review: int
    on_sale: int
    open_orders: int
    shipped: int
    tracked: int
    answered_at: datetime | None


def vendor_rows(
    marketplace_id: int, *, tab: str = "all", sort: str = "", search: str = "", number: int = 1
) -> Page[VendorRow]:
    rows = _marked(marketplace_id).filter(_TAB[tab])
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(stores__base_url__icontains=search))
    rows = rows.distinct().annotate(
        answered=Max("stores__last_answer_at"), host=Min("stores__base_url")
    )
    ordered: QuerySet[Any] = {
        "name": lambda: rows.order_by("name", "id"),
        "answered": lambda: rows.order_by(F("answered").asc(nulls_last=True), "name", "id"),
    }.get(sort, lambda: rows.order_by("-stopped", "-troubled", "name", "id"))()
    return page_of(ordered, number, lambda found: _rows(marketplace_id, found))


def vendor_counts(marketplace_id: int) -> dict[str, int]:
    """How many vendors each of TABS holds."""
    filters = {tab: Count("id", filter=_TAB[tab]) for tab in TABS}
    return _marked(marketplace_id).aggregate(**filters)


def vendor_names(marketplace_id: int) -> tuple[tuple[int, str], ...]:
    """(id, name) of all vendors, by name."""
    rows = Vendor.objects.filter(marketplace_id=marketplace_id).order_by("name")
    return tuple(rows.values_list("id", "name"))


_TAB = {
    "all": Q(),
    "needing": Q(troubled=True),
    "live": Q(state="live"),
    "starting": Q(state__in=STARTING),
    "paused": Q(state="paused"),
}


def _marked(marketplace_id: int) -> QuerySet[Any]:
    """Vendors with `state` and `troubled`. Whether something exists costs one look into an index;
    counting it would read all of it, for every vendor.
    """
    stores = Store.objects.filter(vendor_id=OuterRef("pk"))
    read = Scan.objects.filter(store__vendor_id=OuterRef("pk"), kind="full", phase=ScanPhase.DONE)
    listings = Listing.objects.filter(vendor_id=OuterRef("pk"))
    findings = OpenFinding.objects.filter(
        marketplace_id=marketplace_id, vendor_id=OuterRef("pk"), resolved_at=None
    )
    broken = Exists(stores.filter(state=StoreState.BROKEN))
    state = Case(
        When(active=False, then=Value("paused")),
        When(~Exists(stores), then=Value("none")),
        When(broken, then=Value("broken")),
        When(~Exists(stores.exclude(state=StoreState.PAUSED)), then=Value("paused")),
        When(~Exists(read), then=Value("reading")),
        When(~Exists(listings.filter(state=ListingState.PUBLISHED)), then=Value("ready")),
        default=Value("live"),
        output_field=CharField(),
    )
    needing = findings.exclude(who="nobody").exclude(severity="note")
    return Vendor.objects.filter(marketplace_id=marketplace_id).annotate(
        state=state, stopped=broken, troubled=broken | Exists(needing)
    )


def _rows(marketplace_id: int, found: list[Any]) -> Iterable[VendorRow]:
    counts = _counts(marketplace_id, [row.pk for row in found])
    for row in found:
        counted = dict.fromkeys(COUNTED, 0)
        for one in counts:
            counted |= one.get(row.pk, {})
        yield VendorRow(
            id=row.pk,
            name=row.name,
            host=(row.host or "").partition("://")[2],
            state=row.state,
            answered_at=row.answered,
            **counted,
        )


COUNTED = (
    "products",
    "to_review",
    "on_sale",
    "open_orders",
    "shipped",
    "tracked",
    "problems",
)


def _counts(marketplace_id: int, ids: list[int]) -> tuple[dict[int, dict[str, int]], ...]:
    """Numbers of the vendors on one page: one query for each kind of thing."""
    findings = OpenFinding.objects.filter(marketplace_id=marketplace_id, resolved_at=None)
    findings = findings.filter(vendor_id__in=ids).exclude(who="nobody").exclude(severity="note")
    return (
        _by_vendor(
            Listing.objects.filter(vendor_id__in=ids),
            "vendor_id",
            products=Count("pk"),
            to_review=Count("pk", filter=Q(state=ListingState.REVIEW)),
            on_sale=Count("pk", filter=Q(state=ListingState.PUBLISHED)),
        ),
        _by_vendor(
            open_orders(marketplace_id).filter(vendor_id__in=ids),
            "vendor_id",
            open_orders=Count("pk"),
        ),
        _by_vendor(
            Shipment.objects.filter(purchase_order__vendor_id__in=ids),
            "purchase_order__vendor_id",
            shipped=Count("pk"),
            tracked=Count("pk", filter=~Q(tracking_number="")),
        ),
        _by_vendor(findings, "vendor_id", problems=Count("pk")),
    )


def open_orders(marketplace_id: int) -> QuerySet[PurchaseOrder]:
    """Parts that a vendor still has to ship."""
    rows = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, shipped_at=None)
    return rows.exclude(state__in=("canceled", "refused"))


def _by_vendor(rows: QuerySet[Any], key: str, **counts: Any) -> dict[int, dict[str, int]]:
    grouped = rows.order_by().values(key).annotate(**counts)
    return {row[key]: {name: row[name] for name in counts} for row in grouped}
