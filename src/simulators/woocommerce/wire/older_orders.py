"""Orders and refunds as wc/v1 and wc/v2 print them, made from the bodies of wc/v3."""

from typing import Any

from simulators.woocommerce.jsonish import Json, as_list, as_object
from simulators.woocommerce.orders import Order, Refund
from simulators.woocommerce.shop import Shop

V1_LINE = ("meta_data", "image", "parent_name", "global_unique_id")


def v2_order(_: Shop, _order: Order, body: Json) -> Json:
    found = dict(body)
    found.pop("currency_symbol", None)
    return found


def v2_refund(shop: Shop, _: Refund, body: Json) -> Json:
    """`refunded_payment` came after 3.0."""
    found = dict(body)
    if not shop.settings.version.knows_backorders:
        found.pop("refunded_payment", None)
    return found


def v1_order(shop: Shop, order: Order, body: Json) -> Json:
    """Created and changed in UTC without saying so, completed and paid in the shop's own time."""
    old = not shop.settings.version.objects
    found = {
        name: value
        for name, value in v2_order(shop, order, body).items()
        if not name.endswith("_gmt") and name != "meta_data"
    }
    found["date_created"] = body["date_created_gmt"]
    found["date_modified"] = body["date_modified_gmt"]
    found["line_items"] = [_v1_line(as_object(one)) for one in as_list(body["line_items"])]
    for name in ("shipping_lines", "fee_lines"):
        found[name] = [_bare(as_object(one)) for one in as_list(found[name])]
    if old:
        found["number"] = order.id
        found["date_completed"] = shop.clock.local(order.completed or order.paid or order.created)
        found["date_paid"] = (shop.clock.local(order.paid) or "").replace("T", " ")
        found["customer_ip_address"] = "127.0.0.1"
        found["customer_user_agent"] = order.agent
        if order.paid is None:
            found["transaction_id"] = ""
    return found


def _bare(line: Json) -> Json:
    without = ("meta_data", "instance_id", "tax_status")
    return {name: value for name, value in line.items() if name not in without}


def _v1_line(line: Json) -> Json:
    """Hidden meta is not shown, prices are texts."""
    found = {name: value for name, value in line.items() if name not in V1_LINE}
    found["price"] = f"{float(line['price']):.2f}"
    found["sku"] = line["sku"]
    found["meta"] = [
        _labeled(as_object(entry))
        for entry in as_list(line["meta_data"])
        if not str(as_object(entry)["key"]).startswith("_")
    ]
    return found


def _labeled(entry: Json) -> Json:
    key: Any = entry["key"]
    label = str(key).removeprefix("pa_").replace("-", " ")
    return {"key": key, "label": label[:1].upper() + label[1:], "value": entry["value"]}


def v1_refund(shop: Shop, _: Refund, body: Json) -> Json:
    """In 2.6 its date is in the shop's own time."""
    without = ("date_created_gmt", "refunded_by", "refunded_payment", "meta_data")
    found = {name: value for name, value in body.items() if name not in without}
    utc = shop.settings.version.objects
    found["date_created"] = body["date_created_gmt"] if utc else body["date_created"]
    found["line_items"] = [_v1_line(as_object(one)) for one in as_list(body["line_items"])]
    return found
