"""Fulfillments: quantities by fulfillment-order line, one location a call, no idempotency key."""

from simulators.shopify.orders import line_of, touch
from simulators.shopify.state import Row, State, UserErrors


def create(state: State, data: Row) -> tuple[Row, Row]:
    """Returns the answer's payload and the order it belongs to."""
    given = data["lineItemsByFulfillmentOrder"]
    works = [_work(state, one["fulfillmentOrderId"]) for one in given]
    order = _one_order(state, works)
    if len({work["locationId"] for work in works}) > 1:
        raise UserErrors(
            (["fulfillment"], "All fulfillment orders must be assigned to the same location.", None)
        )
    parts = [
        (work, part, quantity)
        for work, one in zip(works, given, strict=True)
        for part, quantity in _parts(work, one.get("fulfillmentOrderLineItems"))
    ]
    row = _row(state, order, data, parts)
    for work, part, quantity in parts:
        _take_off(state, order, work, part, quantity)
    for work in works:
        done = not any(part["remainingQuantity"] for part in work["lines"])
        work["status"] = "CLOSED" if done else "IN_PROGRESS"
    order["fulfillmentIds"].append(row["id"])
    touch(state, order)
    return {"fulfillment": row}, order


def _row(state: State, order: Row, data: Row, parts: list[tuple[Row, Row, int]]) -> Row:
    tracking = _given_tracking(data)
    _check_tracking(tracking)
    return state.add(
        state.fulfillments,
        "Fulfillment",
        {
            "orderId": order["id"],
            "status": "SUCCESS",
            "notified": bool(data.get("notifyCustomer")),
            "tracking": _tracking(tracking),
            "lines": [
                {"lineId": part["lineId"], "quantity": quantity} for _, part, quantity in parts
            ],
            "createdAt": state.clock.now(),
        },
    )


def _take_off(state: State, order: Row, work: Row, part: Row, quantity: int) -> None:
    part["remainingQuantity"] -= quantity
    pair = (line_of(order, part["lineId"])["itemId"], work["locationId"])
    if pair in state.levels:
        state.levels[pair]["committed"] -= quantity


def _work(state: State, gid: str) -> Row:
    work = state.fulfillment_orders.get(gid)
    if work is None:
        raise UserErrors((["fulfillment"], "Fulfillment order does not exist.", None))
    if work["status"] not in {"OPEN", "IN_PROGRESS"}:
        raise UserErrors(
            (["fulfillment"], f"{gid} has an unfulfillable status={work['status'].lower()}.", None)
        )
    return work


def _one_order(state: State, works: list[Row]) -> Row:
    orders = {work["orderId"] for work in works}
    if len(orders) != 1:
        raise UserErrors((["fulfillment"], "All must belong to the same order.", None))
    return state.orders[orders.pop()]


def _parts(work: Row, given: list[Row] | None) -> list[tuple[Row, int]]:
    """No lines means all that is left."""
    if not given:
        return [(part, part["remainingQuantity"]) for part in work["lines"]]
    by_id = {part["id"]: part for part in work["lines"]}
    found: list[tuple[Row, int]] = []
    for one in given:
        part = by_id.get(one["id"])
        if part is None:
            raise UserErrors((["fulfillment"], "Fulfillment order line item does not exist.", None))
        if not 0 < one["quantity"] <= part["remainingQuantity"]:
            raise UserErrors(
                (["fulfillment"], "Invalid fulfillment order line item quantity requested.", None)
            )
        found.append((part, one["quantity"]))
    return found


def _given_tracking(data: Row) -> Row:
    given: Row | None = data.get("trackingInfo")
    return given if given is not None else {}


def _check_tracking(tracking: Row) -> None:
    if tracking.get("url") and not tracking.get("number"):
        raise UserErrors((["fulfillment", "trackingInfo"], "A url requires a number.", None))
    if tracking.get("number") and tracking.get("numbers"):
        raise UserErrors((["fulfillment", "trackingInfo"], "Give number or numbers.", None))


def _tracking(tracking: Row) -> list[Row]:
    numbers = tracking.get("numbers") or ([tracking["number"]] if tracking.get("number") else [])
    return [
        {"number": number, "company": tracking.get("company"), "url": tracking.get("url")}
        for number in numbers
    ]


def update_tracking(state: State, gid: str, tracking: Row, *, notify: bool) -> tuple[Row, Row]:
    row = state.fulfillments.get(gid)
    if row is None:
        raise UserErrors((["fulfillmentId"], "Fulfillment does not exist.", None))
    _check_tracking(tracking)
    row["tracking"] = _tracking(tracking)
    row["notified"] = notify
    order = state.orders[row["orderId"]]
    touch(state, order)
    return {"fulfillment": row}, order
