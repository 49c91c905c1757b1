"""Stock lines: three numbers with their ages, and what changed them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from longshore.storage.models import ListingVariant, Reservation, StockEvent
from longshore.storage.queries.links import first_image
from longshore.storage.queries.paging import TOP, Cursor, Slice, slice_of
from longshore.storage.queries.search import found_lines
from longshore.storage.queries.tallies import counts

SHOWS = ("", "to_write", "sold_out", "failed", "limited")
EVENTS_SHOWN = 60
DRAWN = 500
DRAWN_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class StockLine:
    """One variant's three numbers. The store's reading (`store_*`), what Shopify should show
    (`wanted_*`), what we believe it shows (`known_*`); a quantity None is "not counted" where the
    matching `*_tracked` is False, else "not known yet". `sold_by` is who sells it now, where
    several vendors have the goods.
    """

    id: int
    listing_id: int
    product: str
    options: str
    image: str
    sku: str
    vendor_id: int
    vendor: str
    sold_by: str
    sell_backorders: bool
    store_tracked: bool
    store_quantity: int | None
    store_status: str
    pooled: bool
    read_at: datetime
    gone_since: datetime | None
    sellable: bool
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
    own_buffer: int | None
    cap: int | None
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
    """`history` is the newest first, `drawn` the last DRAWN_FOR in order of time."""

    line: StockLine
    history: tuple[StockHappening, ...]
    drawn: tuple[StockHappening, ...]
    reserved: tuple[Reserved, ...]


def stock_lines(
    marketplace_id: int,
    *,
    show: str = "",
    vendor_id: int | None = None,
    search: str = "",
    cursor: Cursor = TOP,
    total: int | None = None,
) -> Slice[StockLine]:
    """Lines of a marketplace, the newest first. `show` is one of SHOWS: "" all. `total` is passed
    through to whoever knows it.
    """
    rows = ListingVariant.objects.filter(_SHOW[show], marketplace_id=marketplace_id)
    if vendor_id is not None:
        rows = rows.filter(listing__vendor_id=vendor_id)
    if search:
        found = found_lines(marketplace_id, search)
        rows, total = rows.filter(pk__in=found), len(found)
    return slice_of(rows, cursor, _many, dress=_dressed, total=total)


def stock_counts(marketplace_id: int, vendor_id: int | None = None) -> dict[str, int]:
    """How many lines each of SHOWS has."""
    kept = counts(marketplace_id, ["line"], vendor_id)["line"]
    return {
        "all": kept.total(),
        "to_write": kept.of("*|1|*|*|*"),
        "sold_out": kept.of("*|*|1|*|*"),
        "failed": kept.of("*|*|*|1|*"),
        "limited": _limited(marketplace_id, vendor_id),
    }


def _limited(marketplace_id: int, vendor_id: int | None) -> int:
    """Few: people say it one by one."""
    rows = ListingVariant.objects.filter(_SHOW["limited"], marketplace_id=marketplace_id)
    if vendor_id is not None:
        rows = rows.filter(listing__vendor_id=vendor_id)
    return rows.count()


def lines_of_listing(marketplace_id: int, listing_id: int) -> tuple[StockLine, ...]:
    rows = _lines(marketplace_id).filter(listing_id=listing_id)
    return tuple(_many(rows.order_by("variant__position", "id")[:500]))


def stock_line_page(marketplace_id: int, line_id: int, now: datetime) -> StockLinePage | None:
    """One line with its last events and open reservations; None for another marketplace's."""
    row = _lines(marketplace_id).filter(pk=line_id).first()
    if row is None:
        return None
    events = StockEvent.objects.filter(marketplace_id=marketplace_id, listing_variant_id=line_id)
    newest = events.order_by("-at", "-id")
    drawn = newest.filter(at__gte=now - DRAWN_FOR).exclude(kind="decision")
    return StockLinePage(
        line=_line(row),
        history=tuple(_happening(event) for event in newest[:EVENTS_SHOWN]),
        drawn=tuple(reversed([_happening(event) for event in drawn[:DRAWN]])),
        reserved=_reserved(marketplace_id, row),
    )


def last_happenings(marketplace_id: int, line_id: int, limit: int) -> tuple[StockHappening, ...]:
    """The newest first."""
    events = StockEvent.objects.filter(marketplace_id=marketplace_id, listing_variant_id=line_id)
    return tuple(_happening(event) for event in events.order_by("-at", "-id")[:limit])


def _happening(event: StockEvent) -> StockHappening:
    return StockHappening(event.at, event.kind, event.before, event.after, event.data)


def _reserved(marketplace_id: int, row: ListingVariant) -> tuple[Reserved, ...]:
    """As `domain.stock.Reservation.counts_against` judges them; a pool's hold all its lines."""
    held = Reservation.objects.filter(marketplace_id=marketplace_id, closed_at=None)
    if row.variant.pooled:
        held = held.filter(variant__product_id=row.variant.product_id, variant__pooled=True)
    else:
        held = held.filter(variant_id=row.variant_id)
    counting = Q(reduced_seen_at=None) | Q(reduced_seen_at__gte=row.variant.stock_requested_at)
    held = held.filter(counting).select_related("order_line__order").order_by("opened_at")
    return tuple(
        Reserved(one.order_line.order_id, one.order_line.order.name, one.quantity, one.opened_at)
        for one in held[:50]
    )


_SHOW = {
    "": Q(),
    "to_write": Q(stock_dirty=True),
    "sold_out": Q(wanted_tracked=True, wanted_quantity=0),
    "failed": ~Q(write_error=""),
    "limited": Q(cap__isnull=False) | Q(own_buffer__isnull=False),
}


def _lines(marketplace_id: int) -> QuerySet[ListingVariant]:
    return _dressed(ListingVariant.objects.filter(marketplace_id=marketplace_id))


def _dressed(rows: QuerySet[ListingVariant]) -> QuerySet[ListingVariant]:
    wide = ("description_html", "short_description_html")
    beside = ("variant__store__vendor", "variant__product", "listing__vendor", "listing__product")
    return rows.select_related(*beside).defer(
        *(f"{way}__{name}" for way in ("listing__product", "variant__product") for name in wide)
    )


def _many(rows: Iterable[ListingVariant]) -> Iterable[StockLine]:
    return (_line(row) for row in rows)


def _line(row: ListingVariant) -> StockLine:
    variant, vendor, product = row.variant, row.listing.vendor, row.listing.product
    seller = variant.store.vendor
    return StockLine(
        id=row.pk,
        listing_id=row.listing_id,
        product=product.name,
        options=", ".join(value for _name, value in variant.options if value),
        image=first_image(product.images),
        sku=variant.sku,
        vendor_id=vendor.pk,
        vendor=vendor.name,
        sold_by=seller.name,
        sell_backorders=seller.sell_backorders,
        store_tracked=variant.tracked,
        store_quantity=variant.quantity,
        store_status=variant.stock_status,
        pooled=variant.pooled,
        read_at=variant.stock_requested_at,
        gone_since=variant.absent_since or variant.product.absent_since,
        sellable=_sellable(row),
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
        own_buffer=row.own_buffer,
        cap=row.cap,
        on_shopify=bool(row.inventory_item_gid),
        to_write=row.stock_dirty,
        write_error=row.write_error,
    )


def _sellable(row: ListingVariant) -> bool:
    """Whether the rules look at its stock at all (`storage.repositories.stock.NOT_FOR_SALE`)."""
    variant, product = row.variant, row.variant.product
    there = variant.absent_since is None and product.absent_since is None
    wanted = not product.left_out and not product.kept_out
    return there and wanted and variant.public and bool(variant.regular_price)
