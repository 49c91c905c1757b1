"""Connect a vendor's store: reads what it says of itself and remembers it. Writes nothing there."""

from dataclasses import replace

from longshore.domain.findings import Finding
from longshore.ports.clock import Clock
from longshore.ports.errors import NeedsVendor, Rejected
from longshore.ports.ledger.connections import ConnectionLedger, StoreKeys
from longshore.ports.stores import VendorStore


def connect_store(
    store: VendorStore,
    ledger: ConnectionLedger,
    clock: Clock,
    *,
    marketplace_id: int,
    vendor_id: int,
    keys: StoreKeys,
) -> int:
    """Returns the store's id. Raises the errors of `ports.errors`; then nothing is stored.

    The address kept is the store's own canonical one, so that a store is connected only once; its
    vendor may connect it again with a new key.
    """
    profile = store.read_profile()
    if not profile.can_write:
        finding = Finding("store_key_read_only", {"host": profile.base_url})
        raise NeedsVendor(
            "The key may only read. Create a key with Read/Write permission in WooCommerce under"
            " Settings, Advanced, REST API, and connect again.",
            finding=finding,
        )
    keys = replace(keys, base_url=profile.base_url)
    known = ledger.store_at(marketplace_id, keys.base_url)
    if known is None:
        return ledger.add_store(vendor_id, keys, profile, clock.now())
    if known.vendor_id != vendor_id:
        raise Rejected(f"{keys.base_url} is connected already, for another vendor.")
    ledger.replace_keys(known.store_id, keys, profile, clock.now())
    return known.store_id
