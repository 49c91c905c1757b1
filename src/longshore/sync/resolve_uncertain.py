"""Resolve an uncertain purchase order: look for it in the store, adopt it, or learn that it is
surely not there.
"""

from datetime import timedelta

from longshore.domain.orders import settled
from longshore.ports.clock import Clock
from longshore.ports.ledger.orders import PurchaseOrderLedger, WaitingPurchaseOrder
from longshore.ports.stores import VendorStore

CLEAN_LOOK_UPS = 2
UNSETTLED_PAUSE = timedelta(seconds=20)


def resolve_uncertain(
    store: VendorStore,
    ledger: PurchaseOrderLedger,
    clock: Clock,
    order: WaitingPurchaseOrder,
    request_timeout: timedelta,
) -> bool:
    """Whether it may be sent again: only after two clean look-ups at least the store's request
    timeout apart, so that a request still at work has either made it or never will.
    """
    now = clock.now()
    found = store.find_order(order.reference, order.sending_since or now)
    if found is not None and settled(found):
        ledger.accepted(order.purchase_order_id, found, clock.now(), adopted=True)
        return False
    if found is not None:
        # Half made: it is visible before its lines are. It settles, or fails, by itself.
        ledger.looked_up(order.purchase_order_id, now, now + UNSETTLED_PAUSE, clean=False)
        return False
    first = order.clean_since
    if order.clean_look_ups + 1 >= CLEAN_LOOK_UPS and first is not None:
        if now - first >= request_timeout:
            return True
        ledger.looked_up(order.purchase_order_id, now, first + request_timeout, clean=False)
        return False
    ledger.looked_up(order.purchase_order_id, now, now + request_timeout, clean=True)
    return False
