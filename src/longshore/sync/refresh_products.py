"""Refresh the products that hints name: a webhook, a sweep, or a walk that missed them. A hint says
where to look, never what is true.
"""

from longshore.ports.clock import Clock
from longshore.ports.ledger.catalog import CatalogLedger
from longshore.ports.stores import Found, VendorStore

AT_A_TIME = 100
"""The largest page a store gives, so one request for simple products."""
SLICE_S = 5.0


def refresh_products(
    store: VendorStore,
    ledger: CatalogLedger,
    clock: Clock,
    *,
    store_id: int,
    budget_s: float = SLICE_S,
) -> bool:
    """Reads hinted products until none is left or the time is used up; returns whether hints may
    be left.
    """
    until = clock.monotonic() + budget_s
    while True:
        hinted = ledger.hinted_products(store_id, AT_A_TIME)
        if not hinted.seen:
            return False
        if hinted.product_ids:
            found = store.read_products(hinted.product_ids)
        else:  # notes that name no product
            found = Found((), frozenset(), (), clock.now())
        ledger.keep_found(store_id, found, clock.now(), followed=hinted.seen)
        if clock.monotonic() >= until:
            return True
