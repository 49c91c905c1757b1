"""Place purchase orders: each is sent to its store exactly once, whatever breaks on the way."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial

from longshore.domain.fulfillment import has_left
from longshore.domain.orders import PurchaseOrderState
from longshore.domain.placing import OVER
from longshore.ports.clock import Clock
from longshore.ports.errors import Bug, NeedsOperator, NeedsVendor, Rejected, TryLater
from longshore.ports.ledger.orders import (
    Cancellation,
    PurchaseOrderLedger,
    Sending,
    WaitingPurchaseOrder,
)
from longshore.ports.stores import VendorStore
from longshore.sync.one_by_one import one_by_one
from longshore.sync.put_back import put_back
from longshore.sync.resolve_uncertain import resolve_uncertain
from longshore.sync.tell_vendor import tell_vendor

PAUSE = timedelta(seconds=30)
"""Before an order that surely was not sent is tried again."""
FRESH_S = 5.0
"""So long a worker may take from putting "sending" on disk to sending."""


def place_purchase_orders(
    store: VendorStore,
    ledger: PurchaseOrderLedger,
    clock: Clock,
    *,
    request_timeout: timedelta,
    budget_s: float = 5.0,
) -> bool:
    """Works on the store's unsettled purchase orders for about `budget_s`; returns whether some
    are left for the next slice. What is to be canceled goes before everything that is new: goods
    that nobody wants any more are packed meanwhile. Raises NeedsVendor or NeedsOperator when the
    store as a whole cannot be used.
    """
    until = clock.monotonic() + budget_s
    # What a worker sent at the last moment has had its time, too.
    apart = request_timeout + timedelta(seconds=FRESH_S)
    left: list[bool] = []

    def steps() -> Iterator[Callable[[VendorStore, PurchaseOrderLedger, Clock], bool | None]]:
        chores = ledger.chores()
        if chores.cancellations:
            yield partial(_cancel, until=until)
            chores = ledger.chores()  # what was canceled is put back
        yield partial(_place_waiting, apart=apart, until=until)
        if chores.put_backs and not any(left):
            yield put_back
        if chores.notes and not any(left):
            yield tell_vendor

    one_by_one(steps(), lambda step: left.append(bool(step(store, ledger, clock))))
    return any(left)


def _place_waiting(
    store: VendorStore,
    ledger: PurchaseOrderLedger,
    clock: Clock,
    *,
    apart: timedelta,
    until: float,
) -> bool:
    """Whether some are left for the next slice."""
    waiting = ledger.waiting(clock.now())
    for number, order in enumerate(waiting):
        if number and clock.monotonic() > until:
            return True
        _place(store, ledger, clock, order, apart)
    return bool(waiting) and ledger.any_waiting(clock.now())


def _place(
    store: VendorStore,
    ledger: PurchaseOrderLedger,
    clock: Clock,
    order: WaitingPurchaseOrder,
    apart: timedelta,
) -> None:
    if order.state is PurchaseOrderState.SENDING:
        # Whoever was sending it is gone, and with it the answer.
        ledger.uncertain(order.purchase_order_id, order.attempt, clock.now())
        return
    if order.state is PurchaseOrderState.UNCERTAIN and not resolve_uncertain(
        store, ledger, clock, order, apart
    ):
        return
    if order.shared:
        _look_at_goods(store, ledger, clock, order)
    began = clock.monotonic()
    sending = ledger.begin_sending(order.purchase_order_id, order.attempt, clock.now())
    if sending is None:
        return
    if clock.monotonic() - began > FRESH_S:
        # This process was held up; others may believe it gone and look for what it has not sent.
        return
    if sending.instead_of is not None and not _dead_is_over(
        store, ledger, clock, order.purchase_order_id, sending, began
    ):
        return
    _send(store, ledger, clock, order.purchase_order_id, sending)


def _look_at_goods(
    store: VendorStore, ledger: PurchaseOrderLedger, clock: Clock, order: WaitingPurchaseOrder
) -> None:
    """What another vendor could send, too, goes only where it really is. A store that does not tell
    is believed as it was read last.
    """
    with suppress(TryLater, Rejected):
        found = store.read_products(order.shared)
        ledger.goods_read(order.purchase_order_id, found, clock.now())


def _dead_is_over(
    store: VendorStore,
    ledger: PurchaseOrderLedger,
    clock: Clock,
    number: int,
    sending: Sending,
    began: float,
) -> bool:
    """Cancels the dead order that this one is sent instead of. False: it surely is not sent now,
    as the store does not cancel it, or took so long that others may believe this process gone.
    """
    try:
        with suppress(Rejected):  # gone by itself
            store.cancel_order(sending.instead_of or 0, shipped_too=True)
    except TryLater as error:
        ledger.put_back(number, sending.attempt, error.person, clock.now(), clock.now() + PAUSE)
        return False
    ledger.dead_is_over(number, sending.attempt)
    if clock.monotonic() - began > FRESH_S:
        why = "Its dead order was canceled first."
        ledger.put_back(number, sending.attempt, why, clock.now(), clock.now())
        return False
    return True


def _send(
    store: VendorStore, ledger: PurchaseOrderLedger, clock: Clock, number: int, sending: Sending
) -> None:
    attempt = sending.attempt
    try:
        order = store.create_order(sending.draft)
    except TryLater as error:
        now = clock.now()
        if error.maybe_done:
            ledger.uncertain(number, attempt, now)
        else:
            again = timedelta(seconds=error.after) if error.after else PAUSE
            ledger.put_back(number, attempt, error.person, now, now + again)
        return
    except Rejected as error:
        ledger.refused(number, attempt, error.person, clock.now())
        return
    except (NeedsVendor, NeedsOperator) as error:
        # The store turned us away before it looked at the order.
        ledger.put_back(number, attempt, error.person, clock.now(), clock.now() + PAUSE)
        raise
    except Bug:
        # An answer nobody can read says nothing about what was made.
        ledger.uncertain(number, attempt, clock.now())
        return
    ledger.accepted(number, order, clock.now(), adopted=False)


def _cancel(store: VendorStore, ledger: PurchaseOrderLedger, clock: Clock, *, until: float) -> bool:
    """Whether some are left for the next slice. Raises TryLater once the others had their turn."""
    left: list[Cancellation] = []
    began = False

    def cancel(one: Cancellation) -> None:
        nonlocal began
        if began and clock.monotonic() > until:
            left.append(one)
            return
        began = True
        try:
            _cancel_one(store, ledger, clock, one)
        except Rejected as error:
            ledger.cancel_refused(one.purchase_order_id, error.person, clock.now())

    one_by_one(ledger.cancellations(), cancel)
    return bool(left)


def _cancel_one(
    store: VendorStore, ledger: PurchaseOrderLedger, clock: Clock, one: Cancellation
) -> None:
    order = store.cancel_order(one.store_order_id, shipped_too=one.born_completed)
    if order is None or order.state in OVER:
        ledger.canceled(one.purchase_order_id, order, clock.now())
    elif has_left(order):
        ledger.left_already(one.purchase_order_id, order, clock.now())
    else:
        raise Rejected(f"The shop did not cancel it: there it is {order.raw_status!r}.")
