"""Resolve an uncertain purchase order: look for it in the store, adopt it, or learn that it is
surely not there.
"""

from datetime import timedelta

from longshore.domain.placing import Next, Search, after_look_up
from longshore.ports.clock import Clock
from longshore.ports.errors import Bug, Rejected
from longshore.ports.ledger.orders import PurchaseOrderLedger, WaitingPurchaseOrder
from longshore.ports.stores import VendorStore

PUT_OFF = timedelta(minutes=5)
"""After a store that cannot be searched: the other orders go on meanwhile."""


def resolve_uncertain(
    store: VendorStore,
    ledger: PurchaseOrderLedger,
    clock: Clock,
    order: WaitingPurchaseOrder,
    apart: timedelta,
) -> bool:
    """Whether it may be sent again: only after two clean look-ups so far `apart` that a request
    still at work in the store has made it or never will.
    """
    now = clock.now()
    search = Search(order.clean_look_ups, order.clean_since, order.half_made_since)
    number = order.purchase_order_id
    try:
        found = store.find_order(order.reference, order.sending_since or now)
    except (Rejected, Bug) as error:
        ledger.put_off(number, order.attempt, error.person, now, now + PUT_OFF)
        return False
    step = after_look_up(found, search, now, apart)
    if step.next is Next.ADOPT and found is not None:
        ledger.accepted(number, found, clock.now(), adopted=True)
    elif step.look_at is not None:
        ledger.looked_up(number, order.attempt, now, step.look_at, found=found is not None)
        if step.next is Next.STUCK and found is not None:
            ledger.half_made(number, found, now)
    return step.next is Next.AGAIN
