"""Examine a store that is connected: keep its profile while it is well, and say what it suffers
from, and what changed since, when it is not.
"""

from dataclasses import dataclass

from longshore.ports.clock import Clock
from longshore.ports.doctor import Examiner, Order, Tell
from longshore.ports.ledger.connections import Attempted, ConnectionLedger, Outcome, StoreKeys
from longshore.ports.ledger.health import HealthLedger
from longshore.ports.stores import Signing
from longshore.sync.connect_store import OpenStore
from longshore.sync.diagnose_connection import diagnose_connection
from longshore.sync.prove_catalog import prove_catalog


@dataclass(frozen=True, slots=True)
class Ledgers:
    """What is remembered of connections, and of their health."""

    connections: ConnectionLedger
    health: HealthLedger


def examine_store(
    examiner: Examiner,
    open_store: OpenStore,
    ledgers: Ledgers,
    clock: Clock,
    tell: Tell,
    *,
    store_id: int,
) -> Attempted:
    """What goes wrong with the store is the diagnosis, no error. A store that moved to another
    address by itself must prove to be the same catalog, and is held where it does not. Raises the
    errors of `ports.errors` when its products cannot be read for that.
    """
    known = ledgers.health.store(store_id)
    keys, before = known.keys, known.profile
    by_query = before is not None and before.signing is Signing.QUERY
    diagnosis = diagnose_connection(
        examiner,
        Order(keys.base_url, keys.key, keys.secret, may_use_query=by_query),
        tell,
        before=before,
        good_until=known.last_answer_at,
    )
    profile = diagnosis.profile
    if not diagnosis.connected or profile is None:
        ledgers.health.keep_diagnosis(store_id, diagnosis, clock.now())
        return Attempted(Outcome.NEEDS_SOMEBODY, diagnosis, store_id)
    if profile.base_url != keys.base_url:
        moved = StoreKeys(profile.base_url, keys.key, keys.secret)
        with open_store(moved, profile) as store:
            proof = prove_catalog(store, ledgers.connections.fingerprints(store_id))
        if not proof.same:
            ledgers.connections.hold_store(store_id, proof, clock.now())
            return Attempted(Outcome.DIFFERENT, diagnosis, store_id, proof)
    ledgers.health.renew_store(store_id, profile, diagnosis.findings, clock.now())
    return Attempted(Outcome.CONNECTED, diagnosis, store_id)
