"""Locations and what is stocked where: limits, switching on and off, activation of items."""

from simulators.shopify import payloads
from simulators.shopify.rows import NotModelled, Row, UserErrors, only
from simulators.shopify.shop.stock import change, stocked
from simulators.shopify.state import State, level_row

ADDRESS = frozenset({"address1", "address2", "city", "countryCode", "phone", "provinceCode", "zip"})
OPEN_WORK = frozenset({"OPEN", "IN_PROGRESS", "ON_HOLD", "SCHEDULED"})


def add(state: State, given: Row) -> Row:
    only(given, {"name", "address", "fulfillsOnlineOrders"}, "locationAdd.input")
    only(given["address"], ADDRESS, "locationAdd.input.address")
    _free_name(state, given["name"])
    if len(active(state)) >= state.location_limit:
        raise UserErrors((["input"], "Shop has reached its location limit.", "INVALID"))
    online = given.get("fulfillsOnlineOrders", True)
    row = state.add_location(given["name"], dict(given["address"]), online=bool(online))
    _tell(state, "LOCATIONS_CREATE", row)
    return {"location": row}


def edit(state: State, gid: str, given: Row) -> Row:
    only(given, {"name", "address", "fulfillsOnlineOrders"}, "locationEdit.input")
    row = state.locations.get(gid)
    if row is None:
        raise UserErrors((["id"], "Location not found.", "NOT_FOUND"))
    if given.get("name") and given["name"] != row["name"]:
        _free_name(state, given["name"])
        row["name"] = given["name"]
    if given.get("address"):
        only(given["address"], ADDRESS, "locationEdit.input.address")
        row["address"] = {**row["address"], **given["address"]}
    if given.get("fulfillsOnlineOrders") is not None:
        row["fulfillsOnlineOrders"] = given["fulfillsOnlineOrders"]
    row["updatedAt"] = state.clock.now()
    _tell(state, "LOCATIONS_UPDATE", row)
    return {"location": row}


def activate(state: State, gid: str) -> Row:
    row = state.locations.get(gid)
    if row is None:
        raise UserErrors((["locationId"], "Location not found.", "LOCATION_NOT_FOUND"))
    if not row["isActive"]:
        if len(active(state)) >= state.location_limit:
            raise UserErrors((["locationId"], "Shop has reached its limit.", "LOCATION_LIMIT"))
        row["isActive"] = True
        _tell(state, "LOCATIONS_ACTIVATE", row)
    return {"location": row}


def deactivate(state: State, gid: str, to: str | None) -> Row:
    """Stock goes to another location; with open work and nowhere to go, it is refused."""
    row = state.locations.get(gid)
    if row is None:
        raise UserErrors((["locationId"], "Location not found.", "LOCATION_NOT_FOUND"))
    work = has_work(state, gid)
    if to is None and (work or has_stock(state, gid)):
        code = "HAS_FULFILLMENT_ORDERS_ERROR" if work else "HAS_ACTIVE_INVENTORY_ERROR"
        raise UserErrors((["locationId"], "Location could not be deactivated.", code))
    if work:
        raise NotModelled("locationDeactivate with open fulfillment orders")
    if to is not None:
        _relocate(state, gid, to)
    row["isActive"] = False
    row["updatedAt"] = state.clock.now()
    _tell(state, "LOCATIONS_DEACTIVATE", row)
    return {"location": row}


def _relocate(state: State, gid: str, to: str) -> None:
    target = state.locations.get(to)
    if target is None or not target["isActive"]:
        raise UserErrors(
            (["destinationLocationId"], "Destination location is not found or inactive.",
             "DESTINATION_LOCATION_NOT_FOUND_OR_INACTIVE")
        )  # fmt: skip
    for item_id, level in list(state.levels.at(gid)):
        if (item_id, to) not in state.levels:
            stocked(state, item_id, to)
        change(state, item_id, to, "relocated", available=level["available"])
        del state.levels[item_id, gid]


def active(state: State) -> list[Row]:
    return [row for row in state.locations.values() if row["isActive"]]


def has_stock(state: State, gid: str) -> bool:
    return any(level["available"] or level["committed"] for _, level in state.levels.at(gid))


def has_work(state: State, gid: str) -> bool:
    return any(
        work["locationId"] == gid and work["status"] in OPEN_WORK
        for work in state.fulfillment_orders.values()
    )


def _free_name(state: State, name: str) -> None:
    if any(row["name"] == name for row in state.locations.values()):
        raise UserErrors((["input", "name"], "You already have a location with this name", "TAKEN"))


def _tell(state: State, topic: str, row: Row) -> None:
    state.tell(topic, row["id"], lambda: payloads.location(row))


# --- stocking ---


def stock_item(state: State, item_id: str, place: str, quantities: Row) -> Row:
    """inventoryActivate: one item at one location, with what is there."""
    if item_id not in state.items:
        raise UserErrors((["inventoryItemId"], "The product couldn't be stocked.", None))
    if place not in state.locations or not state.locations[place]["isActive"]:
        raise UserErrors((["locationId"], "The location couldn't be found.", None))
    if quantities.get("available") is not None and quantities.get("onHand") is not None:
        raise UserErrors((["onHand"], "Give either available or onHand.", None))
    level = state.levels.get(item_id, place)
    wanted = quantities.get("available")
    wanted = quantities.get("onHand") if wanted is None else wanted
    if level is not None and wanted is not None:
        raise UserErrors(
            (["available"], "Not allowed to set a quantity when the item is already active.", None)
        )
    if level is None:
        level = stocked(state, item_id, place, wanted or 0)
        state.tell(
            "INVENTORY_LEVELS_CONNECT",
            f"{item_id} {place}",
            lambda: payloads.level(item_id, place, level),
        )
    return {"inventoryLevel": level_row(item_id, place, level)}


def toggle(state: State, item_id: str, updates: list[Row]) -> Row:
    """inventoryBulkToggleActivation: one item, several locations."""
    if item_id not in state.items:
        raise UserErrors((["inventoryItemId"], "Item not found.", "INVENTORY_ITEM_NOT_FOUND"))
    for index, update in enumerate(updates):
        problem = _toggle_problem(state, item_id, update)
        if problem is not None:
            where = ["inventoryItemUpdates", str(index), "locationId"]
            raise UserErrors((where, *problem))
    for update in updates:
        _toggle_one(state, item_id, update["locationId"], on=update["activate"])
    rows = [
        level_row(item_id, one["locationId"], state.levels[item_id, one["locationId"]])
        for one in updates
        if one["activate"]
    ]
    return {"inventoryItem": state.items[item_id], "inventoryLevels": rows}


def _toggle_problem(state: State, item_id: str, update: Row) -> tuple[str, str] | None:
    place = state.locations.get(update["locationId"])
    if place is None or not place["isActive"]:
        return "The location was not found.", "LOCATION_NOT_FOUND"
    level = state.levels.get(item_id, place["id"])
    if update["activate"] or level is None:
        return None
    if len(state.levels.of(item_id)) == 1:
        return (
            "The variant couldn't be unstocked from its only location.",
            "CANNOT_DEACTIVATE_FROM_ONLY_LOCATION",
        )
    if level["committed"]:
        return "It has committed quantities.", "COMMITTED_INVENTORY_AT_LOCATION"
    return None


def _toggle_one(state: State, item_id: str, place: str, *, on: bool) -> None:
    level = state.levels.get(item_id, place)
    if on and level is None:
        stocked(state, item_id, place)
    elif not on and level is not None:
        del state.levels[item_id, place]
        state.tell(
            "INVENTORY_LEVELS_DISCONNECT",
            f"{item_id} {place}",
            lambda: payloads.level(item_id, place, level),
        )
