"""What is remembered of how the shops are: facts read anew, webhooks, trouble."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from longshore.domain.findings import Finding
from longshore.ports.doctor import Diagnosis
from longshore.ports.ledger.connections import StoreKeys
from longshore.ports.storefronts import StorefrontFacts
from longshore.ports.stores import ConnectionProfile, WebhookReport


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a shop shall send its webhooks, and the secret that signs them."""

    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConnectedStore:
    """A store as it is remembered; `profile` is the last that worked, until `last_answer_at`."""

    keys: StoreKeys
    profile: ConnectionProfile | None
    last_answer_at: datetime | None


class HealthLedger(Protocol):
    """Every call commits on its own."""

    def store(self, store_id: int) -> ConnectedStore: ...

    def keep_diagnosis(self, store_id: int, diagnosis: Diagnosis, at: datetime) -> None:
        """The store does not let us in: its open findings become those of the diagnosis, and it
        is degraded or broken as the verdict says.
        """
        ...

    def store_hook(self, store_id: int) -> Hook | None:
        """None while nothing may be written to the store: before anything of its vendor is on
        sale and before *Go live*, or where shops cannot reach the hub.
        """
        ...

    def renew_store(
        self,
        store_id: int,
        profile: ConnectionProfile,
        notes: Sequence[Finding],
        at: datetime,
    ) -> None:
        """The store is well: keeps its profile and address, takes it into use again and asks for
        the work that waited. `notes` is what was seen on the way; other findings are closed.
        """
        ...

    def keep_store_webhooks(self, store_id: int, report: WebhookReport, at: datetime) -> None: ...

    def storefront_hook(self, marketplace_id: int) -> Hook | None:
        """As `store_hook`."""
        ...

    def renew_storefront(
        self, marketplace_id: int, facts: StorefrontFacts, at: datetime
    ) -> None: ...

    def keep_storefront_webhooks(
        self, marketplace_id: int, topics: Sequence[str], at: datetime
    ) -> None: ...
