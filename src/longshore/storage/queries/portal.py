"""What a vendor's people see: their orders, their products, and why some are not on sale. Never the
buyer's data beyond what shipping needs, never another vendor's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from longshore.domain.calendar import ship_by
from longshore.domain.tracking import web_address
from longshore.storage.models import (
    OrderEvent,
    PurchaseOrder,
    PurchaseOrderLine,
    Vendor,
    VendorProduct,
)
from longshore.storage.queries.links import first_image
from longshore.storage.queries.orders import store_order_url
from longshore.storage.queries.paging import TOP, Cursor, Slice, slice_of
from longshore.storage.queries.search import found_products
from longshore.storage.queries.tenants import zone_of

FROM_VENDOR, TO_VENDOR = "vendor_wrote", "vendor_was_written"
"""What the timeline calls messages."""


@dataclass(frozen=True, slots=True)
class PartRow:
    """One order as its vendor sees it. `due`: the last day to ship in time. `left` units are still
    to be shipped.
    """

    id: int
    name: str
    number: str
    city: str
    units: int
    left: int
    created_at: datetime
    due: date
    shipped_at: datetime | None
    canceled: bool


@dataclass(frozen=True, slots=True)
class PartLine:
    id: int
    title: str
    sku: str
    quantity: int
    shipped: int

    @property
    def left(self) -> int:
        return max(0, self.quantity - self.shipped)


@dataclass(frozen=True, slots=True)
class SentParcel:
    """`told`: the buyer's shop has it."""

    number: str
    carrier: str
    url: str
    units: int
    sent_at: datetime
    told: bool


@dataclass(frozen=True, slots=True)
class Message:
    """`own`: the vendor wrote it, not the marketplace."""

    at: datetime
    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class PartPage:
    """`ready`: it may be shipped. `address` holds what shipping needs, nothing else."""

    row: PartRow
    vendor_id: int
    vendor: str
    marketplace: str
    shop: str
    state: str
    store_url: str
    address: Mapping[str, str]
    note: str
    shipping: str
    zone: ZoneInfo
    lines: tuple[PartLine, ...]
    parcels: tuple[SentParcel, ...]
    messages: tuple[Message, ...]

    @property
    def ready(self) -> bool:
        return self.state == "accepted" and not self.row.canceled and self.row.left > 0

    @property
    def lacks_number(self) -> bool:
        """All is sent, a parcel of it without a number."""
        shipped = self.state == "accepted" and self.row.shipped_at is not None
        return shipped and any(not parcel.number for parcel in self.parcels)


def parts(
    marketplace_id: int, vendor_id: int, *, to_ship: bool, cursor: Cursor = TOP
) -> Slice[PartRow]:
    """A vendor's orders: those to be shipped, the one due first on top (a vendor has the same days
    for each, so that is the oldest); or those that are done with, the newest first.
    """
    rows = _parts(marketplace_id, vendor_id, to_ship)
    return slice_of(rows, cursor, _part_rows, dress=_dressed, by="created_at", oldest_first=to_ship)


def parts_to_ship(marketplace_id: int, vendor_id: int, limit: int = 50) -> tuple[PartRow, ...]:
    """The top of those to be shipped."""
    return parts(marketplace_id, vendor_id, to_ship=True, cursor=Cursor(size=limit)).rows


def count_to_ship(marketplace_id: int, vendor_id: int) -> int:
    return _parts(marketplace_id, vendor_id, to_ship=True).count()


def _parts(marketplace_id: int, vendor_id: int, to_ship: bool) -> "QuerySet[PurchaseOrder]":  # noqa: FBT001 - named by its callers
    rows = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, vendor_id=vendor_id)
    waits = Q(state="accepted", shipped_at=None, order__canceled_at=None, cancel_asked_at=None)
    return rows.filter(waits) if to_ship else rows.exclude(waits).filter(state="accepted")


def _dressed(rows: "QuerySet[PurchaseOrder]") -> "QuerySet[PurchaseOrder]":
    counted = rows.annotate(units=Sum("lines__quantity"), sent=Sum("lines__shipped"))
    return counted.select_related("order", "vendor")


def _part_rows(rows: Iterable[Any]) -> Iterable[PartRow]:
    return (_part_row(row) for row in rows)


def _part_row(row: Any) -> PartRow:
    units, sent = row.units or 0, row.sent or 0
    return PartRow(
        id=row.pk,
        name=row.order.name,
        number=row.store_order_number or str(row.store_order_id or ""),
        city=(row.order.shipping_address or {}).get("city") or "",
        units=units,
        left=max(0, units - sent),
        created_at=row.created_at,
        due=ship_by(timezone.localtime(row.created_at).date(), row.vendor.ship_days),
        shipped_at=row.shipped_at,
        canceled=row.order.canceled_at is not None or row.cancel_asked_at is not None,
    )


NEEDED = ("first_name", "last_name", "company", "line1", "line2", "postcode", "city", "region",
          "country", "phone")  # fmt: skip
"""What a parcel's label needs."""


_WRITTEN = OrderEvent.objects.filter(kind__in=(FROM_VENDOR, TO_VENDOR)).order_by("at", "id")


def part_page(marketplace_id: int, vendor_id: int, part_id: int) -> PartPage | None:
    """One order; None when it is not this vendor's."""
    lines = PurchaseOrderLine.objects.select_related("order_line").order_by("id")
    rows = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, vendor_id=vendor_id)
    rows = _dressed(rows).select_related("store", "marketplace")
    rows = rows.prefetch_related(
        Prefetch("lines", lines), "shipments__lines", Prefetch("events", _WRITTEN)
    )
    row = rows.filter(pk=part_id).first()
    if row is None:
        return None
    given = row.order.shipping_address or {}
    return PartPage(
        row=_part_row(row),
        vendor_id=row.vendor_id,
        vendor=row.vendor.name,
        marketplace=row.marketplace.name,
        shop=row.store.base_url.partition("://")[2],
        state=row.state,
        store_url=store_order_url(row),
        address={name: str(given[name]) for name in NEEDED if given.get(name)},
        note=row.order.note,
        shipping=row.order.shipping_title,
        zone=zone_of(row.marketplace.timezone),
        lines=tuple(_part_line(line) for line in row.lines.all()),
        parcels=tuple(_parcel(one) for one in row.shipments.all()),
        messages=tuple(_message(one) for one in row.events.all()),
    )


def part_of_link(part_id: int) -> tuple[PartPage, int] | None:
    """The order a signed link names, with its marketplace."""
    row = (
        PurchaseOrder.objects.filter(pk=part_id).values_list("marketplace_id", "vendor_id").first()
    )
    found = part_page(row[0], row[1], part_id) if row else None
    return (found, row[0]) if row and found else None


@dataclass(frozen=True, slots=True)
class LinkedVendor:
    """The vendor a signed link names; `store_id` of its shop, None before one is connected."""

    id: int
    marketplace_id: int
    name: str
    marketplace: str
    zone: ZoneInfo
    store_id: int | None


def vendor_of_link(vendor_id: int) -> LinkedVendor | None:
    row = Vendor.objects.select_related("marketplace").filter(pk=vendor_id).first()
    if row is None:
        return None
    store = row.stores.order_by("id").values_list("id", flat=True).first()
    zone = zone_of(row.marketplace.timezone)
    return LinkedVendor(row.pk, row.marketplace_id, row.name, row.marketplace.name, zone, store)


def _part_line(line: PurchaseOrderLine) -> PartLine:
    bought = line.order_line
    return PartLine(line.pk, bought.title, bought.sku, line.quantity, line.shipped)


def _parcel(row: Any) -> SentParcel:
    return SentParcel(
        number=row.tracking_number,
        carrier=row.carrier,
        url=web_address(row.tracking_url),
        units=sum(line.quantity for line in row.lines.all()),
        sent_at=row.shipped_at or row.found_at,
        told=row.fulfilled_at is not None,
    )


def _message(row: OrderEvent) -> Message:
    return Message(row.at, str(row.data.get("text", "")), row.kind == FROM_VENDOR)


@dataclass(frozen=True, slots=True)
class Offered:
    """A product of the vendor's shop. `why` "": it is on sale; else a reason as in NotOnSale."""

    id: int
    name: str
    sku: str
    image: str
    link: str
    why: str


KEPT = "kept_by_vendor"
"""The reason of what the vendor keeps in the own shop."""
SHOWS = ("all", "on_sale", "not_on_sale")


def products_of(
    marketplace_id: int,
    vendor_id: int,
    *,
    show: str = "all",
    search: str = "",
    cursor: Cursor = TOP,
) -> Slice[Offered]:
    rows = VendorProduct.objects.filter(
        marketplace_id=marketplace_id, store__vendor_id=vendor_id, absent_since=None
    )
    on_sale = Q(listing__state="published", left_out="", kept_back=False)
    if show != "all":
        rows = rows.filter(on_sale) if show == "on_sale" else rows.exclude(on_sale)
    if search:
        rows = rows.filter(pk__in=found_products(marketplace_id, search))
    return slice_of(rows, cursor, _offered, dress=_with_listing)


def _with_listing(rows: "QuerySet[VendorProduct]") -> "QuerySet[Any]":
    rows = rows.defer("description_html", "short_description_html")
    return rows.annotate(
        listed=F("listing__id"),
        problems=F("listing__problems"),
        refused=F("listing__publish_error"),
        listing_state=F("listing__state"),
    )


def _offered(rows: Iterable[Any]) -> Iterable[Offered]:
    for row in rows:
        yield Offered(
            id=row.pk,
            name=row.name,
            sku=row.sku,
            image=first_image(row.images),
            link=web_address(row.permalink),
            why=_why(row),
        )


def _why(row: Any) -> str:
    if row.kept_back or row.left_out:
        return KEPT if row.kept_back else str(row.left_out)
    if row.listing_state is None:
        return "review"
    if row.listing_state == "published":
        return ""
    if row.problems:
        return str(row.problems[0][0])
    if row.refused:
        return "publish_refused"
    return "publishing" if row.listing_state == "approved" else str(row.listing_state)


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
        AND p.absent_since IS NULL AND p.left_out = '' AND NOT p.kept_back
    UNION ALL
    SELECT CASE WHEN p.kept_back THEN 'kept_by_vendor' ELSE p.left_out END, p.name, p.permalink
    FROM storage_vendorproduct p JOIN storage_store s ON s.id = p.store_id
    WHERE p.marketplace_id = %(m)s AND s.vendor_id = %(v)s AND p.absent_since IS NULL
        AND (p.left_out <> '' OR p.kept_back)
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
