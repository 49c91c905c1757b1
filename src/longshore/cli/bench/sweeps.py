"""A large shop on a slow host whose webhooks are dead: how long its sweep takes at two seconds a
page, how soon the next is planned, and whether it finds what nothing else tells of.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from longshore.cli.bench import shops, walks
from longshore.cli.bench.report import Report
from longshore.cli.bench.shops import BenchShop

PRODUCTS, VARIABLE = 10_000, 400
PAGE_S = 2.0
"""The slower end of what ordinary hosting needs for a hundred products."""
WITHIN_S = 3_600.0
CHANGED = 100
PER_PAGE = 100


def measure(report: Report, scale: float) -> None:
    """What changed right after its page was read is found at the end of the sweep after: within an
    interval and a walk. Measured on a host that answers several at a time; for one that answers a
    single one it is the requests times the seconds.
    """
    from longshore.storage.models import VendorProduct, VendorVariant

    products, variable = max(1_000, int(PRODUCTS * scale)), max(40, int(VARIABLE * scale))
    with shops.woocommerce(products, variable) as shop:
        store_id = shops.connect(shop, "sweep")
        walks.import_whole(store_id)
        changed = _changed_unseen(shop, CHANGED)
        shop.control("settings", {"latency_ms": int(PAGE_S * 1000)})
        requests, seconds = _swept(store_id)
        rows = VendorProduct.objects.filter(store_id=store_id).count()
        more = VendorVariant.objects.filter(store_id=store_id, variation_id__gt=0).count()
        every, every_alone = _planned(store_id, requests)
    floor = math.ceil(rows / PER_PAGE) + math.ceil(more / PER_PAGE)
    alone = requests * PAGE_S
    report.figures |= {
        "sweep_products": rows,
        "sweep_requests_floor": floor,
        "sweep_s": seconds,
        "sweep_one_at_a_time_s": alone,
        "sweep_planned_every_s": every,
        "sweep_one_at_a_time_planned_every_s": every_alone,
    }
    report.goal("sweep_requests", "<=", 1.02 * floor + 2, requests)
    report.goal("sweep_unseen_changes_missed", "==", 0, _missed(store_id, changed))
    report.goal("sweep_finds_a_change_within_s", "<=", WITHIN_S, every + seconds)
    report.goal("sweep_finds_it_one_at_a_time_within_s", "<=", WITHIN_S, every_alone + alone)


def _changed_unseen(shop: BenchShop, count: int) -> Sequence[tuple[int, int]]:
    """(product, quantity) of products spread over the catalog, changed in the shop's database."""
    from longshore.storage.models import VendorVariant

    rows = VendorVariant.objects.filter(store_id=shop.store_id, variation_id=0, tracked=True)
    numbers = list(rows.order_by("pk").values_list("product_id_in_store", flat=True))
    some = numbers[:: max(1, len(numbers) // count)][:count]
    changed = [(number, 7_000 + place) for place, number in enumerate(some)]
    for number, quantity in changed:
        shop.control("set_stock", {"product_id": number, "quantity": quantity})
    return changed


def _swept(store_id: int) -> tuple[int, float]:
    """As the worker's job does it; the requests and seconds it took."""
    from longshore import wiring
    from longshore.ports.turns import ENDLESS
    from longshore.storage.repositories.catalog import Catalog
    from longshore.storage.repositories.walks import begin_sweep
    from longshore.sync.sweep_stock import sweep_stock
    from longshore.worker.shops import store_at_work

    begin_sweep(store_id, wiring.clock.now())
    began = time.perf_counter()
    with store_at_work(store_id) as store:
        sweep_stock(store, Catalog(), wiring.clock, store_id=store_id, turn=ENDLESS)
        requests = store.requests_made
    return requests, time.perf_counter() - began


def _planned(store_id: int, pages: int) -> tuple[float, float]:
    """Seconds to the next sweep: of this host, and of one that answers a single page at a time."""
    from longshore import wiring
    from longshore.domain.lanes import plan_lanes
    from longshore.storage.models import Store
    from longshore.storage.repositories import reading_plan

    now = wiring.clock.now()
    plan = reading_plan.plan(store_id, wiring.wishes(), now)
    reading = reading_plan.reading_of(store_id, now)
    traits = reading_plan.traits_of(Store.objects.get(pk=store_id), reading, now)
    alone = replace(traits, pages=pages, page_s=PAGE_S, at_a_time=1, drifted_ago=timedelta(days=9))
    slow = plan_lanes(wiring.wishes(), alone)
    return plan.sweep.total_seconds(), slow.sweep.total_seconds()


def _missed(store_id: int, changed: Sequence[tuple[int, int]]) -> int:
    from longshore.storage.models import VendorVariant

    rows = VendorVariant.objects.filter(store_id=store_id, variation_id=0)
    known = dict(rows.values_list("product_id_in_store", "quantity"))
    return sum(known.get(number) != quantity for number, quantity in changed)
