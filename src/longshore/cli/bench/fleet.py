"""`longshore bench fleet`: a thousand vendors with a thousand products each on one worker process.
Their shops say when they were asked; the queue says whether work piles up.
"""

import json
import math
import random
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

import psutil

from longshore.cli.bench.hub import child, empty_hub, quiet_child
from longshore.cli.bench.importer import peak_mb
from longshore.cli.bench.report import Report, median, percentile
from longshore.cli.bench.shops import introduction
from longshore.domain.lanes import Wishes

VENDORS = 1_000
PRODUCTS = 1_000
VARIABLE = 20
POLL_S, SWEEP_S = 120.0, 600.0
RUN_S = 360.0
SHORTEST_RUN_S = 150.0
LOOK_EVERY_S = 5.0
EDITS_A_SECOND = 4.0
SETTLING_S = POLL_S * 2
"""An edit made so shortly before the end need not be known yet."""
PER_PAGE = 100
MOST_WAITING = 0.05
"""The queue may hold so many jobs for each store in passing: two in the same five seconds."""


@dataclass
class Watch:
    """What was seen every few seconds. `every_s`: each store's own interval at that time."""

    waiting: list[int] = field(default_factory=list)
    every_s: list[tuple[float, dict[int, float]]] = field(default_factory=list)
    edits: dict[tuple[int, int], tuple[float, int]] = field(default_factory=dict)
    """(store, product) -> when it was edited at last, and its stock since."""


def measure(scale: float) -> Report:
    report = Report("fleet")
    vendors = max(20, int(VENDORS * scale))
    run_s = max(SHORTEST_RUN_S, RUN_S * min(1.0, scale * 4))
    intervals = {
        "LONGSHORE_DELTA_INTERVAL_S": f"{POLL_S:g}",
        "LONGSHORE_SWEEP_INTERVAL_S": f"{SWEEP_S:g}",
    }
    with empty_hub(**intervals) as folder, _fleet(vendors) as said:
        from longshore.cli.bench.fleet_seed import make_stores

        began = time.perf_counter()
        wishes = Wishes(timedelta(seconds=POLL_S), timedelta(seconds=SWEEP_S))
        stores = make_stores(said["addresses"], said["key"], said["secret"], wishes)
        report.figures |= {"vendors": vendors, "products_each": PRODUCTS, "run_s": run_s}
        report.figures["seconds_to_make_the_stores"] = time.perf_counter() - began
        watch, started = Watch(), time.time()
        with quiet_child(folder / "worker.log", "-m", "longshore.cli", "worker") as worker:
            _run(stores, watch, run_s, worker.pid)
            _worker_figures(report, worker.pid)
        asked = _asked(stores, started)
        _polls(report, watch, asked, (started, started + run_s))
        _requests(report, asked, worker_cpu_s=report.figures["worker_cpu_s"])
        _backlog(report, watch, vendors)
        _edits(report, watch, started + run_s)
    return report


@contextmanager
def _fleet(vendors: int) -> Iterator[dict[str, Any]]:
    arguments = (
        *("-m", "simulators.woocommerce.fleet", "--shops", str(vendors)),
        *("--products", str(PRODUCTS), "--variable", str(VARIABLE)),
    )
    with child(*arguments) as process:
        yield introduction(process)


# --- while it runs ---


def _run(stores: Mapping[int, str], watch: Watch, run_s: float, worker: int) -> None:
    """Edits products here and there, as vendors do, and looks at the queue."""
    luck = random.Random(7)  # noqa: S311 - which products, not a secret
    ids, counted = list(stores), _counted(next(iter(stores.values())))
    until = time.monotonic() + run_s
    look_at = time.monotonic()
    while (now := time.monotonic()) < until:
        if now >= look_at:
            look_at = now + LOOK_EVERY_S
            _look(watch)
            if not psutil.pid_exists(worker):
                raise RuntimeError("The worker ended.")
        _edit(stores, watch, luck.choice(ids), luck.choice(counted), luck.randint(6, 40))
        time.sleep(1 / EDITS_A_SECOND)


def _edit(stores: Mapping[int, str], watch: Watch, store: int, product: int, units: int) -> None:
    """By the shop's own controls."""
    body = {"product_id": product, "stock_quantity": units}
    _call(f"{stores[store]}/_sim/products/edit", body)
    watch.edits[store, product] = (time.time(), units)


def _counted(address: str) -> list[int]:
    from longshore.storage.models import Store, VendorVariant

    """Simple products with some left; their numbers are the same in all shops."""
    store = Store.objects.get(base_url=address)
    rows = VendorVariant.objects.filter(store=store, variation_id=0, tracked=True, quantity__gt=5)
    return list(rows.values_list("product_id_in_store", flat=True))


_WAITING = """
SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'
    AND (scheduled_at IS NULL OR scheduled_at <= now())
"""


def _look(watch: Watch) -> None:
    from django.db import connection

    from longshore.storage.models import StoreReading

    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        watch.waiting.append(cursor.fetchone()[0])
    every = dict(StoreReading.objects.values_list("store_id", "poll_every_s"))
    watch.every_s.append((time.time(), every))


def _worker_figures(report: Report, pid: int) -> None:
    used = psutil.Process(pid).cpu_times()
    report.figures |= {"worker_cpu_s": used.user + used.system, "worker_peak_mb": peak_mb(pid)}


# --- afterwards ---


@dataclass(frozen=True)
class Asked:
    """When a store was polled, and how often it was asked for what."""

    polls: list[float]
    pages: int
    orders: int
    others: int


def _asked(stores: Mapping[int, str], since: float) -> dict[int, Asked]:
    with ThreadPoolExecutor(8) as threads:
        rows = threads.map(lambda address: _call(f"{address}/_sim/requests"), stores.values())
        return {
            store: _sorted_out([row for row in found if row["at"] >= since])
            for store, found in zip(stores, rows, strict=True)
        }


def _sorted_out(rows: Iterable[dict[str, Any]]) -> Asked:
    polls: list[float] = []
    pages = orders = others = 0
    for row in rows:
        if "modified_after" in row["query"] and row["path"].endswith("/products"):
            polls.append(row["at"])
        elif row["path"].endswith(("/products", "/variations")):
            pages += "include=" not in row["query"]
            others += "include=" in row["query"]
        elif row["path"].endswith("/orders"):
            orders += 1
        else:
            others += 1
    return Asked(polls, pages, orders, others)


def _polls(
    report: Report, watch: Watch, asked: Mapping[int, Asked], run: tuple[float, float]
) -> None:
    """How long each store waited between two polls, beside the interval it had then."""
    ratios: list[float] = []
    for store, found in asked.items():
        times = [run[0], *sorted(found.polls), run[1]]
        for before, after in pairwise(times):
            ratios.append((after - before) / _interval(watch, store, before, after))
    report.figures["polls"] = sum(len(found.polls) for found in asked.values())
    report.figures["poll_wait_to_interval_median"] = median(ratios)
    report.figures["poll_wait_to_interval_p99"] = percentile(ratios, 0.99)
    report.goal("poll_wait_to_interval_worst", "<=", 2.0, max(ratios))


def _interval(watch: Watch, store: int, since: float, until: float) -> float:
    """The longest it had in that time: an interval that was shortened counts from then on."""
    seen = [
        every[store]
        for at, every in watch.every_s
        if since - LOOK_EVERY_S <= at <= until + LOOK_EVERY_S and every.get(store)
    ]
    return max(seen, default=POLL_S)


def _requests(report: Report, asked: Mapping[int, Asked], worker_cpu_s: float) -> None:
    """Beside the fewest: a page for each hundred rows of a sweep that was done."""
    from longshore.storage.models import Scan, StoreReading

    polls = sum(len(found.polls) for found in asked.values())
    pages = sum(found.pages for found in asked.values())
    orders = sum(found.orders for found in asked.values())
    total = polls + pages + orders + sum(found.others for found in asked.values())
    learned = StoreReading.objects.first()
    variations = learned.variations if learned else 0
    a_sweep = math.ceil(PRODUCTS / PER_PAGE) + math.ceil(variations / PER_PAGE)
    done = Scan.objects.filter(kind="sweep", phase="done")
    report.figures |= {
        "requests": total,
        "requests_for_orders": orders,
        "sweeps": done.count(),
        "sweep_pages": pages,
        "sweep_pages_floor": done.count() * a_sweep,
        "worker_cpu_ms_per_request": worker_cpu_s / max(1, total) * 1000,
    }
    report.goal("sweeps_not_proven", "==", 0, done.filter(proven=False).count())


def _backlog(report: Report, watch: Watch, vendors: int) -> None:
    """The queue in the last third of the run beside that in the second."""
    third = max(1, len(watch.waiting) // 3)
    before, after = median(watch.waiting[third : 2 * third]), median(watch.waiting[-third:])
    report.figures |= {"waiting_jobs_before": before, "waiting_jobs_after": after}
    report.figures["waiting_jobs_most"] = max(watch.waiting)
    report.goal("growth_of_backlog", "<=", MOST_WAITING * vendors, after - before)


def _edits(report: Report, watch: Watch, ended: float) -> None:
    """Stock that the hub must know by now."""
    from longshore.storage.models import VendorVariant

    old = {key: units for key, (at, units) in watch.edits.items() if at < ended - SETTLING_S}
    known = {
        (store, product): quantity for store, product, quantity in _quantities(VendorVariant, old)
    }
    report.figures |= {"edits": len(watch.edits), "edits_to_be_known": len(old)}
    report.goal(
        "edits_not_known", "==", 0, sum(known.get(key) != units for key, units in old.items())
    )


def _quantities(
    model: Any, wanted: Mapping[tuple[int, int], int]
) -> Sequence[tuple[int, int, int | None]]:
    rows = model.objects.filter(
        store_id__in={store for store, _ in wanted},
        product_id_in_store__in={product for _, product in wanted},
        variation_id=0,
    )
    return list(rows.values_list("store_id", "product_id_in_store", "quantity"))


def _call(url: str, body: dict[str, Any] | None = None) -> Any:
    content = None if body is None else json.dumps(body).encode()
    method = "GET" if body is None else "POST"
    request = urllib.request.Request(url, content, method=method)  # noqa: S310 - 127.0.0.1
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)
