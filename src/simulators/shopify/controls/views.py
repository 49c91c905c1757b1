"""What can be seen from outside: the state of the shop, and what was asked of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from simulators.shopify.rows import Row
from simulators.shopify.shop import media
from simulators.shopify.simulator_parts import Parts

HIDDEN = frozenset({"variantIds", "mediaIds", "metafields"})
RECENT = 1000


def _requests(parts: Parts, given: dict[str, str]) -> list[Row]:
    """What apps asked: operation, root fields, digest of the variables, cost, codes of errors,
    status, ms, fault. ?since=N leaves the first N out.
    """
    return list(parts.log)[int(given.get("since", 0)) :]


def _state(parts: Parts, given: dict[str, str]) -> Row:
    """Everything there is: products, orders, locations, publications, webhooks, deliveries, history
    of quantities, bulk operations, and problems of what runs by itself. ?only=orders,history
    leaves the rest out.
    """
    state = parts.state
    whole: dict[str, Callable[[], Any]] = {
        "products": lambda: [_product(parts, row) for row in state.products.values()],
        "orders": lambda: [_order(parts, row) for row in state.orders.values()],
        "locations": lambda: list(state.locations.values()),
        "publications": lambda: list(state.publications.values()),
        "webhooks": lambda: list(state.subscriptions.values()),
        "deliveries": lambda: list(parts.webhooks.log)[-RECENT:],
        "history": lambda: list(state.history),
        "bulk": lambda: list(state.bulk.values()),
        "problems": lambda: list(state.later.problems),
    }
    wanted = given["only"].split(",") if given.get("only") else list(whole)
    return {name: whole[name]() for name in wanted}


def _product(parts: Parts, row: Row) -> Row:
    state = parts.state
    variants: list[Row] = []
    for gid in row["variantIds"]:
        variant = state.variants[gid]
        item = state.items[variant["itemId"]]
        shown = {name: value for name, value in variant.items() if name not in HIDDEN}
        variants.append({**shown, "sku": item["sku"], "tracked": item["tracked"],
                         "levels": dict(state.levels.of(item["id"]))})  # fmt: skip
    fields: dict[tuple[str, str], Row] = row.get("metafields") or {}
    return {
        **{name: value for name, value in row.items() if name not in HIDDEN},
        "options": [
            {"name": one["name"], "values": [value["name"] for value in one["values"]]}
            for one in row["options"]
        ],
        "files": [state.media[gid]["source"] for gid in row["mediaIds"]],
        "media": [{"id": gid, "status": media.status(state, state.media[gid])}
                  for gid in row["mediaIds"]],
        "metafields": {".".join(name): one["value"] for name, one in fields.items()},
        "customIds": [one["value"] for one in fields.values() if one["type"] == "id"],
        "variants": variants,
    }  # fmt: skip


def _order(parts: Parts, row: Row) -> Row:
    state = parts.state
    return {
        **row,
        "fulfillments": [state.fulfillments[gid] for gid in row["fulfillmentIds"]],
        "fulfillmentOrders": [state.fulfillment_orders[gid] for gid in row["fulfillmentOrderIds"]],
        "refunds": [state.refunds[gid] for gid in row["refundIds"]],
        "returns": [state.returns[gid] for gid in row["returnIds"]],
    }


def _clock(parts: Parts, _: dict[str, str]) -> Row:
    """What time it is in the shop."""
    clock = parts.state.clock
    return {"now": clock.now(), "stopped": clock.is_stopped}


def _deliveries(parts: Parts, _: dict[str, str]) -> list[Row]:
    """Every try to deliver a webhook, and what came of it."""
    return list(parts.webhooks.log)


def _faults(parts: Parts, _: dict[str, str]) -> Any:
    """Faults that still wait."""
    return parts.faults.waiting()


VIEWS: dict[str, Any] = {
    "requests": _requests,
    "state": _state,
    "clock": _clock,
    "deliveries": _deliveries,
    "faults": _faults,
}


def plain(value: Any) -> Any:
    """As JSON can say it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in cast("Row", value).items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in cast("list[Any]", value)]
    return value
