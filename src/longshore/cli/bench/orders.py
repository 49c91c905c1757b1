"""`longshore bench orders`: buyers' orders over shops of several generations, calm first while
catalogs are imported, then with lost answers, errors, hangs, and workers killed with SIGKILL. What
there is is counted in the simulated shops.
"""

import random
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from longshore.cli.bench import order_market
from longshore.cli.bench.hub import child, empty_hub, wait_for
from longshore.cli.bench.order_market import Bought, Shop, Shopify
from longshore.cli.bench.report import Report
from longshore.cli.output import err
from longshore.cli.ports import free_port

CREW = 3
CALM = 0.1
"""The first share of the orders meets no mischief; its times are measured."""
CALM_A_SECOND, A_SECOND = 12.0, 22.0
"""Orders that come in: 10,000 in eight minutes and a half."""
REST_WITHIN_S = 300.0
SEED = 7
LOST = ("commit_then_502", "reset_after_bytes", "truncated", "commit_then_timeout", "empty_200")
"""The order is made, its answer lost. empty_200: neither."""
OTHER = ("burst_5xx", "reset", "hang", "rate_limit")
TIMEOUT_S = 3
ENV = {
    "LONGSHORE_STORE_TIMEOUT_S": str(TIMEOUT_S),
    "LONGSHORE_DEAD_WORKER_AFTER_S": "1.5",
    "LONGSHORE_DELTA_INTERVAL_S": "36000",
    "LONGSHORE_SWEEP_INTERVAL_S": "36000",
    "LONGSHORE_OPEN_ORDERS_INTERVAL_S": "36000",
    "LONGSHORE_STOREFRONT_POLL_INTERVAL_S": "36000",
}


@dataclass
class Size:
    orders: int
    stores: int
    kills: int


@dataclass
class Killer:
    """Kills workers at seeded points: while one is sending, or at any moment."""

    process: "subprocess.Popen[bytes]"
    kills: int
    over_s: float
    killed: int = 0
    while_sending: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        chance = random.Random(SEED)  # noqa: S311 - mischief, not a secret
        while self.killed < self.kills and not self.stop.is_set():
            if chance.random() < 0.5:  # noqa: PLR2004 - every second time
                self._wait_for_sending()
                chosen = list(range(CREW))
            else:
                chosen = [chance.randrange(CREW)]
            before = _sending()
            self.killed += self._kill(chosen)
            if len(chosen) == CREW:
                self.while_sending += len(before & _sending())
            self.stop.wait(chance.uniform(0.3, 1.7) * len(chosen) * self.over_s / self.kills)

    def _kill(self, chosen: Sequence[int]) -> int:
        if self.process.stdin is None or self.process.stdout is None:
            return 0
        self.process.stdin.write(" ".join(map(str, chosen)).encode() + b"\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def _wait_for_sending(self) -> None:
        deadline = time.monotonic() + 3
        while not _sending() and time.monotonic() < deadline and not self.stop.is_set():
            time.sleep(0.005)


@dataclass
class Scene:
    """The shops, the storefront, the workers, and what buyers bought so far."""

    size: Size
    shops: Sequence[Shop]
    storefront: Shopify
    crew: "subprocess.Popen[bytes]"
    bought: list[Bought] = field(default_factory=list[Bought])


def measure(size: Size) -> Report:
    from longshore.cli.bench import order_audit, order_shipments

    report = Report("orders")
    began = time.monotonic()
    with _scene(size) as scene:
        report.figures |= {"orders": size.orders, "stores": size.stores}
        report.figures["ready_s"] = time.monotonic() - began
        err.print(f"{size.stores} shops are connected and on sale; orders come in.")
        calm = max(1, int(size.orders * CALM))
        _feed(scene, range(calm), CALM_A_SECOND, imports=True)
        _rest(scene)
        plain = _latencies()
        err.print(f"{calm} orders went through; some of them are shipped.")
        order_shipments.measure(report, scene.storefront, scene.shops, calm // 2)
        err.print("Now answers are lost and workers killed.")
        killer = Killer(scene.crew, size.kills, (size.orders - calm) / A_SECOND)
        _in_trouble(scene, range(calm, size.orders), killer)
        report.figures["rested_s"] = _rest(scene)
        report.figures["kills_between_sent_and_answered"] = killer.while_sending
        order_audit.audit(report, scene.bought, scene.shops, plain, killer.killed)
        report.goal("kills", ">=", size.kills, killer.killed)
        report.goal("minutes", "<=", 12, (time.monotonic() - began) / 60)
    return report


@contextmanager
def _scene(size: Size) -> Iterator[Scene]:
    """Everything runs and all goods are on sale."""
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        stack.enter_context(empty_hub(LONGSHORE_PUBLIC_URL=site, **ENV))
        shops = stack.enter_context(order_market.street(size.stores))
        storefront = stack.enter_context(order_market.shopify())
        arguments = ("-m", "longshore.cli", "web", "--port", str(port))
        web = stack.enter_context(child(*arguments, stderr=subprocess.DEVNULL))
        wait_for(f"{site}/alive/", web)
        crew = stack.enter_context(_crew())
        owner = order_market.connect(shops, storefront)
        order_market.open_shop(owner, shops)
        for shop in shops:
            shop.ask("requests/clear", {})
        yield Scene(size, shops, storefront, crew)


def _in_trouble(scene: Scene, numbers: range, killer: Killer) -> None:
    """Orders come in while answers are lost and workers killed; afterwards all is well again."""
    for number, shop in enumerate(scene.shops):
        _plan_mischief(shop, scene.size, number)
    thread = threading.Thread(target=killer.run)
    thread.start()
    _feed(scene, numbers, A_SECOND, imports=False)
    thread.join(REST_WITHIN_S)
    killer.stop.set()
    for shop in scene.shops:
        shop.ask("faults", {})
    err.print(f"{killer.killed} workers were killed; what is open comes to rest.")


@contextmanager
def _crew() -> Iterator["subprocess.Popen[bytes]"]:
    arguments = ("-m", "longshore.cli.bench.crew", str(CREW))
    with child(*arguments, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        if process.stdout is None or process.stdout.readline() != b"ready\n":
            raise RuntimeError("The workers do not start.")
        yield process


def _feed(scene: Scene, numbers: range, a_second: float, *, imports: bool) -> None:
    """Buyers order at an even pace; `imports`: catalogs are walked meanwhile."""
    from longshore import wiring
    from longshore.storage.repositories.walks import begin_import

    chance = random.Random(SEED + numbers.start)  # noqa: S311 - a load, not a secret
    shops = scene.shops
    began = time.monotonic()
    for count, number in enumerate(numbers):
        time.sleep(max(0.0, began + count / a_second - time.monotonic()))
        if imports and count % 5 == 0:
            begin_import(shops[number % len(shops)].store_id, wiring.clock.now())
        scene.bought.append(order_market.buy(number, shops, scene.storefront, chance))


def _plan_mischief(shop: Shop, size: Size, number: int) -> None:
    """A tenth of the answers to orders is lost, a twentieth of the orders fails in other ways."""
    chance = random.Random(SEED * 1000 + number)  # noqa: S311
    expected = int(size.orders * (1 - CALM) * 1.15 / size.stores)
    for _ in range(max(1, round(expected * 0.10))):
        _fault(shop, chance, LOST)
    for _ in range(max(1, round(expected * 0.05))):
        _fault(shop, chance, OTHER)


def _fault(shop: Shop, chance: random.Random, kinds: Sequence[str]) -> None:
    """Faults of one kind bite one after the other, each after so many orders that passed it."""
    kind = chance.choice(kinds)
    value = {"commit_then_timeout": "1", "commit_then_502": "1", "hang": "5"}.get(kind, "")
    body = {
        "kind": kind,
        "value": value,
        "times": 1,
        "match": r"^POST [^?]*/orders/?(\?|$)",
        "after": chance.randrange(1, 12),
    }
    shop.ask("faults", body)


def _sending() -> set[int]:
    from longshore.storage.models import PurchaseOrder

    return set(PurchaseOrder.objects.filter(state="sending").values_list("pk", flat=True))


def _rest(scene: Scene) -> float:
    """Waits until every order is here and every purchase order has its outcome; returns how long
    it took.
    """
    began = time.monotonic()
    while not _at_rest(scene) and time.monotonic() - began < REST_WITHIN_S:
        time.sleep(0.25)
    return time.monotonic() - began


def _at_rest(scene: Scene) -> bool:
    from longshore.storage.models import PurchaseOrder, StorefrontOrder

    routed = StorefrontOrder.objects.filter(routing="routed")
    open_ones = PurchaseOrder.objects.filter(state__in=["pending", "sending", "uncertain"])
    return routed.count() == len(scene.bought) and not open_ones.exists()


def _latencies() -> list[float]:
    """Seconds from the first hint's arrival to the vendor having the order; of those sent once."""
    from django.db.models import Min

    from longshore.storage.models import Delivery, PurchaseOrder

    heard = Delivery.objects.filter(topic__startswith="orders/").values_list("resource_id")
    arrived = dict(heard.annotate(at=Min("received_at")))
    rows = PurchaseOrder.objects.filter(answered_at__isnull=False, posts=1, look_ups=0)
    times = rows.values_list("order__order_gid", "answered_at")
    return [(answered - arrived[gid]).total_seconds() for gid, answered in times if answered]
