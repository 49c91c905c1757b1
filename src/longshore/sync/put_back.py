"""Put back: the goods of canceled orders, in stores that leave it to us, exactly once. What
the store counted is on disk before a new number is written, so a write whose answer was lost is
told from one that never happened.
"""

from longshore.domain.orders import PutBack, put_back_next
from longshore.ports.clock import Clock
from longshore.ports.errors import Rejected
from longshore.ports.ledger.orders import PurchaseOrderLedger, Return
from longshore.ports.stores import VendorStore
from longshore.sync.one_by_one import one_by_one


def put_back(store: VendorStore, ledger: PurchaseOrderLedger, clock: Clock) -> None:
    """A sale between our reading and our writing may be lost, as no API can add to a number; one
    that is seen is told, not guessed. Raises TryLater when some have to wait.
    """

    def end(one: Return) -> None:
        try:
            state = _put_back(store, ledger, one)
        except Rejected:
            state = PutBack.UNCLEAR
        ledger.put_back_ends(one.line_id, state, clock.now())

    one_by_one(ledger.put_backs(), end)


def _put_back(store: VendorStore, ledger: PurchaseOrderLedger, one: Return) -> PutBack:
    shown = store.read_counter(one.product_id, one.variation_id)
    if shown is None:
        return PutBack.DONE  # nothing is counted
    if one.before is not None:
        stands = put_back_next(shown, one.before, one.units)
        if stands is not PutBack.DUE:
            return stands
    ledger.put_back_begins(one.line_id, shown)
    store.set_counter(one.product_id, one.variation_id, shown + one.units)
    return PutBack.DONE
