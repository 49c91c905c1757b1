"""Sweep a store: a light walk over everything that brings all stock, and finds what the other lanes
cannot see: direct writes to the store's database, deletions, lost webhooks.
"""

from longshore.ports.clock import Clock
from longshore.ports.ledger.catalog import CatalogLedger, ScanMark, Walk
from longshore.ports.stores import VendorStore
from longshore.ports.turns import Turn


def sweep_stock(
    store: VendorStore, ledger: CatalogLedger, clock: Clock, *, store_id: int, turn: Turn
) -> ScanMark | None:
    """Goes on with the open sweep until the turn is over, and keeps what it read part by part; the
    ledger asks for the slice after it. Returns where the sweep is then, None where there is none.
    """
    mark = ledger.open_scan(store_id, Walk.SWEEP)
    if mark is None:
        return None
    counted = store.requests_made
    parents = sorted(ledger.variable_parents(store_id))
    for part in store.sweep_stock(mark.cursor, turn, parents):
        made, counted = store.requests_made - counted, store.requests_made
        mark = ledger.keep_stock(mark, part, clock.now(), made)
    return mark
