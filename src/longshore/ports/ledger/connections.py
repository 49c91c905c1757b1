"""What is remembered of connections: addresses, keys, and what the shops said of themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from longshore.domain.findings import Finding
from longshore.domain.same_catalog import CatalogProof, Fingerprint
from longshore.ports.doctor import Diagnosis, Order
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


class Outcome(StrEnum):
    """What came of an attempt to connect. READY: all is well as far as can be seen without a key.
    TAKEN: the address is another vendor's store. DIFFERENT: the shop answers, but is not the one
    whose products we know; a person chooses, and it becomes CONNECTED or DISMISSED.
    """

    NONE = ""
    READY = "ready"
    CONNECTED = "connected"
    NEEDS_SOMEBODY = "needs_somebody"
    TAKEN = "taken"
    DIFFERENT = "different"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class KnownStore:
    store_id: int
    vendor_id: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """For whom a store is connected. `store_id`: a store that is connected already and gets a new
    key or address; a known address is recognized without it.
    """

    marketplace_id: int
    vendor_id: int
    order: Order
    store_id: int | None = None


@dataclass(frozen=True, slots=True)
class Attempted:
    outcome: Outcome
    diagnosis: Diagnosis
    store_id: int | None = None
    proof: CatalogProof | None = None


class ConnectionLedger(Protocol):
    """Every call commits on its own."""

    def store_at(self, marketplace_id: int, base_url: str) -> KnownStore | None:
        """The marketplace's store with that address, if it has one."""
        ...

    def fingerprints(self, store_id: int) -> Mapping[int, Fingerprint]:
        """By product id, of up to `SAMPLE` of its products: the oldest and the newest ones, those
        that one request reads first.
        """
        ...

    def hold_store(self, store_id: int, proof: CatalogProof, at: datetime) -> None:
        """Takes it out of use until a person says whether it is the same shop."""
        ...

    def add_store(
        self,
        vendor_id: int,
        keys: StoreKeys,
        profile: ConnectionProfile,
        notes: Sequence[Finding],
        at: datetime,
    ) -> int:
        """Remembers a connected store and asks for its first import; returns its id. `notes` is
        what the doctor saw on the way.
        """
        ...

    def replace_keys(
        self,
        store_id: int,
        keys: StoreKeys,
        profile: ConnectionProfile,
        notes: Sequence[Finding],
        at: datetime,
    ) -> None:
        """New keys, maybe a new address, for a store that is connected already; closes its
        findings and takes it into use again.
        """
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
