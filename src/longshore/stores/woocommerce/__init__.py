"""How WooCommerce shops talk: one store, one dialect at a time, behind the port `VendorStore`."""

from collections.abc import Callable
from datetime import datetime

from longshore.stores.http import GuardedClient
from longshore.stores.woocommerce import approval, webhooks
from longshore.stores.woocommerce.access import StoreAccess
from longshore.stores.woocommerce.doctor import Doctor
from longshore.stores.woocommerce.scan import Waits
from longshore.stores.woocommerce.store import WooCommerceStore

__all__ = ["Doctor", "StoreAccess", "WooCommerceStore", "approval", "connect", "webhooks"]


def connect(
    access: StoreAccess, client: GuardedClient, now: Callable[[], datetime] | None = None
) -> WooCommerceStore:
    """A store to talk to; nothing is sent yet. `now`: another clock than the machine's."""
    waits = Waits() if now is None else Waits(now)
    return WooCommerceStore(access, client, waits=waits)
