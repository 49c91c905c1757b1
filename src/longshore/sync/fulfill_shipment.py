"""Fulfill shipments: tells Shopify what was shipped, reading first whether it was told already."""

from collections.abc import Mapping

from longshore.domain.fulfillment import plan_fulfillment
from longshore.ports.clock import Clock
from longshore.ports.errors import Rejected, TryLater
from longshore.ports.ledger.shipments import PendingShipment, ShipmentLedger
from longshore.ports.storefronts import Storefront, StorefrontFulfillment

LIVE = frozenset({"SUCCESS", "OPEN", "PENDING"})


def fulfill_shipments(storefront: Storefront, ledger: ShipmentLedger, clock: Clock) -> int:
    """Returns how many shipments Shopify now knows of. One that Shopify refuses becomes an
    exception and the others go on; TryLater ends the slice.
    """
    done = 0
    for shipment in ledger.pending():
        try:
            done += _fulfill(storefront, ledger, clock, shipment)
        except Rejected as error:
            ledger.exception(shipment.shipment_id, error.person, clock.now())
    for correction in ledger.corrections():
        try:
            for gid in correction.fulfillment_gids:
                storefront.update_tracking(gid, correction.tracking, notify=correction.notify)
        except Rejected as error:
            ledger.exception(correction.shipment_id, error.person, clock.now())
            continue
        ledger.corrected(correction.shipment_id, correction.tracking.number, clock.now())
    return done


def _fulfill(
    storefront: Storefront, ledger: ShipmentLedger, clock: Clock, shipment: PendingShipment
) -> bool:
    left = dict(shipment.wanted)
    if shipment.sent_before:
        left = _adopt(storefront, ledger, shipment)
    if any(left.values()) and not _tell(storefront, ledger, clock, shipment, left):
        return False
    ledger.fulfilled(shipment.shipment_id, clock.now())
    return True


def _tell(
    storefront: Storefront,
    ledger: ShipmentLedger,
    clock: Clock,
    shipment: PendingShipment,
    left: Mapping[str, int],
) -> bool:
    order = storefront.read_order(shipment.order_gid)
    if order is None:
        raise Rejected("Shopify no longer has this order.")
    plan = plan_fulfillment(left, order.fulfillment_orders)
    if plan.missing:
        raise Rejected(
            "More was shipped than Shopify still has to ship: "
            + ", ".join(f"{units} of line {line}" for line, units in sorted(plan.missing.items()))
        )
    ledger.sending(shipment.shipment_id, clock.now())
    for call in plan.calls:
        try:
            gid = storefront.fulfill(call, shipment.tracking, notify=shipment.notify)
        except TryLater as error:
            if error.maybe_done:
                return False  # it stays SENDING: the next try reads Shopify first
            raise
        ledger.told(shipment.shipment_id, gid)
    return True


def _adopt(
    storefront: Storefront, ledger: ShipmentLedger, shipment: PendingShipment
) -> dict[str, int]:
    """What is still untold: fulfillments of ours are taken off, also one whose answer was lost (no
    other shipment's, the same number, not more than was shipped).
    """
    left = dict(shipment.wanted)
    number = (shipment.tracking.number,) if shipment.tracking else ()
    for one in storefront.read_fulfillments(shipment.order_gid):
        if one.status not in LIVE:
            continue
        if one.fulfillment_id in shipment.own:
            _take(left, one)
        elif one.fulfillment_id not in shipment.claimed and _fits(left, one, number):
            ledger.told(shipment.shipment_id, one.fulfillment_id)
            _take(left, one)
    return left


def _fits(left: Mapping[str, int], one: StorefrontFulfillment, number: tuple[str, ...]) -> bool:
    if one.numbers != number or not one.quantities:
        return False
    return all(left.get(line, 0) >= units for line, units in one.quantities.items())


def _take(left: dict[str, int], one: StorefrontFulfillment) -> None:
    for line, units in one.quantities.items():
        if line in left:
            left[line] -= units
