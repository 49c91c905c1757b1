"""What we need from a vendor's store, whatever its generation.

Every method may raise the errors of `ports.errors`. Calls block; one store object serves one job.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

from longshore.domain.catalog import VendorProduct, VendorVariant
from longshore.domain.orders import StoreOrder, StoreOrderDraft
from longshore.domain.pacing import PaceState
from longshore.domain.stock import StoreStock
from longshore.domain.tracking import Tracking
from longshore.ports.turns import Turn

Item = TypeVar("Item")
KnownRefunds = Mapping[int, frozenset[str]]
"""Ids of the refunds that are known, by order. An order that is not in it was open when it was read
last, or never read.
"""
NOTHING_KNOWN: KnownRefunds = MappingProxyType({})


class Signing(StrEnum):
    """How requests are signed in, in the order of the doctor's ladder."""

    BASIC = "basic"
    OAUTH = "oauth"
    """OAuth 1.0a in the query, signed for the address the shop believes it has."""
    OAUTH_HTTP = "oauth_http"
    """The same over https, signed for the http:// form: a proxy ends TLS and does not say so."""
    OAUTH_HEADER = "oauth_header"
    QUERY = "query"
    """Key and secret in the query, where they end in access logs: only with consent."""


class AddressForm(StrEnum):
    """How a route becomes an address."""

    PRETTY = "pretty"
    INDEX = "index"
    """Below /index.php, where the server rewrites nothing."""
    QUERY = "query"
    """In the parameter `rest_route` (or `wc-api-route`), where permalinks are plain."""
    BARE = "bare"
    """The same at the front door itself, where the server also rewrites nothing."""


@dataclass(frozen=True, slots=True)
class ConnectionProfile:
    """What the doctor learned of a store. Production runs on it.

    `base_url` is the canonical address, `home_url` the one WordPress believes it has (OAuth signs
    it), `prefix` the REST prefix. `variations_route` lists every variation of the shop, "" where
    only single products list theirs. `changes_by` names the filter that finds what changed, ""
    where there is none; `changes_show_stock`: it also finds stock. `stock_managed` off: the shop
    never reduces stock for an order; `restocks`: it puts stock back when an order is canceled.
    `orders_search_reference`: its order search finds our reference. `clock_offset_s`: the shop's
    clock minus ours. `cached`: something before the shop keeps answers, so every question is asked
    in words nobody used before. `short_queries`: long addresses are turned away. `plugins` maps
    their folders to versions, `namespaces` are those of the REST API. `languages`: the default one
    first. `limits` are codes of what this store cannot do. `fulfillments`: its orders
    have parcels of WooCommerce's own. `tracking_route`: a route tells tracking that its orders do
    not show.
    """

    name: str
    base_url: str
    home_url: str
    dialect: str
    signing: Signing
    platform_version: str
    wordpress_version: str
    currency: str
    prices_include_tax: bool
    timezone: str
    weight_unit: str
    stock_managed: bool
    can_write: bool
    orders_search_reference: bool
    form: AddressForm = AddressForm.PRETTY
    prefix: str = "wp-json"
    variations_route: str = ""
    changes_by: str = ""
    changes_show_stock: bool = True
    restocks: bool = True
    post_only: bool = False
    page_size: int = 100
    cached: bool = False
    short_queries: bool = False
    clock_offset_s: float = 0.0
    country: str = ""
    plugins: Mapping[str, str] = field(default_factory=dict[str, str])
    namespaces: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    fulfillments: bool = False
    tracking_route: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One item of a page that could not be understood; the page itself went on."""

    product_id: int
    why: str


@dataclass(frozen=True, slots=True)
class ScanSlice(Generic[Item]):
    """A part of a full walk over a collection.

    `cursor` continues the walk after it (JSON-safe; None when it ended). `total` is the store's own
    count. `proven` is set on the last part only: the distinct ids of the whole walk agree with the
    total, so absence from the walk means something.
    """

    items: tuple[Item, ...]
    unreadable: tuple[Unreadable, ...]
    cursor: str | None
    seen: int
    total: int
    requested_at: datetime
    proven: bool = False


@dataclass(frozen=True, slots=True)
class StockLine:
    """The light reading of one product or variation: its stock, and what tells whether the rest of
    it must be read anew. `raw_type`, `status` and `visible` are the store's own words.
    """

    product_id: int
    variation_id: int
    stock: StoreStock
    pooled: bool
    modified_at: datetime | None
    status: str
    raw_type: str = "simple"
    visible: bool = True
    regular_price: Decimal | None = None
    sale_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Found(Generic[Item]):
    """Items read by id or by change, with the ids that the store says do not exist.

    `newest` is the latest modification time (UTC) among all that was walked: the next cursor.
    `unread` are ids for which the turn did not last.
    """

    items: tuple[Item, ...]
    missing: frozenset[int]
    unreadable: tuple[Unreadable, ...]
    requested_at: datetime
    newest: datetime | None = None
    unread: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Changes:
    """A part of what was modified in a store. `items` have their variants or, where only some
    variations were modified, come without; those are in `variants`. `cursor` and `newest` as in
    `ScanSlice` and `Found`.
    """

    items: tuple[VendorProduct, ...]
    variants: tuple[VendorVariant, ...]
    unreadable: tuple[Unreadable, ...]
    cursor: str | None
    requested_at: datetime
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class WebhookReport:
    """What was found and done about our webhooks in a store, by topic."""

    active: tuple[str, ...]
    created: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """How long a host took for its answers, also for those that never came."""

    total_s: float = 0.0
    slowest_s: float = 0.0

    def plus(self, seconds: float) -> "AnswerTimes":
        return AnswerTimes(self.total_s + seconds, max(self.slowest_s, seconds))


class VendorStore(Protocol):
    """A vendor's shop as the use cases see it."""

    @property
    def requests_made(self) -> int:
        """HTTP requests since this object was made."""
        ...

    @property
    def answer_times(self) -> AnswerTimes:
        """How long it took to answer them."""
        ...

    @property
    def pace(self) -> PaceState:
        """How hard its host is asked now."""
        ...

    def scan_products(self, cursor: str | None, turn: Turn) -> Iterator[ScanSlice[VendorProduct]]:
        """The next slice of all products by id, in parts: while one is kept, the next comes in.
        Variable products come without their variants, unless the store puts them inside.
        """
        ...

    def scan_variants(
        self, cursor: str | None, turn: Turn, parents: Sequence[int]
    ) -> Iterator[ScanSlice[VendorVariant]]:
        """The next slice of all variations of `parents` (every variable product's id, ascending).

        One collection walk where the store has the route, else one call per parent.
        """
        ...

    def sweep_stock(
        self, cursor: str | None, turn: Turn, parents: Sequence[int]
    ) -> Iterator[ScanSlice[StockLine]]:
        """The next slice of a light walk over all products and the variations of `parents`: ids,
        state, prices and stock only.
        """
        ...

    def changed_products(
        self, since: datetime, cursor: str | None, turn: Turn
    ) -> Iterator[Changes]:
        """Products modified after `since` (UTC), in parts."""
        ...

    def read_stock(self, products: Mapping[int, Sequence[int]]) -> Found[StockLine]:
        """Light readings of these products now; of a variable one, of the variations named."""
        ...

    def read_products(
        self, product_ids: Sequence[int], turn: Turn | None = None
    ) -> Found[VendorProduct]:
        """These products now, complete with their variants; absent ones are in `missing`. When the
        turn is over the rest is `unread`, but something is always read.
        """
        ...

    def create_order(self, draft: StoreOrderDraft) -> StoreOrder:
        """Creates a paid order carrying the draft's reference.

        Raises TryLater with `maybe_done` when it may exist although no answer came; Rejected when
        the store said no and nothing was made. Never follows a redirect.
        """
        ...

    def read_orders(
        self, order_ids: Sequence[int], known_refunds: KnownRefunds = NOTHING_KNOWN
    ) -> Found[StoreOrder]:
        """These orders now, also trashed ones where the store shows them. Refunds that are not
        known yet come with the units they took off the order.
        """
        ...

    def suggest_tracking(self, order_id: int) -> Tracking | None:
        """What looks like a parcel's number in the notes of an order; only ever a suggestion."""
        ...

    def changed_orders(self, since: datetime) -> Found[StoreOrder]:
        """Orders modified after `since` (UTC)."""
        ...

    def find_order(self, reference: str, since: datetime) -> StoreOrder | None:
        """Our order with this reference, looked for among orders created after `since`."""
        ...

    def cancel_order(self, order_id: int, *, shipped_too: bool = False) -> StoreOrder | None:
        """Sets an order to canceled; the store puts the stock back where it does that
        (`ConnectionProfile.restocks`). One that is over already is left alone, and so is one of
        which goods have left (`domain.fulfillment.has_left`), but for `shipped_too`. None: it is
        gone. Raises Rejected where the store does not let it be canceled.
        """
        ...

    def remove_order(self, order_id: int) -> None:
        """Deletes an order for good; no error where it is gone already. Gives no stock back."""
        ...

    def add_note(self, order_id: int, text: str) -> None:
        """Writes a note on an order that only the shop's own people see."""
        ...

    def read_counter(self, product_id: int, variation_id: int) -> int | None:
        """What the store counts of these goods now; None where it counts nothing. A pooled
        variation's is its parent's.
        """
        ...

    def set_counter(self, product_id: int, variation_id: int, quantity: int) -> None:
        """Writes that number; no generation can add to one."""
        ...

    def ensure_webhooks(self, topics: Sequence[str], url: str, secret: str) -> WebhookReport:
        """Makes exactly one working webhook a topic; a broken one is created anew, then removed."""
        ...

    def remove_webhooks(self, url: str) -> int:
        """Deletes our webhooks (those that deliver to `url`); returns how many."""
        ...
