"""Stock on Shopify: absolute quantities by compare-and-set, and the switches beside them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.ports.errors import Bug, Rejected, TryLater
from longshore.ports.storefronts import StockWrite, StockWriteReport, VariantSwitch
from longshore.stores.shopify.client import (
    Json,
    ShopifyClient,
    UserError,
    obj,
    refusal,
    rows,
    user_errors,
)

LARGEST_BATCH = 250
"""Input arrays hold at most 250 entries (shopify.dev/docs/api/usage/limits)."""
LEVELS_AT_A_TIME = 100
STALE = "CHANGE_FROM_QUANTITY_STALE"
IN_USE = "IDEMPOTENCY_CONCURRENT_REQUEST"
FAILED_BEFORE = "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"
ROUNDS = 4
_ALREADY = re.compile(r"already (?:been )?(?:activated|stocked|active)", re.IGNORECASE)


def activate(client: ShopifyClient, item_ids: Sequence[str], location_id: str) -> None:
    """Stocks the items at the location; one that is stocked there already stays so."""
    for item in item_ids:
        variables = {
            "item": item,
            "updates": [{"locationId": location_id, "activate": True}],
        }
        payload = client.call("stock_activate", variables)["inventoryBulkToggleActivation"]
        errors = [one for one in user_errors(payload) if not _ALREADY.search(one.message)]
        if errors:
            raise refusal(errors)


def read(
    client: ShopifyClient, item_ids: Sequence[str], location_id: str
) -> Mapping[str, int | None]:
    """Available quantity by item; None where it is not stocked at the location."""
    found: dict[str, int | None] = dict.fromkeys(item_ids)
    for start in range(0, len(item_ids), LEVELS_AT_A_TIME):
        chunk = list(item_ids[start : start + LEVELS_AT_A_TIME])
        data = client.call("stock_levels", {"ids": chunk, "location": location_id})
        for node in rows(data.get("nodes")):
            level = obj(obj(node).get("inventoryLevel"))
            quantities = rows(level.get("quantities"))
            if quantities:
                found[str(node["id"])] = int(quantities[0]["quantity"])
    return found


@dataclass
class _Batch:
    """Indexes of the rows still to be written, and what became of the others."""

    left: list[int]
    stale: list[int]
    refused: dict[int, str]


def write(client: ShopifyClient, key: str, writes: Sequence[StockWrite]) -> StockWriteReport:
    """Sets the quantities. A call is all or nothing, so rows that it names are taken out and the
    others sent again under a key derived from `key` and what is sent: repeating the whole, after a
    crash, repeats the same keys.
    """
    if len(writes) > LARGEST_BATCH:
        raise Bug("Too many stock rows in one call.", f"{len(writes)} rows")
    batch = _Batch(list(range(len(writes))), [], {})
    for round_number in range(ROUNDS):
        if not batch.left:
            break
        errors = _send(client, f"{key}-{round_number}", [writes[index] for index in batch.left])
        if not errors:
            return StockWriteReport(tuple(batch.left), tuple(batch.stale), batch.refused)
        _set_aside(batch, errors)
    if batch.left:
        # Every round named further rows; the rest waits rather than being sent for ever.
        batch.refused.update(dict.fromkeys(batch.left, "too many problems in one batch"))
    return StockWriteReport((), tuple(batch.stale), batch.refused)


def _send(client: ShopifyClient, key: str, writes: Sequence[StockWrite]) -> list[UserError]:
    variables = {
        "key": key,
        "input": {
            "name": "available",
            "reason": "correction",
            "referenceDocumentUri": f"gid://longshore/StockWrite/{key}",
            "quantities": [_row(one) for one in writes],
        },
    }
    errors = user_errors(client.call("stock_set", variables)["inventorySetQuantities"])
    codes = {error.code for error in errors}
    if IN_USE in codes:
        raise TryLater("The same stock write is under way.", key, after=2, maybe_done=True)
    if FAILED_BEFORE in codes:
        raise Rejected("An earlier attempt of this stock write failed; it is made anew.", key)
    return errors


def _row(one: StockWrite) -> Json:
    return {
        "inventoryItemId": one.inventory_item_id,
        "locationId": one.location_id,
        "quantity": one.quantity,
        "changeFromQuantity": one.known,
    }


def _set_aside(batch: _Batch, errors: Sequence[UserError]) -> None:
    """Takes the rows that errors name out of the batch. An error that names none is the whole
    call's.
    """
    named: dict[int, UserError] = {}
    for error in errors:
        position = next((int(step) for step in error.path if step.isdigit()), None)
        if position is None or position >= len(batch.left):
            raise refusal([error])
        named[position] = error
    for position, error in named.items():
        index = batch.left[position]
        if error.code == STALE:
            batch.stale.append(index)
        else:
            batch.refused[index] = error.message
    batch.left = [index for position, index in enumerate(batch.left) if position not in named]


def switch(client: ShopifyClient, switches: Sequence[VariantSwitch]) -> Mapping[str, str]:
    """Turns counting and overselling on or off, product by product; returns those refused."""
    by_product: dict[str, list[VariantSwitch]] = {}
    for one in switches:
        by_product.setdefault(one.product_id, []).append(one)
    refused: dict[str, str] = {}
    for product_id, wanted in by_product.items():
        for start in range(0, len(wanted), LARGEST_BATCH):
            refused.update(_switch(client, product_id, wanted[start : start + LARGEST_BATCH]))
    return refused


def _switch(
    client: ShopifyClient, product_id: str, wanted: Sequence[VariantSwitch]
) -> Mapping[str, str]:
    variants: list[dict[str, Any]] = [
        {
            "id": one.variant_id,
            "inventoryPolicy": "CONTINUE" if one.oversell else "DENY",
            "inventoryItem": {"tracked": one.tracked},
        }
        for one in wanted
    ]
    data = client.call("variants_update", {"productId": product_id, "variants": variants})
    refused: dict[str, str] = {}
    for error in user_errors(data["productVariantsBulkUpdate"]):
        position = next((int(step) for step in error.path if step.isdigit()), None)
        named = wanted if position is None else [wanted[position]]
        refused.update({one.variant_id: error.message for one in named})
    return refused
