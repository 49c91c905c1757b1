"""An order's units: what is to be shipped from where, what is taken out of that, what went out."""

from simulators.shopify import payloads
from simulators.shopify.rows import Row
from simulators.shopify.shop import stock
from simulators.shopify.state import State

OPEN = frozenset({"OPEN", "IN_PROGRESS"})
"""Fulfillment orders from which can be shipped."""


def line_of(order: Row, line_id: str) -> Row:
    return next(line for line in order["lines"] if line["id"] == line_id)


def touch(state: State, order: Row) -> None:
    order["updatedAt"] = state.clock.now()
    state.tell("ORDERS_UPDATED", order["id"], lambda: payloads.order(state, order))


def new_work(state: State, order: Row, place: str, method: str) -> Row:
    now = state.clock.now()
    work = state.add(
        state.fulfillment_orders,
        "FulfillmentOrder",
        {"orderId": order["id"], "status": "OPEN", "requestStatus": "UNSUBMITTED",
         "locationId": place, "method": method, "lines": [], "holds": [], "reported": False,
         "createdAt": now, "updatedAt": now, "fulfillAt": order["fulfillAt"] or now},
    )  # fmt: skip
    order["fulfillmentOrderIds"].append(work["id"])
    return work


def new_part(state: State, line: Row, quantity: int, committed: int) -> Row:
    return {
        "__typename": "FulfillmentOrderLineItem",
        "id": state.new_id("FulfillmentOrderLineItem"),
        "lineId": line["id"],
        "itemId": line["itemId"],
        "totalQuantity": quantity,
        "remainingQuantity": quantity,
        "committed": committed,
    }


def ranked(state: State, item_id: str) -> list[str]:
    """Active locations that stock the item and ship online orders, in the shop's order."""
    levels = state.levels.of(item_id)
    return [
        place
        for place, row in state.locations.items()
        if place in levels and row["isActive"] and row["fulfillsOnlineOrders"]
    ]


def release(
    state: State, order: Row, part: Row, work: Row, quantity: int, *, restock: bool
) -> None:
    """Takes units that are still to be shipped out of the work; back on the shelf or not."""
    units = min(quantity, part["committed"])
    part["remainingQuantity"] -= quantity
    part["committed"] -= units
    stock.change(
        state, part["itemId"], work["locationId"], f"{order['name']} returned",
        committed=-units, available=units if restock else 0,
    )  # fmt: skip
    work["updatedAt"] = state.clock.now()


def remove_unshipped(
    state: State, order: Row, line: Row, quantity: int, *, restock: bool, place: str | None = None
) -> int:
    """Takes up to `quantity` units of a line out of open work; returns how many there were."""
    left = quantity
    for gid in order["fulfillmentOrderIds"]:
        work = state.fulfillment_orders[gid]
        if place is not None and work["locationId"] != place:
            continue
        for part in work["lines"]:
            if part["lineId"] == line["id"] and left and part["remainingQuantity"]:
                units = min(left, part["remainingQuantity"])
                release(state, order, part, work, units, restock=restock)
                left -= units
        if not any(part["remainingQuantity"] for part in work["lines"]):
            work["status"] = "CLOSED"
    return quantity - left


def unshipped(state: State, order: Row, line: Row, place: str | None = None) -> int:
    return sum(
        part["remainingQuantity"]
        for work in (state.fulfillment_orders[gid] for gid in order["fulfillmentOrderIds"])
        for part in work["lines"]
        if part["lineId"] == line["id"] and place in {None, work["locationId"]}
    )


def shipped(state: State, order: Row, line: Row) -> int:
    """Units with the buyer: shipped and not returned."""
    units = sum(
        one["quantity"]
        for row in (state.fulfillments[gid] for gid in order["fulfillmentIds"])
        if row["status"] != "CANCELLED"
        for one in row["lines"]
        if one["lineId"] == line["id"]
    )
    return units - line["returned"]
