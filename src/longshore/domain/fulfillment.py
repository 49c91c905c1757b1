"""What is true about fulfillment: which goods a store order says were shipped, and how Shopify
wants to hear it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from longshore.domain.orders import FulfillmentOrder, StoreOrder, StoreOrderState
from longshore.domain.tracking import Tracking


@dataclass(frozen=True, slots=True)
class ShippedGoods:
    """A shipment found in a store: quantities by store line item id, maybe a parcel's tracking.

    `key` is stable for the shipment within its store order, so that reading twice finds it once.
    """

    key: str
    quantities: Mapping[int, int]
    tracking: Tracking | None


def shipments_in(
    order: StoreOrder, already: Mapping[int, int], known_keys: frozenset[str]
) -> Sequence[ShippedGoods]:
    """The shipments of a store order that are new since `already` (shipped so far, by line item).

    A parcel that names its goods ships those, also before the order is completed. A completed
    order ships all that is left: with its first new parcel's number, else without one. Quantities
    never exceed what was ordered, whatever a plugin says.
    """
    left = {
        line.line_item_id: line.quantity - already.get(line.line_item_id, 0)
        for line in order.lines
        if line.product_id
    }
    found: list[ShippedGoods] = []
    for parcel in order.trackings:
        if parcel.key in known_keys or not parcel.lines:
            continue
        goods = _take(left, dict(parcel.lines))
        if goods:
            found.append(ShippedGoods(parcel.key, goods, parcel))
    if order.state is not StoreOrderState.COMPLETED:
        return found
    rest = _take(left, dict(left))
    if rest:
        unnamed = [t for t in order.trackings if not t.lines and t.key not in known_keys]
        parcel = unnamed[0] if unnamed else None
        found.append(ShippedGoods(parcel.key if parcel else "completed", rest, parcel))
    return found


def _take(left: dict[int, int], wanted: Mapping[int, int]) -> dict[int, int]:
    """Moves up to `wanted` out of `left`; both by line item id."""
    taken: dict[int, int] = {}
    for line_item_id, quantity in wanted.items():
        possible = min(quantity, left.get(line_item_id, 0))
        if possible > 0:
            taken[line_item_id] = possible
            left[line_item_id] -= possible
    return taken


@dataclass(frozen=True, slots=True)
class FulfillmentCall:
    """One call to Shopify: goods of one location, as ((fulfillment order, line, quantity), ...).

    All fulfillment orders of a call must be of one location (schema: FulfillmentInput).
    """

    location_id: str | None
    goods: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class FulfillmentPlan:
    """`missing`: storefront line ids with units that Shopify has no open work for."""

    calls: tuple[FulfillmentCall, ...]
    missing: Mapping[str, int]


def plan_fulfillment(
    wanted: Mapping[str, int], fulfillment_orders: Sequence[FulfillmentOrder]
) -> FulfillmentPlan:
    """Spreads shipped quantities (by storefront line id) over the open fulfillment orders."""
    left = dict(wanted)
    by_location: dict[str | None, list[tuple[str, str, int]]] = {}
    for work in fulfillment_orders:
        if not work.can_fulfill:
            continue
        for line in work.lines:
            quantity = min(left.get(line.line_id, 0), line.remaining)
            if quantity > 0:
                left[line.line_id] -= quantity
                by_location.setdefault(work.location_id, []).append(
                    (work.fulfillment_order_id, line.fulfillment_line_id, quantity)
                )
    calls = tuple(FulfillmentCall(place, tuple(goods)) for place, goods in by_location.items())
    return FulfillmentPlan(calls, {k: v for k, v in left.items() if v > 0})
