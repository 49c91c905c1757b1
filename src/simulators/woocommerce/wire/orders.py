"""Orders, refunds and notes as wc/v3 prints them. Keys as recorded."""

import html

from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.orders import ADDRESS, ExtraLine, Line, Note, Order, Refund
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.versions import Version
from simulators.woocommerce.wire.common import links, money, plain_number, symbol

NOTE_METHODS = ("GET", "DELETE")


LATE = frozenset({"payment_url", "is_editable", "needs_payment", "needs_processing"})
LATE_OF_LINES = frozenset({"image", "parent_name", "tax_status"})
LATE_OF_REFUNDS = frozenset({"shipping_lines", "tax_lines", "fee_lines"})


def order_json(shop: Shop, root: str, order: Order) -> Json:
    """Without what this version does not have yet."""
    version = shop.settings.version
    body = _whole_order(shop, root, order)
    if not version.refund_reasons:
        body["refunds"] = [
            {"id": one["id"], "refund": one["reason"], "total": one["total"]}
            for one in body["refunds"]
        ]
    if not version.currency_symbol:
        del body["currency_symbol"]
    if version.late_order_fields:
        return body
    body["shipping"] = {k: v for k, v in body["shipping"].items() if k != "phone"}
    for name in ("line_items", "shipping_lines", "fee_lines"):
        body[name] = [_early_line(version, line) for line in body[name]]
    return {name: value for name, value in body.items() if name not in LATE}


def _early_line(version: Version, line: Json) -> Json:
    """What belongs to the shop's own keeping shows no words for people yet."""
    found = {name: value for name, value in line.items() if name not in LATE_OF_LINES}
    found["meta_data"] = [
        {name: entry[name] for name in ("id", "key", "value")}
        for entry in line["meta_data"]
        if version.stock_on_lines or entry["key"] != "_reduced_stock"
    ]
    if not version.knows_backorders:
        found.pop("instance_id", None)
    return found


def _whole_order(shop: Shop, root: str, order: Order) -> Json:
    clock, settings = shop.clock, shop.settings
    key = f"wc_order_{order.id * 7919 % 10**9:09d}fake"
    return {
        "id": order.id,
        "parent_id": 0,
        "status": order.status,
        "currency": order.currency,
        "version": settings.version.woocommerce,
        "prices_include_tax": settings.prices_include_tax,
        "date_created": clock.local(order.created),
        "date_modified": clock.local(order.modified),
        **_totals(order),
        "customer_id": order.customer_id,
        "order_key": key,
        "billing": _address(order.billing, "email", "phone"),
        "shipping": _address(order.shipping, "phone"),
        **_payment(order),
        "date_completed": clock.local(order.completed),
        "date_paid": clock.local(order.paid),
        "cart_hash": "",
        "number": str(order.id),
        "meta_data": _order_meta(shop, order),
        "line_items": [line_json(shop, line) for line in order.lines],
        "tax_lines": [],
        "shipping_lines": [_shipping(line) for line in order.shipping_lines],
        "fee_lines": [_fee(line) for line in order.fee_lines],
        "coupon_lines": [],
        "refunds": [_refund_in_short(refund) for refund in order.refunds],
        "payment_url": f"{shop.home}/checkout/order-pay/{order.id}/?pay_for_order=true&key={key}",
        "is_editable": order.status in {"pending", "on-hold", "auto-draft"},
        "needs_payment": order.status in {"pending", "failed"} and order.total > 0,
        "needs_processing": shop.ordering.needs_processing(order),
        "date_created_gmt": clock.gmt(order.created),
        "date_modified_gmt": clock.gmt(order.modified),
        "date_completed_gmt": clock.gmt(order.completed),
        "date_paid_gmt": clock.gmt(order.paid),
        "currency_symbol": html.unescape(symbol(order.currency)),
        "_links": order_links(shop, root, order),
    }


def _refund_in_short(refund: Refund) -> Json:
    return {"id": refund.id, "reason": refund.reason, "total": money(-refund.amount)}


def _payment(order: Order) -> Json:
    return {
        "payment_method": order.payment_method,
        "payment_method_title": order.payment_method_title,
        "transaction_id": order.transaction_id,
        "customer_ip_address": "",
        "customer_user_agent": "",
        "created_via": order.created_via,
        "customer_note": order.customer_note,
    }


def _order_meta(shop: Shop, order: Order) -> list[Json]:
    """Orders in their own tables have their meta in order of its keys, as recorded."""
    if not (shop.settings.hpos and shop.settings.version.hpos):
        return list(order.meta)
    return sorted(order.meta, key=lambda entry: str(entry["key"]))


def order_links(shop: Shop, root: str, order: Order) -> Json:
    path = f"orders/{order.id}"
    if not shop.settings.version.order_statuses:
        return links(root, path)
    templates = {"embeddable": True, "href": f"{root}/{path}/actions/email_templates"}
    return {**links(root, path), "email_templates": [templates]}


def _totals(order: Order) -> Json:
    return {
        "discount_total": money(0 if order.half_made else order.discount),
        "discount_tax": "0.00",
        "shipping_total": money(0 if order.half_made else order.shipping_total),
        "shipping_tax": "0.00",
        "cart_tax": "0.00",
        "total": money(order.total),
        "total_tax": "0.00",
    }


def _address(given: Json, *more: str) -> Json:
    return {name: given.get(name, "") for name in (*ADDRESS, *more)}


def _shipping(line: ExtraLine) -> Json:
    return {
        "id": line.id,
        "method_title": line.name,
        "method_id": line.method_id,
        "instance_id": "",
        "total": money(line.total),
        "total_tax": "0.00",
        "taxes": [],
        "tax_status": "taxable",
        "meta_data": list(line.meta),
    }


def _fee(line: ExtraLine) -> Json:
    return {
        "id": line.id,
        "name": line.name,
        "tax_class": "",
        "tax_status": "taxable",
        "amount": "",
        "total": money(line.total),
        "total_tax": "0.00",
        "taxes": [],
        "meta_data": list(line.meta),
    }


def line_json(shop: Shop, line: Line) -> Json:
    src = str(line.image["src"])
    total = float(money(line.total))
    gtin = {"global_unique_id": line.global_unique_id} if shop.settings.version.line_gtin else {}
    return {
        "id": line.id,
        "name": line.name,
        "product_id": line.product_id,
        "variation_id": line.variation_id,
        "quantity": line.quantity,
        "tax_class": "",
        "subtotal": money(line.subtotal),
        "subtotal_tax": "0.00",
        "total": money(line.total),
        "total_tax": "0.00",
        "taxes": [],
        "meta_data": _line_meta(line),
        "sku": line.sku,
        **gtin,
        "price": plain_number(total / line.quantity) if line.quantity else 0,
        "image": {
            "id": _image_id(line),
            "src": f"{shop.home}{src}" if src.startswith("/") else src,
        },
        "parent_name": line.parent_name,
    }


def _line_meta(line: Line) -> list[Json]:
    stock: list[Json] = []
    if line.reduced is not None:
        stock.append(_shown(line.stock_meta_id, "_reduced_stock", str(line.reduced)))
    if line.restocked:
        stock.append(_shown(line.stock_meta_id + 1, "_restock_refunded_items", str(line.restocked)))
    given = [_shown(entry["id"], entry["key"], entry["value"]) for entry in line.meta]
    return [*line.options, *given, *stock]


def _shown(meta_id: int, key: str, value: object) -> Json:
    return {"id": meta_id, "key": key, "value": value, "display_key": key, "display_value": value}


def _image_id(line: Line) -> int | str:
    """A quirk seen in the recordings: text for a simple product, a number for a variation."""
    number: int | str = line.image["id"]
    return str(number) if number and not line.variation_id else number


def refund_json(
    shop: Shop, root: str, order: Order, refund: Refund, *, alone: bool = False
) -> Json:
    """`alone`: in the list of all refunds, where each names its order."""
    body = _whole_refund(shop, root, order, refund, alone=alone)
    version = shop.settings.version
    if version.late_order_fields:
        return body
    body["line_items"] = [_early_line(version, line) for line in body["line_items"]]
    return {name: value for name, value in body.items() if name not in LATE_OF_REFUNDS}


def _whole_refund(shop: Shop, root: str, order: Order, refund: Refund, *, alone: bool) -> Json:
    path = f"orders/{order.id}/refunds/{refund.id}"
    return {
        "id": refund.id,
        **({"parent_id": order.id} if alone else {}),
        "date_created": shop.clock.local(refund.created),
        "date_created_gmt": shop.clock.gmt(refund.created),
        "amount": money(refund.amount),
        "reason": refund.reason,
        "refunded_by": 1,
        "refunded_payment": False,
        "meta_data": list(refund.meta),
        "line_items": [line_json(shop, line) for line in refund.lines],
        "shipping_lines": [],
        "tax_lines": [],
        "fee_lines": [],
        "_links": links(root, path, NOTE_METHODS, f"orders/{order.id}"),
    }


def note_json(shop: Shop, root: str, order: Order, note: Note) -> Json:
    path = f"orders/{order.id}/notes/{note.id}"
    return {
        "id": note.id,
        "author": note.author if shop.settings.version.named_authors else "system",
        "date_created": shop.clock.local(note.created),
        "date_created_gmt": shop.clock.gmt(note.created),
        "note": note.text,
        "customer_note": note.for_customer,
        "_links": links(root, path, NOTE_METHODS, f"orders/{order.id}"),
    }
