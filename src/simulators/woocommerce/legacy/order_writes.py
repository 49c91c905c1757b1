"""Writing orders through the old API: what it takes, what it drops, and what it leaves behind
when it refuses half-way.
"""

from collections.abc import Callable
from functools import partial

from simulators.woocommerce.catalog import with_meta
from simulators.woocommerce.jsonish import Json, as_int, as_list, as_object, as_text
from simulators.woocommerce.legacy.order_wire import statuses
from simulators.woocommerce.legacy.requests import LegacyError, Request
from simulators.woocommerce.orders import Order
from simulators.woocommerce.stock import number
from simulators.woocommerce.wire.common import currencies

LAST_USER = 100  # of the users that a simulated shop is said to have
SCALARS = (str, int, float, bool)
ADDRESSES = {"billing_address": "billing", "shipping_address": "shipping"}


def create(request: Request, data: Json) -> Order:
    """Raises LegacyError."""
    if as_int(data.get("customer_id")) > LAST_USER:
        raise LegacyError("invalid_customer_id", "Customer ID is invalid", 400)
    status = as_text(data.get("status"))
    if status and status not in statuses(request.shop, request.speech):
        message = "Cannot create order: Invalid order status"
        raise LegacyError("cannot_create_order", message, 400)
    begun = {
        "billing": as_object(data.get("billing_address")),
        "shipping": as_object(data.get("shipping_address")),
    }
    if request.shop.refuses_no_email and not begun["billing"].get("email"):
        message = "A billing email address is required"
        raise LegacyError("missing_billing_email", message, 400)
    body: Json = {**begun, "line_items": [], "shipping_lines": [], "fee_lines": []}
    note = data.get(request.rules.note_name)
    if note is not None:
        body["customer_note"] = as_text(note)
    try:
        for given in map(as_object, as_list(data.get("line_items"))):
            body["line_items"].append(_line(request, given))
        for given in map(as_object, as_list(data.get("shipping_lines"))):
            body["shipping_lines"].append(_shipping(given))
        for given in map(as_object, as_list(data.get("fee_lines"))):
            body["fee_lines"].append(_fee(given))
        body |= _payment(data, required=True) | _currency(data)
    except LegacyError:
        if not request.rules.rolls_back:
            _left_behind(request, body)
        raise
    order = request.shop.ordering.save_first(body)
    order.agent = request.agent
    _at_once_or_later(request, order, partial(_finish, request, order, status, data))
    return order


def _at_once_or_later(request: Request, order: Order, finish: Callable[[], None]) -> None:
    """What is made in a transaction is seen by nobody before it is whole."""
    if request.settles_after_s is None:
        finish()
        return
    if request.rules.rolls_back:
        del request.shop.orders[order.id]
    request.shop.later(request.settles_after_s, finish)


def _finish(request: Request, order: Order, status: str, data: Json) -> None:
    """Payment comes last but for meta: half made, an order does not say whose it is."""
    shop, paid = request.shop, _is_paid(request, data)
    if paid:
        order.transaction_id = as_text(as_object(data.get("payment_details")).get("transaction_id"))
    shop.orders[order.id] = order
    shop.ordering.finish(order, {"status": status, "set_paid": paid})
    order.meta = with_meta(order.meta, _meta(data), shop.meta_ids)


def _left_behind(request: Request, body: Json) -> None:
    """An order that waits for payment, with what was put in before the mistake."""
    order = request.shop.ordering.save_first(body)
    order.agent, order.half_made = request.agent, False


def edit(request: Request, order: Order, data: Json) -> None:
    """Raises LegacyError."""
    shop, ordering = request.shop, request.shop.ordering
    body: Json = {}
    note = data.get(request.rules.note_name)
    if note is not None:
        body["customer_note"] = as_text(note)
    for name, field in ADDRESSES.items():
        if name in data:
            body[field] = as_object(data[name])
    status = as_text(data.get("status"))
    if status:
        known = status in statuses(shop, request.speech) or request.rules.any_status
        ordering.set_status(order, status if known else "pending")
    lines = [as_object(one) for one in as_list(data.get("line_items"))]
    body["line_items"] = [_edited_line(request, order, one) for one in lines]
    body |= _payment(data, required=False) | _currency(data)
    body["meta_data"] = _meta(data)
    if order.status in {"pending", "failed"} and _is_paid(request, data):
        body["set_paid"] = True
    ordering.update(order, body)
    ordering.touch(order)


def _is_paid(request: Request, data: Json) -> bool:
    """Exactly the text "true" before 2.3, exactly the word true since."""
    given = as_object(data.get("payment_details")).get("paid")
    return (
        given is not None
        and type(given) is type(request.rules.paid)
        and bool(given == request.rules.paid)
    )


def _line(request: Request, given: Json) -> Json:
    rules, catalog = request.rules, request.shop.catalog
    row_id = as_int(given.get("product_id"))
    sku = as_text(given.get("sku")) if rules.finds_line_by_sku else ""
    if not row_id and not sku:
        words = "Product ID or SKU is required" if rules.finds_line_by_sku else ""
        raise LegacyError("invalid_product_id", words or "Product ID is required", 400)
    row = catalog.get(row_id) if row_id else catalog.by_sku(sku)
    if row is None:
        raise LegacyError("invalid_product", "Product is invalid", 400)
    quantity = given.get("quantity")
    if quantity is None:
        raise LegacyError("invalid_product_quantity", "Product quantity is required", 400)
    if (number(as_text(quantity)) or 0) <= 0:
        message = "Product quantity must be a positive float"
        raise LegacyError("invalid_product_quantity", message, 400)
    line: Json = {"product_id": row.id, "quantity": int(number(as_text(quantity)) or 0)}
    if rules.takes_line_totals:
        line |= {name: given[name] for name in ("subtotal", "total") if name in given}
    return line


def _edited_line(request: Request, order: Order, given: Json) -> Json:
    """The product is asked for again, and must be the one of the line."""
    if "id" not in given:
        raise LegacyError("woocommerce_invalid_item_id", "Order item ID is required", 400)
    if given["id"] is None:
        return _line(request, given)
    known = order.line(as_int(given["id"]))
    line = _line(request, {"quantity": 0 if known is None else known.quantity, **given})
    if "quantity" in given and "total" not in line:
        # Counted anew from the price of today.
        row = request.shop.catalog.require(line["product_id"])
        price = number(row.price) or 0
        line |= dict.fromkeys(("subtotal", "total"), str(price * line["quantity"]))
    if known is None or line["product_id"] not in {known.product_id, known.variation_id}:
        message = "Product ID provided does not match this line item"
        raise LegacyError("invalid_product_id", message, 400)
    return {**line, "id": known.id}


def _shipping(given: Json) -> Json:
    if (number(as_text(given.get("total"))) or 0) < 0:
        message = "Shipping total must be a positive amount"
        raise LegacyError("woocommerce_invalid_shipping_total", message, 400)
    if given.get("method_id") is None:
        message = "Shipping method ID is required"
        raise LegacyError("woocommerce_invalid_shipping_item", message, 400)
    names = ("method_id", "method_title", "total")
    return {name: as_text(given.get(name)) for name in names}


def _fee(given: Json) -> Json:
    if given.get("title") is None:
        raise LegacyError("woocommerce_invalid_fee_item", "Fee title is required", 400)
    return {"name": as_text(given["title"]), "total": as_text(given.get("total"))}


def _payment(data: Json, *, required: bool) -> Json:
    if "payment_details" not in data:
        return {}
    details = as_object(data["payment_details"])
    method, title = as_text(details.get("method_id")), as_text(details.get("method_title"))
    if required and not (method and title):
        message = "Payment method ID and title are required"
        raise LegacyError("woocommerce_invalid_payment_details", message, 400)
    names = {"payment_method": method, "payment_method_title": title}
    return {name: text for name, text in names.items() if text}


def _currency(data: Json) -> Json:
    if "currency" not in data:
        return {}
    if data["currency"] not in currencies():
        message = "Provided order currency is invalid"
        raise LegacyError("woocommerce_invalid_order_currency", message, 400)
    return {"currency": data["currency"]}


def _meta(data: Json) -> list[Json]:
    """Public keys and plain values; the rest is dropped."""
    return [
        {"key": key, "value": as_text(value)}
        for key, value in as_object(data.get("order_meta")).items()
        if not key.startswith("_") and isinstance(value, SCALARS)
    ]
