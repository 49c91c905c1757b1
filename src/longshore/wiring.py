"""The only file that knows every room: it opens shops with the keys we remember, and offers the
use cases to pages, jobs and commands.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

from longshore import settings
from longshore.mail import mail_server, send_mail
from longshore.ports.clock import Clock
from longshore.ports.doctor import Diagnosis, Order, Tell
from longshore.ports.errors import NeedsOperator
from longshore.ports.ledger.connections import StorefrontKeys, StoreKeys
from longshore.ports.ledger.listings import Decided
from longshore.ports.storefronts import Storefront
from longshore.ports.stores import ConnectionProfile, VendorStore
from longshore.storage.call_budget import CallBudgets
from longshore.storage.models import HintKind
from longshore.storage.models import Store as StoreRow
from longshore.storage.models import Storefront as StorefrontRow
from longshore.storage.models import Vendor as VendorRow
from longshore.storage.postgres import release_connection
from longshore.storage.repositories import going_live, marketplaces, vendors
from longshore.storage.repositories.connections import Connections, SessionTokens, profile_of
from longshore.storage.repositories.inbox import Incoming, Target, store_target, storefront_target
from longshore.storage.repositories.listings import Listings
from longshore.stores import shopify, woocommerce
from longshore.stores.http import GuardedClient
from longshore.sync import approve_listings as _listings
from longshore.sync.connect_store import connect_store as _connect_store
from longshore.sync.connect_storefront import connect_storefront as _connect_storefront
from longshore.sync.diagnose_connection import diagnose_connection


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


clock: Clock = SystemClock()

DOCTOR_TIMEOUT_S = 12.0
DOCTOR_LARGEST_BODY = 16 * 1024 * 1024
"""A garbage answer must neither hold the doctor nor fill the memory."""


def http_client(timeout_s: float | None = None) -> GuardedClient:
    """The one door out, as the environment allows it."""
    env = settings.load()
    return GuardedClient(
        allow_nets=env.allow_nets,
        ca_bundle=env.ca_bundle,
        timeout_s=timeout_s or env.store_timeout_s,
        before_request=release_connection,
    )


@contextmanager
def open_store(store_id: int) -> Iterator[VendorStore]:
    """A connected store, ready to be talked to; each request gives the database connection back."""
    row = StoreRow.objects.get(pk=store_id)
    keys = StoreKeys(row.base_url, row.consumer_key.reveal(), row.consumer_secret.reveal())
    with _vendor_store(keys, profile_of(row)) as store:
        yield store


@contextmanager
def _vendor_store(keys: StoreKeys, profile: ConnectionProfile | None) -> Iterator[VendorStore]:
    with http_client() as client:
        access = woocommerce.StoreAccess(keys.base_url, keys.key, keys.secret, profile)
        yield woocommerce.connect(access, client)


@contextmanager
def open_storefront(marketplace_id: int) -> Iterator[Storefront]:
    """The marketplace's storefront. Raises NeedsOperator when none is connected."""
    row = StorefrontRow.objects.filter(marketplace_id=marketplace_id).first()
    if row is None:
        raise NeedsOperator("No Shopify shop is connected yet. Open Setup and connect one.")
    access = _access(
        StorefrontKeys(
            row.shop_domain,
            row.client_id,
            row.client_secret.reveal(),
            row.access_token.reveal(),
            row.api_base,
        )
    )
    tokens = SessionTokens(row.pk)
    budget = CallBudgets(row.pk)
    with http_client() as client:
        yield shopify.connect(access, client, tokens, budget, clock)


def _access(keys: StorefrontKeys) -> shopify.StorefrontAccess:
    return shopify.StorefrontAccess(
        shop_domain=keys.shop_domain,
        client_id=keys.client_id,
        client_secret=keys.client_secret,
        token=keys.access_token,
        api_base=keys.api_base or None,
    )


def connect_store(vendor_id: int, url: str, key: str, secret: str) -> int:
    """Connects a vendor's store and asks for its first import; returns its id. Raises the errors
    of `ports.errors`; then nothing is stored.
    """
    vendor = VendorRow.objects.get(pk=vendor_id)
    keys = StoreKeys(url.strip(), key.strip(), secret.strip())
    with _vendor_store(keys, None) as store:
        return _connect_store(
            store,
            Connections(),
            clock,
            marketplace_id=vendor.marketplace_id,
            vendor_id=vendor_id,
            keys=keys,
        )


def connect_storefront(marketplace_id: int, keys: StorefrontKeys) -> int:
    """Connects or re-connects the marketplace's Shopify shop; returns the storefront's id."""
    with http_client() as client:
        storefront = shopify.connect(
            _access(keys), client, shopify.MemoryTokens(), shopify.MemoryBudget(), clock
        )
        return _connect_storefront(
            storefront, Connections(), clock, marketplace_id=marketplace_id, keys=keys
        )


def diagnose(order: Order, tell: Tell) -> Diagnosis:
    """Examines any shop, known or not. Needs no database; the client has no connection to give
    back there.
    """
    env = settings.load()
    with GuardedClient(
        allow_nets=env.allow_nets,
        ca_bundle=env.ca_bundle,
        timeout_s=DOCTOR_TIMEOUT_S,
        max_body_bytes=DOCTOR_LARGEST_BODY,
    ) as client:
        return diagnose_connection(woocommerce.Doctor(client), order, tell)


class WrongSignature(Exception):  # noqa: N818 - an answer, not a mistake
    """A webhook whose signature does not fit its bytes."""


def webhook_target(platform: str, token: str) -> Target | None:
    """Whose webhook address this is, None for nobody's."""
    return store_target(token) if platform == "woocommerce" else storefront_target(token)


def read_webhook(
    platform: str, target: Target, headers: Mapping[str, str], body: bytes
) -> Incoming | None:
    """A verified delivery, or None for a ping. `headers` have lower-case names. Raises
    WrongSignature, and ValueError when the body makes no sense.
    """
    now = clock.now()
    if platform == "woocommerce":
        return _store_event(target, headers, body, now)
    return _storefront_event(target, headers, body, now)


def _store_event(
    target: Target, headers: Mapping[str, str], body: bytes, now: datetime
) -> Incoming | None:
    hooks = woocommerce.webhooks
    if hooks.is_ping(headers, body):  # WooCommerce does not sign it
        return None
    if not hooks.verify(target.secret, body, headers.get("x-wc-webhook-signature", "")):
        raise WrongSignature
    event = hooks.read_event(headers, body)
    kinds = {"product": HintKind.PRODUCT, "order": HintKind.STORE_ORDER}
    kind = kinds.get(event.topic.partition(".")[0])
    return Incoming(target, event.delivery_id, event.topic, kind, str(event.resource_id), now)


def _storefront_event(
    target: Target, headers: Mapping[str, str], body: bytes, now: datetime
) -> Incoming | None:
    hooks = shopify.webhooks
    if not hooks.verify(target.secret, body, headers.get("x-shopify-hmac-sha256", "")):
        raise WrongSignature
    event = hooks.read_event(headers, body)
    kind = HintKind.STOREFRONT_ORDER if event.order_gid else None
    return Incoming(target, event.delivery_id, event.topic, kind, event.order_gid, now)


def test_mail(url: str, sender: str, to: str) -> None:
    """Sends a test message. Raises NeedsOperator naming what to change."""
    send_mail(
        mail_server(url),
        sender,
        to,
        "Longshore can send mail",
        "This message shows that the mail settings work.\n",
        ca=settings.load().ca_bundle,
    )


def change_vendor(vendor_id: int, **switches: str | bool | int | Decimal | None) -> None:
    """Sets a vendor's switches; what depends on them follows. Raises Rejected."""
    vendors.change_vendor(vendor_id, clock.now(), **switches)


def approve_listings(
    marketplace_id: int, listing_ids: Sequence[int], user_id: int | None
) -> Decided:
    """See `sync.approve_listings`; the same for the two below."""
    return _listings.approve_listings(
        Listings(), clock, marketplace_id=marketplace_id, listing_ids=listing_ids, user_id=user_id
    )


def decline_listings(
    marketplace_id: int, listing_ids: Sequence[int], _user_id: int | None
) -> Decided:
    return _listings.decline_listings(
        Listings(), clock, marketplace_id=marketplace_id, listing_ids=listing_ids
    )


def unpublish_listings(
    marketplace_id: int, listing_ids: Sequence[int], _user_id: int | None
) -> Decided:
    return _listings.unpublish_listings(
        Listings(), clock, marketplace_id=marketplace_id, listing_ids=listing_ids
    )


add_vendor = marketplaces.add_vendor
change_marketplace = marketplaces.change_marketplace
choose_places = marketplaces.choose_places
go_live_preview = going_live.preview


def go_live(marketplace_id: int) -> None:
    """From now on new orders are routed by themselves. Raises NeedsOperator."""
    going_live.go_live(marketplace_id, clock.now())


def route_by_hand(marketplace_id: int, order_id: int) -> None:
    """Sends an order that waits. Raises Rejected with the reason when it may not be sent."""
    going_live.route_by_hand(marketplace_id, order_id, clock.now())
