"""What the shop's staff do in Shopify's admin: with orders, fulfillment, products and stock."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from simulators.shopify.controls.buyers import order_of
from simulators.shopify.rows import Row
from simulators.shopify.shop import (
    checkout,
    orders,
    places,
    products,
    refunds,
    returns,
    shipping,
    stock,
    work,
)
from simulators.shopify.shop.merging import merge
from simulators.shopify.shop.units import line_of, touch
from simulators.shopify.shop.variants_many import update_many
from simulators.shopify.simulator_parts import Parts

# --- orders ---


def _cancel(parts: Parts, given: Row) -> Row:
    """Takes {"order_id", "restock": true, "refund": true, "reason", "note"}: also after
    shipping.
    """
    order = order_of(parts, given)
    orders.cancel(
        parts.state, order, reason=given.get("reason", "CUSTOMER"),
        restock=given.get("restock", True), refund=given.get("refund", True),
        note=given.get("note"),
    )  # fmt: skip
    return order


def _delete_order(parts: Parts, given: Row) -> Row:
    """Takes {"order_id"}: one that is canceled, archived or a test."""
    order = order_of(parts, given)
    orders.delete(parts.state, order)
    return order


def _void(parts: Parts, given: Row) -> Row:
    """Takes {"order_id", "status": "VOIDED" or "EXPIRED"}."""
    order = order_of(parts, given)
    checkout.void(parts.state, order, given.get("status", "VOIDED"))
    return order


def _edit(parts: Parts, given: Row) -> Row:
    """Takes {"order_id", "set": [{"line_id", "quantity", "restock"}], "add": [{"variant_id",
    "quantity"}]}; or {"order_id", "line_id", "quantity"}, which takes so many units out.
    """
    order = order_of(parts, given)
    changes: list[Row] = list(given.get("set") or ())
    if given.get("line_id"):
        line = line_of(order, given["line_id"])
        left = max(0, line["currentQuantity"] - int(given["quantity"]))
        changes.append({"line_id": line["id"], "quantity": left})
    orders.edit(parts.state, order, changes, given.get("add") or [])
    return order


def _refund(parts: Parts, given: Row) -> Row:
    """Takes {"order_id", "lines": [{"line_id", "quantity", "restock", "location_id"}], "shipping",
    "amount", "note"}; or {"order_id", "line_id", "quantity"}.
    """
    order = order_of(parts, given)
    lines: list[Row] = list(given.get("lines") or ())
    if given.get("line_id"):
        lines.append({"line_id": given["line_id"], "quantity": given["quantity"],
                      "restock": given.get("restock")})  # fmt: skip
    refunds.by_hand(
        parts.state, order, lines, _amount(given, "shipping"), _amount(given, "amount"),
        given.get("note", ""),
    )  # fmt: skip
    return order


def _amount(given: Row, name: str) -> Decimal | None:
    return None if given.get(name) is None else Decimal(str(given[name]))


def _change(parts: Parts, given: Row) -> Row:
    """Takes {"order_id", "note", "tags", "risk", "attributes", "shipping_address",
    "billing_address"}.
    """
    order = order_of(parts, given)
    for name in ("note", "risk"):
        if name in given:
            order[name] = given[name]
    if "tags" in given:
        order["tags"] = products.tags(given["tags"])
    if "attributes" in given:
        order["customAttributes"] = checkout.attributes(given["attributes"])
    for name, field in (
        ("shipping_address", "shippingAddress"),
        ("billing_address", "billingAddress"),
    ):
        if name in given:
            order[field] = given[name]
    touch(parts.state, order)
    return order


def _fulfill(parts: Parts, given: Row) -> Row:
    """Takes {"fulfillment_order_id", "tracking": {...}}: staff ship by themselves."""
    entry = {"fulfillmentOrderId": given["fulfillment_order_id"]}
    data: Row = {"lineItemsByFulfillmentOrder": [entry], "trackingInfo": given.get("tracking")}
    return shipping.create(parts.state, data)["fulfillment"]


def _unfulfill(parts: Parts, given: Row) -> Row:
    """Takes {"fulfillment_id"}."""
    return shipping.cancel(parts.state, given["fulfillment_id"])["fulfillment"]


def _turn_return(parts: Parts, given: Row) -> Row:
    """Takes {"return_id", "status": "OPEN", "CLOSED", "CANCELED" or "DECLINED"}."""
    return returns.turn(parts.state, given["return_id"], given["status"])["return"]


# --- fulfillment orders ---


def _hold(parts: Parts, given: Row) -> Row:
    """Takes {"fulfillment_order_id", "reason", "notes", "lines": [{"id", "quantity"}]}."""
    hold: Row = {
        "reason": given.get("reason", "OTHER"),
        "reasonNotes": given.get("notes"),
        "handle": given.get("handle", ""),
        "fulfillmentOrderLineItems": given.get("lines") or [],
    }
    return work.hold(parts.state, given["fulfillment_order_id"], hold, by_app=False)


def _release(parts: Parts, given: Row) -> Row:
    """Takes {"fulfillment_order_id", "hold_ids"}: without ids every hold ends."""
    return work.release(parts.state, given["fulfillment_order_id"], given.get("hold_ids"))


def _move(parts: Parts, given: Row) -> Row:
    """Takes {"fulfillment_order_id", "location_id", "lines"}."""
    return work.move(
        parts.state, given["fulfillment_order_id"], given["location_id"], given.get("lines")
    )


def _split(parts: Parts, given: Row) -> Row:
    """Takes {"fulfillment_order_id", "lines": [{"id", "quantity"}]}."""
    one = {"fulfillmentOrderId": given["fulfillment_order_id"],
           "fulfillmentOrderLineItems": given["lines"]}  # fmt: skip
    return work.split(parts.state, [one])


def _merge(parts: Parts, given: Row) -> Row:
    """Takes {"fulfillment_order_ids": [...]} of one order and location: the first one gets all."""
    return merge(parts.state, given["fulfillment_order_ids"])


def _schedule(parts: Parts, given: Row) -> Row:
    """Takes {"fulfillment_order_id", "in_s"}."""
    row = work.find(parts.state, given["fulfillment_order_id"])
    at = parts.state.clock.now() + timedelta(seconds=float(given["in_s"]))
    work.schedule(parts.state, row, at)
    work.changed(parts.state, row)
    return row


def _open(parts: Parts, given: Row) -> Row:
    """Takes {"fulfillment_order_id"}: a scheduled one, or one in progress, opens."""
    return work.open_up(parts.state, given["fulfillment_order_id"])


def _report(parts: Parts, given: Row) -> Row:
    """Takes {"fulfillment_order_id"}: somebody is packing."""
    return work.report(parts.state, given["fulfillment_order_id"])


def _incomplete(parts: Parts, given: Row) -> Row:
    """Takes {"fulfillment_order_id"}: whoever ships cannot complete it."""
    return work.give_up(parts.state, given["fulfillment_order_id"])


# --- products and stock ---


def _new_product(parts: Parts, given: Row) -> Row:
    """Takes {"title", "vendor", "variants": [{"sku", "barcode", "price", "options": {name: value},
    "tracked", "available"}], "published", ...}: a product of the merchant's own.
    """
    rows: list[Row] = given.get("variants") or [{}]
    names = list(dict.fromkeys(name for row in rows for name in row.get("options") or ()))
    plain = ("title", "vendor", "status", "tags", "productType", "descriptionHtml", "giftCard",
             "handle")  # fmt: skip
    data: Row = {name: given[name] for name in plain if name in given}
    data["productOptions"] = [
        {"name": name, "values": [{"name": one} for one in _values(rows, name)]} for name in names
    ] or [{"name": "Title", "values": [{"name": "Default Title"}]}]
    data["variants"] = [_new_variant(row) for row in rows]
    state = parts.state
    product = products.product_set(state, None, data, by_app=False)["product"]
    for gid, row in zip(product["variantIds"], rows, strict=True):
        if row.get("available"):
            item = state.variants[gid]["itemId"]
            place = next(iter(state.levels.of(item)))
            stock.set_available(state, item, place, int(row["available"]), "staff")
    if given.get("published", True):
        product["publishedOn"].append(next(iter(state.publications)))
    return product


def _values(rows: list[Row], name: str) -> list[str]:
    return list(dict.fromkeys(str(row["options"][name]) for row in rows))


def _new_variant(row: Row) -> Row:
    options: Row = row.get("options") or {"Title": "Default Title"}
    return {
        "optionValues": [{"optionName": name, "name": str(one)} for name, one in options.items()],
        "price": str(row.get("price", "10.00")),
        "barcode": row.get("barcode"),
        "inventoryPolicy": row.get("policy", "DENY"),
        "inventoryItem": {"sku": row.get("sku", ""), "tracked": bool(row.get("tracked", True)),
                          "requiresShipping": bool(row.get("ships", True))},
    }  # fmt: skip


def _seed(parts: Parts, given: Row) -> Row:
    """Takes {"products", "variants": 1, "vendor", "available": 10, "title"}: many products of the
    merchant's own at once.
    """
    sizes = [str(number + 1) for number in range(int(given.get("variants", 1)))]
    for number in range(int(given["products"])):
        title = f"{given.get('title', 'Item')} {number + 1}"
        rows = [
            {"sku": f"{number + 1}-{size}", "options": {"Size": size},
             "available": given.get("available", 10)}
            for size in sizes
        ]  # fmt: skip
        wanted = {"title": title, "vendor": given.get("vendor", ""), "variants": rows}
        _new_product(parts, wanted)
    return {"products": len(parts.state.products), "variants": len(parts.state.variants)}


def _change_product(parts: Parts, given: Row) -> Row:
    """Takes {"product_id", "title", "descriptionHtml", "vendor", "tags", "status", "handle",
    "published"}.
    """
    names = products.KNOWN_UPDATE - {"id"}
    data = {name: value for name, value in given.items() if name in names}
    product = products.update(parts.state, {"id": given["product_id"], **data})["product"]
    if "published" in given:
        places_ = list(parts.state.publications)[:1]
        product["publishedOn"] = places_ if given["published"] else []
    return product


def _change_variant(parts: Parts, given: Row) -> Row:
    """Takes {"variant_id", "price", "compareAtPrice", "barcode", "inventoryPolicy", "sku",
    "tracked"}.
    """
    state = parts.state
    row = state.variants[given["variant_id"]]
    product = state.products[row["productId"]]
    names = ("price", "compareAtPrice", "barcode", "inventoryPolicy")
    data: Row = {"id": row["id"], **{name: given[name] for name in names if name in given}}
    item = {name: given[name] for name in ("sku", "tracked") if name in given}
    update_many(state, product, [{**data, "inventoryItem": item}], partial=False)
    products.touch(state, product)
    return row


def _change_stock(parts: Parts, given: Row) -> Row:
    """Takes {"inventory_item_id" or "variant_id", "location_id", "available" or "by"}: drift."""
    state = parts.state
    item = given.get("inventory_item_id") or state.variants[given["variant_id"]]["itemId"]
    place = given.get("location_id") or next(iter(state.levels.of(item)))
    level = state.levels[item, place]
    wanted = given.get("available")
    value = level["available"] + int(given["by"]) if wanted is None else int(wanted)
    stock.set_available(state, item, place, value, "staff")
    return {"inventory_item_id": item, "location_id": place, **level}


def _delete_product(parts: Parts, given: Row) -> Row:
    """Takes {"product_id"}."""
    return products.delete(parts.state, given["product_id"])


def _add_location(parts: Parts, given: Row) -> Row:
    """Takes {"name", "country"}."""
    address = {"countryCode": given.get("country", "CZ")}
    return places.add(parts.state, {"name": given["name"], "address": address})["location"]


def _rank_locations(parts: Parts, given: Row) -> Row:
    """Takes {"location_ids": [first, ...]}: in which order routing asks them."""
    known = parts.state.locations
    order = [*given["location_ids"], *(gid for gid in known if gid not in given["location_ids"])]
    rows = {gid: known[gid] for gid in order}
    known.clear()
    known.update(rows)
    return {"location_ids": order}


CONTROLS: dict[str, Any] = {
    "orders/cancel": _cancel,
    "orders/void": _void,
    "orders/edit": _edit,
    "orders/refund": _refund,
    "orders/change": _change,
    "orders/delete": _delete_order,
    "orders/fulfill": _fulfill,
    "fulfillments/cancel": _unfulfill,
    "returns/turn": _turn_return,
    "fulfillment_orders/hold": _hold,
    "fulfillment_orders/release": _release,
    "fulfillment_orders/move": _move,
    "fulfillment_orders/split": _split,
    "fulfillment_orders/merge": _merge,
    "fulfillment_orders/schedule": _schedule,
    "fulfillment_orders/open": _open,
    "fulfillment_orders/report": _report,
    "fulfillment_orders/incomplete": _incomplete,
    "products": _new_product,
    "products/seed": _seed,
    "products/change": _change_product,
    "products/delete": _delete_product,
    "variants/change": _change_variant,
    "stock": _change_stock,
    "locations": _add_location,
    "locations/rank": _rank_locations,
}
