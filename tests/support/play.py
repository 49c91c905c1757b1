"""A whole market in one process: two vendors' shops and a Shopify shop, simulated, and the hub with
its real jobs, queue and rows between them. Time moves when it is told to; webhooks lie in a bag
until somebody hands them over; a worker may be killed between any two requests.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import procrastinate.utils
from django.db import connection
from procrastinate.contrib.django import procrastinate_app

from longshore import settings, wiring
from longshore.ports.ledger.connections import StorefrontKeys, StoreKeys
from longshore.storage import due_work
from longshore.storage.models import (
    Hint,
    Listing,
    ListingVariant,
    Marketplace,
    OpenFinding,
    PurchaseOrder,
    Store,
    Storefront,
    Vendor,
)
from longshore.storage.postgres import release_connection
from longshore.storage.repositories import inbox, shop_health
from longshore.storage.repositories.connections import Connections, SessionTokens
from longshore.storage.repositories.reading_plan import pace_of
from longshore.storage.repositories.store_states import profile_of
from longshore.stores import shopify
from longshore.stores.http import GuardedClient
from longshore.stores.shopify.client import ShopifyClient
from longshore.stores.woocommerce import StoreAccess, WooCommerceStore
from longshore.stores.woocommerce.scan import Waits
from longshore.sync.connect_storefront import connect_storefront
from longshore.worker import jobs as _jobs
from longshore.worker.retry import NextAction
from simulators.shopify import ShopSettings as FrontSettings
from simulators.shopify import Simulator as Front
from simulators.woocommerce import ShopSettings, Simulator
from support.oracle import VendorEyes, differences
from support.walking import profile

assert _jobs.__all__  # they are declared by the import
BEGINS = datetime(2031, 6, 3, 12, tzinfo=UTC)
HUB = "https://hub.test"
MOST_JOBS = 400
STEP_S = 300
LATEST = timedelta(hours=3)
"""So long after the last mischief everything must be right: a sweep an hour, and what it finds."""
NEXT = """
SELECT id, task_name, args, attempts FROM procrastinate_jobs WHERE status = 'todo'
    AND (scheduled_at IS NULL OR scheduled_at <= %s) ORDER BY priority DESC, id LIMIT 1
"""


class Killed(BaseException):
    """The worker is gone, as by kill -9: nobody catches this."""


@dataclass
class Clock:
    time: datetime = BEGINS
    moved: list[Callable[[float], None]] = field(default_factory=list)
    restless_s: float = 0.0
    """So much passes with each look at the stopwatch: slices end early."""
    _watched: float = 0.0

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        self._watched += self.restless_s
        return self.time.timestamp() + self._watched

    def forward(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        for tell in self.moved:
            tell(seconds)


@dataclass(frozen=True)
class Letter:
    """A webhook on its way to the hub."""

    platform: str
    address: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Shop:
    """One vendor's, as it is from the inside, and as its owner sees it."""

    simulator: Simulator
    store_id: int = 0
    eyes: VendorEyes = field(init=False)
    name: str = ""

    def __post_init__(self) -> None:
        self.eyes = VendorEyes(self.name, self.simulator)

    @property
    def made(self) -> Any:
        """The shop from the inside."""
        return self.simulator.shop


class _Wire(httpx2.BaseTransport):
    """Everything that the hub asks for goes through here, by host."""

    def __init__(self, play: "Play") -> None:
        self._play = play

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self._play.count_request()
        return self._play.hosts[request.url.host].handle_request(request)


class Play:
    """Made inside a transaction that is rolled back; `close` ends the simulators' threads."""

    def __init__(self, products: int = 7, variable: int = 2) -> None:
        self.clock = Clock()
        self.bag: list[Letter] = []
        self.hosts: dict[str, httpx2.BaseTransport] = {}
        self.kill_in: int | None = None
        self.kills = 0
        self.done: list[str] = []
        self.front = Front(FrontSettings(bucket=1e9, bulk_lines_s=1e6), self._post)
        self._front_clock()
        self.hosts["shop.test"] = httpx2.WSGITransport(
            app=self.front.app, raise_app_exceptions=True
        )
        self.wire = _Wire(self)
        self.marketplace = Marketplace.objects.create(name="Harbor", live_since=BEGINS)
        self.shops = [
            self._shop(name, seed, products, variable)
            for seed, name in enumerate(("Kiln", "Loom"), start=1)
        ]
        self.hub = _Hub(self)

    def _front_clock(self) -> None:
        clock = self.front.parts.state.clock
        clock.stop()
        clock.forward((BEGINS - clock.now()).total_seconds())
        self.clock.moved.append(self._front_moves)

    def _front_moves(self, seconds: float) -> None:
        self.front.parts.state.clock.forward(seconds)
        self.front.settle()

    def _shop(self, name: str, seed: int, products: int, variable: int) -> Shop:
        home = f"https://{name.lower()}.test"
        made = Simulator(
            ShopSettings(home=home, products=products, variable=variable, seed=seed, name=name)
        )
        made.shop.clock.hold(BEGINS.timestamp())
        self.clock.moved.append(lambda _s: made.shop.clock.hold(self.clock.time.timestamp()))
        made.deliveries.send = self._send
        self.hosts[f"{name.lower()}.test"] = made.transport()
        return Shop(made, name=name)

    # --- webhooks ---

    def _send(self, address: str, headers: dict[str, str], body: bytes) -> int:
        self.bag.append(Letter("woocommerce", address, headers, body))
        return 200

    def _post(self, address: str, body: bytes, headers: dict[str, str]) -> int:
        self.bag.append(Letter("shopify", address, headers, body))
        return 200

    def gather_letters(self) -> None:
        """The shops send what they have to tell."""
        for shop in self.shops:
            shop.simulator.cron()
        self.front.settle()

    def hand_over(self, letter: Letter) -> None:
        """As `web/hooks` takes it in."""
        token = letter.address.rstrip("/").rpartition("/")[2]
        target = wiring.webhook_target(letter.platform, token)
        assert target is not None, letter.address
        headers = {name.lower(): value for name, value in letter.headers.items()}
        incoming = wiring.read_webhook(letter.platform, target, headers, letter.body)
        if incoming is not None:
            inbox.keep([incoming])

    # --- requests ---

    def count_request(self) -> None:
        if self.kill_in is None:
            return
        self.kill_in -= 1
        if self.kill_in <= 0:
            self.kill_in = None
            self.kills += 1
            raise Killed

    # --- the end ---

    def calm(self) -> None:
        """No mischief any longer; letters that nobody handed over are lost."""
        self.kill_in = None
        self.clock.restless_s = 0.0
        for shop in self.shops:
            shop.simulator.faults.clear()
        self.front.parts.faults.clear()
        self.bag.clear()

    def differences(self) -> list[str]:
        return differences(self.front, [shop.eyes for shop in self.shops])

    def told(self) -> list[Any]:
        """The findings that the hub shows to people: why something may wait."""
        rows = OpenFinding.objects.filter(resolved_at=None)
        return list(rows.values_list("code", "subject", "evidence"))

    def come_to_rest(self) -> None:
        """The hub goes on without any webhook until Shopify is right and nothing is left to do, or
        time is up.
        """
        self.calm()
        until = self.clock.now() + LATEST
        while self.clock.now() < until:
            self.clock.forward(STEP_S)
            self.hub.work()
            self.bag.clear()
            if not self.hub.has_work() and not self.differences():
                return

    def close(self) -> None:
        assert self.front.parts.state.later.problems == []
        self.front.close()
        for shop in self.shops:
            shop.simulator.close()


class _Hub:
    """The hub's own code: its queue in the database, its jobs, its clockwork."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._tasks = procrastinate_app.current_app.tasks
        self._connect()

    def _connect(self) -> None:
        play = self._play
        made = play.front.settings
        keys = StorefrontKeys(
            made.domain, made.client_id, made.client_secret, made.token, "http://shop.test"
        )
        owner = play.marketplace.pk
        with GuardedClient(transport=play.wire) as http:
            access = wiring.shops.storefront_access(keys)
            client = ShopifyClient(
                access, http, shopify.MemoryTokens(), shopify.MemoryBudget(), play.clock
            )
            connect_storefront(
                shopify.ShopifyStorefront(client), Connections(), play.clock,
                marketplace_id=owner, keys=keys,
            )  # fmt: skip
        for shop in play.shops:
            vendor = Vendor.objects.create(
                marketplace=play.marketplace, name=shop.name, auto_approve=True
            )
            home = shop.simulator.address
            store_keys = StoreKeys(home, shop.simulator.key, shop.simulator.secret)
            learned = profile(base_url=home, home_url=home, name=shop.name)
            shop.store_id = Connections().add_store(
                vendor.pk, store_keys, learned, [], play.clock.now()
            )

    def work(self) -> None:
        """What the clockwork asks for, then every job that is due."""
        now = self._play.clock.now()
        due_work.ask_for_polls(settings.load(), now)
        due_work.ask_for_leftovers(now)
        shop_health.withhold_silent_stores(now)
        self.run_jobs()

    def has_work(self) -> bool:
        """Whether anything is known that is not done yet."""
        due = PurchaseOrder.objects.filter(state__in=("pending", "sending", "uncertain"))
        lines = ListingVariant.objects.filter(stock_dirty=True)
        listings = Listing.objects.filter(dirty=True)
        return any(rows.exists() for rows in (due, lines, listings, Hint.objects.all()))

    def run_jobs(self) -> None:
        for _ in range(MOST_JOBS):
            if not self._run_one():
                return
        raise AssertionError(f"the jobs do not end: {self._play.done[-20:]}")

    def _run_one(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(NEXT, [self._play.clock.now()])
            row = cursor.fetchone()
            if row is None:
                return False
            job_id, name, args, attempts = row
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job_id])
        self._play.done.append(name)
        pause_s: float | None = None
        try:
            self._tasks[name](**(json.loads(args) if isinstance(args, str) else args))
        except Killed:
            pause_s = 0.0
        except Exception as error:
            pause_s = NextAction().pause_s(error, attempts)
            if pause_s is None:
                raise
        with connection.cursor() as cursor:
            if pause_s is None:
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job_id])
            else:
                again = self._play.clock.now() + timedelta(seconds=pause_s)
                cursor.execute(
                    "SELECT longshore_retry_job(%s, %s, NULL, NULL, NULL)", [job_id, again]
                )
        return True


@contextmanager
def hub_between(patch: Any, play: Callable[[], Play]) -> Iterator[Play]:
    """The hub's rooms are wired to the simulated shops and to the hand-moved clock."""
    made: list[Play] = []

    @contextmanager
    def open_store(store_id: int) -> Iterator[WooCommerceStore]:
        row = Store.objects.get(pk=store_id)
        now = made[0].clock
        access = StoreAccess(
            row.base_url, row.consumer_key.reveal(), row.consumer_secret.reveal(),
            profile_of(row), pace_of(store_id),
        )  # fmt: skip
        with GuardedClient(transport=made[0].wire, before_request=release_connection) as http:
            yield WooCommerceStore(access, http, waits=Waits(now.now, now.forward))

    @contextmanager
    def open_storefront(marketplace_id: int) -> Iterator[shopify.ShopifyStorefront]:
        row = Storefront.objects.get(marketplace_id=marketplace_id)
        clock = made[0].clock
        keys = StorefrontKeys(
            row.shop_domain, row.client_id, row.client_secret.reveal(), row.access_token.reveal(),
            row.api_base,
        )  # fmt: skip
        with GuardedClient(transport=made[0].wire, before_request=release_connection) as http:
            client = ShopifyClient(
                wiring.shops.storefront_access(keys), http, SessionTokens(row.pk),
                shopify.MemoryBudget(), clock, clock.forward,
            )  # fmt: skip
            yield shopify.ShopifyStorefront(client)

    class Late:
        """The clock of the play that is being made."""

        def now(self) -> datetime:
            return made[0].clock.now() if made else BEGINS

        def monotonic(self) -> float:
            return made[0].clock.monotonic()

    patch.setattr(wiring, "open_store", open_store)
    patch.setattr(wiring, "open_storefront", open_storefront)
    patch.setattr(wiring, "clock", Late())
    patch.setattr(procrastinate.utils, "utcnow", Late().now)
    patch.setenv("LONGSHORE_PUBLIC_URL", HUB)
    settings.load.cache_clear()
    try:
        made.append(play())
        yield made[0]
    finally:
        settings.load.cache_clear()
        for one in made:
            one.close()
