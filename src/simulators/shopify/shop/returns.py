"""Returns, as little as the hub needs to see: asked for, open, closed, canceled."""

from simulators.shopify import payloads
from simulators.shopify.rows import Row, UserErrors, only
from simulators.shopify.shop.units import touch
from simulators.shopify.state import State

REASONS = tuple(f"gid://shopify/ReturnReasonDefinition/{number}" for number in range(1, 6))


def create(state: State, data: Row) -> Row:
    """returnCreate: for units that were shipped, each with a reason's id."""
    only(data, {"orderId", "returnLineItems", "notifyCustomer", "requestedAt"}, "returnInput")
    order = state.orders.get(data["orderId"])
    if order is None:
        raise UserErrors((["returnInput", "orderId"], "Order not found.", "NOT_FOUND"))
    lines: list[Row] = []
    for index, one in enumerate(data["returnLineItems"]):
        where = ["returnInput", "returnLineItems", str(index)]
        only(
            one,
            {"fulfillmentLineItemId", "quantity", "returnReasonDefinitionId", "returnReasonNote"},
            "returnLineItems",
        )
        if not one.get("returnReasonDefinitionId"):
            raise UserErrors((where, "A return reason is required.", "BLANK"))
        lines.append(_line(state, order, one, where))
    return {"return": make(state, order, lines, "OPEN")}


def _line(state: State, order: Row, one: Row, where: list[str]) -> Row:
    for gid in order["fulfillmentIds"]:
        row = state.fulfillments[gid]
        for line in row["lines"] if row["status"] != "CANCELLED" else ():
            if line["id"] == one["fulfillmentLineItemId"]:
                if one["quantity"] > line["quantity"]:
                    raise UserErrors((where, "More than was shipped.", "LESS_THAN_OR_EQUAL_TO"))
                return {"lineId": line["lineId"], "quantity": one["quantity"]}
    raise UserErrors((where, "Fulfillment line item not found.", "NOT_FOUND"))


def make(state: State, order: Row, lines: list[Row], status: str) -> Row:
    now = state.clock.now()
    row = state.add(
        state.returns,
        "Return",
        {"orderId": order["id"], "name": f"{order['name']}-R{len(order['returnIds']) + 1}",
         "status": status, "lines": lines, "createdAt": now, "closedAt": None},
    )  # fmt: skip
    order["returnIds"].append(row["id"])
    _tell(state, row, "RETURNS_REQUEST" if status == "REQUESTED" else "RETURNS_APPROVE")
    touch(state, order)
    return row


def turn(state: State, gid: str, status: str) -> Row:
    """OPEN (approved), CLOSED, CANCELED, DECLINED."""
    row = state.returns.get(gid)
    if row is None:
        raise UserErrors((["id"], "Return not found.", "NOT_FOUND"))
    before = {"OPEN": {"REQUESTED"}, "DECLINED": {"REQUESTED"}}.get(status, {"OPEN"})
    if row["status"] not in before:
        raise UserErrors((["id"], f"The return is {row['status'].lower()}.", "INVALID_STATE"))
    row["status"] = status
    if status == "CLOSED":
        row["closedAt"] = state.clock.now()
    topics = {"OPEN": "APPROVE", "CLOSED": "CLOSE", "CANCELED": "CANCEL", "DECLINED": "DECLINE"}
    _tell(state, row, f"RETURNS_{topics[status]}")
    touch(state, state.orders[row["orderId"]])
    return {"return": row}


def order_status(state: State, order: Row) -> str:
    statuses = {state.returns[gid]["status"] for gid in order["returnIds"]}
    for status, shown in (
        ("OPEN", "IN_PROGRESS"),
        ("REQUESTED", "RETURN_REQUESTED"),
        ("CLOSED", "RETURNED"),
    ):
        if status in statuses:
            return shown
    return "NO_RETURN"


def _tell(state: State, row: Row, topic: str) -> None:
    state.tell(topic, row["id"], lambda: payloads.returned(row))
