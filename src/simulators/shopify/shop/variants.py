"""Variants: made, written and forgotten together with their inventory items."""

from decimal import Decimal
from typing import Any

from simulators.shopify.rows import Row, only
from simulators.shopify.shop import metafields, stock
from simulators.shopify.state import State

TITLE, DEFAULT = "Title", "Default Title"
KNOWN_ITEM = frozenset({"sku", "tracked", "requiresShipping", "measurement", "cost"})
_AS_SENT = ("price", "compareAtPrice", "barcode", "inventoryPolicy")


def make(state: State, product: Row, given: Row) -> Row:
    """A new variant. It is stocked where quantities are given, else at the shop's first location
    (assumptions `set-stocks-there`, `new-variant-at-first-location`).
    """
    now = state.clock.now()
    item = state.add(
        state.items,
        "InventoryItem",
        {"sku": "", "tracked": False, "createdAt": now, "updatedAt": now},
    )
    row = state.add(
        state.variants,
        "ProductVariant",
        {"productId": product["id"], "itemId": item["id"], "price": "0.00",
         "compareAtPrice": None, "barcode": None, "inventoryPolicy": "DENY", "updatedAt": now,
         "selectedOptions": []},
    )  # fmt: skip
    item["variantId"] = row["id"]
    quantities: list[Row] = given.get("inventoryQuantities") or []
    places = [one["locationId"] for one in quantities] or [next(iter(state.locations))]
    for place in places:
        stock.stocked(state, item["id"], place)
    product["variantIds"].append(row["id"])
    return row


def write(state: State, row: Row, given: Row, media: str | None = None) -> None:
    for name in _AS_SENT:
        if name in given:
            row[name] = _plain(name, given[name])
    if "taxable" in given and given["taxable"] is not None:
        row["taxable"] = given["taxable"]
    if given.get("optionValues"):
        row["selectedOptions"] = [
            {"name": one["optionName"], "value": one["name"]} for one in given["optionValues"]
        ]
    if media is not None:
        row["mediaId"] = media
    if given.get("metafields") is not None:
        metafields.replace(state, row, given["metafields"])
    item = state.items[row["itemId"]]
    write_item(state, item, given.get("inventoryItem") or {})
    if given.get("sku") is not None:
        item["sku"] = given["sku"]
    for one in given.get("inventoryQuantities") or ():
        level = state.levels[item["id"], one["locationId"]]
        moved = one["quantity"] - stock.quantity(level, one["name"])
        stock.change(state, item["id"], one["locationId"], "app", available=moved)
    row["updatedAt"] = state.clock.now()


def _plain(name: str, value: Any) -> Any:
    if name == "inventoryPolicy":
        return value or "DENY"
    if name in {"price", "compareAtPrice"} and value is not None:
        return str(Decimal(str(value)).quantize(Decimal("0.01")))
    return "0.00" if name == "price" else value


def write_item(state: State, item: Row, given: Row) -> None:
    only(given, KNOWN_ITEM, "inventoryItem")
    for name in ("sku", "tracked", "requiresShipping"):
        if given.get(name) is not None:
            item[name] = given[name]
    if given.get("cost") is not None:
        item["cost"] = str(given["cost"])
    measurement = given.get("measurement")
    if measurement:
        only(measurement, {"weight"}, "inventoryItem.measurement")
        item["weight"] = measurement.get("weight")
    if given:
        item["updatedAt"] = state.clock.now()


def forget(state: State, gid: str) -> None:
    row = state.variants.pop(gid)
    metafields.forget(state, row)
    state.items.pop(row["itemId"])
    state.levels.forget(row["itemId"])
