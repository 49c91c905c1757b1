"""Fulfillment orders: held, released, moved, split, scheduled, opened, given up."""

from collections.abc import Sequence
from datetime import datetime

from simulators.shopify import payloads
from simulators.shopify.rows import NotModelled, Row, UserErrors, only
from simulators.shopify.shop import stock
from simulators.shopify.shop.units import OPEN, new_part, new_work, touch
from simulators.shopify.state import State

MOST_HOLDS = 10
LONGEST_HANDLE = 64
ENDED = frozenset({"CLOSED", "CANCELLED"})
APP, SOMEBODY = "app", "somebody"
Parts = list[tuple[Row, int]]
_ACTIONS = {
    "OPEN": ("CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD"),
    "IN_PROGRESS": ("CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD"),
    "ON_HOLD": ("RELEASE_HOLD", "HOLD", "MOVE"),
    "SCHEDULED": ("MARK_AS_OPEN", "MOVE"),
    "INCOMPLETE": ("MOVE",),
}


def actions(work: Row) -> list[Row]:
    """What may be done with a fulfillment order; apps ask this instead of deciding themselves."""
    left = sum(part["remainingQuantity"] for part in work["lines"])
    if not left:
        return []
    names = list(_ACTIONS.get(work["status"], ()))
    if work["reported"] and "MOVE" in names:
        names[names.index("MOVE")] = "MARK_AS_OPEN"
    if work["status"] in OPEN and left > 1:
        names.append("SPLIT")
    return [{"action": name} for name in names]


def changed(state: State, work: Row) -> None:
    work["updatedAt"] = state.clock.now()
    touch(state, state.orders[work["orderId"]])


def find(state: State, gid: str, code: str | None = "FULFILLMENT_ORDER_NOT_FOUND") -> Row:
    work = state.fulfillment_orders.get(gid)
    if work is None:
        raise UserErrors((["id"], "Fulfillment order does not exist.", code))
    return work


def pick(work: Row, given: Sequence[Row], code: str | None, where: list[str]) -> Parts:
    """The lines of a fulfillment order that an input names, with their quantities."""
    by_id = {part["id"]: part for part in work["lines"]}
    found: Parts = []
    for index, one in enumerate(given):
        part = by_id.get(one["id"])
        if part is None or not 0 < one["quantity"] <= part["remainingQuantity"]:
            place = [*where, str(index), "quantity"]
            raise UserErrors((place, "The line item quantity is invalid.", code))
        found.append((part, one["quantity"]))
    return found


def everything(work: Row) -> Parts:
    return [
        (part, part["remainingQuantity"]) for part in work["lines"] if part["remainingQuantity"]
    ]


def take_out(state: State, work: Row, parts: Parts, into: Row) -> None:
    """Puts units of one fulfillment order into another one; lines get new ids there."""
    order = state.orders[work["orderId"]]
    for part, quantity in parts:
        line = next(one for one in order["lines"] if one["id"] == part["lineId"])
        committed = min(quantity, part["committed"])
        part["totalQuantity"] -= quantity
        part["remainingQuantity"] -= quantity
        part["committed"] -= committed
        into["lines"].append(new_part(state, line, quantity, committed))
    work["lines"] = [part for part in work["lines"] if part["totalQuantity"]]


# --- holds ---


def hold(state: State, gid: str, given: Row, *, by_app: bool = True) -> Row:
    only(
        given,
        {"reason", "reasonNotes", "handle", "notifyMerchant", "fulfillmentOrderLineItems",
         "externalId"},
        "fulfillmentHold",
    )  # fmt: skip
    work = find(state, gid)
    who, handle = (APP if by_app else SOMEBODY), given.get("handle") or ""
    mine = [one for one in work["holds"] if one["by"] == who]
    _may_hold(work, mine, handle)
    rest = None
    if given.get("fulfillmentOrderLineItems"):
        rest = _set_apart(state, work, given["fulfillmentOrderLineItems"])
    row: Row = {
        "__typename": "FulfillmentHold", "id": state.new_id("FulfillmentHold"),
        "reason": given["reason"], "reasonNotes": given.get("reasonNotes"), "handle": handle,
        "by": who, "heldByRequestingApp": by_app,
        "displayReason": given["reason"].replace("_", " ").capitalize(),
    }  # fmt: skip
    work["holds"].append(row)
    if work["status"] != "ON_HOLD":
        work["status"] = "ON_HOLD"
        state.tell("FULFILLMENT_ORDERS_PLACED_ON_HOLD", gid, lambda: payloads.work(work))
    changed(state, work)
    return {"fulfillmentHold": row, "fulfillmentOrder": work, "remainingFulfillmentOrder": rest}


def _may_hold(work: Row, mine: list[Row], handle: str) -> None:
    if work["status"] not in {"OPEN", "IN_PROGRESS", "SCHEDULED", "ON_HOLD"}:
        raise UserErrors((["id"], f"It is {work['status'].lower()}.", "TAKEN"))
    if len(handle) > LONGEST_HANDLE:
        raise NotModelled("a handle of more than 64 characters")
    if any(one["handle"] == handle for one in mine):
        raise UserErrors(
            (["fulfillmentHold", "handle"], "The handle is in use.",
             "DUPLICATE_FULFILLMENT_HOLD_HANDLE")
        )  # fmt: skip
    if len(mine) >= MOST_HOLDS:
        raise UserErrors(
            (["id"], "The maximum number of holds is reached.",
             "FULFILLMENT_ORDER_HOLD_LIMIT_REACHED")
        )  # fmt: skip


def _set_apart(state: State, work: Row, given: list[Row]) -> Row | None:
    """Holds some lines only: the others go on in a fulfillment order of their own."""
    where = ["fulfillmentHold", "fulfillmentOrderLineItems"]
    if work["status"] == "ON_HOLD":
        raise UserErrors((where, "It is held already.", "FULFILLMENT_ORDER_NOT_SPLITTABLE"))
    held = {
        id(part): units for part, units in pick(work, given, "INVALID_LINE_ITEM_QUANTITY", where)
    }
    rest = [(part, units - held.get(id(part), 0)) for part, units in everything(work)]
    rest = [(part, units) for part, units in rest if units]
    if not rest:
        return None
    fresh = new_work(state, state.orders[work["orderId"]], work["locationId"], work["method"])
    take_out(state, work, rest, fresh)
    return fresh


def release(state: State, gid: str, hold_ids: list[str] | None) -> Row:
    """Without ids every hold ends, others' as well."""
    work = find(state, gid)
    wanted = hold_ids or [one["id"] for one in work["holds"]]
    work["holds"] = [one for one in work["holds"] if one["id"] not in wanted]
    if not work["holds"] and work["status"] == "ON_HOLD":
        work["status"] = active_status(work)
        state.tell("FULFILLMENT_ORDERS_HOLD_RELEASED", gid, lambda: payloads.work(work))
    changed(state, work)
    return {"fulfillmentOrder": work}


def active_status(work: Row) -> str:
    begun = any(part["remainingQuantity"] < part["totalQuantity"] for part in work["lines"])
    return "IN_PROGRESS" if begun or work["reported"] else "OPEN"


# --- moving and splitting ---


def move(state: State, gid: str, to: str, given: list[Row] | None) -> Row:
    work = find(state, gid, None)
    _may_move(state, work, to)
    where = ["fulfillmentOrderLineItems"]
    parts = pick(work, given, None, where) if given else everything(work)
    for part, _ in parts:
        if (part["itemId"], to) not in state.levels:
            raise UserErrors((["newLocationId"], "The location does not stock the item.", None))
    source = work["locationId"]
    for part, quantity in parts:
        units = min(quantity, part["committed"])
        stock.change(state, part["itemId"], source, "moved", available=units, committed=-units)
        stock.change(state, part["itemId"], to, "moved", available=-units, committed=units)
    moved, rest = _relocate(state, work, to, parts)
    told = {
        "original_fulfillment_order": payloads.work_ref(work),
        "moved_fulfillment_order": payloads.work_ref(moved),
        "destination_location_id": to,
        "source_location": {"id": source},
    }
    state.tell("FULFILLMENT_ORDERS_MOVED", gid, lambda: told)
    changed(state, work)
    moved["updatedAt"] = work["updatedAt"]
    return {
        "movedFulfillmentOrder": moved,
        "originalFulfillmentOrder": work,
        "remainingFulfillmentOrder": rest,
    }


def _may_move(state: State, work: Row, to: str) -> None:
    if work["status"] in ENDED:
        raise UserErrors((["id"], "The fulfillment order is closed.", None))
    if work["reported"]:
        raise UserErrors(
            (["id"], "Cannot move a fulfillment order that has had progress reported.",
             "CANNOT_MOVE_FULFILLMENT_ORDER_WITH_REPORTED_PROGRESS")
        )  # fmt: skip
    place = state.locations.get(to)
    if place is None or not place["isActive"]:
        raise UserErrors((["newLocationId"], "The location was not found.", None))
    if to == work["locationId"]:
        raise UserErrors((["newLocationId"], "It is assigned to this location already.", None))


def _relocate(state: State, work: Row, to: str, parts: Parts) -> tuple[Row, Row | None]:
    """The order that now has the moved lines, and what remains where it was."""
    order = state.orders[work["orderId"]]
    whole = sum(units for _, units in parts) == sum(p["totalQuantity"] for p in work["lines"])
    taken = any(
        other["locationId"] == to and other["status"] in OPEN
        for other in (state.fulfillment_orders[one] for one in order["fulfillmentOrderIds"])
    )
    if whole and not taken:
        work["locationId"] = to
        if work["status"] == "INCOMPLETE":
            work["status"] = "OPEN"
        return work, None
    fresh = new_work(state, order, to, work["method"])
    take_out(state, work, parts, fresh)
    if not any(part["remainingQuantity"] for part in work["lines"]):
        work["status"] = "CLOSED"
        return fresh, None
    return fresh, work


def split(state: State, splits: list[Row]) -> Row:
    """The named units go into a new fulfillment order, the rest stays (assumption
    `split-keeps-the-rest`).
    """
    results: list[Row] = []
    for one in splits:
        work = find(state, one["fulfillmentOrderId"])
        given = one["fulfillmentOrderLineItems"]
        if not given:
            raise UserErrors(
                (["fulfillmentOrderSplits"], "Name line items.", "NO_LINE_ITEMS_PROVIDED_TO_SPLIT")
            )
        where = ["fulfillmentOrderSplits", "0", "fulfillmentOrderLineItems"]
        if work["status"] not in OPEN:
            raise NotModelled(f"the split of a fulfillment order that is {work['status']}")
        parts = pick(work, given, "INVALID_LINE_ITEM_QUANTITY", where)
        if sum(units for _, units in parts) >= sum(p["remainingQuantity"] for p in work["lines"]):
            raise UserErrors((where, "Something must remain.", "INVALID_LINE_ITEM_QUANTITY"))
        order = state.orders[work["orderId"]]
        fresh = new_work(state, order, work["locationId"], work["method"])
        take_out(state, work, parts, fresh)
        _tell_split(state, work, fresh)
        changed(state, work)
        results.append({"fulfillmentOrder": work, "remainingFulfillmentOrder": fresh,
                        "replacementFulfillmentOrder": None})  # fmt: skip
    return {"fulfillmentOrderSplits": results}


def _tell_split(state: State, work: Row, fresh: Row) -> None:
    told = {
        "fulfillment_order": payloads.work_ref(work),
        "remaining_fulfillment_order": payloads.work_ref(fresh),
    }
    state.tell("FULFILLMENT_ORDERS_SPLIT", work["id"], lambda: told)


# --- opening, progress, giving up ---


def schedule(state: State, work: Row, at: datetime) -> None:
    work["status"] = "SCHEDULED"
    work["fulfillAt"] = at

    def ready() -> None:
        with state.lock:
            if work["status"] == "SCHEDULED":
                work["status"] = "OPEN"
                state.tell(
                    "FULFILLMENT_ORDERS_SCHEDULED_FULFILLMENT_ORDER_READY",
                    work["id"],
                    lambda: payloads.work(work),
                )
                changed(state, work)
                state.flush()

    state.later.after((at - state.clock.now()).total_seconds(), ready)


def open_up(state: State, gid: str) -> Row:
    work = find(state, gid, None)
    if work["status"] != "SCHEDULED" and not work["reported"]:
        raise UserErrors((["id"], "It is neither scheduled nor in progress.", None))
    work["reported"] = False
    work["status"] = active_status(work)
    changed(state, work)
    return {"fulfillmentOrder": work}


def report(state: State, gid: str) -> Row:
    work = find(state, gid)
    if work["status"] not in OPEN:
        raise UserErrors((["id"], "Its status is invalid.", "FULFILLMENT_ORDER_STATUS_INVALID"))
    work["reported"] = True
    work["status"] = "IN_PROGRESS"
    state.tell("FULFILLMENT_ORDERS_PROGRESS_REPORTED", gid, lambda: payloads.work(work))
    changed(state, work)
    return {"fulfillmentOrder": work}


def close(state: State, gid: str) -> Row:
    """Only a fulfillment service may do this, and this shop has none."""
    find(state, gid, None)
    raise UserErrors(
        (["id"], "The fulfillment order is not assigned to a fulfillment service.", None)
    )


def give_up(state: State, gid: str) -> Row:
    """Whoever ships cannot complete it."""
    work = find(state, gid)
    work["status"] = "INCOMPLETE"
    state.tell(
        "FULFILLMENT_ORDERS_FULFILLMENT_SERVICE_FAILED_TO_COMPLETE",
        gid,
        lambda: payloads.work(work),
    )
    changed(state, work)
    return work


def places_to_move(state: State, work: Row) -> list[Row]:
    """Every other location, and whether the order can go there."""
    found: list[Row] = []
    for place, row in state.locations.items():
        if place == work["locationId"] or not row["isActive"]:
            continue
        parts = [part for part, _ in everything(work)]
        there = [part for part in parts if (part["itemId"], place) in state.levels]
        movable = len(there) == len(parts) > 0
        text = None if movable else "No items are stocked at this location."
        found.append(
            {"location": row, "movable": movable, "message": text, "available": len(there)}
        )
    return found
