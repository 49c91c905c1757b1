"""Fulfill shipments: tells Shopify what was shipped, reading first whether it was told already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from longshore.domain.fulfillment import after_call, plan_fulfillment
from longshore.domain.orders import FulfillmentOrder
from longshore.ports.clock import Clock
from longshore.ports.errors import Rejected, TryLater
from longshore.ports.ledger.shipments import PendingShipment, ShipmentLedger
from longshore.ports.storefronts import Storefront, StorefrontFulfillment

LIVE = frozenset({"SUCCESS", "OPEN", "PENDING"})
ORDERS_AT_ONCE = 25
"""Orders whose fulfillment work is read in one call."""


def fulfill_shipments(storefront: Storefront, ledger: ShipmentLedger, clock: Clock) -> int:
    """Returns how many shipments Shopify now knows of. One that Shopify refuses becomes an
    exception and the others go on; TryLater ends the slice.
    """
    done, pending = 0, ledger.pending(clock.now())
    telling = _Telling(storefront, ledger, clock)
    for start in range(0, len(pending), ORDERS_AT_ONCE):
        some = pending[start : start + ORDERS_AT_ONCE]
        telling.read(sorted({shipment.order_gid for shipment in some}))
        done += sum(telling.tell(shipment) for shipment in some)
    for correction in ledger.corrections():
        try:
            for gid in correction.fulfillment_gids:
                storefront.update_tracking(gid, correction.tracking, notify=correction.notify)
        except Rejected as error:
            ledger.exception(correction.shipment_id, error.person, clock.now())
            continue
        ledger.corrected(correction.shipment_id, correction.tracking, clock.now())
    return done


@dataclass(slots=True)
class _Telling:
    """`work`: fulfillment orders by order, kept true while shipments are told. `told`: fulfillments
    that found their shipment in this run.
    """

    storefront: Storefront
    ledger: ShipmentLedger
    clock: Clock
    work: dict[str, Sequence[FulfillmentOrder]] = field(
        default_factory=dict[str, Sequence[FulfillmentOrder]]
    )
    told: set[str] = field(default_factory=set[str])

    def read(self, order_gids: Sequence[str]) -> None:
        self.work = dict(self.storefront.read_work(order_gids))

    def tell(self, shipment: PendingShipment) -> bool:
        try:
            return self._told_whole(shipment)
        except Rejected as error:
            self.ledger.exception(shipment.shipment_id, error.person, self.clock.now())
        except TryLater as error:
            if not error.maybe_done:
                raise
            # It stays SENDING: the next try reads Shopify first.
        return False

    def _told_whole(self, shipment: PendingShipment) -> bool:
        left = dict(shipment.wanted)
        if shipment.sent_before:
            self._adopt(shipment, left)
        if any(left.values()) and not self._fulfill(shipment, left):
            return False
        self.ledger.fulfilled(shipment.shipment_id, self.clock.now())
        return True

    def _fulfill(self, shipment: PendingShipment, left: dict[str, int]) -> bool:
        """Whether Shopify took all that is `left`. What was read may be old: before a refusal is
        believed the work is read again, and taken for ours what somebody shipped by hand.
        """
        try:
            self._call(shipment, left, may_miss=False)
        except Rejected:
            self.work |= self.storefront.read_work([shipment.order_gid])
            self._adopt(shipment, left, by_hand=True)
            self._call(shipment, left, may_miss=True)
        if any(left.values()):  # held or scheduled on Shopify
            self.ledger.waits(shipment.shipment_id, self.clock.now())
            return False
        return True

    def _call(self, shipment: PendingShipment, left: dict[str, int], *, may_miss: bool) -> None:
        """Takes off `left` what Shopify took. With `may_miss` what can be told is told before the
        rest is refused.
        """
        order = shipment.order_gid
        if order not in self.work:
            raise Rejected("Shopify no longer has this order.")
        plan = plan_fulfillment(left, self.work[order])
        if plan.missing and not may_miss:
            raise Rejected(_too_much(plan.missing))
        if plan.calls:
            self.ledger.sending(shipment.shipment_id, self.clock.now())
        line_of = {
            line.fulfillment_line_id: line.line_id
            for work in self.work[order]
            for line in work.lines
        }
        for call in plan.calls:
            gid = self.storefront.fulfill(call, shipment.tracking, notify=shipment.notify)
            self._note(shipment, gid)
            self.work[order] = after_call(self.work[order], call)
            for _, line, units in call.goods:
                left[line_of[line]] -= units
        if plan.missing:
            raise Rejected(_too_much(plan.missing))

    def _adopt(
        self, shipment: PendingShipment, left: dict[str, int], *, by_hand: bool = False
    ) -> None:
        """Takes off what is told already: fulfillments of ours, also one whose answer was lost (no
        other shipment's, a number we tried, not more than was shipped). `by_hand`: also one that
        somebody made on Shopify; it gets our number.
        """
        tried = {shipment.tracking.numbers if shipment.tracking else ()}
        if shipment.sent_before:
            tried.add(shipment.told)
        for one in self.storefront.read_fulfillments(shipment.order_gid):
            if one.status not in LIVE:
                continue
            if one.fulfillment_id in shipment.own:
                if not by_hand:  # else they are off already
                    _take(left, one)
            elif self._is_free(shipment, one) and _fits(left, one):
                if one.numbers in tried:
                    self._note(shipment, one.fulfillment_id)
                    _take(left, one)
                elif by_hand:
                    self._take_over(shipment, one)
                    _take(left, one)

    def _is_free(self, shipment: PendingShipment, one: StorefrontFulfillment) -> bool:
        return one.fulfillment_id not in {*shipment.claimed, *self.told}

    def _take_over(self, shipment: PendingShipment, one: StorefrontFulfillment) -> None:
        if shipment.tracking is not None:
            self.storefront.update_tracking(
                one.fulfillment_id, shipment.tracking, notify=shipment.notify
            )
        self._note(shipment, one.fulfillment_id)

    def _note(self, shipment: PendingShipment, gid: str) -> None:
        self.ledger.told(shipment.shipment_id, gid)
        self.told.add(gid)


def _too_much(missing: Mapping[str, int]) -> str:
    lines = ", ".join(f"{line}: {units}" for line, units in sorted(missing.items()))
    return f"More was shipped than Shopify still has to ship (line: pieces): {lines}."


def _fits(left: Mapping[str, int], one: StorefrontFulfillment) -> bool:
    if not one.quantities:
        return False
    return all(left.get(line, 0) >= units for line, units in one.quantities.items())


def _take(left: dict[str, int], one: StorefrontFulfillment) -> None:
    for line, units in one.quantities.items():
        if line in left:
            left[line] -= units
