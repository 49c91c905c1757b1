"""Tell the vendor: notes on its orders of what changed on Shopify since. One that is there twice,
because an answer was lost, harms nobody.
"""

from longshore.ports.clock import Clock
from longshore.ports.errors import Rejected
from longshore.ports.ledger.orders import PurchaseOrderLedger
from longshore.ports.stores import VendorStore


def tell_vendor(store: VendorStore, ledger: PurchaseOrderLedger, clock: Clock) -> int:
    """Returns how many notes were written."""
    told = 0
    for note in ledger.notes_due():
        try:
            store.add_note(note.store_order_id, note.text)
        except Rejected as error:
            ledger.told(note, clock.now(), refused=error.person)
            continue
        ledger.told(note, clock.now())
        told += 1
    return told
