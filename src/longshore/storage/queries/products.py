"""Listings to review and on sale, one product's page, and the products that are left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    Count,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)

from longshore.domain.findings import Finding
from longshore.domain.listing import DRAFT, Field
from longshore.domain.money import Money
from longshore.domain.pricing import PriceBase, PriceRule, crossing_factor
from longshore.domain.tracking import web_address
from longshore.storage.models import (
    ForeignProduct,
    Listing,
    ListingVariant,
    Storefront,
    VendorProduct,
    VendorVariant,
)
from longshore.storage.queries.links import first_image, shopify_admin
from longshore.storage.queries.paging import TOP, Cursor, Slice, slice_of
from longshore.storage.queries.search import found_products
from longshore.storage.queries.stock import StockLine, lines_of_listing
from longshore.storage.queries.tallies import counts

STATES = ("new", "problem", "changed", "published", "unpublished", "declined", "all")
"""`new` may be approved as it is, `problem` must be mended first, `changed` is on its way."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A finding that keeps something back."""

    code: str
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A listing in a list. Prices are of its cheapest variant today, sale included; `shop_price`
    is None where no rule crosses the currency or tax base yet. `stock` sums the counted variants,
    None when none is counted. `draft`: it waits on Shopify for a last look; `stays`: a linked one
    is there though it is not to be sold.
    """

    id: int
    name: str
    sku: str
    vendor_id: int
    vendor: str
    image: str
    variants: int
    state: str
    dirty: bool
    problems: tuple[Reason, ...]
    publish_error: str
    next_write: str
    store_price: Decimal | None
    store_currency: str
    dearest: Decimal | None
    shop_price: Decimal | None
    shop_currency: str
    stock: int | None
    untracked: int
    in_stock: int
    read_at: datetime
    gone_since: datetime | None
    draft: bool = False
    stays: bool = False

    @property
    def approvable(self) -> bool:
        """Whether approving it now puts it on Shopify."""
        waits = self.state in {"review", "unpublished", "declined"}
        return waits and not self.problems and self.gone_since is None


class LinePrice(NamedTuple):
    """What one variant costs: at the vendor, crossed to the shop's base, as the rules decided
    (`rule` names the markup), and what is held because it is too far from the last good price.
    """

    store: Decimal | None
    crossed: Decimal | None
    decided: Decimal | None
    rule: str
    held: Decimal | None


@dataclass(frozen=True, slots=True)
class ProductPage:
    """`candidate` is the title of a product on Shopify that seems to be the same."""

    row: ProductRow
    lines: tuple[StockLine, ...]
    prices: Mapping[int, LinePrice]
    """By stock line."""
    candidate: str
    candidate_by: str
    held: int
    removed: tuple[tuple[int, str], ...]
    """(stock line, options) of variants that were deleted on Shopify."""
    permalink: str
    shopify_url: str
    linked: bool
    categories: tuple[str, ...]
    brand: str
    approved_at: datetime | None
    approved_by: str
    published_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LeftOut:
    name: str
    vendor_id: int
    vendor: str
    permalink: str
    reason: Reason
    read_at: datetime


def product_rows(
    marketplace_id: int,
    now: datetime,
    *,
    state: str = "new",
    vendor_id: int | None = None,
    search: str = "",
    cursor: Cursor = TOP,
    total: int | None = None,
) -> Slice[ProductRow]:
    """Listings, the newest first. `total` is passed through to whoever knows it."""
    rows = _in_state(_mine(marketplace_id, vendor_id), state)
    if search:
        found = found_products(marketplace_id, search)
        rows, total = rows.filter(product_id__in=found), len(found)
    front = _front(marketplace_id)
    return slice_of(
        rows,
        cursor,
        lambda page: _rows(page, front),
        dress=lambda page: _shown(page, now),
        total=total,
    )


def product_ids(
    marketplace_id: int, *, state: str, vendor_id: int | None = None, search: str = ""
) -> list[int]:
    """All ids of a filtered list, for "all of them, not only this page"."""
    rows = _in_state(_mine(marketplace_id, vendor_id), state)
    if search:
        rows = rows.filter(product_id__in=found_products(marketplace_id, search))
    return list(rows.order_by("id").values_list("id", flat=True))


def product_name(marketplace_id: int, ids: Sequence[int]) -> str:
    """What the first of these listings is called, "" when it is not the marketplace's."""
    rows = Listing.objects.filter(marketplace_id=marketplace_id, pk__in=list(ids)[:1])
    return rows.values_list("product__name", flat=True).first() or ""


def product_counts(marketplace_id: int, vendor_id: int | None = None) -> dict[str, int]:
    """How many listings each of STATES has, and `held`: to review, with a problem."""
    kept = counts(marketplace_id, ["listing"], vendor_id)["listing"]
    troubled = ("review|1|*|*", "approved|1|*|*", "published|1|*|*", "*|*|*|1")
    return {
        "new": kept.of("review|0|*|*"),
        "problem": kept.of(*troubled),
        "changed": kept.of("approved|*|*|*", "published|*|1|*"),
        "published": kept.of("published|*|*|*"),
        "unpublished": kept.of("unpublished|*|*|*"),
        "declined": kept.of("declined|*|*|*"),
        "all": kept.total(),
        "held": kept.of("review|1|*|*"),
    }


def product_page(marketplace_id: int, listing_id: int, now: datetime) -> ProductPage | None:
    """One listing, None when it is not the marketplace's."""
    rows = _mine(marketplace_id, None).filter(pk=listing_id)
    row = _shown(rows, now).select_related("approved_by").first()
    if row is None:
        return None
    front = _front(marketplace_id)
    product = row.product
    return ProductPage(
        row=next(iter(_rows([row], front))),
        lines=lines_of_listing(marketplace_id, listing_id),
        prices=_prices(row, front, now),
        permalink=web_address(product.permalink),
        shopify_url=shopify_admin(front.shop_domain if front else "", row.product_gid),
        linked=row.linked,
        candidate=_candidate(row),
        candidate_by=row.candidate_by,
        held=row.variants.filter(held_price__isnull=False).count(),
        removed=_removed(row),
        categories=tuple(product.categories),
        brand=product.brand,
        approved_at=row.approved_at,
        approved_by=row.approved_by.email if row.approved_by else "",
        published_at=row.published_at,
        created_at=row.created_at,
    )


def left_out(
    marketplace_id: int, *, vendor_id: int | None = None, cursor: Cursor = TOP
) -> Slice[LeftOut]:
    """Products that a rule keeps out, with the reason."""
    rows = VendorProduct.objects.filter(marketplace_id=marketplace_id, absent_since=None)
    rows = rows.exclude(left_out="")
    if vendor_id is not None:
        rows = rows.filter(store__vendor_id=vendor_id)
    total = counts(marketplace_id, ["left_out"], vendor_id)["left_out"].total()
    return slice_of(rows, cursor, _left_out, dress=_with_vendor, total=total)


def _with_vendor(rows: QuerySet[VendorProduct]) -> QuerySet[Any]:
    rows = rows.defer("description_html", "short_description_html")
    return rows.annotate(vendor_ref=F("store__vendor_id"), vendor_name=F("store__vendor__name"))


def _left_out(found: list[Any]) -> Iterable[LeftOut]:
    for row in found:
        reason = Reason(row.left_out, {"product": row.name, **row.left_out_evidence})
        link = web_address(row.permalink)
        yield LeftOut(row.name, row.vendor_ref, row.vendor_name, link, reason, row.read_at)


_STATE = {
    "new": Q(state="review", problems=[]),
    "problem": (~Q(problems=[]) & Q(state__in=("review", "approved", "published")))
    | ~Q(publish_error=""),
    "changed": Q(state="approved") | Q(state="published", dirty=True),
    "published": Q(state="published"),
    "unpublished": Q(state="unpublished"),
    "declined": Q(state="declined"),
    "all": Q(),
}


def _in_state(rows: QuerySet[Listing], state: str) -> QuerySet[Listing]:
    if state == "problem":  # in the words of its index
        rows = rows.filter(~Q(problems=[]) | ~Q(publish_error=""))
    return rows.filter(_STATE[state])


def _mine(marketplace_id: int, vendor_id: int | None) -> QuerySet[Listing]:
    rows = Listing.objects.filter(marketplace_id=marketplace_id)
    return rows if vendor_id is None else rows.filter(vendor_id=vendor_id)


def _front(marketplace_id: int) -> Storefront | None:
    return Storefront.objects.filter(marketplace_id=marketplace_id).first()


def _price_today(now: datetime) -> Case:
    """The price that holds now, as `domain.pricing.sale_applies` judges it."""
    on_sale = (
        Q(sale_price__gt=0, sale_price__lt=F("regular_price"))
        & (Q(sale_from=None) | Q(sale_from__lte=now))
        & (Q(sale_to=None) | Q(sale_to__gt=now))
    )
    return Case(When(on_sale, then=F("sale_price")), default=F("regular_price"))


def _shown(rows: QuerySet[Listing], now: datetime) -> QuerySet[Listing]:
    variants = VendorVariant.objects.filter(
        product_id=OuterRef("product_id"), absent_since=None, public=True
    )
    sums = variants.order_by().values("product_id")
    priced = sums.filter(regular_price__gt=0)
    of_listing = ListingVariant.objects.filter(listing_id=OuterRef("pk")).order_by()
    lines = of_listing.values("listing_id")
    pooled = Max("quantity", filter=Q(tracked=True, pooled=True))
    single = Sum("quantity", filter=Q(tracked=True, pooled=False))

    def one(values: QuerySet[Any, Any], **what: Any) -> Subquery:
        return Subquery(values.annotate(**what).values(next(iter(what)))[:1])

    wide = ("description_html", "short_description_html")
    rows = rows.defer(*(f"product__{name}" for name in wide))
    return rows.select_related("product", "vendor", "product__store").annotate(
        variant_count=one(sums, n=Count("id")),
        decided=one(lines, price=Min("wanted_price")),
        cheapest=one(priced, low=Min(_price_today(now))),
        dearest=one(priced, high=Max(_price_today(now))),
        pooled_stock=one(sums, pool=pooled),
        single_stock=one(sums, single=single),
        untracked=one(sums, free=Count("id", filter=Q(tracked=False))),
        in_stock=one(sums, stocked=Count("id", filter=Q(stock_status="instock"))),
    )


def _rows(found: Iterable[Any], front: Storefront | None) -> Iterable[ProductRow]:
    for row in found:
        product, store = row.product, row.product.store
        factor = _factor(row, front)
        currency = front.currency if front else ""
        low = row.decided
        if low is None and factor is not None and row.cheapest is not None:
            low = Money(row.cheapest * factor, currency).rounded().amount
        withdrawn = product.left_out or product.kept_out or product.absent_since
        counted = [n for n in (row.pooled_stock, row.single_stock) if n is not None]
        yield ProductRow(
            id=row.pk,
            name=product.name,
            sku=product.sku,
            vendor_id=row.vendor_id,
            vendor=row.vendor.name,
            image=first_image(product.images),
            variants=row.variant_count or 0,
            state=row.state,
            dirty=row.dirty,
            problems=tuple(_reason(problem, row) for problem in row.problems),
            publish_error=row.publish_error,
            next_write=row.next_write,
            store_price=row.cheapest,
            store_currency=store.currency,
            dearest=row.dearest,
            shop_price=low,
            shop_currency=currency,
            stock=sum(counted) if counted else None,
            untracked=row.untracked or 0,
            in_stock=row.in_stock or 0,
            read_at=product.read_at,
            gone_since=product.absent_since,
            draft=row.own.get(Field.STATUS, {}).get("value") == DRAFT,
            stays=bool(row.linked and row.state == "published" and withdrawn),
        )


def _factor(row: Any, front: Storefront | None) -> Decimal | None:
    if front is None:
        return None
    store, vendor = row.product.store, row.vendor
    factor = crossing_factor(
        PriceBase(store.currency, store.prices_include_tax),
        PriceBase(front.currency, front.taxes_included),
        PriceRule(vendor.rate, vendor.rate_dated, vendor.tax_factor),
    )
    return None if isinstance(factor, Finding) else factor


def _prices(row: Any, front: Storefront | None, now: datetime) -> dict[int, LinePrice]:
    factor = _factor(row, front)
    today = VendorVariant.objects.filter(pk__in=row.variants.values("variant_id")).annotate(
        today=_price_today(now)
    )
    by_variant = dict(today.values_list("id", "today"))
    found: dict[int, LinePrice] = {}
    lines = row.variants.values_list("id", "variant_id", "wanted_price", "price_rule", "held_price")
    for line_id, variant_id, decided, rule, held in lines:
        price = by_variant.get(variant_id)
        shop = None
        if price and factor is not None and front is not None:
            shop = Money(price * factor, front.currency).rounded().amount
        found[line_id] = LinePrice(price, shop, decided, rule, held)
    return found


def _candidate(row: Listing) -> str:
    if not row.candidate_gid or row.link_gid or row.candidate_refused:
        return ""
    theirs = ForeignProduct.objects.filter(
        marketplace_id=row.marketplace_id, product_gid=row.candidate_gid
    )
    return theirs.values_list("title", flat=True).first() or row.candidate_gid


def _removed(row: Listing) -> tuple[tuple[int, str], ...]:
    gone = row.variants.filter(removed_at__isnull=False).values_list("id", "variant__options")
    return tuple(
        (line_id, ", ".join(value for _name, value in options if value))
        for line_id, options in gone
    )


def _reason(problem: Any, row: Any) -> Reason:
    code, evidence = problem
    return Reason(code, {"product": row.product.name, "vendor": row.vendor.name, **evidence})
