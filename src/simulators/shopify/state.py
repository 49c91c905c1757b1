"""Everything the simulated shop has, as plain rows keyed by their global ids."""

import threading
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from simulators.shopify.clock import Clock

Row = dict[str, Any]

ALL_SCOPES = (
    "write_products",
    "read_publications",
    "write_publications",
    "write_inventory",
    "read_locations",
    "write_locations",
    "read_orders",
    "write_merchant_managed_fulfillment_orders",
)
LOCATION_LIMITS = {"basic": 10, "plus": 200}
MOST_VARIANTS = 2048


@dataclass
class ShopSettings:
    """How the shop is made. The keys are fake and look it."""

    domain: str = "harbor-demo.myshopify.com"
    name: str = "Harbor Market"
    plan: str = "basic"
    currency: str = "EUR"
    timezone: str = "Europe/Prague"
    taxes_included: bool = True
    token: str = "shpat_fake00000000000000000000000000"  # noqa: S105 - fake
    client_id: str = "fake-client-id"
    client_secret: str = "shpss_fake00000000000000000000000000"  # noqa: S105 - fake
    scopes: tuple[str, ...] = ALL_SCOPES
    bucket: float = 2000
    restore_rate: float = 100
    controls: bool = True
    webhook_retry_s: tuple[float, ...] = (0.5, 1, 2, 4, 8, 16, 32, 64)


class UserErrors(Exception):  # noqa: N818 - an answer, not a mistake
    """What a mutation answers in place of doing anything: (field path, message, code) entries."""

    def __init__(self, *entries: tuple[list[str] | None, str, str | None]) -> None:
        super().__init__(entries)
        self.entries = entries


class NotModelled(Exception):  # noqa: N818 - said loudly rather than answered wrongly
    """The simulator does not know what Shopify would do here."""

    def __init__(self, what: str) -> None:
        super().__init__(f"SIMULATOR: {what} is not modelled")


@dataclass
class State:
    """The rows. `levels` are keyed by (inventory item id, location id). `lock` guards everything:
    a request holds it while it runs.
    """

    settings: ShopSettings
    clock: Clock
    lock: threading.RLock = field(default_factory=threading.RLock)
    products: dict[str, Row] = field(default_factory=dict[str, Row])
    variants: dict[str, Row] = field(default_factory=dict[str, Row])
    items: dict[str, Row] = field(default_factory=dict[str, Row])
    levels: dict[tuple[str, str], Row] = field(default_factory=dict[tuple[str, str], Row])
    locations: dict[str, Row] = field(default_factory=dict[str, Row])
    publications: dict[str, Row] = field(default_factory=dict[str, Row])
    definitions: dict[tuple[str, str], Row] = field(default_factory=dict[tuple[str, str], Row])
    orders: dict[str, Row] = field(default_factory=dict[str, Row])
    fulfillment_orders: dict[str, Row] = field(default_factory=dict[str, Row])
    fulfillments: dict[str, Row] = field(default_factory=dict[str, Row])
    subscriptions: dict[str, Row] = field(default_factory=dict[str, Row])
    idempotency: dict[str, tuple[str, Row]] = field(default_factory=dict[str, tuple[str, Row]])
    history: list[Row] = field(default_factory=list[Row])
    """Every change of a quantity: who, what, from, to."""

    def __post_init__(self) -> None:
        self._numbers = count(1_000_001)
        self.add(self.locations, "Location", {"name": "Harbor warehouse", "isActive": True})
        for name in ("Online Store", "Point of Sale"):
            catalog = {"__typename": "AppCatalog", "id": self.new_id("AppCatalog"), "title": name}
            self.add(self.publications, "Publication", {"catalog": catalog})

    def new_id(self, kind: str) -> str:
        return f"gid://shopify/{kind}/{next(self._numbers)}"

    def add(self, table: dict[str, Row], kind: str, row: Row) -> Row:
        row = {"__typename": kind, "id": self.new_id(kind), **row}
        table[row["id"]] = row
        return row

    def node(self, gid: str) -> Row | None:
        """Any row by its global id."""
        for table in (self.products, self.variants, self.items, self.locations, self.orders,
                      self.fulfillment_orders, self.fulfillments):  # fmt: skip
            if gid in table:
                return table[gid]
        return None

    @property
    def location_limit(self) -> int:
        return LOCATION_LIMITS[self.settings.plan]


def number(gid: str) -> int:
    """The number at the end of a global id."""
    return int(gid.rpartition("/")[2])
