"""Place purchase orders: each is sent to its store exactly once, whatever breaks on the way."""

from datetime import timedelta

from longshore.domain.orders import PurchaseOrderState
from longshore.ports.clock import Clock
from longshore.ports.errors import Bug, NeedsOperator, NeedsVendor, Rejected, TryLater
from longshore.ports.ledger.orders import PurchaseOrderLedger, WaitingPurchaseOrder
from longshore.ports.stores import VendorStore
from longshore.sync.resolve_uncertain import resolve_uncertain

PAUSE = timedelta(seconds=30)
"""Before an order that surely was not sent is tried again."""


def place_purchase_orders(
    store: VendorStore,
    ledger: PurchaseOrderLedger,
    clock: Clock,
    *,
    request_timeout: timedelta,
    budget_s: float = 5.0,
) -> bool:
    """Works on the store's unsettled purchase orders for about `budget_s`; returns whether some
    are left for the next slice. Raises NeedsVendor or NeedsOperator when the store as a whole
    cannot be used.
    """
    until = clock.monotonic() + budget_s
    waiting = ledger.waiting(clock.now())
    for number, order in enumerate(waiting):
        if number and clock.monotonic() > until:
            return True
        _place(store, ledger, clock, order, request_timeout)
    _cancel(store, ledger, clock)
    return False


def _place(
    store: VendorStore,
    ledger: PurchaseOrderLedger,
    clock: Clock,
    order: WaitingPurchaseOrder,
    request_timeout: timedelta,
) -> None:
    if order.state is PurchaseOrderState.SENDING:
        # Whoever was sending it is gone, and with it the answer.
        ledger.uncertain(order.purchase_order_id, clock.now())
        return
    if order.state is PurchaseOrderState.UNCERTAIN and not resolve_uncertain(
        store, ledger, clock, order, request_timeout
    ):
        return
    _send(store, ledger, clock, order.purchase_order_id)


def _send(store: VendorStore, ledger: PurchaseOrderLedger, clock: Clock, number: int) -> None:
    draft = ledger.begin_sending(number, clock.now())
    if draft is None:
        return
    try:
        order = store.create_order(draft)
    except TryLater as error:
        now = clock.now()
        if error.maybe_done:
            ledger.uncertain(number, now)
        else:
            again = timedelta(seconds=error.after) if error.after else PAUSE
            ledger.put_back(number, error.person, now, now + again)
        return
    except Rejected as error:
        ledger.refused(number, error.person, clock.now())
        return
    except (NeedsVendor, NeedsOperator) as error:
        # The store turned us away before it looked at the order.
        ledger.put_back(number, error.person, clock.now(), clock.now() + PAUSE)
        raise
    except Bug:
        # An answer nobody can read says nothing about what was made.
        ledger.uncertain(number, clock.now())
        return
    ledger.accepted(number, order, clock.now(), adopted=False)


def _cancel(store: VendorStore, ledger: PurchaseOrderLedger, clock: Clock) -> None:
    for one in ledger.cancellations():
        try:
            order = store.cancel_order(one.store_order_id)
        except Rejected as error:
            ledger.cancel_refused(one.purchase_order_id, error.person, clock.now())
            continue
        ledger.canceled(one.purchase_order_id, order, clock.now())
