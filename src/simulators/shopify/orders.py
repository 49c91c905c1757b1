"""Orders: a buyer's checkout, routing to locations, payment, cancellation, refunds, edits."""

from decimal import Decimal
from typing import Any

from simulators.shopify.inventory import available, record
from simulators.shopify.state import Row, State

ROUTABLE = ("OPEN", "IN_PROGRESS")


class SoldOut(Exception):  # noqa: N818 - an answer, not a mistake
    """The shop does not let a buyer have this."""


def checkout(state: State, wanted: Row) -> Row:
    """A buyer's order. `wanted`: {"lines": [{"variant_id", "quantity"}], "financial_status",
    "email", "shipping_address", "shipping_price", "test", "note"}. Raises SoldOut and changes
    nothing when one line cannot be had.
    """
    for line in wanted["lines"]:
        _may_buy(state, line["variant_id"], int(line["quantity"]))
    now = state.clock.now()
    order = state.add(
        state.orders,
        "Order",
        {
            "name": f"#{1001 + len(state.orders)}",
            "createdAt": now,
            "updatedAt": now,
            "cancelledAt": None,
            "displayFinancialStatus": wanted.get("financial_status", "PAID"),
            "test": bool(wanted.get("test")),
            "email": wanted.get("email", "buyer@example.test"),
            "note": wanted.get("note", ""),
            "shippingAddress": wanted.get("shipping_address", _ADDRESS),
            "shippingTitle": "Standard",
            "shippingPrice": str(wanted.get("shipping_price", "4.90")),
            "lines": [],
            "fulfillmentOrderIds": [],
            "fulfillmentIds": [],
        },
    )
    for line in wanted["lines"]:
        _add_line(state, order, line["variant_id"], int(line["quantity"]))
    _route(state, order)
    return order


_ADDRESS = {
    "firstName": "Ada", "lastName": "Buyer", "company": "", "address1": "Example Street 1",
    "address2": "", "city": "Exampleton", "provinceCode": "", "zip": "10000",
    "countryCodeV2": "CZ", "phone": "+420000000000",
}  # fmt: skip


def _may_buy(state: State, variant_id: str, quantity: int) -> None:
    variant = state.variants.get(variant_id)
    if variant is None:
        raise SoldOut("no such variant")
    product = state.products[variant["productId"]]
    if product["status"] != "ACTIVE" or not product["publishedOn"]:
        raise SoldOut("not on sale")
    item = state.items[variant["itemId"]]
    free = not item["tracked"] or variant["inventoryPolicy"] == "CONTINUE"
    if not free and available(state, item["id"]) < quantity:
        raise SoldOut("sold out")


def _add_line(state: State, order: Row, variant_id: str, quantity: int) -> None:
    variant = state.variants[variant_id]
    product = state.products[variant["productId"]]
    item = state.items[variant["itemId"]]
    titles = [o["value"] for o in variant["selectedOptions"] if o["value"] != "Default Title"]
    order["lines"].append(
        {
            "__typename": "LineItem",
            "id": state.new_id("LineItem"),
            "title": product["title"],
            "variantTitle": " / ".join(titles) or None,
            "vendor": product["vendor"],
            "sku": item["sku"],
            "quantity": quantity,
            "currentQuantity": quantity,
            "price": variant["price"],
            "variantId": variant_id,
            "itemId": item["id"],
            "requiresShipping": True,
            "isGiftCard": False,
        }
    )


def _route(state: State, order: Row) -> None:
    """One fulfillment order for each location: the one that has enough, else one that stocks it."""
    by_place: dict[str, list[Row]] = {}
    for line in order["lines"]:
        place = _place(state, line["itemId"], line["quantity"])
        by_place.setdefault(place, []).append(line)
        level = state.levels[line["itemId"], place]
        level["committed"] += line["quantity"]
        pair = (line["itemId"], place)
        record(state, pair, level["available"] - line["quantity"], order["name"])
    for place, lines in by_place.items():
        work = state.add(
            state.fulfillment_orders,
            "FulfillmentOrder",
            {
                "orderId": order["id"],
                "status": "OPEN" if order["cancelledAt"] is None else "CANCELLED",
                "locationId": place,
                "lines": [
                    {
                        "__typename": "FulfillmentOrderLineItem",
                        "id": state.new_id("FulfillmentOrderLineItem"),
                        "lineId": line["id"],
                        "totalQuantity": line["quantity"],
                        "remainingQuantity": line["quantity"],
                    }
                    for line in lines
                ],
            },
        )
        order["fulfillmentOrderIds"].append(work["id"])


def _place(state: State, item_id: str, quantity: int) -> str:
    places = [key[1] for key in state.levels if key[0] == item_id]
    for place in places:
        if state.levels[item_id, place]["available"] >= quantity:
            return place
    # A vendor's own location, where there is one, was made after the shop's first.
    return places[-1]


def line_of(order: Row, line_id: str) -> Row:
    return next(line for line in order["lines"] if line["id"] == line_id)


def pay(state: State, order: Row) -> None:
    order["displayFinancialStatus"] = "PAID"
    touch(state, order)


def touch(state: State, order: Row) -> None:
    order["updatedAt"] = state.clock.now()


def cancel(state: State, order: Row) -> None:
    """Cancels what is not shipped and puts it back in stock."""
    order["cancelledAt"] = state.clock.now()
    for gid in order["fulfillmentOrderIds"]:
        work = state.fulfillment_orders[gid]
        for line in work["lines"]:
            _give_back(state, order, work, line, line["remainingQuantity"])
        if work["status"] != "CLOSED":
            work["status"] = "CANCELLED"
    for line in order["lines"]:
        line["currentQuantity"] = 0
    touch(state, order)


def reduce_line(state: State, order: Row, line_id: str, quantity: int) -> None:
    """An edit or a refund takes units of a line out of the order."""
    line = line_of(order, line_id)
    quantity = min(quantity, line["currentQuantity"])
    line["currentQuantity"] -= quantity
    left = quantity
    for gid in order["fulfillmentOrderIds"]:
        work = state.fulfillment_orders[gid]
        for part in work["lines"]:
            if part["lineId"] == line_id and left:
                taken = min(left, part["remainingQuantity"])
                _give_back(state, order, work, part, taken)
                left -= taken
    touch(state, order)


def refund(state: State, order: Row, line_id: str, quantity: int) -> None:
    reduce_line(state, order, line_id, quantity)
    gone = all(line["currentQuantity"] == 0 for line in order["lines"])
    order["displayFinancialStatus"] = "REFUNDED" if gone else "PARTIALLY_REFUNDED"


def _give_back(state: State, order: Row, work: Row, part: Row, quantity: int) -> None:
    if not quantity:
        return
    part["remainingQuantity"] -= quantity
    pair = (line_of(order, part["lineId"])["itemId"], work["locationId"])
    if pair in state.levels:
        level = state.levels[pair]
        level["committed"] -= quantity
        record(state, pair, level["available"] + quantity, f"{order['name']} returned")


def total(order: Row) -> Decimal:
    lines = sum(Decimal(line["price"]) * line["currentQuantity"] for line in order["lines"])
    return Decimal(lines) + Decimal(order["shippingPrice"])


def rest(order: Row) -> Row:
    """The payload of an order's webhook, in the REST shape."""
    gid: str = order["id"]
    return {
        "id": int(gid.rpartition("/")[2]),
        "admin_graphql_api_id": gid,
        "name": order["name"],
        "updated_at": order["updatedAt"].isoformat(),
        "email": order["email"],
        "total_price": str(total(order)),
    }


def actions(work: Row) -> list[Any]:
    """What may be done with a fulfillment order; the hub asks this and decides nothing itself."""
    open_work = work["status"] in ROUTABLE and any(p["remainingQuantity"] for p in work["lines"])
    return [{"action": "CREATE_FULFILLMENT"}] if open_work else []
