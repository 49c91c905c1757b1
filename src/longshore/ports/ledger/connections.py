"""What is remembered of connections: addresses, keys, and what the shops said of themselves."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from longshore.ports.storefronts import Publication, StorefrontFacts
from longshore.ports.stores import ConnectionProfile


@dataclass(frozen=True, slots=True)
class StoreKeys:
    """Where a store is and how we sign in, as a person gave it."""

    base_url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StorefrontKeys:
    """A Shopify shop and how we sign in: client credentials, or an existing token together with
    the API secret (`client_secret`), without which its webhooks cannot be verified. `api_base`
    replaces the shop's own address.
    """

    shop_domain: str
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)
    api_base: str = ""


@dataclass(frozen=True, slots=True)
class KnownStore:
    store_id: int
    vendor_id: int


class ConnectionLedger(Protocol):
    """Every call commits on its own."""

    def store_at(self, marketplace_id: int, base_url: str) -> KnownStore | None:
        """The marketplace's store with that address, if it has one."""
        ...

    def add_store(
        self, vendor_id: int, keys: StoreKeys, profile: ConnectionProfile, at: datetime
    ) -> int:
        """Remembers a connected store and asks for its first import; returns its id."""
        ...

    def replace_keys(
        self, store_id: int, keys: StoreKeys, profile: ConnectionProfile, at: datetime
    ) -> None:
        """New keys for a store that is connected already; closes its findings."""
        ...

    def save_storefront(
        self,
        marketplace_id: int,
        keys: StorefrontKeys,
        facts: StorefrontFacts,
        publication: Publication | None,
        at: datetime,
    ) -> int:
        """Remembers the marketplace's storefront, or its new keys and facts; returns its id."""
        ...
