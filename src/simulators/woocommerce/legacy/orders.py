"""Routes of orders: lists, single ones, writing, many at once."""

from simulators.woocommerce.jsonish import Json, as_int, as_object, as_text
from simulators.woocommerce.legacy import order_writes
from simulators.woocommerce.legacy.lists import Collection, Columns
from simulators.woocommerce.legacy.order_wire import order_json, order_meta, statuses
from simulators.woocommerce.legacy.requests import (
    Answer,
    LegacyError,
    Request,
    chosen,
    deleted,
    denied,
    not_there,
)
from simulators.woocommerce.orders import Order

_COLUMNS = Columns(
    id=lambda order: order.id,
    created=lambda order: order.created,
    modified=lambda order: order.modified,
    keys={},
)


def shown(request: Request, order: Order, fields: str = "") -> Json:
    body = order_json(request.shop, request.speech, order)
    meta = order_meta(order) if request.wants_meta else {}
    if meta:
        body[request.rules.meta_name] = meta
    return chosen(body, fields)


def _found(request: Request) -> list[Order]:
    given = as_text(request.query.get("status") or request.filter.get("status"))
    wanted = given.split(",") if given else list(statuses(request.shop, request.speech))
    customer = as_text(request.filter.get("customer_id"))
    text = as_text(request.filter.get("q"))
    return [
        order
        for order in request.shop.orders.values()
        if order.status in wanted
        and (not customer or str(order.customer_id) == customer)
        and (not text or (request.rules.searches_notes and text in order.customer_note))
    ]


LIST = Collection("orders", _COLUMNS, _found, shown)


def order_statuses(request: Request) -> Answer:
    return Answer({"order_statuses": statuses(request.shop, request.speech)})


def required(request: Request, verb: str, name: str = "id") -> Order:
    """Raises LegacyError."""
    shop, order_id = request.shop, request.id(name)
    if order_id == 0:
        raise LegacyError("invalid_order_id", "Invalid shop_order ID", 404)
    order = shop.orders.get(order_id)
    if order is None:
        other = order_id in shop.catalog or order_id in shop.webhooks.rows
        raise not_there(request.rules, "order", order_id, other=other)
    if not request.trusted:
        raise denied(verb, "order")
    return order


def read_order(request: Request) -> Answer:
    return Answer({"order": shown(request, required(request, "read"), request.fields)})


def make_order(request: Request) -> Answer:
    data = request.envelope("order")
    if not request.trusted:
        raise denied("create", "order")
    return Answer({"order": shown(request, order_writes.create(request, data))}, 201)


def edit_order(request: Request) -> Answer:
    data = request.envelope("order", "edit")
    order = required(request, "edit")
    order_writes.edit(request, order, data)
    return Answer({"order": shown(request, order)})


def edit_status(request: Request) -> Answer:
    """All that v1 can write."""
    order = required(request, "edit")
    status = as_text(as_object(request.data).get("status"))
    if status:
        order_writes.edit(request, order, {"status": status})
    return Answer({"order": shown(request, order)})


def drop_order(request: Request) -> Answer:
    order = required(request, "delete")
    force = request.query.get("force") == "true"
    request.shop.trash_order(order.id, force=force)
    return deleted("order", force=force)


def bulk_orders(request: Request) -> Answer:
    """An item with an id is edited, one without is a new order."""
    items = request.many("orders")
    return Answer({"orders": [_one_of_many(request, one) for one in items]})


def _one_of_many(request: Request, data: Json) -> Json:
    order_id = as_int(data.get("id"))
    try:
        if not order_id:
            if not request.trusted:
                raise denied("create", "order")
            return shown(request, order_writes.create(request, data))
        request.path["id"] = str(order_id)
        order = required(request, "edit")
        order_writes.edit(request, order, data)
        return shown(request, order)
    except LegacyError as error:
        return {"id": order_id, "error": error.told(request.rules)}
