"""Fulfillment orders put together by a person: one goes on with everything, the others end."""

from simulators.shopify import payloads
from simulators.shopify.rows import Row
from simulators.shopify.shop.units import OPEN
from simulators.shopify.shop.work import changed, everything, find, take_out
from simulators.shopify.state import State


def merge(state: State, gids: list[str]) -> Row:
    """All open, of one order and at one location. Raises ValueError."""
    works = [find(state, gid) for gid in dict.fromkeys(gids)]
    if len({(work["orderId"], work["locationId"]) for work in works}) != 1 or len(works) < 2:  # noqa: PLR2004 - to be put together
        raise ValueError("only work of one order at one location can be merged")
    if any(work["status"] not in OPEN for work in works):
        raise ValueError("only open work can be merged")
    first, *others = works
    for work in others:
        take_out(state, work, everything(work), first)
        work["status"] = "CLOSED"
        changed(state, work)
    told = {
        "fulfillment_order_merges": [
            {"fulfillment_order": payloads.work_ref(first),
             "merge_intents": [{"fulfillment_order_id": work["id"]} for work in works]}
        ]
    }  # fmt: skip
    state.tell("FULFILLMENT_ORDERS_MERGED", first["id"], lambda: told)
    changed(state, first)
    return first
