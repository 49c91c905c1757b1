"""Sweep a store: a light walk over everything that brings all stock, and finds what the other lanes
cannot see: direct writes to the store's database, deletions, lost webhooks.
"""

from longshore.ports.clock import Clock
from longshore.ports.ledger.catalog import CatalogLedger, ScanMark, Walk
from longshore.ports.stores import VendorStore

SLICE_S = 5.0


def sweep_stock(
    store: VendorStore,
    ledger: CatalogLedger,
    clock: Clock,
    *,
    store_id: int,
    budget_s: float = SLICE_S,
) -> ScanMark | None:
    """Reads the next slice of the open sweep and keeps it part by part; the ledger asks for the one
    after it. Returns where the sweep is then, None where there is none.
    """
    mark = ledger.open_scan(store_id, Walk.SWEEP)
    if mark is None:
        return None
    counted = store.requests_made
    for part in store.sweep_stock(mark.cursor, budget_s):
        made, counted = store.requests_made - counted, store.requests_made
        mark = ledger.keep_stock(mark, part, clock.now(), made)
    return mark
