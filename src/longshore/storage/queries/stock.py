"""Stock lines: three numbers with their ages, and what changed them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from longshore.storage.models import ListingVariant, Reservation, StockEvent
from longshore.storage.queries.paging import Page, page_of

SHOWS = ("", "to_write", "oldest", "sold_out", "failed")
EVENTS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class StockLine:
    """One variant's three numbers. The store's reading (`store_*`), what Shopify should show
    (`wanted_*`), what we believe it shows (`known_*`); a quantity None is "not counted" where the
    matching `*_tracked` is False, else "not known yet".
    """

    id: int
    listing_id: int
    product: str
    options: str
    sku: str
    vendor_id: int
    vendor: str
    sell_backorders: bool
    store_tracked: bool
    store_quantity: int | None
    store_status: str
    pooled: bool
    read_at: datetime
    gone_since: datetime | None
    rule: int | None
    reserved: int
    buffer: int
    wanted_tracked: bool | None
    wanted_quantity: int | None
    wanted_oversell: bool
    decided_at: datetime | None
    known_tracked: bool | None
    known_quantity: int | None
    known_at: datetime | None
    on_shopify: bool
    to_write: bool
    write_error: str

    @property
    def decided(self) -> bool:
        return self.wanted_tracked is not None


@dataclass(frozen=True, slots=True)
class StockHappening:
    """One entry of a line's history: reading, decision, sale, write, stale."""

    at: datetime
    kind: str
    before: int | None
    after: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reserved:
    """Units sold on Shopify that the store's number does not show yet."""

    order_id: int
    order: str
    quantity: int
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class StockLinePage:
    line: StockLine
    history: tuple[StockHappening, ...]
    reserved: tuple[Reserved, ...]


def stock_lines(
    marketplace_id: int,
    *,
    show: str = "",
    vendor_id: int | None = None,
    search: str = "",
    number: int = 1,
) -> Page[StockLine]:
    """Lines of a marketplace. `show`: to_write, oldest (reading first), sold_out, failed, "" all."""
    rows = _lines(marketplace_id)
    if vendor_id is not None:
        rows = rows.filter(listing__vendor_id=vendor_id)
    if search:
        rows = rows.filter(
            Q(variant__sku__icontains=search) | Q(listing__product__name__icontains=search)
        )
    rows = {
        "to_write": lambda: rows.filter(stock_dirty=True),
        "sold_out": lambda: rows.filter(wanted_tracked=True, wanted_quantity=0),
        "failed": lambda: rows.exclude(write_error=""),
    }.get(show, lambda: rows)()
    order = ["variant__stock_requested_at"] if show == "oldest" else ["listing__product__name"]
    return page_of(rows.order_by(*order, "id"), number, _many)


def lines_of_listing(marketplace_id: int, listing_id: int) -> tuple[StockLine, ...]:
    rows = _lines(marketplace_id).filter(listing_id=listing_id)
    return tuple(_many(rows.order_by("variant__position", "id")[:500]))


def stock_line_page(marketplace_id: int, line_id: int) -> StockLinePage | None:
    """One line with its last events and open reservations, None when it is not the marketplace's."""
    row = _lines(marketplace_id).filter(pk=line_id).first()
    if row is None:
        return None
    events = StockEvent.objects.filter(marketplace_id=marketplace_id, listing_variant_id=line_id)
    held = Reservation.objects.filter(marketplace_id=marketplace_id, closed_at=None)
    if row.variant.pooled:
        held = held.filter(variant__product_id=row.variant.product_id, variant__pooled=True)
    else:
        held = held.filter(variant_id=row.variant_id)
    counting = Q(reduced_seen_at=None) | Q(reduced_seen_at__gte=row.variant.stock_requested_at)
    held = held.filter(counting).select_related("order_line__order").order_by("opened_at")
    return StockLinePage(
        line=_line(row),
        history=tuple(
            StockHappening(event.at, event.kind, event.before, event.after, event.data)
            for event in events.order_by("-at", "-id")[:EVENTS_SHOWN]
        ),
        reserved=tuple(
            Reserved(one.order_line.order_id, one.order_line.order.name, one.quantity, one.opened_at)
            for one in held[:50]
        ),
    )


def _lines(marketplace_id: int) -> QuerySet[ListingVariant]:
    return ListingVariant.objects.filter(marketplace_id=marketplace_id).select_related(
        "variant", "listing", "listing__vendor"
    ).annotate(product_name=F("listing__product__name"))


def _many(rows: Iterable[Any]) -> Iterable[StockLine]:
    return (_line(row) for row in rows)


def _line(row: Any) -> StockLine:
    variant, vendor = row.variant, row.listing.vendor
    return StockLine(
        id=row.pk,
        listing_id=row.listing_id,
        product=row.product_name,
        options=", ".join(value for _name, value in variant.options if value),
        sku=variant.sku,
        vendor_id=vendor.pk,
        vendor=vendor.name,
        sell_backorders=vendor.sell_backorders,
        store_tracked=variant.tracked,
        store_quantity=variant.quantity,
        store_status=variant.stock_status,
        pooled=variant.pooled,
        read_at=variant.stock_requested_at,
        gone_since=variant.absent_since,
        rule=row.rule,
        reserved=row.reserved,
        buffer=row.buffer,
        wanted_tracked=row.wanted_tracked,
        wanted_quantity=row.wanted_quantity,
        wanted_oversell=row.wanted_oversell,
        decided_at=row.decided_at,
        known_tracked=row.known_tracked,
        known_quantity=row.known_quantity,
        known_at=row.known_at,
        on_shopify=bool(row.inventory_item_gid),
        to_write=row.stock_dirty,
        write_error=row.write_error,
    )
