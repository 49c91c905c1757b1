"""Orders, notes and refunds as the old API prints them, in the recorded order."""

from datetime import UTC, datetime

from simulators.woocommerce.jsonish import Json, as_text
from simulators.woocommerce.legacy.product_view import z
from simulators.woocommerce.legacy.rules import Speech
from simulators.woocommerce.orders import (
    ADDRESS,
    STATUS_NAMES,
    ExtraLine,
    Line,
    Note,
    Order,
    Refund,
)
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.wire.common import money

TITLED = {"pending": "Pending Payment", "on-hold": "On Hold"}
NOT_LISTED = frozenset({"checkout-draft"})


def statuses(shop: Shop, speech: Speech) -> dict[str, str]:
    names = {name: word for name, word in STATUS_NAMES.items() if name not in NOT_LISTED}
    if speech.rules.titled_statuses:
        names.update(TITLED)
    return {**names, **shop.settings.statuses}


def order_json(shop: Shop, speech: Speech, order: Order) -> Json:
    body: Json = {"id": order.id, "order_number": _number(speech, order)}
    if speech.only("v3_order_key"):
        body["order_key"] = f"wc_order_{order.id * 7919 % 10**9:09d}fake"
    body |= {
        "created_at": z(order.created),
        "updated_at": z(order.modified),
        "completed_at": _completed(shop, speech, order),
        "status": order.status,
        "currency": order.currency,
        **_totals(speech, order),
        "shipping_methods": ", ".join(line.name for line in order.shipping_lines),
        "payment_details": {
            "method_id": order.payment_method,
            "method_title": order.payment_method_title,
            "paid": order.paid is not None,
        },
        **_addresses(order),
        "note": order.customer_note,
        **_buyer(shop, speech, order),
        "line_items": [line_json(shop, speech, order, line) for line in order.lines],
        "shipping_lines": [_shipping(line) for line in order.shipping_lines],
        "tax_lines": [],
        "fee_lines": [_fee(speech, line) for line in order.fee_lines],
        "coupon_lines": [],
    }
    if speech.only("v3_vat_exempt"):
        body["is_vat_exempt"] = False
    return {**body, "customer": _customer(order)}


def _addresses(order: Order) -> Json:
    return {
        "billing_address": _address(order.billing, "email", "phone"),
        "shipping_address": _address(order.shipping),
    }


def _buyer(shop: Shop, speech: Speech, order: Order) -> Json:
    as_text_once = speech.rules.customer_is_text
    return {
        "customer_ip": "127.0.0.1",
        "customer_user_agent": order.agent,
        "customer_id": str(order.customer_id) if as_text_once else order.customer_id,
        "view_order_url": _url(shop, speech, order),
    }


def _customer(order: Order) -> Json:
    names = ("email", "first_name", "last_name")
    return {
        "id": order.customer_id,
        **{name: order.billing.get(name, "") for name in names},
        **_addresses(order),
    }


def order_meta(order: Order) -> Json:
    """Public keys only, whatever reads it."""
    pairs = ((as_text(one["key"]), one["value"]) for one in order.meta)
    return {key: value for key, value in pairs if not key.startswith("_")}


def _number(speech: Speech, order: Order) -> str | int:
    numbers: dict[str, str | int] = {"hash": f"#{order.id}", "int": order.id}
    return numbers.get(speech.rules.number, str(order.id))


def _completed(shop: Shop, speech: Speech, order: Order) -> str:
    """Of an open order: the time of reading, later 1970. Only the status tells."""
    open_now = shop.clock.second() if speech.rules.completed_now else 0
    return z(open_now if order.completed is None else order.completed)


def _totals(speech: Speech, order: Order) -> Json:
    discount = money(0 if order.half_made else order.discount)
    subtotal = 0 if order.half_made else sum(line.subtotal for line in order.lines)
    shipping = money(0 if order.half_made else order.shipping_total)
    found: Json = {
        "total": money(order.total),
        "subtotal": money(subtotal),
        "total_line_items_quantity": sum(line.quantity for line in order.lines),
        "total_tax": "0.00",
        "total_shipping": shipping,
        "cart_tax": "0.00",
        "shipping_tax": "0.00",
        "total_discount": discount,
    }
    if speech.rules.split_discounts:
        found |= {"cart_discount": discount, "order_discount": "0.00"}
    return found


def _address(given: Json, *more: str) -> Json:
    return {name: given.get(name, "") for name in (*ADDRESS, *more)}


def _url(shop: Shop, speech: Speech, order: Order) -> str:
    home = shop.home if speech.rules.home_in_order_url else ""
    end = "/" if speech.rules.slash_in_order_url else ""
    return f"{home}/view-order/{order.id}{end}"


def line_json(shop: Shop, speech: Speech, order: Order, line: Line) -> Json:
    """The product is the variation, where there is one. Its options are told of what was bought in
    the shop itself.
    """
    objects = speech.rules.objects
    known = shop.catalog.get(line.stock_id) is not None
    each = round(line.total / line.quantity) if line.quantity else 0
    told = line.options if order.created_via == "checkout" else []
    return {
        "id": line.id,
        "subtotal": money(line.subtotal),
        "subtotal_tax": "0.00",
        "total": money(line.total),
        "total_tax": "0.00",
        "price": money(each),
        "quantity": line.quantity,
        "tax_class": "" if objects else None,
        "name": line.name if objects or not line.parent_name else line.parent_name,
        "product_id": line.stock_id if known else None,
        "sku": line.sku if known else None,
        "meta": [
            {"key": one["key"], "label": one["display_key"], "value": one["display_value"]}
            for one in told
            if one["value"]
        ],
    }


def _shipping(line: ExtraLine) -> Json:
    return {
        "id": line.id,
        "method_id": line.method_id,
        "method_title": line.name,
        "total": money(line.total),
    }


def _fee(speech: Speech, line: ExtraLine) -> Json:
    return {
        "id": line.id,
        "title": line.name,
        "tax_class": "" if speech.rules.objects else None,
        "total": money(line.total),
        "total_tax": "0.00",
    }


def note_json(note: Note) -> Json:
    """Its id is text."""
    return {
        "id": str(note.id),
        "created_at": z(note.created),
        "note": note.text,
        "customer_note": note.for_customer,
    }


def refund_json(shop: Shop, speech: Speech, order: Order, refund: Refund) -> Json:
    """Before 3.0 the date is the shop's own time, and says that it is UTC."""
    rules = speech.rules
    made = z(refund.created)
    if not rules.refunds_in_utc:
        local = datetime.fromtimestamp(refund.created, UTC).astimezone(shop.clock.zone)
        made = local.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "id": refund.id,
        rules.refund_date: made,
        "amount": money(refund.amount),
        "reason": refund.reason,
        "line_items": [line_json(shop, speech, order, line) for line in refund.lines],
    }
