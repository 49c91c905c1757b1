"""Walks over a shop that changes and fails while its pages are read: an import, a sweep, and what
is asked for again; then the hub's rows beside the shop's.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from longshore.cli.bench import shops
from longshore.cli.bench.report import Report
from longshore.cli.bench.shops import BenchShop

CHANGING, FAILING = 20_000, 5_000
"""Products of a shop that changes, and of one that fails; as the peers were measured with."""
PER_PAGE = 100
TOUCHED = 1_000
PATIENCE_S = 120.0
LATER = timedelta(minutes=3)
"""A product that is gone is asked for twice, two minutes apart."""
CHANGE_SHARE, CHANGE_MORE = 1.15, 2
STALLS_MOST_S = 15.0


@dataclass(frozen=True)
class Scenario:
    """`faults` are added to the shop beforehand; `edits` products are edited meanwhile. `injected`:
    requests that fail, which may be asked once more.
    """

    name: str
    faults: Sequence[dict[str, Any]] = ()
    edits: int = 0
    injected: int = 0


def _every(number: int, kinds: Sequence[str], count: int) -> list[dict[str, Any]]:
    """One of these faults at every so many requests."""
    return [
        {"kind": kinds[index % len(kinds)], "times": 1, "after": number * (index + 1)}
        for index in range(count)
    ]


SCENARIOS = (
    Scenario("40_deleted", [{"kind": "delete_mid_scan", "value": "40"}]),
    Scenario("20_inserted", [{"kind": "insert_mid_scan", "value": "20"}]),
    Scenario("1000_touched", edits=TOUCHED),
    Scenario("8_times_503", [{"kind": "burst_5xx", "times": 8, "after": 5}], injected=8),
    Scenario("429", [{"kind": "rate_limit", "value": "1", "times": 1, "after": 5}], injected=1),
    Scenario("hang", [{"kind": "hang", "times": 1, "after": 5}], injected=1),
    Scenario("truncated", [{"kind": "truncated", "times": 1, "after": 5}], injected=1),
    Scenario("every_fifth_fails", _every(4, ("burst_5xx", "reset", "truncated", "empty_200"), 5),
             injected=5),
)  # fmt: skip


@dataclass
class Outcome:
    requests: int = 0
    seconds: float = 0.0
    lost: int = 0
    twice: int = 0
    ghosts: int = 0
    new_missing: int = 0
    proven: bool = False


@dataclass
class Ahead:
    """The machine's clock, moved when told to."""

    by: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        from longshore import wiring

        return wiring.clock.now() + self.by

    def monotonic(self) -> float:
        return time.monotonic() + self.by.total_seconds()


def measure(report: Report, scale: float) -> None:
    totals = Outcome()
    for scenario in SCENARIOS:
        products = max(2_000, int((FAILING if scenario.injected else CHANGING) * scale))
        floor = math.ceil(products / PER_PAGE)
        with shops.woocommerce(products) as shop:
            found = _play(shop, scenario)
        report.figures |= {
            f"walk_{scenario.name}_requests": found.requests,
            f"walk_{scenario.name}_requests_floor": floor,
            f"walk_{scenario.name}_s": found.seconds,
        }
        most: float = floor + scenario.injected + CHANGE_MORE
        if not scenario.injected:
            most = CHANGE_SHARE * floor + CHANGE_MORE
        report.goal(f"walk_{scenario.name}_requests", "<=", most, found.requests)
        if scenario.name == "hang":
            report.goal("walk_hang_s", "<=", STALLS_MOST_S, found.seconds)
        totals.lost += found.lost
        totals.twice += found.twice
        totals.ghosts += found.ghosts
        totals.new_missing += found.new_missing
    report.goal("walks_lost", "==", 0, totals.lost)
    report.goal("walks_twice", "==", 0, totals.twice)
    report.goal("walks_ghosts_after_the_sweep", "==", 0, totals.ghosts)
    report.goal("walks_new_ones_missing_after_the_sweep", "==", 0, totals.new_missing)


def _play(shop: BenchShop, scenario: Scenario) -> Outcome:
    from longshore.storage.models import Scan, VendorProduct

    store_id = shops.connect(shop, scenario.name)
    before = _ids(shop)
    for fault in scenario.faults:
        shop.control("faults", fault)
    outcome, clock = Outcome(), Ahead()
    with _edited_meanwhile(shop, sorted(before)[: scenario.edits]):
        began = time.perf_counter()
        _until_done(lambda: _import(store_id, clock))
        outcome.seconds = time.perf_counter() - began
    scan = Scan.objects.filter(store_id=store_id, kind="full").latest("pk")
    outcome.requests, outcome.proven = scan.requests, scan.proven
    shop.control("faults", {})
    now = _ids(shop)
    rows = VendorProduct.objects.filter(store_id=store_id)
    known = set(rows.values_list("product_id", flat=True))
    outcome.lost, outcome.twice = len((before & now) - known), rows.count() - len(known)
    _sweep(store_id, clock)
    there = VendorProduct.objects.filter(store_id=store_id, absent_since=None)
    left = set(there.values_list("product_id", flat=True))
    outcome.ghosts, outcome.new_missing = len(left - now), len(now - left)
    return outcome


@contextmanager
def _edited_meanwhile(shop: BenchShop, ids: Sequence[int]) -> Iterator[None]:
    def edit() -> None:
        for number in ids:
            shop.control("products/edit", {"product_id": number, "stock_quantity": 7})

    editor = threading.Thread(target=edit)
    editor.start()
    try:
        yield
    finally:
        editor.join()


def _until_done(work: Callable[[], bool]) -> None:
    """As the queue does it: again after the pause that the error asks for."""
    from longshore.ports.errors import TryLater

    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if work():
                return
        except TryLater as error:
            time.sleep(min(error.after or 1.0, 10.0))
    raise RuntimeError("The walk does not end.")


def import_whole(store_id: int) -> None:
    _until_done(lambda: _import(store_id, Ahead()))


def _import(store_id: int, clock: Ahead) -> bool:
    from longshore.ports.ledger.catalog import Phase
    from longshore.ports.turns import ENDLESS
    from longshore.storage.repositories.catalog import Catalog
    from longshore.sync.import_catalog import import_catalog
    from longshore.worker.shops import store_at_work

    with store_at_work(store_id) as store:
        mark = import_catalog(store, Catalog(), clock, store_id=store_id, turn=ENDLESS)
    return mark is None or mark.phase is Phase.DONE


def _sweep(store_id: int, clock: Ahead) -> None:
    """The sweep, what it asks for again, and once more after the two minutes."""
    from longshore.ports.turns import ENDLESS
    from longshore.storage.repositories.catalog import Catalog
    from longshore.storage.repositories.walks import begin_sweep
    from longshore.sync.refresh_products import refresh_products
    from longshore.sync.sweep_stock import sweep_stock

    begin_sweep(store_id, clock.now())
    with _store(store_id, clock) as store:
        sweep_stock(store, Catalog(), clock, store_id=store_id, turn=ENDLESS)
    for later in (timedelta(), LATER):
        clock.by += later
        with _store(store_id, clock) as store:
            refresh_products(store, Catalog(), clock, store_id=store_id, turn=ENDLESS)


@contextmanager
def _store(store_id: int, clock: Ahead) -> Iterator[Any]:
    """By our own clock, so that two minutes need not be waited for."""
    from longshore import wiring
    from longshore.storage.models import Store
    from longshore.storage.repositories.reading_plan import pace_of
    from longshore.storage.repositories.store_states import profile_of
    from longshore.stores import woocommerce

    row = Store.objects.get(pk=store_id)
    with wiring.http_client() as client:
        access = woocommerce.StoreAccess(
            row.base_url,
            row.consumer_key.reveal(),
            row.consumer_secret.reveal(),
            profile_of(row),
            pace_of(store_id),
        )
        yield woocommerce.connect(access, client, clock.now)


def _ids(shop: BenchShop) -> set[int]:
    """By the shop's own state, the trash aside."""
    state = shop.control("state?products=1")
    rows = [row for row in state["rows"] if not row["parent_id"]]
    return {row["id"] for row in rows if row["status"] != "trash"}
