"""Heal a store: repairs our webhooks in it. What else may be wrong with it, the doctor finds."""

from longshore.ports.clock import Clock
from longshore.ports.ledger.health import HealthLedger
from longshore.ports.stores import VendorStore

TOPICS = (
    "product.created",
    "product.updated",
    "product.deleted",
    "product.restored",
    "order.updated",
    "order.deleted",
    "order.restored",
)


def heal_store(store: VendorStore, ledger: HealthLedger, clock: Clock, *, store_id: int) -> None:
    """Raises the errors of `ports.errors` when the store does not let us in. A store that refuses
    our webhooks stays in use: it is read on a schedule.
    """
    hook = ledger.store_hook(store_id)
    if hook is None:
        return
    report = store.ensure_webhooks(TOPICS, hook.url, hook.secret)
    ledger.keep_store_webhooks(store_id, report, clock.now())
