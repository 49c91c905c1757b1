"""Order routing: which location ships which units, and the fulfillment orders made of it."""

from simulators.shopify import payloads
from simulators.shopify.rows import Row
from simulators.shopify.shop import shipping, stock
from simulators.shopify.shop import work as work_orders
from simulators.shopify.shop.units import OPEN, line_of, new_part, new_work, ranked, release
from simulators.shopify.state import State

Share = tuple[str, Row, int, int]
"""Location, order line, units, and how many of them are committed there."""


def route(state: State, order: Row, lines: list[Row], *, claim: bool = True) -> None:
    """Stock is committed at once; the fulfillment orders appear when routing is complete."""
    shares: list[Share] = []
    for line in lines:
        shares += _shares(state, order, line, line["currentQuantity"], claim=claim)

    def complete() -> None:
        with state.lock:
            _make_work(state, order, shares)
            state.flush()

    if state.settings.routing_s > 0:
        state.later.after(state.settings.routing_s, complete)
    else:
        _make_work(state, order, shares)


def _shares(
    state: State, order: Row, line: Row, quantity: int, *, claim: bool = True
) -> list[Share]:
    """The first location by rank that has all of it; else so much from each; what nobody has goes
    to the first that stocks it (assumption `routing-by-rank`).
    """
    item_id = line["itemId"]
    item = state.items.get(item_id)
    places = ranked(state, item_id)
    if not quantity or not places or item is None:
        return []
    if not item["tracked"] or not claim:
        return [(places[0], line, quantity, 0)]
    shares = [(place, line, units) for place, units in _spread(state, item_id, places, quantity)]
    for place, _, units in shares:
        stock.change(state, item_id, place, order["name"], available=-units, committed=units)
    return [(place, line, units, units) for place, line, units in shares]


def _spread(state: State, item_id: str, places: list[str], quantity: int) -> list[tuple[str, int]]:
    there = {place: max(0, state.levels[item_id, place]["available"]) for place in places}
    for place in places:
        if there[place] >= quantity:
            return [(place, quantity)]
    found: dict[str, int] = {}
    left = quantity
    for place in places:
        units = min(left, there[place])
        if units:
            found[place] = units
            left -= units
    if left:
        first = next(iter(found), places[0])
        found[first] = found.get(first, 0) + left
    return list(found.items())


def _make_work(state: State, order: Row, shares: list[Share]) -> None:
    by_place: dict[tuple[str, str], list[Share]] = {}
    for share in shares:
        method = order["method"] if share[1]["requiresShipping"] else "NONE"
        by_place.setdefault((share[0], method), []).append(share)
    order["routed"] = True
    canceled = order["cancelledAt"] is not None
    for (place, method), parts in by_place.items():
        work = new_work(state, order, place, method)
        work["lines"] = [new_part(state, *share[1:]) for share in parts]
        if canceled:
            # Routed too late: what was committed goes back.
            for part in work["lines"]:
                release(state, order, part, work, part["remainingQuantity"], restock=True)
            work["status"] = "CANCELLED"
        state.tell(
            "FULFILLMENT_ORDERS_ORDER_ROUTING_COMPLETE",
            work["id"],
            lambda work=work: payloads.work(work),
        )
        _at_first(state, order, work)


def _at_first(state: State, order: Row, work: Row) -> None:
    """Gift cards ship themselves, held orders are held, later ones wait."""
    if work["status"] != "OPEN":
        return
    if all(line_of(order, part["lineId"])["isGiftCard"] for part in work["lines"]):
        shipping.ship_by_itself(state, order, work)
    elif order["fulfillAt"] is not None and order["fulfillAt"] > state.clock.now():
        work_orders.schedule(state, work, order["fulfillAt"])
    if order["hold"]:
        work_orders.hold(state, work["id"], {"reason": order["hold"]}, by_app=False)


def add_units(state: State, order: Row, line: Row, quantity: int) -> None:
    """More of a line: into open work at the same location where there is some, else new work."""
    fresh: list[Share] = []
    for place, _, units, committed in _shares(state, order, line, quantity):
        work = _open_at(state, order, place)
        if work is None:
            fresh.append((place, line, units, committed))
            continue
        part = next((one for one in work["lines"] if one["lineId"] == line["id"]), None)
        if part is None:
            work["lines"].append(new_part(state, line, units, committed))
        else:
            part["totalQuantity"] += units
            part["remainingQuantity"] += units
            part["committed"] += committed
        work["updatedAt"] = state.clock.now()
    if fresh:
        _make_work(state, order, fresh)


def _open_at(state: State, order: Row, place: str) -> Row | None:
    for gid in order["fulfillmentOrderIds"]:
        work = state.fulfillment_orders[gid]
        if work["locationId"] == place and work["status"] in OPEN:
            return work
    return None
