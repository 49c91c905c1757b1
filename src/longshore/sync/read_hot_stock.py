"""Read the stock of the few hot products: sold lately, or little left. The lane that hurts least
and helps most: one light request.
"""

from longshore.ports.clock import Clock
from longshore.ports.ledger.catalog import CatalogLedger
from longshore.ports.stores import VendorStore


def read_hot_stock(
    store: VendorStore, ledger: CatalogLedger, clock: Clock, *, store_id: int
) -> int:
    """Keeps the readings; returns how many products changed."""
    products = ledger.watched(store_id, clock.now())
    if not products:
        return 0
    found = store.read_stock(products)
    return ledger.keep_watched(store_id, found, clock.now())
