"""Quantities: available, committed and on hand fit together; changes are told and remembered."""

from typing import Any

from simulators.shopify import payloads
from simulators.shopify.clock import stamp
from simulators.shopify.rows import Refused, Row, UserErrors, only
from simulators.shopify.state import State

HIGHEST = 1_000_000_000
ADJUST_HIGHEST = 2_000_000_000
NAMES = frozenset({"available", "on_hand"})
READABLE = frozenset({"available", "committed", "on_hand", "reserved", "damaged", "incoming"})
REASONS = frozenset(
    ["correction", "cycle_count_available", "received", "restock", "damaged", "shrinkage",
     "promotion", "other"]
)  # fmt: skip
CHANGE = frozenset({"inventoryItemId", "locationId", "delta", "changeFromQuantity"})
Problem = tuple[str, str, str]
"""Text, code, and the field of the row."""


def stocked(state: State, item_id: str, place: str, available: int = 0) -> Row:
    """Makes a level."""
    level: Row = {"available": 0, "committed": 0, "updatedAt": state.clock.now()}
    state.levels[item_id, place] = level
    if available:
        set_available(state, item_id, place, available, "app")
    return level


def quantity(level: Row, name: str) -> int:
    """A quantity by its name; nothing here is ever reserved, damaged or on its way."""
    if name == "on_hand":
        return level["available"] + level["committed"]
    return level.get(name, 0)


def set_available(state: State, item_id: str, place: str, value: int, who: str) -> None:
    change(state, item_id, place, who, available=value - state.levels[item_id, place]["available"])


def change(
    state: State, item_id: str, place: str, who: str, *, available: int = 0, committed: int = 0
) -> None:
    """Moves quantities, remembers and tells it. A level that is gone is left alone."""
    level = state.levels.get(item_id, place)
    if level is None or not (available or committed):
        return
    now = state.clock.now()
    if available:
        before = level["available"]
        state.history.append(
            {"at": stamp(now), "item": item_id, "location": place, "from": before,
             "to": before + available, "by": who}
        )  # fmt: skip
        level["available"] = before + available
    level["committed"] += committed
    level["updatedAt"] = now
    if state.topics["INVENTORY_LEVELS_UPDATE"]:
        state.tell(
            "INVENTORY_LEVELS_UPDATE",
            f"{item_id} {place}",
            lambda: payloads.level(item_id, place, level),
        )


def available(state: State, item_id: str) -> int:
    """All that can be sold of an item, over its locations."""
    return sum(level["available"] for level in state.levels.of(item_id).values())


# --- what apps write ---


def set_quantities(state: State, data: Row) -> Row:
    """inventorySetQuantities: absolute values by compare-and-set, all or nothing."""
    _must_name(data["quantities"], "InventoryQuantityInput")
    _check_input(data, NAMES, "INVALID_NAME")
    name = data["name"]
    entries: list[tuple[list[str], str, str]] = []
    seen: set[tuple[str, str]] = set()
    for index, row in enumerate(data["quantities"]):
        problem = _problem(state, row, name, seen)
        if problem is not None:
            entries.append(_entry("quantities", index, problem))
    if entries:
        raise UserErrors(*entries)
    for row in data["quantities"]:
        pair = (row["inventoryItemId"], row["locationId"])
        level = state.levels[pair]
        change(state, *pair, "app", available=row["quantity"] - quantity(level, name))
    return _group(state, data)


def adjust_quantities(state: State, data: Row) -> Row:
    """inventoryAdjustQuantities: changes by so much."""
    _must_name(data["changes"], "InventoryChangeInput")
    _check_input(data, frozenset({"available"}), "INVALID_QUANTITY_NAME")
    entries: list[tuple[list[str], str, str]] = []
    for index, row in enumerate(data["changes"]):
        only(row, CHANGE, "changes")
        problem = _adjust_problem(state, row)
        if problem is not None:
            entries.append(_entry("changes", index, problem))
    if entries:
        raise UserErrors(*entries)
    for row in data["changes"]:
        change(state, row["inventoryItemId"], row["locationId"], "app", available=row["delta"])
    return _group(state, data)


def _entry(name: str, index: int, problem: Problem) -> tuple[list[str], str, str]:
    message, code, field = problem
    return ["input", name, str(index), field], message, code


def _must_name(rows: list[Row], kind: str) -> None:
    """Mandatory at run time although the schema does not say so; looked at before all else."""
    if any("changeFromQuantity" not in row for row in rows):
        raise Refused(
            "INVALID_FIELD_ARGUMENTS",
            f"{kind} must include the following argument: changeFromQuantity",
        )


def _check_input(data: Row, names: frozenset[str], code: str) -> None:
    if data["name"] not in names:
        raise UserErrors((["input", "name"], "The name is invalid.", code))
    if data["reason"] not in REASONS:
        raise UserErrors((["input", "reason"], "The reason is invalid.", "INVALID_REASON"))
    document = data.get("referenceDocumentUri")
    if document is not None and "://" not in document:
        raise UserErrors(
            (["input", "referenceDocumentUri"], "The reference document is invalid.",
             "INVALID_REFERENCE_DOCUMENT")
        )  # fmt: skip


def _place_problem(state: State, row: Row) -> Problem | None:
    item_id, place = row["inventoryItemId"], row["locationId"]
    if item_id not in state.items:
        return "The inventory item could not be found.", "INVALID_INVENTORY_ITEM", "inventoryItemId"
    if place not in state.locations:
        return "The location could not be found.", "INVALID_LOCATION", "locationId"
    return None


def _problem(state: State, row: Row, name: str, seen: set[tuple[str, str]]) -> Problem | None:
    pair = (row["inventoryItemId"], row["locationId"])
    if pair in seen:
        return (
            "The same item and location twice.",
            "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR",
            "inventoryItemId",
        )
    seen.add(pair)
    problem = _place_problem(state, row) or _amount_problem(row["quantity"])
    if problem is not None:
        return problem
    level = state.levels.get(*pair)
    if level is None:
        # An item that is not stocked there: old connectors looped on it, so it is refused here.
        return "The item is not stocked at the location.", "INVALID_LOCATION", "locationId"
    return _stale(row, quantity(level, name))


def _amount_problem(wanted: int) -> Problem | None:
    if wanted < -HIGHEST:
        return "The quantity is too low.", "INVALID_QUANTITY_TOO_LOW", "quantity"
    if wanted < 0:
        return "The quantity can't be negative.", "INVALID_QUANTITY_NEGATIVE", "quantity"
    if wanted > HIGHEST:
        return "The quantity is too high.", "INVALID_QUANTITY_TOO_HIGH", "quantity"
    return None


def _adjust_problem(state: State, row: Row) -> Problem | None:
    problem = _place_problem(state, row)
    if problem is not None:
        return problem
    level = state.levels.get(row["inventoryItemId"], row["locationId"])
    if level is None:
        return "The item is not stocked at the location.", "INVALID_LOCATION", "locationId"
    if not -ADJUST_HIGHEST <= row["delta"] <= ADJUST_HIGHEST:
        return "The quantity is out of range.", "INVALID_QUANTITY_TOO_HIGH", "delta"
    return _stale(row, level["available"])


def _stale(row: Row, now: int) -> Problem | None:
    expected: Any = row["changeFromQuantity"]
    if expected is None or expected == now:
        return None
    return (
        "The changeFromQuantity argument no longer matches the persisted quantity.",
        "CHANGE_FROM_QUANTITY_STALE",
        "changeFromQuantity",
    )


def _group(state: State, data: Row) -> Row:
    return {
        "inventoryAdjustmentGroup": {
            "__typename": "InventoryAdjustmentGroup",
            "id": state.new_id("InventoryAdjustmentGroup"),
            "createdAt": state.clock.now(),
            "reason": data["reason"],
            "referenceDocumentUri": data.get("referenceDocumentUri"),
        }
    }
