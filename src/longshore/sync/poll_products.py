"""Poll a store for products changed since the last poll: what webhooks tell, a little later."""

from datetime import timedelta

from longshore.ports.clock import Clock
from longshore.ports.ledger.catalog import CatalogLedger
from longshore.ports.stores import VendorStore

OVERLAP = timedelta(seconds=30)
"""The store's filter is exclusive and precise to the second, and a change becomes visible a moment
after the time it carries (recording incremental_sync.json).
"""


def poll_products(store: VendorStore, ledger: CatalogLedger, clock: Clock, *, store_id: int) -> int:
    """Keeps what changed and moves the mark in the same commit; returns how many products really
    changed. Before the first import has ended there is nothing to poll from.
    """
    read_to = ledger.read_to(store_id)
    if read_to is None:
        return 0
    found = store.changed_products(read_to - OVERLAP)
    newest = max(read_to, found.newest) if found.newest is not None else read_to
    return ledger.keep_found(store_id, found, clock.now(), read_to=newest)
