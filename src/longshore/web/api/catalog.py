"""Products, stock, vendors and activity over the API."""

import hashlib
from collections.abc import Callable, Sequence

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Status
from ninja.errors import HttpError

from longshore import wiring
from longshore.domain.access import Scope
from longshore.ports.ledger.listings import Decided
from longshore.storage.queries.activity import activity
from longshore.storage.queries.products import ProductRow, product_page, product_rows
from longshore.storage.queries.stock import StockLine, stock_line_page, stock_lines
from longshore.storage.queries.vendor import vendor_page
from longshore.storage.queries.vendors import VendorRow, all_vendors
from longshore.web.api import shapes
from longshore.web.api.access import KEYS, ApiRequest, doer, once
from longshore.web.api.answers import ERRORS, WRITE_ERRORS
from longshore.web.api.problems import Problem

products = Router(tags=["Products"])
stock = Router(tags=["Stock"])
vendors = Router(tags=["Vendors"])
deeds = Router(tags=["Activity"])


@products.get(
    "/products",
    auth=KEYS[Scope.PRODUCTS_READ],
    response={200: shapes.PageOf[shapes.Product], **ERRORS},
)
def list_products(
    request: ApiRequest,
    page: Query[shapes.Cursor],
    state: shapes.ProductState = "all",
    vendor_id: shapes.Id | None = None,
) -> shapes.PageOf[shapes.Product]:
    """Products of the vendors' shops, the newest first."""
    found = product_rows(
        request.auth.marketplace_id,
        timezone.now(),
        state=state,
        vendor_id=vendor_id,
        cursor=shapes.cursor_of(page),
    )
    items = [_product(row) for row in found.rows]
    return shapes.PageOf[shapes.Product](items=items, next=found.older)


@products.get(
    "/products/{int:product_id}",
    auth=KEYS[Scope.PRODUCTS_READ],
    response={200: shapes.Product, **ERRORS},
)
def read_product(request: ApiRequest, product_id: Path[shapes.Id]) -> shapes.Product:
    found = product_page(request.auth.marketplace_id, product_id, timezone.now())
    if found is None:
        raise Http404
    return _product(found.row)


Verb = Callable[[int, Sequence[int], int | None], Decided]


def _decide(request: ApiRequest, verb: Verb, kind: str, ids: Sequence[int]) -> shapes.Decided:
    with transaction.atomic():
        result = verb(request.auth.marketplace_id, ids, None)
        done = list(result.done)
        if done:
            subject = f"listing:{done[0]}" if len(done) == 1 else "listings"
            after = {"count": len(done), "ids": done}
            wiring.note_deed(doer(request), wiring.What(kind, subject, after=after))
    waiting = sorted(set(ids) - set(done))
    return shapes.Decided(done=done, waiting=waiting)


@products.post(
    "/products/approve",
    auth=KEYS[Scope.PRODUCTS_WRITE],
    response={200: shapes.Decided, **WRITE_ERRORS},
)
@once
def approve_products(request: ApiRequest, which: shapes.Approving) -> Status[shapes.Decided]:
    """Puts products on Shopify; those with a problem wait."""
    if which.as_draft:
        done = _decide(request, wiring.approve_as_drafts, "listings_drafted", which.ids)
    else:
        done = _decide(request, wiring.approve_listings, "listings_approved", which.ids)
    return Status(200, done)


@products.post(
    "/products/decline",
    auth=KEYS[Scope.PRODUCTS_WRITE],
    response={200: shapes.Decided, **WRITE_ERRORS},
)
@once
def decline_products(request: ApiRequest, which: shapes.Ids) -> Status[shapes.Decided]:
    return Status(200, _decide(request, wiring.decline_listings, "listings_declined", which.ids))


@products.post(
    "/products/take-off",
    auth=KEYS[Scope.PRODUCTS_WRITE],
    response={200: shapes.Decided, **WRITE_ERRORS},
)
@once
def take_off_products(request: ApiRequest, which: shapes.Ids) -> Status[shapes.Decided]:
    """Takes products off Shopify; nothing is deleted there."""
    return Status(200, _decide(request, wiring.unpublish_listings, "listings_taken_off", which.ids))


@stock.get(
    "/stock", auth=KEYS[Scope.STOCK_READ], response={200: shapes.PageOf[shapes.Line], **ERRORS}
)
def list_stock(
    request: ApiRequest,
    page: Query[shapes.Cursor],
    show: shapes.StockShow = "all",
    vendor_id: shapes.Id | None = None,
) -> shapes.PageOf[shapes.Line]:
    """Stock lines, one for each variant, the newest first."""
    found = stock_lines(
        request.auth.marketplace_id,
        show="" if show == "all" else show,
        vendor_id=vendor_id,
        cursor=shapes.cursor_of(page),
    )
    return shapes.PageOf[shapes.Line](items=[_line(row) for row in found.rows], next=found.older)


@stock.get(
    "/stock/{int:line_id}", auth=KEYS[Scope.STOCK_READ], response={200: shapes.Line, **ERRORS}
)
def read_stock(request: ApiRequest, line_id: Path[shapes.Id]) -> shapes.Line:
    found = stock_line_page(request.auth.marketplace_id, line_id, timezone.now())
    if found is None:
        raise Http404
    return _line(found.line)


@vendors.get(
    "/vendors",
    auth=KEYS[Scope.VENDORS_READ],
    response={200: shapes.PageOf[shapes.Vendor], **ERRORS},
)
def list_vendors(request: ApiRequest, page: Query[shapes.Cursor]) -> shapes.PageOf[shapes.Vendor]:
    """Vendors in the order of their ids."""
    rows = [row for row in all_vendors(request.auth.marketplace_id) if row.id > (page.after or 0)]
    rows.sort(key=lambda row: row.id)
    shown = rows[: page.limit]
    more = shown[-1].id if len(rows) > page.limit else None
    return shapes.PageOf[shapes.Vendor](items=[_vendor(row) for row in shown], next=more)


@vendors.get(
    "/vendors/{int:vendor_id}",
    auth=KEYS[Scope.VENDORS_READ],
    response={200: shapes.VendorDetail, **ERRORS},
)
def read_vendor(
    request: ApiRequest, response: HttpResponse, vendor_id: Path[shapes.Id]
) -> shapes.VendorDetail:
    """One vendor with its settings."""
    found = _detail(request, vendor_id)
    response["ETag"] = _version(found)
    return found


@vendors.post(
    "/vendors", auth=KEYS[Scope.VENDORS_WRITE], response={201: shapes.Made, **WRITE_ERRORS}
)
@once
def add_vendor(request: ApiRequest, vendor: shapes.NewVendor) -> Status[shapes.Made]:
    """A vendor without a shop yet; invite its people from its page."""
    with transaction.atomic():
        made = wiring.add_vendor(request.auth.marketplace_id, vendor.name.strip(), vendor.email)
        what = wiring.What("vendor_added", f"vendor:{made}", vendor.name.strip(), made)
        wiring.note_deed(doer(request), what)
    return Status(201, shapes.Made(id=made))


@vendors.patch(
    "/vendors/{int:vendor_id}",
    auth=KEYS[Scope.VENDORS_WRITE],
    response={200: shapes.VendorDetail, **WRITE_ERRORS, 412: Problem},
)
@once
def change_vendor(
    request: ApiRequest, vendor_id: Path[shapes.Id], settings: shapes.VendorSettings
) -> Status[shapes.VendorDetail]:
    """Changes a vendor's settings; stock and listings that depend on them follow. With If-Match
    only where they are still as the ETag says.
    """
    page = vendor_page(request.auth.marketplace_id, vendor_id)
    if page is None:
        raise Http404
    known = request.headers.get("If-Match", "*").strip()
    if known not in {"*", _version(_detail(request, vendor_id))}:
        raise HttpError(412, "The settings are no longer those of this ETag. Read them again.")
    wanted = settings.model_dump(exclude_none=True)
    new = {name: value for name, value in wanted.items() if getattr(page, name) != value}
    if new:
        old = {name: getattr(page, name) for name in new}
        what = wiring.What("vendor_changed", f"vendor:{vendor_id}", page.name, vendor_id, old, new)
        with transaction.atomic():
            wiring.change_vendor(vendor_id, **new)
            wiring.note_deed(doer(request), what)
    return Status(200, _detail(request, vendor_id))


@deeds.get(
    "/activity",
    auth=KEYS[Scope.ACTIVITY_READ],
    response={200: shapes.PageOf[shapes.Done], **ERRORS},
)
def list_activity(request: ApiRequest, page: Query[shapes.Cursor]) -> shapes.PageOf[shapes.Done]:
    """Who did what, the newest first."""
    found = activity(
        request.auth.marketplace_id,
        cursor=shapes.cursor_of(page),
    )
    return shapes.page_of(shapes.Done, found)


def _row(request: ApiRequest, vendor_id: int) -> VendorRow:
    rows = [row for row in all_vendors(request.auth.marketplace_id) if row.id == vendor_id]
    if not rows:
        raise Http404
    return rows[0]


def _vendor(row: VendorRow) -> shapes.Vendor:
    return shapes.Vendor.model_validate(row, from_attributes=True)


def _detail(request: ApiRequest, vendor_id: int) -> shapes.VendorDetail:
    page = vendor_page(request.auth.marketplace_id, vendor_id)
    if page is None:
        raise Http404
    switches = shapes.Switches.model_validate(page, from_attributes=True)
    return shapes.VendorDetail(**_vendor(_row(request, vendor_id)).model_dump(), settings=switches)


def _version(vendor: shapes.VendorDetail) -> str:
    """Of the settings alone: counts and ages change by themselves."""
    told = hashlib.sha256(vendor.settings.model_dump_json().encode()).hexdigest()
    return f'"{told[:16]}"'


def _product(row: ProductRow) -> shapes.Product:
    return shapes.Product(
        id=row.id,
        name=row.name,
        sku=row.sku,
        vendor_id=row.vendor_id,
        vendor=row.vendor,
        state=row.state,
        variants=row.variants,
        problems=[reason.code for reason in row.problems],
        vendor_price=row.store_price,
        vendor_currency=row.store_currency,
        price=row.shop_price,
        currency=row.shop_currency,
        stock=row.stock,
        read_at=row.read_at,
    )


def _line(row: StockLine) -> shapes.Line:
    return shapes.Line(
        id=row.id,
        product_id=row.listing_id,
        product=row.product,
        options=row.options,
        sku=row.sku,
        vendor_id=row.vendor_id,
        vendor=row.vendor,
        vendor_counts=row.store_tracked,
        vendor_quantity=row.store_quantity,
        read_at=row.read_at,
        reserved=row.reserved,
        buffer=row.buffer,
        wanted_quantity=row.wanted_quantity,
        known_quantity=row.known_quantity,
        known_at=row.known_at,
        to_write=row.to_write,
    )
