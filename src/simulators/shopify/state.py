"""Everything the simulated shop has, as plain rows keyed by their global ids."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from simulators.shopify.clock import Clock
from simulators.shopify.faults import Faults
from simulators.shopify.later import Later
from simulators.shopify.rows import Row, kind_of, number
from simulators.shopify.settings import LOCATION_LIMITS, ShopSettings

REMEMBERED_CHANGES = 200_000


class Levels:
    """Inventory levels by (inventory item, location)."""

    def __init__(self) -> None:
        self._by_item: dict[str, dict[str, Row]] = {}

    def __getitem__(self, pair: tuple[str, str]) -> Row:
        return self._by_item[pair[0]][pair[1]]

    def __setitem__(self, pair: tuple[str, str], level: Row) -> None:
        self._by_item.setdefault(pair[0], {})[pair[1]] = level

    def __delitem__(self, pair: tuple[str, str]) -> None:
        del self._by_item[pair[0]][pair[1]]

    def __contains__(self, pair: tuple[str, str]) -> bool:
        return pair[1] in self._by_item.get(pair[0], {})

    def get(self, item_id: str, place: str) -> Row | None:
        return self._by_item.get(item_id, {}).get(place)

    def of(self, item_id: str) -> dict[str, Row]:
        """The levels of an item by location."""
        return self._by_item.get(item_id, {})

    def at(self, place: str) -> Iterator[tuple[str, Row]]:
        """(item, level) of everything stocked at a location."""
        for item_id, levels in self._by_item.items():
            if place in levels:
                yield item_id, levels[place]

    def forget(self, item_id: str) -> None:
        self._by_item.pop(item_id, None)


class Runs(Protocol):
    """Bulk operations are begun by a mutation and go on by themselves."""

    def run_mutation(self, mutation: str, path: str, client: str | None) -> Row: ...
    def run_query(self, query: str) -> Row: ...
    def cancel(self, gid: str) -> Row: ...


class Subscriptions(Protocol):
    """Webhook subscriptions, as far as apps change them."""

    def subscribe(self, topic: str, given: Row) -> Row: ...
    def change(self, gid: str, given: Row) -> Row: ...
    def unsubscribe(self, gid: str) -> Row: ...


def _table() -> dict[str, Row]:
    return {}


@dataclass
class State:
    """The rows. `lock` guards everything: a request holds it while it runs."""

    settings: ShopSettings
    clock: Clock
    later: Later
    lock: threading.RLock = field(default_factory=threading.RLock)
    products: dict[str, Row] = field(default_factory=_table)
    variants: dict[str, Row] = field(default_factory=_table)
    items: dict[str, Row] = field(default_factory=_table)
    levels: Levels = field(default_factory=Levels)
    media: dict[str, Row] = field(default_factory=_table)
    locations: dict[str, Row] = field(default_factory=_table)
    publications: dict[str, Row] = field(default_factory=_table)
    definitions: dict[tuple[str, str, str], Row] = field(
        default_factory=dict[tuple[str, str, str], Row]
    )
    operations: dict[str, Row] = field(default_factory=_table)
    jobs: dict[str, Row] = field(default_factory=_table)
    bulk: dict[str, Row] = field(default_factory=_table)
    orders: dict[str, Row] = field(default_factory=_table)
    fulfillment_orders: dict[str, Row] = field(default_factory=_table)
    fulfillments: dict[str, Row] = field(default_factory=_table)
    refunds: dict[str, Row] = field(default_factory=_table)
    returns: dict[str, Row] = field(default_factory=_table)
    subscriptions: dict[str, Row] = field(default_factory=_table)
    uploads: dict[str, Row] = field(default_factory=_table)
    """Staged files by their key: what has to be sent along, and the file once it was sent."""
    results: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """Files of finished bulk operations by name."""
    idempotency: dict[str, Row] = field(default_factory=_table)
    unique: dict[tuple[str, str, str], str] = field(default_factory=dict[tuple[str, str, str], str])
    """Which product has a value of a metafield of type `id`."""
    handles: dict[str, str] = field(default_factory=dict[str, str])
    variants_made: "Counter[str]" = field(default_factory=Counter[str])
    """How many variants apps made, by day."""
    history: "deque[Row]" = field(default_factory=lambda: deque[Row](maxlen=REMEMBERED_CHANGES))
    """Every change of a quantity: who, what, from, to."""
    topics: "Counter[str]" = field(default_factory=Counter[str])
    """How many subscriptions a topic has."""
    events: dict[tuple[str, str], Callable[[], Row]] = field(
        default_factory=dict[tuple[str, str], Callable[[], Row]]
    )
    """What the present action has to tell, in order; one entry for a topic and a row."""
    faults: Faults = field(default_factory=Faults)
    runs: Runs | None = None
    """Who runs bulk operations (bulk.py sets it)."""
    hooks: Subscriptions | None = None
    """Who keeps webhook subscriptions (webhooks.py sets it)."""
    flush: Callable[[], None] = lambda: None
    """Sends what the present action has to tell (webhooks.py sets it)."""
    installed: bool = True
    """Whether the app is still in the shop; without it no token holds."""
    bad_images: list[str] = field(default_factory=list[str])
    """Patterns of image addresses that cannot be downloaded."""
    supported_versions: list[str] = field(
        default_factory=lambda: ["2026-01", "2026-04", "2026-07", "2026-10"]
    )

    def __post_init__(self) -> None:
        self._numbers = count(1_000_001)
        self.add_location("Harbor warehouse", {"countryCode": "CZ"})
        for name in ("Online Store", "Point of Sale"):
            catalog = {"__typename": "AppCatalog", "id": self.new_id("AppCatalog"), "title": name}
            self.add(
                self.publications,
                "Publication",
                {"catalog": catalog, "autoPublish": False, "supportsFuturePublishing": True},
            )

    def new_id(self, kind: str) -> str:
        return f"gid://shopify/{kind}/{next(self._numbers)}"

    def add(self, table: dict[str, Row], kind: str, row: Row) -> Row:
        row = {"__typename": kind, "id": self.new_id(kind), **row}
        table[row["id"]] = row
        return row

    def add_location(self, name: str, address: Row, *, online: bool = True) -> Row:
        now = self.clock.now()
        return self.add(
            self.locations,
            "Location",
            {"name": name, "isActive": True, "fulfillsOnlineOrders": online, "address": address,
             "createdAt": now, "updatedAt": now},
        )  # fmt: skip

    def tell(self, topic: str, gid: str, payload: Callable[[], Row]) -> None:
        """Notes a webhook of the present action; the payload is made when the action is over."""
        if self.topics[topic] > 0:
            self.events[topic, gid] = payload

    def node(self, gid: str) -> Row | None:
        """Any row by its global id."""
        kind = kind_of(gid)
        if kind == "InventoryLevel":
            return self.level_node(gid)
        tables = {
            "Product": self.products, "ProductVariant": self.variants,
            "InventoryItem": self.items, "Location": self.locations, "Order": self.orders,
            "FulfillmentOrder": self.fulfillment_orders, "Fulfillment": self.fulfillments,
            "MediaImage": self.media, "BulkOperation": self.bulk, "Refund": self.refunds,
            "Return": self.returns, "Publication": self.publications,
            "ProductSetOperation": self.operations, "ProductDeleteOperation": self.operations,
            "WebhookSubscription": self.subscriptions,
        }  # fmt: skip
        return tables.get(kind, {}).get(gid)

    def level_node(self, gid: str) -> Row | None:
        place, _, item = gid.partition("?inventory_item_id=")
        pair = (f"gid://shopify/InventoryItem/{item}", f"gid://shopify/Location/{number(place)}")
        return level_row(*pair, self.levels[pair]) if pair in self.levels else None

    @property
    def location_limit(self) -> int:
        return self.settings.locations


def level_id(item_id: str, place: str) -> str:
    return f"gid://shopify/InventoryLevel/{number(place)}?inventory_item_id={number(item_id)}"


def level_row(item_id: str, place: str, level: Row) -> Row:
    """A level as GraphQL sees it: the quantities, and where it belongs."""
    return {
        "__typename": "InventoryLevel",
        "id": level_id(item_id, place),
        "itemId": item_id,
        "placeId": place,
        "isActive": True,
        **level,
    }


__all__ = ["LOCATION_LIMITS", "Levels", "ShopSettings", "State", "level_id", "level_row"]
