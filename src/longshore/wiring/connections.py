"""Connecting shops: the doctor, keys given by hand or by one click, shops that moved."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from longshore import settings
from longshore.domain.findings import Finding
from longshore.domain.problem import filled
from longshore.ports.doctor import Diagnosis, Order, Step, Tell
from longshore.ports.errors import LongshoreError, NeedsOperator, NeedsVendor, Rejected
from longshore.ports.ledger.connections import Attempt, Attempted, Outcome, StorefrontKeys
from longshore.storage.models import Store as StoreRow
from longshore.storage.models import Vendor as VendorRow
from longshore.storage.postgres import release_connection
from longshore.storage.repositories import (
    approvals,
    examinations,
    reconnects,
    shop_health,
    vendors,
)
from longshore.storage.repositories.connections import Connections
from longshore.storage.repositories.shop_health import Health
from longshore.stores import shopify, woocommerce
from longshore.stores.http import GuardedClient
from longshore.sync.connect_store import connect_store as _connect_store
from longshore.sync.connect_storefront import connect_storefront as _connect_storefront
from longshore.sync.diagnose_connection import diagnose_connection
from longshore.sync.examine_store import Ledgers
from longshore.sync.examine_store import examine_store as _examine_store
from longshore.wiring.shops import clock, http_client, storefront_access, vendor_store

DOCTOR_TIMEOUT_S = 12.0
DOCTOR_LARGEST_BODY = 16 * 1024 * 1024
"""A garbage answer must neither hold the doctor nor fill the memory."""


@contextmanager
def _doctor(*, with_database: bool = True) -> Iterator[woocommerce.Doctor]:
    """Without a database there is no connection to give back before a request."""
    env = settings.load()
    with GuardedClient(
        allow_nets=env.allow_nets,
        ca_bundle=env.ca_bundle,
        timeout_s=DOCTOR_TIMEOUT_S,
        max_body_bytes=DOCTOR_LARGEST_BODY,
        before_request=release_connection if with_database else _nothing,
    ) as client:
        yield woocommerce.Doctor(client)


def _nothing() -> None:
    return


def diagnose(order: Order, tell: Tell) -> Diagnosis:
    """Examines any shop, known or not. Needs no database."""
    with _doctor(with_database=False) as doctor:
        return diagnose_connection(doctor, order, tell)


def silent(_step: Step) -> None:
    """Nobody listens."""


def connect_store(vendor_id: int, url: str, key: str, secret: str, tell: Tell = silent) -> int:
    """Connects a vendor's store and asks for its first import; returns its id. Raises NeedsVendor
    with what keeps it from being connected, and Rejected; then nothing is stored.
    """
    vendor = VendorRow.objects.get(pk=vendor_id)
    attempted = _attempt(Attempt(vendor.marketplace_id, vendor_id, Order(url, key, secret)), tell)
    if attempted.outcome is Outcome.CONNECTED and attempted.store_id is not None:
        return attempted.store_id
    if attempted.outcome is Outcome.TAKEN:
        raise Rejected(f"{url} is connected already, for another vendor.")
    if attempted.outcome is Outcome.DIFFERENT:
        raise Rejected(
            f"{url} answers, but its products are not those known of it. It is held until you"
            " choose on its page."
        )
    finding = attempted.diagnosis.findings[0]
    raise NeedsVendor(_words(finding), finding=finding)


def _words(finding: Finding) -> str:
    return filled(f"{finding.kind.title} {finding.kind.advice}", finding.evidence)


def _attempt(attempt: Attempt, tell: Tell) -> Attempted:
    with _doctor() as doctor:
        return _connect_store(doctor, vendor_store, Connections(), clock, attempt, tell)


def ask_examination(
    vendor_id: int,
    address: str,
    key: str = "",
    secret: str = "",
    *,
    may_use_query: bool = False,
    store_id: int | None = None,
) -> uuid.UUID:
    """Sends the doctor to an address; with a key the store is connected where he finds nothing that
    keeps it from it. The page follows the examination by its uuid.
    """
    asked = examinations.Asked(address.strip(), key.strip(), secret.strip(), may_use_query)
    return examinations.ask(vendor_id, asked, clock.now(), store_id=store_id)


def ask_check(marketplace_id: int, store_id: int) -> uuid.UUID:
    """Sends the doctor to a store with the key it has; the page follows by the uuid. Raises
    Rejected for another marketplace's.
    """
    row = StoreRow.objects.filter(marketplace_id=marketplace_id, pk=store_id).first()
    if row is None:
        raise Rejected("There is no such shop.")
    key, secret = row.consumer_key.reveal(), row.consumer_secret.reveal()
    return ask_examination(row.vendor_id, row.base_url, key, secret, store_id=store_id)


def run_examination(examination_id: int) -> None:
    """The doctor's visit that `ask_examination` asked for; may run twice."""
    attempt = examinations.begin(examination_id)
    if attempt is None:
        return
    steps = examinations.Steps(examination_id)
    try:
        attempted = _attempt(attempt, steps.add)
    except LongshoreError as error:
        if error.finding is None:
            raise
        examinations.keep_failure(examination_id, error.finding, clock.now())
        return
    examinations.keep(examination_id, attempted, clock.now())


def begin_approval(
    marketplace_id: int, vendor_id: int, examination: uuid.UUID, return_url: str
) -> str:
    """The shop's own page on which its owner approves us by one click; it sends the key to the hub
    and the owner back to `return_url`. Raises Rejected where the shop has no such page, and
    NeedsOperator where the hub has no address that shops may send keys to.
    """
    public = settings.load().public_url or ""
    if not public.startswith("https://"):
        raise NeedsOperator(
            "Shops send keys to https addresses only. Set LONGSHORE_PUBLIC_URL to the hub's"
            " https address, or paste the keys."
        )
    begun = approvals.begin(marketplace_id, vendor_id, examination, clock.now())
    return woocommerce.approval.filled_page(
        begun.page,
        app=begun.marketplace,
        state=str(examination),
        return_url=return_url,
        callback_url=f"{public}/hooks/approval/{begun.token}/",
    )


def take_approved_key(token: str, body: bytes) -> bool:
    """What a shop sends after its owner approved. False: nobody waits for it. Raises ValueError."""
    approved = woocommerce.approval.read_key(body)
    return approvals.take_key(token, approved.key, approved.secret, clock.now()) is not None


def make_reconnect_link(marketplace_id: int, store_id: int) -> str:
    """The token of a link with which a store gets a new key, once. Raises Rejected."""
    return reconnects.make(marketplace_id, store_id, clock.now())


def ask_by_link(token: str, key: str = "", secret: str = "") -> uuid.UUID:
    """Sends the doctor to the store of a link; see `ask_examination`. Raises Rejected."""
    return reconnects.ask(token, key.strip(), secret.strip(), clock.now())


def follow_by_link(token: str, examination: uuid.UUID) -> None:
    """The link shows the visit of the key that came by one click. Raises Rejected."""
    reconnects.follow(token, examination, clock.now())


def choose_catalog(marketplace_id: int, store_id: int, *, same: bool) -> None:
    """A person says whether a held store is the shop whose products we know. The same: it gets its
    new key and address and goes on. Another: it stays out of use, with what it had. Raises Rejected
    where there is nothing to choose.
    """
    examinations.choose_catalog(marketplace_id, store_id, clock.now(), same=same)


def state_currency(marketplace_id: int, store_id: int, currency: str) -> None:
    """In which currency a shop sells that does not tell it. Raises Rejected."""
    vendors.state_currency(marketplace_id, store_id, currency, clock.now())


def choose_language(marketplace_id: int, store_id: int, language: str) -> None:
    """The marketplace chooses in which of a shop's languages texts are taken; a vendor may not.
    Raises Rejected.
    """
    vendors.choose_language(marketplace_id, store_id, language)


def pause_store(marketplace_id: int, store_id: int, *, paused: bool) -> None:
    """A person takes a store out of use, or into use again. Raises Rejected."""
    shop_health.pause_store(marketplace_id, store_id, clock.now(), paused=paused)


def examine_store(store_id: int) -> None:
    """The doctor's visit at a connected store; it is remembered where something came of it."""
    ledgers = Ledgers(Connections(), Health())
    steps: list[Step] = []
    with _doctor() as doctor:
        attempted = _examine_store(
            doctor, vendor_store, ledgers, clock, steps.append, store_id=store_id
        )
    if attempted.outcome is not Outcome.CONNECTED:
        examinations.keep_visit(store_id, attempted, steps, clock.now())


def connect_storefront(marketplace_id: int, keys: StorefrontKeys) -> int:
    """Connects or re-connects the marketplace's Shopify shop; returns the storefront's id."""
    with http_client() as client:
        storefront = shopify.connect(
            storefront_access(keys), client, shopify.MemoryTokens(), shopify.MemoryBudget(), clock
        )
        return _connect_storefront(
            storefront, Connections(), clock, marketplace_id=marketplace_id, keys=keys
        )
