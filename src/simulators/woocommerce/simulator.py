"""One simulated WooCommerce shop, put together."""

import threading

import httpx2

from simulators.woocommerce.app import App
from simulators.woocommerce.controls import Controls
from simulators.woocommerce.deliveries import Deliveries
from simulators.woocommerce.faults.setting import FaultSetter
from simulators.woocommerce.log import Log
from simulators.woocommerce.settings import ShopSettings
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.site import Site
from simulators.woocommerce.transport import InProcess
from simulators.woocommerce.wire.render import Renderer


class Simulator:
    """`app` is the WSGI application; `shop` is the shop from the inside, for tests."""

    def __init__(self, settings: ShopSettings | None = None) -> None:
        self.settings = settings or ShopSettings()
        self.shop = Shop(self.settings)
        self.faults = FaultSetter(self.shop)
        self.log = Log()
        self.deliveries = Deliveries(self.shop, Renderer(self.shop), self.faults)
        self.site = Site(self.shop, self.faults, self.log, self.deliveries)
        self.site.cron = self.cron
        self.app = App(self.site, Controls(self))
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        return self.shop.home

    @property
    def key(self) -> str:
        return self.shop.keys[0].key

    @property
    def secret(self) -> str:
        return self.shop.keys[0].secret

    def transport(self) -> httpx2.BaseTransport:
        return InProcess(self.app)

    def cron(self) -> int:
        """Runs what is scheduled and delivers webhooks; returns how many deliveries were made."""
        with self.shop.lock:
            self.shop.run_due()
            self.shop.run_scheduled()
        return self.deliveries.run()

    def start_cron(self) -> None:
        """Runs the cron by itself where the settings say so, until `close`."""
        every_s = self.settings.cron_every_s
        if every_s is None or self._thread is not None:
            return
        self._thread = threading.Thread(target=self._run_cron, args=(every_s,), daemon=True)
        self._thread.start()

    def _run_cron(self, every_s: float) -> None:
        while not self._stop.wait(every_s):
            self.cron()

    def close(self) -> None:
        self._stop.set()
