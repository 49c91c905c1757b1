"""Refresh the products that hints name: a webhook, a sweep, or a walk that missed them. A hint says
where to look, never what is true.
"""

from longshore.domain.lanes import Lane
from longshore.ports.clock import Clock
from longshore.ports.ledger.catalog import CatalogLedger
from longshore.ports.stores import Found, VendorStore
from longshore.ports.turns import Turn

AT_A_TIME = 100
"""The largest page a store gives, so one request for simple products."""


def refresh_products(
    store: VendorStore, ledger: CatalogLedger, clock: Clock, *, store_id: int, turn: Turn
) -> bool:
    """Reads hinted products until none is left or the turn is over; returns whether hints may be
    left. What was asked for once is left to a later job: an answer that is not clear now (a cache
    gave it) will not be clear a moment later.
    """
    asked: set[int] = set()
    while True:
        hinted = ledger.hinted_products(store_id, AT_A_TIME, clock.now())
        if not hinted.seen and asked.issuperset(hinted.product_ids):
            return False
        asked.update(hinted.product_ids)
        if hinted.product_ids:
            found = store.read_products(hinted.product_ids, turn)
        else:  # notes that name no product
            found = Found((), frozenset(), (), clock.now())
        unread = {str(number) for number in found.unread}
        followed = [hint for hint in hinted.seen if hint[0] not in unread]
        ledger.keep_found(store_id, found, clock.now(), lane=Lane.HINT, followed=followed)
        if turn.over():
            return True
