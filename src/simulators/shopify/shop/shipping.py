"""Fulfillments: quantities by fulfillment-order line, one location a call, no idempotency key."""

import re
from urllib.parse import quote

from simulators.shopify import payloads
from simulators.shopify.rows import Refused, Row, UserErrors, only
from simulators.shopify.schema import carriers
from simulators.shopify.shop import stock
from simulators.shopify.shop.units import OPEN, line_of, new_part, new_work, ranked, touch
from simulators.shopify.state import State

MOST_LINES = 512
TRACKING = frozenset({"company", "number", "numbers", "url", "urls"})
Taken = tuple[Row, Row, int]
"""Fulfillment order, its line, units."""


def create(state: State, data: Row) -> Row:
    """fulfillmentCreate: all or nothing."""
    known = {"lineItemsByFulfillmentOrder", "trackingInfo", "notifyCustomer"}
    only(data, known, "fulfillment")
    given = data["lineItemsByFulfillmentOrder"]
    works = [_work(state, one["fulfillmentOrderId"]) for one in given]
    order = _one_order(state, works)
    if len({work["locationId"] for work in works}) > 1:
        raise UserErrors(
            (["fulfillment"], "All fulfillment orders must be assigned to the same location.", None)
        )
    taken = [
        (work, part, quantity)
        for work, one in zip(works, given, strict=True)
        for part, quantity in _parts(work, one.get("fulfillmentOrderLineItems"))
    ]
    tracking = _tracking(data.get("trackingInfo") or {})
    row = _ship(state, order, taken, tracking, notify=bool(data.get("notifyCustomer")))
    return {"fulfillment": row}


def _ship(
    state: State, order: Row, taken: list[Taken], tracking: list[Row], *, notify: bool
) -> Row:
    row = _new(state, order, taken[0][0]["locationId"], tracking, notify=notify)
    for work, part, quantity in taken:
        units = min(quantity, part["committed"])
        part["remainingQuantity"] -= quantity
        part["committed"] -= units
        stock.change(state, part["itemId"], work["locationId"], row["name"], committed=-units)
        row["lines"].append(
            {"id": state.new_id("FulfillmentLineItem"), "lineId": part["lineId"],
             "quantity": quantity, "workId": work["id"], "partId": part["id"], "committed": units}
        )  # fmt: skip
        if work["id"] not in row["workIds"]:
            row["workIds"].append(work["id"])
    for work, _, _ in taken:
        done = not any(part["remainingQuantity"] for part in work["lines"])
        work["status"] = "CLOSED" if done else "IN_PROGRESS"
        work["updatedAt"] = row["createdAt"]
    state.tell("FULFILLMENTS_CREATE", row["id"], lambda: payloads.fulfillment(row))
    topic = "ORDERS_PARTIALLY_FULFILLED" if unfulfilled(state, order) else "ORDERS_FULFILLED"
    state.tell(topic, order["id"], lambda: payloads.order(state, order))
    touch(state, order)
    return row


def _new(state: State, order: Row, place: str, tracking: list[Row], *, notify: bool) -> Row:
    now = state.clock.now()
    row = state.add(
        state.fulfillments,
        "Fulfillment",
        {"orderId": order["id"], "name": f"{order['name']}.{len(order['fulfillmentIds']) + 1}",
         "status": "SUCCESS", "notified": notify, "tracking": tracking, "locationId": place,
         "lines": [], "workIds": [], "events": [], "createdAt": now, "updatedAt": now},
    )  # fmt: skip
    order["fulfillmentIds"].append(row["id"])
    return row


def ship_by_itself(state: State, order: Row, work: Row) -> None:
    """Gift cards need nobody."""
    taken = [(work, part, part["remainingQuantity"]) for part in work["lines"]]
    _ship(state, order, taken, [], notify=False)


def unfulfilled(state: State, order: Row) -> int:
    return sum(
        part["remainingQuantity"]
        for gid in order["fulfillmentOrderIds"]
        for part in state.fulfillment_orders[gid]["lines"]
    )


def _work(state: State, gid: str) -> Row:
    work = state.fulfillment_orders.get(gid)
    if work is None:
        raise UserErrors((["fulfillment"], "Fulfillment order does not exist.", None))
    if work["status"] not in OPEN:
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
        left = [(part, part["remainingQuantity"]) for part in work["lines"]]
        return [(part, units) for part, units in left if units]
    if len(given) > MOST_LINES:
        raise Refused(
            "MAX_INPUT_SIZE_EXCEEDED", f"The input array size is greater than {MOST_LINES}."
        )
    by_id = {part["id"]: part for part in work["lines"]}
    found: list[tuple[Row, int]] = []
    wanted: dict[str, int] = {}
    for one in given:
        part = by_id.get(one["id"])
        if part is None:
            raise UserErrors((["fulfillment"], "Fulfillment order line item does not exist.", None))
        wanted[one["id"]] = wanted.get(one["id"], 0) + one["quantity"]
        if one["quantity"] <= 0 or wanted[one["id"]] > part["remainingQuantity"]:
            raise UserErrors(
                (["fulfillment"], "Invalid fulfillment order line item quantity requested.", None)
            )
        found.append((part, one["quantity"]))
    return found


# --- tracking ---


def _tracking(given: Row) -> list[Row]:
    """One entry for each number. With a carrier that Shopify knows, it builds the link itself."""
    only(given, TRACKING, "trackingInfo")
    where = ["fulfillment", "trackingInfo"]
    if given.get("number") and given.get("numbers"):
        raise UserErrors((where, "Give number or numbers.", None))
    if given.get("url") and given.get("urls"):
        raise UserErrors((where, "Give url or urls.", None))
    numbers = given.get("numbers") or ([given["number"]] if given.get("number") else [])
    urls = given.get("urls") or ([given["url"]] if given.get("url") else [])
    if urls and not numbers:
        raise UserErrors((where, "A url requires a number.", None))
    if any(not re.match(r"[a-z][a-z0-9+.-]*://[^/]+", str(url), re.IGNORECASE) for url in urls):
        raise UserErrors((where, "A url needs a scheme and a host.", None))
    company = given.get("company")
    return [
        {"number": number, "company": company,
         "url": urls[index] if index < len(urls) else _built(company, number)}
        for index, number in enumerate(numbers)
    ]  # fmt: skip


def _built(company: str | None, number: str) -> str | None:
    """The link stands for the carrier's real one."""
    if company not in carriers():
        return None
    return f"https://tracking.example/{quote(str(company))}/{quote(number)}"


def update_tracking(state: State, gid: str, tracking: Row, *, notify: bool) -> Row:
    row = _find(state, gid, "fulfillmentId")
    if row["status"] == "CANCELLED":
        raise UserErrors((["fulfillmentId"], "The fulfillment is cancelled.", None))
    row["tracking"] = _tracking(tracking)
    row["notified"] = notify
    _changed(state, row)
    return {"fulfillment": row}


def _find(state: State, gid: str, name: str) -> Row:
    row = state.fulfillments.get(gid)
    if row is None:
        raise UserErrors(([name], "Fulfillment does not exist.", None))
    return row


def _changed(state: State, row: Row) -> None:
    row["updatedAt"] = state.clock.now()
    state.tell("FULFILLMENTS_UPDATE", row["id"], lambda: payloads.fulfillment(row))
    touch(state, state.orders[row["orderId"]])


def event(state: State, given: Row) -> Row:
    only(given, {"fulfillmentId", "status", "message", "happenedAt"}, "fulfillmentEvent")
    row = _find(state, given["fulfillmentId"], "fulfillmentEvent")
    now = state.clock.now()
    entry: Row = {
        "__typename": "FulfillmentEvent", "id": state.new_id("FulfillmentEvent"),
        "status": given["status"], "message": given.get("message"),
        "happenedAt": given.get("happenedAt") or now,
    }  # fmt: skip
    row["events"].append(entry)
    if given["status"] == "IN_TRANSIT":
        row.setdefault("inTransitAt", now)
    if given["status"] == "DELIVERED":
        row.setdefault("deliveredAt", now)
    _changed(state, row)
    return {"fulfillmentEvent": entry}


# --- canceling a fulfillment ---


def cancel(state: State, gid: str) -> Row:
    """What was shipped is to be shipped again; the tracking stays on the canceled fulfillment."""
    row = _find(state, gid, "id")
    if row["status"] == "CANCELLED":
        raise UserErrors((["id"], "The fulfillment is already cancelled.", None))
    row["status"] = "CANCELLED"
    fresh: dict[str, Row] = {}
    for line in row["lines"]:
        work = state.fulfillment_orders[line["workId"]]
        if work["status"] == "CLOSED":
            _again(state, work, line, fresh)
        else:
            part = next(one for one in work["lines"] if one["id"] == line["partId"])
            part["remainingQuantity"] += line["quantity"]
            part["committed"] += line["committed"]
            stock.change(
                state, part["itemId"], work["locationId"], "unshipped", committed=line["committed"]
            )
            work["updatedAt"] = state.clock.now()
    _changed(state, row)
    return {"fulfillment": row}


def _again(state: State, work: Row, line: Row, fresh: dict[str, Row]) -> None:
    """A closed order stays closed: a new one is made where the item is still stocked."""
    order = state.orders[work["orderId"]]
    bought = line_of(order, line["lineId"])
    place = work["locationId"]
    if (bought["itemId"], place) not in state.levels:
        place = next(iter(ranked(state, bought["itemId"])), place)
    if place not in fresh:
        fresh[place] = new_work(state, order, place, work["method"])
    part = new_part(state, bought, line["quantity"], line["committed"])
    fresh[place]["lines"].append(part)
    stock.change(state, bought["itemId"], place, "unshipped", committed=line["committed"])
