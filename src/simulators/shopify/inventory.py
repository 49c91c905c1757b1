"""Inventory: stocking at locations, and absolute quantities by compare-and-set, all or nothing."""

import json

from simulators.shopify.clock import stamp
from simulators.shopify.state import Row, State, UserErrors

LARGEST_BATCH = 250
HIGHEST = 1_000_000_000
REASONS = frozenset(
    ["correction", "cycle_count_available", "received", "restock", "damaged", "shrinkage",
     "promotion", "other"]
)  # fmt: skip


class BadArguments(Exception):  # noqa: N818 - an answer, not a mistake
    """A top-level GraphQL error of its own code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def toggle(state: State, item_id: str, updates: list[Row]) -> Row:
    """InventoryBulkToggleActivation."""
    if item_id not in state.items:
        raise UserErrors((["inventoryItemId"], "Inventory item not found", "GENERIC_ERROR"))
    for update in updates:
        place = update["locationId"]
        if place not in state.locations:
            raise UserErrors(
                (["inventoryItemUpdates", "0", "locationId"], "Location not found",
                 "LOCATION_NOT_FOUND")
            )  # fmt: skip
        there = (item_id, place) in state.levels
        if update["activate"] and not there:
            state.levels[item_id, place] = {"available": 0, "committed": 0}
        elif not update["activate"] and there:
            if sum(1 for key in state.levels if key[0] == item_id) == 1:
                raise UserErrors(
                    (["inventoryItemUpdates", "0", "locationId"],
                     "The variant couldn't be unstocked from its only location.",
                     "CANNOT_DEACTIVATE_FROM_ONLY_LOCATION")
                )  # fmt: skip
            del state.levels[item_id, place]
    return {"inventoryLevels": [{"id": f"gid://shopify/InventoryLevel/{item_id[-7:]}"}]}


def set_quantities(state: State, data: Row, key: str | None) -> Row:
    """InventorySetQuantities as of 2026-04: the directive and `changeFromQuantity` are mandatory at
    run time, although the schema shows neither as required.
    """
    if key is None:
        raise BadArguments(
            "BAD_REQUEST",
            "The @idempotent directive is required for this mutation but was not provided.",
        )
    for row in data["quantities"]:
        if "changeFromQuantity" not in row:
            raise BadArguments(
                "INVALID_FIELD_ARGUMENTS",
                "InventoryChangeInput must include the following argument: changeFromQuantity",
            )
    content = json.dumps(data, sort_keys=True)
    known = state.idempotency.get(key)
    if known is not None:
        if known[0] != content:
            raise UserErrors(
                (None, "The idempotency key was used with other parameters.",
                 "IDEMPOTENCY_KEY_PARAMETER_MISMATCH")
            )  # fmt: skip
        return known[1]
    if len(data["quantities"]) > LARGEST_BATCH:
        raise BadArguments(
            "MAX_INPUT_SIZE_EXCEEDED", "The input array size is greater than the maximum of 250."
        )
    _check(state, data)
    answer = _write(state, data, key)
    state.idempotency[key] = (content, answer)
    return answer


def _check(state: State, data: Row) -> None:
    if data["name"] not in {"available", "on_hand"}:
        raise UserErrors((["input", "name"], "The name is invalid.", "INVALID_NAME"))
    if data["reason"] not in REASONS:
        raise UserErrors((["input", "reason"], "The reason is invalid.", "INVALID_REASON"))
    entries: list[tuple[list[str] | None, str, str | None]] = []
    seen: set[tuple[str, str]] = set()
    for index, row in enumerate(data["quantities"]):
        problem = _problem(state, row, seen)
        if problem is not None:
            message, code, name = problem
            entries.append((["input", "quantities", str(index), name], message, code))
    if entries:
        raise UserErrors(*entries)


def _problem(  # noqa: PLR0911 - one return for each reason
    state: State, row: Row, seen: set[tuple[str, str]]
) -> tuple[str, str, str] | None:
    pair = (row["inventoryItemId"], row["locationId"])
    if pair in seen:
        return (
            "The same item and location twice.",
            "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR",
            "inventoryItemId",
        )
    seen.add(pair)
    if pair[0] not in state.items:
        return "The inventory item could not be found.", "INVALID_INVENTORY_ITEM", "inventoryItemId"
    if pair[1] not in state.locations or pair not in state.levels:
        # An item that is not stocked there: old connectors looped on it, so it is refused here.
        return "The location could not be found.", "INVALID_LOCATION", "locationId"
    if row["quantity"] < -HIGHEST:
        return "The quantity is too low.", "INVALID_QUANTITY_TOO_LOW", "quantity"
    if row["quantity"] < 0:
        return "The quantity can't be negative.", "INVALID_QUANTITY_NEGATIVE", "quantity"
    if row["quantity"] > HIGHEST:
        return "The quantity is too high.", "INVALID_QUANTITY_TOO_HIGH", "quantity"
    expected = row["changeFromQuantity"]
    if expected is not None and expected != state.levels[pair]["available"]:
        return (
            "The changeFromQuantity argument no longer matches the persisted quantity.",
            "CHANGE_FROM_QUANTITY_STALE",
            "changeFromQuantity",
        )
    return None


def _write(state: State, data: Row, key: str) -> Row:
    for row in data["quantities"]:
        pair = (row["inventoryItemId"], row["locationId"])
        record(state, pair, row["quantity"], "app")
    del key
    return {"inventoryAdjustmentGroup": {"id": state.new_id("InventoryAdjustmentGroup")}}


def record(state: State, pair: tuple[str, str], quantity: int, who: str) -> None:
    """Sets a level and remembers the change."""
    level = state.levels[pair]
    state.history.append(
        {"at": stamp(state.clock.now()), "item": pair[0], "location": pair[1],
         "from": level["available"], "to": quantity, "by": who}
    )  # fmt: skip
    level["available"] = quantity


def available(state: State, item_id: str) -> int:
    """All that can be sold of an item, over its locations."""
    return sum(level["available"] for key, level in state.levels.items() if key[0] == item_id)
