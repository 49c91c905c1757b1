"""Tell the vendor: notes on its orders of what changed on Shopify since. One that is there twice,
because an answer was lost, harms nobody.
"""

from longshore.ports.clock import Clock
from longshore.ports.errors import Rejected
from longshore.ports.ledger.orders import NoteDue, PurchaseOrderLedger
from longshore.ports.stores import VendorStore
from longshore.sync.one_by_one import one_by_one


def tell_vendor(store: VendorStore, ledger: PurchaseOrderLedger, clock: Clock) -> None:
    """Raises TryLater when some have to wait."""

    def tell(note: NoteDue) -> None:
        refused = ""
        try:
            store.add_note(note.store_order_id, note.text)
        except Rejected as error:
            refused = error.person
        ledger.told(note, clock.now(), refused=refused)

    one_by_one(ledger.notes_due(), tell)
