"""Fields of inventory items and levels, and the mutations that write them."""

from typing import Any

from simulators.shopify.clock import stamp
from simulators.shopify.fields.pages import found, page, read, read_id
from simulators.shopify.fields.registry import Context, field_of, mutation
from simulators.shopify.paging import count
from simulators.shopify.rows import NotModelled, Row, UserErrors, number
from simulators.shopify.search import Reader
from simulators.shopify.shop import places, stock, variants
from simulators.shopify.state import level_row


@field_of("QueryRoot.inventoryItem")
def item(context: Context, _: Any, *, gid: str) -> Row | None:
    return context.state.items.get(gid)


@field_of("QueryRoot.inventoryItems")
def items(context: Context, _: Any, *, query: str | None = None, **arguments: Any) -> Row:
    fields = {"id": read_id, "sku": read("sku"), "updated_at": read("updatedAt")}
    rows = found(context, list(context.state.items.values()), query, fields)
    return page(context, rows, root=True, **arguments)


@field_of("QueryRoot.inventoryLevel")
def level_by_id(context: Context, _: Any, *, gid: str) -> Row | None:
    return context.state.level_node(gid)


@field_of("InventoryItem.inventoryLevel")
def level(
    context: Context, row: Row, *, location_id: str, include_inactive: bool | None = False
) -> Row | None:
    del include_inactive  # a level that is switched off is gone here
    there = context.state.levels.get(row["id"], location_id)
    return None if there is None else level_row(row["id"], location_id, there)


@field_of("InventoryItem.inventoryLevels")
def levels(
    context: Context, row: Row, *, include_inactive: bool | None = False, **arguments: Any
) -> Row:
    del include_inactive  # as above
    there = context.state.levels.of(row["id"])
    rows = [level_row(row["id"], place, one) for place, one in there.items()]
    return page(context, rows, **arguments)


@field_of("Location.inventoryLevels")
def levels_at(
    context: Context,
    row: Row,
    *,
    query: str | None = None,
    include_inactive: bool | None = False,
    **arguments: Any,
) -> Row:
    del include_inactive  # as above
    rows = [level_row(gid, row["id"], one) for gid, one in context.state.levels.at(row["id"])]
    fields: dict[str, Reader] = {
        "updated_at": read("updatedAt"),
        "inventory_item_id": lambda row: number(row["itemId"]),
    }
    return page(context, found(context, rows, query, fields), **arguments)


@field_of("InventoryLevel.quantities")
def quantities(_: Context, row: Row, *, names: list[str]) -> list[Row]:
    unknown = set(names) - stock.READABLE
    if unknown:
        raise NotModelled(f"quantities named {sorted(unknown)}")
    return [
        {"id": f"gid://shopify/InventoryQuantity/{number(row['id'])}?name={name}", "name": name,
         "quantity": stock.quantity(row, name), "updatedAt": stamp(row["updatedAt"])}
        for name in names
    ]  # fmt: skip


@field_of("InventoryLevel.item")
def level_item(context: Context, row: Row) -> Row:
    return context.state.items[row["itemId"]]


@field_of("InventoryLevel.location")
def level_location(context: Context, row: Row) -> Row:
    return context.state.locations[row["placeId"]]


@field_of("InventoryLevel.canDeactivate")
def can_deactivate(context: Context, row: Row) -> bool:
    return not row["committed"] and len(context.state.levels.of(row["itemId"])) > 1


@field_of("InventoryItem.sku")
def sku(_: Context, row: Row) -> str | None:
    return row["sku"] or None


@field_of("InventoryItem.trackedEditable")
def tracked_editable(_context: Context, _row: Row) -> Row:
    return {"locked": False}


@field_of("InventoryItem.requiresShipping")
def requires_shipping(_: Context, row: Row) -> bool:
    return bool(row.get("requiresShipping", True))


@field_of("InventoryItem.locationsCount")
def locations_count(context: Context, row: Row) -> Row:
    return count(len(context.state.levels.of(row["id"])))


@field_of("InventoryItem.measurement")
def measurement(_: Context, row: Row) -> Row:
    weight = row.get("weight") or {"value": 0.0, "unit": "KILOGRAMS"}
    gid = f"gid://shopify/InventoryItemMeasurement/{number(row['id'])}"
    return {"__typename": "InventoryItemMeasurement", "id": gid, "weight": weight}


@field_of("InventoryItem.unitCost")
def unit_cost(context: Context, row: Row) -> Row | None:
    if "cost" not in row:
        return None
    return {"amount": row["cost"], "currencyCode": context.state.settings.currency}


@field_of("InventoryItem.variants")
def item_variants(context: Context, row: Row, **arguments: Any) -> Row:
    return page(context, [context.state.variants[row["variantId"]]], **arguments)


@mutation("inventoryBulkToggleActivation")
def toggle(context: Context, *, inventory_item_id: str, inventory_item_updates: list[Row]) -> Row:
    return places.toggle(context.state, inventory_item_id, inventory_item_updates)


@mutation("inventoryActivate", idempotent=True)
def activate(
    context: Context,
    *,
    inventory_item_id: str,
    location_id: str,
    available: int | None = None,
    on_hand: int | None = None,
) -> Row:
    amounts = {"available": available, "onHand": on_hand}
    return places.stock_item(context.state, inventory_item_id, location_id, amounts)


@mutation("inventorySetQuantities", idempotent=True)
def set_quantities(context: Context, *, data: Row) -> Row:
    return stock.set_quantities(context.state, data)


@mutation("inventoryAdjustQuantities", idempotent=True)
def adjust_quantities(context: Context, *, data: Row) -> Row:
    return stock.adjust_quantities(context.state, data)


@mutation("inventoryItemUpdate")
def item_update(context: Context, *, gid: str, data: Row) -> Row:
    row = context.state.items.get(gid)
    if row is None:
        raise UserErrors((["id"], "The inventory item does not exist.", None))
    variants.write_item(context.state, row, data)
    return {"inventoryItem": row}
