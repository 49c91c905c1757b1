"""The fewest calls that set so many quantities: full batches, by a program that knows every item
and what it shows.
"""

import json
import uuid
from typing import Any
from urllib.request import urlopen

from longshore.cli.bench.floor_publish import ShopByHand

ROWS = 250
"""A call may have (shopify.dev/docs/api/usage/limits: input arrays)."""
_SET = """mutation($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { message } }
}"""


def floor_calls(said: dict[str, Any], changed: int) -> int:
    """Really makes them, one unit more each, at a shop that has at least so many levels."""
    shop = ShopByHand(said)
    levels = _levels(said["address"])[:changed]
    for start in range(0, len(levels), ROWS):
        rows = [
            {
                "inventoryItemId": item,
                "locationId": place,
                "quantity": shown + 1,
                "changeFromQuantity": shown,
            }
            for item, place, shown in levels[start : start + ROWS]
        ]
        wanted = {"name": "available", "reason": "correction", "quantities": rows}
        wanted["referenceDocumentUri"] = "gid://bench/Floor/1"
        data = shop.ask(_SET, input=wanted, key=str(uuid.uuid4()))
        if data["inventorySetQuantities"]["userErrors"]:
            raise RuntimeError(f"The floor was refused: {data}")
    return shop.calls


def _levels(address: str) -> list[tuple[str, str, int]]:
    with urlopen(f"{address}/_sim/state?only=products") as answer:  # noqa: S310 - ours
        products = json.load(answer)["products"]
    return [
        (variant["itemId"], place, level["available"])
        for product in products
        for variant in product["variants"]
        for place, level in variant["levels"].items()
    ]
