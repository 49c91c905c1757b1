"""Poll a store for products changed since the last poll: what webhooks tell, a little later."""

from dataclasses import replace
from datetime import timedelta

from longshore.ports.clock import Clock
from longshore.ports.ledger.catalog import CatalogLedger
from longshore.ports.stores import VendorStore
from longshore.ports.turns import Turn
from longshore.sync.import_catalog import in_order

OVERLAP = timedelta(seconds=30)
"""The store's filter is exclusive and precise to the second, and a change becomes visible a moment
after the time it carries (recording incremental_sync.json).
"""


def poll_products(
    store: VendorStore, ledger: CatalogLedger, clock: Clock, *, store_id: int, turn: Turn
) -> bool:
    """Keeps what changed part by part, and moves the mark with the last one; returns whether more
    is left. Before the first import has ended there is nothing to poll from.
    """
    mark = ledger.poll_mark(store_id)
    if mark is None:
        return False
    left = False
    for part in store.changed_products(mark.read_to - OVERLAP, mark.cursor, turn):
        parents = sorted({one.product_id for one in part.variants})
        names = ledger.option_names(store_id, parents)
        ordered = replace(part, variants=in_order(part.variants, names))
        ledger.keep_changes(store_id, ordered, clock.now())
        left = part.cursor is not None
    return left
