"""A simulated shop that is walked over: what happens while its pages are read, how long we waited,
and what was found.
"""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from longshore.domain.catalog import VendorProduct
from longshore.domain.pacing import PaceState
from longshore.ports.errors import TryLater
from longshore.ports.stores import ConnectionProfile, ScanSlice, Signing
from longshore.ports.turns import ENDLESS, Turn
from longshore.stores.http import GuardedClient
from longshore.stores.woocommerce import StoreAccess, WooCommerceStore
from longshore.stores.woocommerce.scan import Waits
from simulators.woocommerce import ShopSettings, Simulator
from simulators.woocommerce.versions import version_of

HOME = "https://shop.test"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Meddling = Callable[[int, httpx2.Request], httpx2.Response | None]
"""(number of the request, request) -> an answer in place of the shop's; may raise, or change the
shop.
"""


def profile(**changes: Any) -> ConnectionProfile:
    """What the doctor would have learned of the simulated shop."""
    known: dict[str, Any] = {
        "name": "Shop",
        "base_url": HOME,
        "home_url": HOME,
        "dialect": "wc/v3",
        "signing": Signing.BASIC,
        "platform_version": "9.9.5",
        "wordpress_version": "6.9",
        "currency": "EUR",
        "prices_include_tax": True,
        "timezone": "Europe/Amsterdam",
        "weight_unit": "kg",
        "stock_managed": True,
        "can_write": True,
        "orders_search_reference": True,
        "changes_by": "modified_after",
        "variations_route": "wc-analytics/variations",
    }
    return ConnectionProfile(**{**known, **changes})


class _Meddled(httpx2.BaseTransport):
    def __init__(self, shop: "WalkedShop", inner: httpx2.BaseTransport) -> None:
        self._shop = shop
        self._inner = inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        number = next(self._shop.numbers)
        self._shop.asked.append(str(request.url))
        with self._shop.simulator.shop.lock:  # pages are asked for on several threads
            for meddle in self._shop.meddling:
                answer = meddle(number, request)
                if answer is not None:
                    return answer
        return self._inner.handle_request(request)


@dataclass
class WalkedShop:
    simulator: Simulator
    meddling: list[Meddling] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    pace: PaceState = field(default_factory=PaceState)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    now: datetime = NOON
    changes: dict[str, Any] = field(default_factory=dict)

    def store(self) -> WooCommerceStore:
        """As the next job opens it: nothing is remembered but the pace."""
        transport = _Meddled(self, self.simulator.transport())
        access = StoreAccess(
            HOME,
            self.simulator.key,
            self.simulator.secret,
            profile(**self.changes),
            self.pace,
        )
        waits = Waits(lambda: self.now, self.waited.append)
        return WooCommerceStore(access, GuardedClient(transport=transport), waits=waits)

    @property
    def requests(self) -> int:
        return len(self.asked)

    def ids(self) -> set[int]:
        """The products in the shop now, the trash aside."""
        catalog = self.simulator.shop.catalog
        return set(catalog.product_ids) - set(catalog.trashed)


def walked_shop(products: int, variable: int = 0, version: str = "", **changes: Any) -> WalkedShop:
    """`version`: another than today's; then the profile is what the doctor learns of it."""
    settings = ShopSettings(home=HOME, products=products, variable=variable)
    if not version:
        return WalkedShop(Simulator(settings), changes=changes)
    simulator = Simulator(replace(settings, version=version_of(version)))
    access = StoreAccess(HOME, simulator.key, simulator.secret)
    with GuardedClient(transport=simulator.transport()) as client:
        learned = WooCommerceStore(access, client).read_profile()
    return WalkedShop(simulator, changes={**asdict(learned), **changes})


@dataclass
class Walked:
    """`ids` in the order they came; `unreadable` likewise."""

    ids: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    proven: bool = False
    parts: int = 0
    failures: int = 0
    since: list[datetime] = field(default_factory=list)

    @property
    def twice(self) -> list[int]:
        return [number for number, count in Counter(self.ids).items() if count > 1]


def walk(shop: WalkedShop, turn: Turn = ENDLESS, most_failures: int = 20) -> Walked:
    """A whole walk over the products, job by job: each goes on at the cursor of the last part that
    was handed over, with a store opened anew.
    """
    walked = Walked()
    cursor: str | None = None
    while True:
        store = shop.store()
        try:
            for part in store.scan_products(cursor, turn):
                _take(walked, part)
                cursor = part.cursor
        except TryLater:
            walked.failures += 1
            assert walked.failures <= most_failures
            continue
        finally:
            shop.pace = store.pace
        if cursor is None:
            return walked


def _take(walked: Walked, part: ScanSlice[VendorProduct]) -> None:
    walked.parts += 1
    walked.ids += [one.product_id for one in part.items]
    walked.unreadable += [one.product_id for one in part.unreadable]
    walked.since.append(part.requested_at)
    walked.proven = part.proven


# --- what happens meanwhile ---


def at_requests(*numbers: int, do: Callable[[], object]) -> Meddling:
    def meddle(number: int, _request: httpx2.Request) -> None:
        if number in numbers:
            do()

    return meddle


def answers(*numbers: int, status: int, headers: dict[str, str] | None = None) -> Meddling:
    """These requests are answered so, with a page and nothing done."""

    def meddle(number: int, request: httpx2.Request) -> httpx2.Response | None:
        if number not in numbers:
            return None
        page = b"<html><body>no</body></html>"
        return httpx2.Response(status, headers=headers, content=page, request=request)

    return meddle


def cuts(*numbers: int, error: type[httpx2.TransportError] = httpx2.ReadError) -> Meddling:
    def meddle(number: int, request: httpx2.Request) -> None:
        if number in numbers:
            raise error("cut", request=request)

    return meddle


def hangs(
    wait: Callable[[float], object], on: Callable[[int, httpx2.Request], bool] | None = None
) -> Meddling:
    """These requests (None: all) get no answer for as long as we wait for one; `wait` lets so many
    seconds go by.
    """

    def meddle(number: int, request: httpx2.Request) -> None:
        if on is None or on(number, request):
            wait(request.extensions["timeout"]["read"])
            raise httpx2.ReadTimeout("no answer", request=request)

    return meddle


def spoils(*numbers: int) -> Meddling:
    """The answer ends in the middle of its JSON."""

    def meddle(number: int, request: httpx2.Request) -> httpx2.Response | None:
        if number not in numbers:
            return None
        return httpx2.Response(200, content=b'[{"id": 35, "name": "Oak', request=request)

    return meddle


def at_random(share: float, seed: int) -> Meddling:
    """So many requests go wrong, each in one way or another."""
    luck = random.Random(seed)  # noqa: S311 - mischief, not a secret
    ways: list[Callable[..., Meddling]] = [
        lambda n: answers(n, status=500),
        lambda n: answers(n, status=502),
        lambda n: answers(n, status=503),
        lambda n: answers(n, status=429, headers={"Retry-After": "1"}),
        cuts,
        lambda n: cuts(n, error=httpx2.ReadTimeout),
        spoils,
    ]

    def meddle(number: int, request: httpx2.Request) -> httpx2.Response | None:
        if luck.random() >= share:
            return None
        return luck.choice(ways)(number)(number, request)

    return meddle


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
