"""`longshore bench orders`: orders over shops of several generations, calm first while catalogs are
imported, then with lost answers, errors, hangs, and workers killed with SIGKILL. What there is
is counted in the simulated shops.
"""

import random
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from longshore.cli.bench.hub import child, empty_hub
from longshore.cli.bench.order_market import Bought, Shop, buy, connect, list_goods, street
from longshore.cli.bench.report import Report
from longshore.cli.output import err

if TYPE_CHECKING:
    from longshore.storage.repositories.orders import Orders

CREW = 2
A_SECOND = 27.0
"""Orders that come in: 10,000 in a little over six minutes."""
CALM = 0.1
"""The first share of the orders meets no mischief; its times are measured."""
REST_WITHIN_S = 300.0
SEED = 7
TRIES = 5
LOST = ("commit_then_502", "reset_after_bytes", "truncated", "commit_then_timeout", "empty_200")
"""The order is made, its answer lost. empty_200: neither."""
OTHER = ("burst_5xx", "reset", "hang", "rate_limit")
TIMEOUT_S = 3
ENV = {
    "LONGSHORE_STORE_TIMEOUT_S": str(TIMEOUT_S),
    "LONGSHORE_DEAD_WORKER_AFTER_S": "2",
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


def measure(size: Size) -> Report:
    from longshore.cli.bench.order_audit import audit

    report = Report("orders")
    began = time.monotonic()
    with empty_hub(**ENV), street(size.stores) as shops, _crew() as crew:
        owner = connect(shops)
        list_goods(shops)
        ready_s = time.monotonic() - began
        err.print(f"{len(shops)} shops are connected and imported; orders come in.")
        for shop in shops:
            shop.ask("requests/clear", {})
        calm = max(1, int(size.orders * CALM))
        wanted = _feed(owner, shops, range(calm), imports=True)
        _rest()
        plain = _latencies()
        err.print(f"{calm} orders went through; now answers are lost and workers killed.")
        killer = Killer(crew, size.kills, (size.orders - calm) / A_SECOND)
        wanted += _in_trouble(owner, shops, range(calm, size.orders), killer, size)
        report.figures |= {
            "orders": size.orders,
            "stores": size.stores,
            "ready_s": ready_s,
            "rested_s": _rest(),
            "kills_between_sent_and_answered": killer.while_sending,
        }
        audit(report, wanted, shops, plain, killer.killed)
        report.goal("kills", ">=", size.kills, killer.killed)
        report.goal("minutes", "<=", 12, (time.monotonic() - began) / 60)
    return report


def _in_trouble(
    owner: int, shops: Sequence[Shop], numbers: range, killer: Killer, size: Size
) -> list[Bought]:
    """Orders come in while answers are lost and workers killed; afterwards all is well again."""
    for number, shop in enumerate(shops):
        _plan_mischief(shop, size, number)
    thread = threading.Thread(target=killer.run)
    thread.start()
    found = _feed(owner, shops, numbers, imports=False)
    thread.join(REST_WITHIN_S)
    killer.stop.set()
    for shop in shops:
        shop.ask("faults", {})
    err.print(f"{killer.killed} workers were killed; what is open comes to rest.")
    return found


@contextmanager
def _crew() -> Iterator["subprocess.Popen[bytes]"]:
    arguments = ("-m", "longshore.cli.bench.crew", str(CREW))
    with child(*arguments, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        if process.stdout is None or process.stdout.readline() != b"ready\n":
            raise RuntimeError("The workers do not start.")
        yield process


def _feed(owner: int, shops: Sequence[Shop], numbers: range, *, imports: bool) -> list[Bought]:
    """Buyers' orders as the hub reads them, at an even pace; `imports`: catalogs are walked too."""
    from longshore import wiring
    from longshore.storage.repositories.orders import Orders
    from longshore.storage.repositories.walks import begin_import

    chance = random.Random(SEED + numbers.start)  # noqa: S311 - a load, not a secret
    ledger = Orders(owner)
    found: list[Bought] = []
    began = time.monotonic()
    for count, number in enumerate(numbers):
        time.sleep(max(0.0, began + count / A_SECOND - time.monotonic()))
        if imports and count % 5 == 0:
            begin_import(shops[number % len(shops)].store_id, wiring.clock.now())
        bought = buy(number, shops, chance, wiring.clock.now())
        _keep(ledger, bought)
        found.append(bought)
    return found


def _keep(ledger: "Orders", bought: Bought) -> None:
    """As the job that reads orders: two that met in the database try again."""
    from django.db import OperationalError

    from longshore import wiring

    for left in range(TRIES, 0, -1):
        try:
            ledger.keep_order(bought.order, wiring.clock.now())
        except OperationalError as met:
            if left == 1:
                raise
            err.print(f"Once more: {str(met).splitlines()[0]}")
        else:
            return


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


def _rest() -> float:
    """Waits until every purchase order has its outcome; returns how long it took."""
    from longshore.storage.models import PurchaseOrder

    began = time.monotonic()
    while PurchaseOrder.objects.filter(state__in=["pending", "sending", "uncertain"]).exists():
        if time.monotonic() - began > REST_WITHIN_S:
            break
        time.sleep(0.25)
    return time.monotonic() - began


def _latencies() -> list[float]:
    """Seconds from the order's arrival to its vendor having it."""
    from longshore.storage.models import PurchaseOrder

    rows = PurchaseOrder.objects.filter(answered_at__isnull=False, posts=1, look_ups=0)
    times = rows.values_list("order__first_seen_at", "answered_at")
    return [(answered - seen).total_seconds() for seen, answered in times if answered]
