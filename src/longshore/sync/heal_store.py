"""Heal a store: looks at it anew, takes it into use again, and repairs our webhooks in it."""

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
    """Raises the errors of `ports.errors` when the store does not let us in; nothing changes then.
    A store that refuses our webhooks stays in use: it is read on a schedule.
    """
    ledger.renew_store(store_id, store.read_profile(), clock.now())
    hook = ledger.store_hook(store_id)
    if hook is not None:
        report = store.ensure_webhooks(TOPICS, hook.url, hook.secret)
        ledger.keep_store_webhooks(store_id, report, clock.now())
