"""Opens shops with the keys we remember."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from longshore import settings
from longshore.domain.lanes import Wishes
from longshore.domain.orders import StatusMeaning
from longshore.domain.pacing import PaceState
from longshore.domain.tracking import TaughtKeys
from longshore.ports.clock import Clock
from longshore.ports.errors import NeedsOperator
from longshore.ports.ledger.connections import StorefrontKeys, StoreKeys
from longshore.ports.storefronts import Storefront
from longshore.ports.stores import ConnectionProfile, VendorStore
from longshore.storage.call_budget import CallBudgets
from longshore.storage.models import Store as StoreRow
from longshore.storage.models import Storefront as StorefrontRow
from longshore.storage.postgres import release_connection
from longshore.storage.repositories.connections import SessionTokens
from longshore.storage.repositories.reading_plan import pace_of
from longshore.storage.repositories.store_states import profile_of
from longshore.stores import shopify, woocommerce
from longshore.stores.http import GuardedClient


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


clock: Clock = SystemClock()


def wishes() -> Wishes:
    """How often an ordinary store is read, as the environment says."""
    env = settings.load()
    return Wishes(timedelta(seconds=env.delta_interval_s), timedelta(seconds=env.sweep_interval_s))


def http_client(timeout_s: float | None = None) -> GuardedClient:
    """The one door out, as the environment allows it."""
    env = settings.load()
    return GuardedClient(
        allow_nets=env.allow_nets,
        ca_bundle=env.ca_bundle,
        timeout_s=timeout_s or env.store_timeout_s,
        before_request=release_connection,
    )


class Taught(NamedTuple):
    """What people taught us of one store's orders."""

    keys: TaughtKeys = TaughtKeys()
    meanings: Mapping[str, StatusMeaning] = MappingProxyType({})


@contextmanager
def open_store(store_id: int) -> Iterator[VendorStore]:
    """A connected store, ready to be talked to; each request gives the database connection back."""
    row = StoreRow.objects.get(pk=store_id)
    keys = StoreKeys(row.base_url, row.consumer_key.reveal(), row.consumer_secret.reveal())
    taught = Taught(
        TaughtKeys(**row.tracking_keys),
        {status: StatusMeaning(meant) for status, meant in row.status_meanings.items()},
    )
    with vendor_store(keys, profile_of(row), pace_of(store_id), taught) as store:
        yield store


@contextmanager
def vendor_store(
    keys: StoreKeys,
    profile: ConnectionProfile | None,
    pace: PaceState | None = None,
    taught: Taught | None = None,
) -> Iterator[VendorStore]:
    with http_client() as client:
        access = woocommerce.StoreAccess(
            keys.base_url,
            keys.key,
            keys.secret,
            profile,
            pace or PaceState(),
            settings.load().store_timeout_s,
            *(taught or Taught()),
        )
        yield woocommerce.connect(access, client, clock.now)


@contextmanager
def open_storefront(marketplace_id: int) -> Iterator[Storefront]:
    """The marketplace's storefront. Raises NeedsOperator when none is connected."""
    row = StorefrontRow.objects.filter(marketplace_id=marketplace_id).first()
    if row is None:
        raise NeedsOperator("No Shopify shop is connected yet. Open Setup and connect one.")
    access = storefront_access(
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


def storefront_access(keys: StorefrontKeys) -> shopify.StorefrontAccess:
    return shopify.StorefrontAccess(
        shop_domain=keys.shop_domain,
        client_id=keys.client_id,
        client_secret=keys.client_secret,
        token=keys.access_token,
        api_base=keys.api_base or None,
    )
