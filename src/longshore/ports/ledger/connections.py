"""What is remembered of connections: addresses, keys, and what the shops said of themselves."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from longshore.domain.findings import Finding
from longshore.ports.storefronts import Publication, StorefrontFacts
from longshore.ports.stores import StoreFacts


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


class ConnectionLedger(Protocol):
    """Every call commits on its own."""

    def store_at(self, marketplace_id: int, base_url: str) -> int | None:
        """The marketplace's store with that address, if it has one."""
        ...

    def add_store(self, vendor_id: int, keys: StoreKeys, facts: StoreFacts, at: datetime) -> int:
        """Remembers a connected store and asks for its first import; returns its id."""
        ...

    def renew_store(
        self, store_id: int, facts: StoreFacts, at: datetime, keys: StoreKeys | None = None
    ) -> None:
        """Replaces the facts (and keys) of a store that answers; closes its findings."""
        ...

    def break_store(self, store_id: int, finding: Finding, at: datetime) -> None:
        """Marks a store that cannot be used until somebody acts."""
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
