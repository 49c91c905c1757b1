"""Send a trial order: placed, looked at, taken away again, its unit put back; whatever breaks on
the way, never a second one, and none is left behind that anybody could find.
"""

from dataclasses import replace
from datetime import timedelta

from longshore.domain.orders import PutBack, StoreOrderState, put_back_next
from longshore.domain.placing import Next, after_look_up
from longshore.domain.trial import TrialOutcome, TrialState
from longshore.ports.clock import Clock
from longshore.ports.errors import Bug, NeedsOperator, NeedsVendor, Rejected, TryLater
from longshore.ports.ledger.trials import Trial, TrialLedger
from longshore.ports.stores import VendorStore

AGAIN = timedelta(seconds=20)
FRESH_S = 5.0
"""So long a worker may take from putting "sending" on disk to sending."""


def send_trial_order(
    store: VendorStore, ledger: TrialLedger, clock: Clock, *, request_timeout: timedelta
) -> bool:
    """Takes the store's trial order as far as it goes now; returns whether there was one. May raise
    what the store raises: it goes on from where it is on disk.
    """
    trial = ledger.due(clock.now())
    if trial is None:
        return False
    if trial.state is TrialState.SENDING:
        # Whoever was sending it is gone, and with it the answer.
        ledger.uncertain(trial.trial_id, clock.now())
    elif trial.state is TrialState.ASKED:
        _place(store, ledger, clock, trial)
    elif trial.state is TrialState.PLACED:
        _take_away(store, ledger, clock, trial)
    else:
        _look_for(store, ledger, clock, trial, request_timeout + timedelta(seconds=FRESH_S))
    return True


def _place(store: VendorStore, ledger: TrialLedger, clock: Clock, trial: Trial) -> None:
    number, goods = trial.trial_id, ledger.goods(trial.trial_id)
    if goods is None:
        ledger.ended(number, TrialOutcome.NOTHING_TO_ORDER, clock.now())
        return
    goods = replace(goods, before=store.read_counter(goods.product_id, goods.variation_id))
    began = clock.monotonic()
    draft = ledger.begin(number, goods, clock.now())
    if draft is None or clock.monotonic() - began > FRESH_S:
        # Somebody else has it, or believes that this process is gone.
        return
    try:
        order = store.create_order(draft)
    except TryLater as error:
        if error.maybe_done:
            ledger.uncertain(number, clock.now())
        else:
            ledger.again(number, error.person, clock.now(), clock.now() + AGAIN)
    except Rejected as error:
        ledger.ended(number, TrialOutcome.REFUSED, clock.now(), error.person)
    except (NeedsVendor, NeedsOperator) as error:
        ledger.ended(number, TrialOutcome.REFUSED, clock.now(), error.person)
        raise
    except Bug:
        ledger.uncertain(number, clock.now())
    else:
        ledger.placed(number, order, clock.now(), found=False)


def _look_for(
    store: VendorStore, ledger: TrialLedger, clock: Clock, trial: Trial, apart: timedelta
) -> None:
    """Half made or whole, it is taken away as soon as it is seen to stay as it is."""
    now, number = clock.now(), trial.trial_id
    found = store.find_order(trial.reference, trial.sent_at or now)
    if trial.state is TrialState.WATCHED:
        if found is None:
            ledger.watch(number, now)
        else:
            ledger.placed(number, found, now, found=True)
        return
    step = after_look_up(found, trial.search, now, apart)
    if found is not None and step.next in {Next.ADOPT, Next.STUCK}:
        ledger.placed(number, found, now, found=True)
    elif step.next is Next.AGAIN:
        ledger.watch(number, now)
    elif step.look_at is not None:
        ledger.looked_up(number, now, step.look_at, half_made=found is not None)


def _take_away(store: VendorStore, ledger: TrialLedger, clock: Clock, trial: Trial) -> None:
    """Canceled first, so that the store puts the unit back where it does that; then deleted."""
    number, order_id = trial.trial_id, trial.order_id or 0
    seen = store.read_orders([order_id]).items
    if not seen:
        # Deleted in the shop, or by a run of ours that was stopped right after.
        ledger.away(number, clock.now())
        return
    ledger.step(number, "read", clock.now(), status=seen[0].raw_status)
    try:
        if seen[0].state is not StoreOrderState.TRASHED:
            store.cancel_order(order_id, shipped_too=True)
            ledger.step(number, "canceled", clock.now())
        _put_back(store, ledger, clock, trial)
        store.remove_order(order_id)
    except Rejected as error:
        ledger.ended(number, TrialOutcome.STAYS, clock.now(), error.person)
        return
    ledger.step(number, "removed", clock.now())
    ledger.away(number, clock.now())


def _put_back(store: VendorStore, ledger: TrialLedger, clock: Clock, trial: Trial) -> None:
    """The unit is back on the shelf: by the store itself, or by us where it leaves that to us. What
    the store counted is on disk before a new number is written, as in `put_back`.
    """
    goods = trial.goods
    if goods is None:
        return
    shown = store.read_counter(goods.product_id, goods.variation_id)
    if shown is None:
        ledger.step(trial.trial_id, "not_counted", clock.now())
        return
    number = trial.trial_id
    state = trial.put_back
    if state is PutBack.BEGUN:
        state = put_back_next(shown, trial.counted, 1)
    if state in {PutBack.NONE, PutBack.DUE} and trial.reduced and not trial.restocks:
        ledger.put_back_begins(number, shown)
        store.set_counter(goods.product_id, goods.variation_id, shown + 1)
        shown, state = shown + 1, PutBack.DONE
    if state in {PutBack.DONE, PutBack.UNCLEAR}:
        ledger.put_back_ends(number, state)
    ledger.step(number, "unclear" if state is PutBack.UNCLEAR else "stock", clock.now(), now=shown)
