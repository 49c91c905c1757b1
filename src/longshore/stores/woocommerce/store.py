"""A WooCommerce shop as a `VendorStore`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from longshore.domain.catalog import VendorProduct, VendorVariant
from longshore.domain.orders import StoreOrder, StoreOrderDraft
from longshore.domain.pacing import Pace, PaceState
from longshore.domain.tracking import Tracking
from longshore.ports.stores import (
    NOTHING_KNOWN,
    AnswerTimes,
    Changes,
    ConnectionProfile,
    Found,
    KnownRefunds,
    ScanSlice,
    StockLine,
    WebhookReport,
)
from longshore.ports.turns import ENDLESS, Turn
from longshore.stores.http import GuardedClient
from longshore.stores.woocommerce import webhook_setup
from longshore.stores.woocommerce.access import StoreAccess
from longshore.stores.woocommerce.addresses import Addresses
from longshore.stores.woocommerce.catalog import Catalog
from longshore.stores.woocommerce.client import Api
from longshore.stores.woocommerce.dialects import DIALECTS
from longshore.stores.woocommerce.doctor.asking import PAUSE_S
from longshore.stores.woocommerce.ordering import Ordering
from longshore.stores.woocommerce.profiling import read_profile
from longshore.stores.woocommerce.reading import Reader
from longshore.stores.woocommerce.scan import Waits
from longshore.stores.woocommerce.signing import Signer

NO_WEBHOOKS = "no_webhooks"
"""A limit of 2.2: making one fails there."""


class WooCommerceStore:
    """Implements `ports.stores.VendorStore` on what the doctor learned; a store that nobody has
    looked at yet is looked at first, with `pause_s` between the doctor's questions.
    """

    def __init__(
        self,
        access: StoreAccess,
        http: GuardedClient,
        *,
        pause_s: float = PAUSE_S,
        waits: Waits | None = None,
    ) -> None:
        self._pause_s = pause_s
        self._waits = waits or Waits()
        self._http = http
        self._access = access
        self._reader: Reader | None = None

    @property
    def requests_made(self) -> int:
        return self._http.requests_made

    @property
    def answer_times(self) -> AnswerTimes:
        return self._http.answer_times

    @property
    def pace(self) -> PaceState:
        return self._access.pace if self._reader is None else self._reader.pace.state

    # --- what the store is ---

    def read_profile(self) -> ConnectionProfile:
        profile = read_profile(self._http, self._access, self._pause_s)
        self._reader = _reader(self._http, self._access, profile, self._waits)
        return profile

    # --- products ---

    def scan_products(self, cursor: str | None, turn: Turn) -> Iterator[ScanSlice[VendorProduct]]:
        return self._catalog.scan_products(cursor, turn)

    def scan_variants(
        self, cursor: str | None, turn: Turn, parents: Sequence[int]
    ) -> Iterator[ScanSlice[VendorVariant]]:
        return self._catalog.scan_variants(cursor, turn, parents)

    def sweep_stock(
        self, cursor: str | None, turn: Turn, parents: Sequence[int]
    ) -> Iterator[ScanSlice[StockLine]]:
        return self._catalog.sweep_stock(cursor, turn, parents)

    def changed_products(
        self, since: datetime, cursor: str | None, turn: Turn
    ) -> Iterator[Changes]:
        return self._catalog.changed_products(since, cursor, turn)

    def read_stock(self, products: Mapping[int, Sequence[int]]) -> Found[StockLine]:
        return self._catalog.read_stock(products)

    def read_products(
        self, product_ids: Sequence[int], turn: Turn | None = None
    ) -> Found[VendorProduct]:
        return self._catalog.read_products(product_ids, turn or ENDLESS)

    # --- orders ---

    def create_order(self, draft: StoreOrderDraft) -> StoreOrder:
        return self._ordering.create_order(draft)

    def read_orders(
        self, order_ids: Sequence[int], known_refunds: KnownRefunds = NOTHING_KNOWN
    ) -> Found[StoreOrder]:
        return self._ordering.read_orders(order_ids, known_refunds)

    def suggest_tracking(self, order_id: int) -> Tracking | None:
        return self._ordering.suggest_tracking(order_id)

    def changed_orders(self, since: datetime) -> Found[StoreOrder]:
        return self._ordering.changed_orders(since)

    def find_order(self, reference: str, since: datetime) -> StoreOrder | None:
        return self._ordering.find_order(reference, since)

    def cancel_order(self, order_id: int, *, shipped_too: bool = False) -> StoreOrder | None:
        return self._ordering.cancel_order(order_id, shipped_too=shipped_too)

    def remove_order(self, order_id: int) -> None:
        self._ordering.remove_order(order_id)

    def add_note(self, order_id: int, text: str) -> None:
        self._ordering.add_note(order_id, text)

    def read_counter(self, product_id: int, variation_id: int) -> int | None:
        return self._ordering.read_counter(product_id, variation_id)

    def set_counter(self, product_id: int, variation_id: int, quantity: int) -> None:
        self._ordering.set_counter(product_id, variation_id, quantity)

    # --- webhooks ---

    def ensure_webhooks(self, topics: Sequence[str], url: str, secret: str) -> WebhookReport:
        reader = self._known
        if NO_WEBHOOKS in reader.profile.limits:
            return WebhookReport(())
        return webhook_setup.ensure(reader.api, reader.dialect, topics, url, secret)

    def remove_webhooks(self, url: str) -> int:
        reader = self._known
        return webhook_setup.remove(reader.api, reader.dialect, url)

    # --- inside ---

    @property
    def _known(self) -> Reader:
        if self._reader is None:
            profile = self._access.profile or read_profile(self._http, self._access, self._pause_s)
            self._reader = _reader(self._http, self._access, profile, self._waits)
        return self._reader

    @property
    def _catalog(self) -> Catalog:
        return Catalog(self._known)

    @property
    def _ordering(self) -> Ordering:
        access = self._access
        return Ordering(self._known, access.tracking_keys, access.status_meanings)


def _reader(
    http: GuardedClient, access: StoreAccess, profile: ConnectionProfile, waits: Waits
) -> Reader:
    dialect = DIALECTS[profile.dialect]
    addresses = Addresses(profile.base_url, profile.home_url, profile.form, profile.prefix)
    signer = Signer(
        access.key.strip(),
        access.secret.strip(),
        profile.signing,
        dialect.bare_secret,
        profile.clock_offset_s,
    )
    api = Api(http, addresses, signer, post_only=profile.post_only, past_caches=profile.cached)
    pace = Pace.after(access.pace, profile.page_size)
    return Reader(api, dialect, profile, pace, waits, access.timeout_s)
