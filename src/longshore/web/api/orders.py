"""Orders over the API: read them, send one that waits, report a vendor's parcel."""

import uuid

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from ninja import Path, Query, Router, Status

from longshore import wiring
from longshore.domain.access import Scope
from longshore.storage.queries.order import OrderPage, order_page, part_vendor
from longshore.storage.queries.orders import OrderRow, Wanted, order_rows
from longshore.web.api import shapes
from longshore.web.api.access import KEYS, ApiRequest, doer, once
from longshore.web.api.answers import ERRORS, WRITE_ERRORS

router = Router(tags=["Orders"])


@router.get(
    "/orders", auth=KEYS[Scope.ORDERS_READ], response={200: shapes.PageOf[shapes.Order], **ERRORS}
)
def list_orders(
    request: ApiRequest,
    page: Query[shapes.Cursor],
    tab: shapes.OrderTab = "all",
    vendor_id: shapes.Id | None = None,
) -> shapes.PageOf[shapes.Order]:
    """Orders, the newest first."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    wanted = Wanted(tab, today, vendor_id)
    found = order_rows(request.auth.marketplace_id, wanted, shapes.cursor_of(page))
    return shapes.PageOf[shapes.Order](items=[_order(row) for row in found.rows], next=found.older)


@router.get(
    "/orders/{int:order_id}",
    auth=KEYS[Scope.ORDERS_READ],
    response={200: shapes.OrderDetail, **ERRORS},
)
def read_order(request: ApiRequest, order_id: Path[shapes.Id]) -> shapes.OrderDetail:
    """One order with every vendor's part, its parcels and what happened."""
    return _detail(_found(request, order_id))


@router.post(
    "/orders/{int:order_id}/send",
    auth=KEYS[Scope.ORDERS_WRITE],
    response={200: shapes.OrderDetail, **WRITE_ERRORS},
)
@once
def send_order(request: ApiRequest, order_id: Path[shapes.Id]) -> Status[shapes.OrderDetail]:
    """Sends an order that waits because it is from before going live, or is a test."""
    order = _found(request, order_id)
    with transaction.atomic():
        wiring.route_by_hand(request.auth.marketplace_id, order_id)
        what = wiring.What("order_sent", f"order:{order_id}", order.name)
        wiring.note_deed(doer(request), what)
    return Status(200, _detail(_found(request, order_id)))


@router.post(
    "/parts/{int:part_id}/parcels",
    auth=KEYS[Scope.ORDERS_WRITE],
    response={201: shapes.Left, **WRITE_ERRORS},
)
@once
def report_parcel(
    request: ApiRequest, part_id: Path[shapes.Id], parcel: shapes.NewParcel
) -> Status[shapes.Left]:
    """Says that a vendor sent goods of its part; Shopify and the buyer are told."""
    owner = request.auth.marketplace_id
    vendor_id = part_vendor(owner, part_id)
    if vendor_id is None:
        raise Http404
    units: dict[int, int] = {}
    for line in parcel.lines:
        units[line.line_id] = units.get(line.line_id, 0) + line.quantity
    key = request.headers.get("Idempotency-Key") or str(uuid.uuid4())
    given = wiring.Parcel(f"api:{key}", units, parcel.number.strip(), parcel.carrier.strip())
    with transaction.atomic():
        left = wiring.ship_parcel(owner, vendor_id, part_id, given)
        after = {"units": sum(units.values()), "number": given.number}
        what = wiring.What("part_shipped", f"part:{part_id}", "", vendor_id, {}, after)
        wiring.note_deed(doer(request), what)
    return Status(201, shapes.Left(left=left))


def _found(request: ApiRequest, order_id: int) -> OrderPage:
    found = order_page(request.auth.marketplace_id, order_id)
    if found is None:
        raise Http404
    return found


def _order(row: OrderRow) -> shapes.Order:
    return shapes.Order(
        id=row.id,
        name=row.name,
        buyer=row.buyer,
        city=row.city,
        total=row.total,
        currency=row.currency,
        created_at=row.created_at,
        canceled_at=row.canceled_at,
        routing=row.routing,
        waits_for=row.waits_for,
        problems=row.needing,
        parts=[shapes.Part.model_validate(part, from_attributes=True) for part in row.parts],
    )


def _detail(order: OrderPage) -> shapes.OrderDetail:
    def line(one: object) -> shapes.OrderLine:
        return shapes.OrderLine.model_validate(one, from_attributes=True)

    return shapes.OrderDetail(
        id=order.id,
        name=order.name,
        email=order.email,
        address=dict(order.address),
        currency=order.currency,
        goods=order.goods,
        shipping_price=order.shipping_price,
        created_at=order.created_at,
        canceled_at=order.canceled_at,
        payment=order.payment,
        routing=order.routing,
        waits_for=order.waits_for,
        parts=[
            shapes.PartDetail.model_validate(part, from_attributes=True) for part in order.parts
        ],
        lines_without_vendor=[line(one) for one in order.loose],
        events=[shapes.Event.model_validate(one, from_attributes=True) for one in order.events],
    )
