"""What is true about fulfillment: which goods a store order says were shipped, and how Shopify
wants to hear it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from longshore.domain.orders import FulfillmentOrder, StoreOrder, StoreOrderState
from longshore.domain.parcel_numbers import bare
from longshore.domain.tracking import Tracking, each_once

NOTHING: Mapping[int, int] = MappingProxyType({})
ALIVE = frozenset({StoreOrderState.PROCESSING, StoreOrderState.ON_HOLD, StoreOrderState.COMPLETED})
WAITING = frozenset({"ON_HOLD", "SCHEDULED"})
"""Work of Shopify that cannot be fulfilled now and will be (schema: FulfillmentOrderStatus)."""


@dataclass(frozen=True, slots=True)
class ShippedGoods:
    """A shipment found in a store: quantities by store line item id, maybe a parcel's tracking.

    `key` is stable for the shipment within its store order, so that reading twice finds it once.
    """

    key: str
    quantities: Mapping[int, int]
    tracking: Tracking | None


def known_by(parcel: Tracking, known: frozenset[str]) -> bool:
    """Whether a parcel is among `known` keys and bare numbers."""
    return parcel.key in known or bool(parcel.number and bare(parcel.number) in known)


def has_left(order: StoreOrder) -> bool:
    """Whether goods of it are on their way: the vendor completed it, or named those in a parcel."""
    sent = any(parcel.lines and not parcel.label for parcel in order.trackings)
    return order.state is StoreOrderState.COMPLETED or sent


def shipments_in(
    order: StoreOrder,
    already: Mapping[int, int],
    known: frozenset[str],
    refunded: Mapping[int, int] = NOTHING,
    *,
    labels_ship: bool = False,
) -> Sequence[ShippedGoods]:
    """The shipments of a store order that are new since `already` (shipped so far, by line item).
    `known`: keys and bare numbers of the parcels noted before. `refunded`: units that the vendor
    paid back in its shop, which are taken for those that were not shipped.

    A parcel that names its goods ships those, also before the order is completed, unless it is only
    a label. A completed order ships all that is left: with the numbers of its new parcels, else
    without one. With `labels_ship` a label is as good as a parcel, and one that names no goods
    ships all that is left of a living order. Quantities never exceed what was ordered.
    """
    left = {
        line.line_item_id: line.quantity
        - already.get(line.line_item_id, 0)
        - refunded.get(line.line_item_id, 0)
        for line in order.lines
        if line.product_id
    }
    new, completed = _as_meant(order, known, labels_ship=labels_ship)
    found: list[ShippedGoods] = []
    for parcel in new:
        if parcel.lines and (completed or not parcel.label):
            goods = _take(left, dict(parcel.lines))
            if goods:
                found.append(ShippedGoods(parcel.key, goods, parcel if parcel.number else None))
    rest = _take(left, dict(left)) if completed else {}
    if rest:
        parcels = [parcel for parcel in new if not parcel.lines and parcel.number]
        key = parcels[0].key if parcels else "completed"
        found.append(ShippedGoods(key, rest, together(parcels)))
    return found


def _as_meant(
    order: StoreOrder, known: frozenset[str], *, labels_ship: bool
) -> tuple[Sequence[Tracking], bool]:
    """The new parcels, and whether all that is left was shipped."""
    new = [parcel for parcel in order.trackings if not known_by(parcel, known)]
    completed = order.state is StoreOrderState.COMPLETED
    if not labels_ship or order.state not in ALIVE:
        return new, completed
    whole = any(one.label and one.number and not one.lines for one in new)
    return [replace(parcel, label=False) for parcel in new], completed or whole


def together(parcels: Sequence[Tracking]) -> Tracking | None:
    """Several parcels with the same goods as one: the first, with the others' numbers."""
    if not parcels:
        return None
    more = [pair for one in parcels[1:] for pair in ((one.number, one.url), *one.others)]
    return replace(parcels[0], others=each_once(parcels[0], more))


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
    """By storefront line id: `waiting` units are held or scheduled on Shopify, for `missing` ones
    it has no open work.
    """

    calls: tuple[FulfillmentCall, ...]
    missing: Mapping[str, int]
    waiting: Mapping[str, int]


def plan_fulfillment(
    wanted: Mapping[str, int], fulfillment_orders: Sequence[FulfillmentOrder]
) -> FulfillmentPlan:
    """Spreads shipped quantities (by storefront line id) over the open fulfillment orders."""
    left = dict(wanted)
    by_location: dict[str | None, list[tuple[str, str, int]]] = {}
    waiting: dict[str, int] = {}
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
    for work in fulfillment_orders:
        for line in work.lines if work.status in WAITING and not work.can_fulfill else ():
            quantity = min(left.get(line.line_id, 0), line.remaining)
            if quantity > 0:
                left[line.line_id] -= quantity
                waiting[line.line_id] = waiting.get(line.line_id, 0) + quantity
    calls = tuple(FulfillmentCall(place, tuple(goods)) for place, goods in by_location.items())
    return FulfillmentPlan(calls, {k: v for k, v in left.items() if v > 0}, waiting)


def after_call(
    fulfillment_orders: Sequence[FulfillmentOrder], call: FulfillmentCall
) -> Sequence[FulfillmentOrder]:
    """What is left of the work once Shopify took a call."""
    done = {line_id: quantity for _, line_id, quantity in call.goods}
    return [
        replace(
            work,
            lines=tuple(
                replace(line, remaining=line.remaining - done.get(line.fulfillment_line_id, 0))
                for line in work.lines
            ),
        )
        for work in fulfillment_orders
    ]
