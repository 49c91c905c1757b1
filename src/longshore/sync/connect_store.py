"""Connect a vendor's store: the doctor examines it, and where it lets us in it is remembered.
Writes nothing there.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

from longshore.ports.clock import Clock
from longshore.ports.doctor import READY, Examiner, Tell
from longshore.ports.ledger.connections import (
    Attempt,
    Attempted,
    ConnectionLedger,
    Outcome,
    StoreKeys,
)
from longshore.ports.stores import ConnectionProfile, VendorStore
from longshore.sync.prove_catalog import prove_catalog

OpenStore = Callable[[StoreKeys, ConnectionProfile], AbstractContextManager[VendorStore]]


def connect_store(
    examiner: Examiner,
    open_store: OpenStore,
    ledger: ConnectionLedger,
    clock: Clock,
    attempt: Attempt,
    tell: Tell,
) -> Attempted:
    """The address kept is the store's own canonical one, so that a store is connected only once.
    A store that is known must prove to be the same catalog before it is used again; where it does
    not it is held, and keeps its old key and address until a person chooses.
    """
    diagnosis = examiner.examine(attempt.order, tell)
    profile = diagnosis.profile
    if not diagnosis.connected or profile is None:
        waits = diagnosis.verdict == READY
        return Attempted(Outcome.READY if waits else Outcome.NEEDS_SOMEBODY, diagnosis)
    notes = diagnosis.findings
    keys = StoreKeys(profile.base_url, diagnosis.key, diagnosis.secret)
    known = ledger.store_at(attempt.marketplace_id, profile.base_url)
    if known is not None and (
        known.vendor_id != attempt.vendor_id or attempt.store_id not in {None, known.store_id}
    ):
        return Attempted(Outcome.TAKEN, diagnosis)
    store_id = attempt.store_id or (known.store_id if known else None)
    if store_id is None:
        store_id = ledger.add_store(attempt.vendor_id, keys, profile, notes, clock.now())
        return Attempted(Outcome.CONNECTED, diagnosis, store_id)
    with open_store(keys, profile) as store:
        proof = prove_catalog(store, ledger.fingerprints(store_id))
    if not proof.same:
        ledger.hold_store(store_id, proof, clock.now())
        return Attempted(Outcome.DIFFERENT, diagnosis, store_id, proof)
    ledger.replace_keys(store_id, keys, profile, notes, clock.now())
    return Attempted(Outcome.CONNECTED, diagnosis, store_id, proof)
