"""The controls under /_sim/: a buyer and a shop's staff, played from outside, and what they see.

GET  /_sim/requests                  what apps asked: [{"operation", "status", "cost", "at"}]
GET  /_sim/state                     products, orders, levels, webhooks, history of quantities
POST /_sim/checkout                  {"lines": [{"variant_id", "quantity"}], ...} -> the order
POST /_sim/orders/pay|cancel         {"order_id"}
POST /_sim/orders/refund|edit        {"order_id", "line_id", "quantity"}
POST /_sim/faults                    {"kind", "times", "match"}; {} clears
POST /_sim/webhooks                  {"withhold": {topic: n}, "duplicate": {topic: n}}
POST /_sim/clock                     {"forward_s"}
POST /_sim/tokens/expire
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from simulators.shopify import orders
from simulators.shopify.orders import SoldOut
from simulators.shopify.simulator_parts import Parts
from simulators.shopify.state import Row


class Unknown(Exception):  # noqa: N818 - an answer, not a mistake
    """There is no such control, or it was called wrongly."""


def get(parts: Parts, path: str) -> Any:
    if path == "requests":
        return list(parts.log)
    if path == "state":
        with parts.state.lock:
            return _plain(_state(parts))
    raise Unknown(path)


def post(parts: Parts, path: str, given: Row) -> Any:
    """What the control did. Raises Unknown, SoldOut."""
    control = _CONTROLS.get(path)
    if control is None:
        raise Unknown(path)
    with parts.state.lock:
        answer, events = control(parts, given)
    for topic, payload in events:
        parts.webhooks.fire(topic, payload)
    return _plain(answer)


Events = list[tuple[str, Row]]
Done = tuple[Any, Events]


def _checkout(parts: Parts, given: Row) -> Done:
    order = orders.checkout(parts.state, given)
    payload = orders.rest(order)
    events: Events = [("ORDERS_CREATE", payload)]
    if order["displayFinancialStatus"] == "PAID":
        events.append(("ORDERS_PAID", payload))
    return order, events


def _order(parts: Parts, given: Row) -> Row:
    try:
        return parts.state.orders[given["order_id"]]
    except KeyError:
        raise Unknown("order_id") from None


def _pay(parts: Parts, given: Row) -> Done:
    order = _order(parts, given)
    orders.pay(parts.state, order)
    return order, [("ORDERS_PAID", orders.rest(order)), ("ORDERS_UPDATED", orders.rest(order))]


def _cancel(parts: Parts, given: Row) -> Done:
    order = _order(parts, given)
    orders.cancel(parts.state, order)
    payload = orders.rest(order)
    return order, [("ORDERS_CANCELLED", payload), ("ORDERS_UPDATED", payload)]


def _edit(parts: Parts, given: Row) -> Done:
    order = _order(parts, given)
    orders.reduce_line(parts.state, order, given["line_id"], int(given["quantity"]))
    return order, [("ORDERS_EDITED", orders.rest(order)), ("ORDERS_UPDATED", orders.rest(order))]


def _refund(parts: Parts, given: Row) -> Done:
    order = _order(parts, given)
    orders.refund(parts.state, order, given["line_id"], int(given["quantity"]))
    return order, [("REFUNDS_CREATE", orders.rest(order)), ("ORDERS_UPDATED", orders.rest(order))]


def _faults(parts: Parts, given: Row) -> Done:
    if not given:
        parts.faults.clear()
    else:
        parts.faults.add(given["kind"], int(given.get("times", 1)), given.get("match", ""))
    return {}, []


def _webhooks(parts: Parts, given: Row) -> Done:
    parts.webhooks.withhold.update(given.get("withhold") or {})
    parts.webhooks.duplicate.update(given.get("duplicate") or {})
    return {"log": parts.webhooks.log}, []


def _clock(parts: Parts, given: Row) -> Done:
    parts.state.clock.forward(float(given["forward_s"]))
    return {}, []


def _expire(parts: Parts, _: Row) -> Done:
    parts.tokens.expire_all()
    return {}, []


_CONTROLS: dict[str, Callable[[Parts, Row], Done]] = {
    "checkout": _checkout,
    "orders/pay": _pay,
    "orders/cancel": _cancel,
    "orders/edit": _edit,
    "orders/refund": _refund,
    "faults": _faults,
    "webhooks": _webhooks,
    "clock": _clock,
    "tokens/expire": _expire,
}


def _state(parts: Parts) -> Row:
    state = parts.state
    return {
        "products": [_product(parts, row) for row in state.products.values()],
        "orders": [_order_row(parts, row) for row in state.orders.values()],
        "locations": list(state.locations.values()),
        "webhooks": list(state.subscriptions.values()),
        "deliveries": list(parts.webhooks.log),
        "history": list(state.history),
    }


def _product(parts: Parts, row: Row) -> Row:
    state = parts.state
    variants: list[Row] = []
    for gid in row["variantIds"]:
        variant = state.variants[gid]
        item = state.items[variant["itemId"]]
        levels = {key[1]: level for key, level in state.levels.items() if key[0] == item["id"]}
        variants.append({**variant, "sku": item["sku"], "tracked": item["tracked"],
                         "levels": levels})  # fmt: skip
    shown = {name: value for name, value in row.items() if name not in {"variantIds", "customIds"}}
    return {**shown, "customIds": list(row["customIds"].values()), "variants": variants}


def _order_row(parts: Parts, row: Row) -> Row:
    state = parts.state
    return {
        **row,
        "fulfillments": [state.fulfillments[gid] for gid in row["fulfillmentIds"]],
        "fulfillmentOrders": [state.fulfillment_orders[gid] for gid in row["fulfillmentOrderIds"]],
    }


def _plain(value: Any) -> Any:
    """As JSON can say it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]  # pyright: ignore[reportUnknownVariableType]
    return value


__all__ = ["SoldOut", "Unknown", "get", "post"]
