"""An address at which one simulated shop or another answers, or nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx2

from longshore.ports.doctor import Order
from longshore.ports.ledger.connections import Attempt, Attempted, StoreKeys
from longshore.ports.stores import ConnectionProfile, VendorStore
from longshore.ports.turns import ENDLESS
from longshore.storage.models import Vendor
from longshore.storage.repositories.catalog import Catalog
from longshore.storage.repositories.connections import Connections
from longshore.storage.repositories.shop_health import Health
from longshore.storage.repositories.walks import begin_import
from longshore.stores import woocommerce
from longshore.stores.http import GuardedClient
from longshore.sync.connect_store import connect_store
from longshore.sync.examine_store import Ledgers, examine_store
from longshore.sync.import_catalog import import_catalog
from simulators.woocommerce import ShopSettings, Simulator


def new_shop(seed: int = 1, home: str = "https://kiln.test") -> Simulator:
    return Simulator(ShopSettings(home=home, products=30, seed=seed))


@dataclass
class Doorway(httpx2.BaseTransport):
    """`shop` is who answers now; None: nobody. `moved_to`: the host to which every other sends on.
    `clock` is the hub's.
    """

    clock: object
    shop: Simulator | None = None
    moved_to: str = ""
    client: GuardedClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = GuardedClient(transport=self)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if self.shop is None:
            raise httpx2.ConnectError("nobody answers")
        if self.moved_to not in {"", request.url.host}:
            there = str(request.url.copy_with(host=self.moved_to))
            return httpx2.Response(301, headers={"Location": there}, request=request)
        return self.shop.transport().handle_request(request)

    @property
    def doctor(self) -> woocommerce.Doctor:
        return woocommerce.Doctor(self.client, pause_s=0)

    @contextmanager
    def open(self, keys: StoreKeys, profile: ConnectionProfile | None) -> Iterator[VendorStore]:
        access = woocommerce.StoreAccess(keys.base_url, keys.key, keys.secret, profile)
        yield woocommerce.connect(access, self.client)

    def connect(
        self, vendor: Vendor, key: str, secret: str, address: str = "https://kiln.test"
    ) -> Attempted:
        attempt = Attempt(vendor.marketplace_id, vendor.pk, Order(address, key, secret))
        return connect_store(
            self.doctor, self.open, Connections(), self.clock, attempt, lambda _: None
        )

    def examine(self, store_id: int) -> Attempted:
        ledgers = Ledgers(Connections(), Health())
        return examine_store(
            self.doctor, self.open, ledgers, self.clock, lambda _: None, store_id=store_id
        )

    def import_catalog(self, store_id: int) -> None:
        known = Health().store(store_id)
        with self.open(known.keys, known.profile) as store:
            begin_import(store_id, self.clock.now())
            import_catalog(store, Catalog(), self.clock, store_id=store_id, turn=ENDLESS)
