"""What buyers do: they order, pay, ask for their money back, return what they got."""

from typing import Any

from simulators.shopify.rows import Row
from simulators.shopify.shop import checkout, returns
from simulators.shopify.shop.units import line_of
from simulators.shopify.simulator_parts import Parts


def order_of(parts: Parts, given: Row) -> Row:
    """By its id or its name (#1001)."""
    wanted = given["order_id"]
    orders = parts.state.orders
    if wanted in orders:
        return orders[wanted]
    return next(row for row in orders.values() if row["name"] == wanted)


def _checkout(parts: Parts, given: Row) -> Row:
    """Takes {"lines": [{"variant_id", "quantity", "discount", "attributes"}], "financial_status":
    "PAID", "AUTHORIZED" or "PENDING", "email", "phone", "shipping_address", "billing_address",
    "shipping_price", "shipping_title", "test", "note", "tags", "attributes", "risk", "delivery":
    "shipping", "pickup" or "none", "fulfill_in_s", "hold": a reason}. Gives the order; 422 when
    it cannot be had.
    """
    return checkout.checkout(parts.state, given)


def _pay(parts: Parts, given: Row) -> Row:
    """Takes {"order_id"}: what is still owed is paid, an authorization is captured."""
    order = order_of(parts, given)
    checkout.pay(parts.state, order)
    return order


def _return(parts: Parts, given: Row) -> Row:
    """Takes {"order_id", "line_id", "quantity", "status": "REQUESTED" or "OPEN"}."""
    order = order_of(parts, given)
    line = line_of(order, given["line_id"])
    lines = [{"lineId": line["id"], "quantity": int(given["quantity"])}]
    return returns.make(parts.state, order, lines, given.get("status", "REQUESTED"))


CONTROLS: dict[str, Any] = {
    "checkout": _checkout,
    "orders/pay": _pay,
    "orders/return": _return,
}
