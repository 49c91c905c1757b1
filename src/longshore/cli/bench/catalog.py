"""`longshore bench catalog`: a full import into the database against the plain loop of the
`woocommerce` client, on the same simulated shop in the same run.
"""

import json
import math
import resource
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from longshore.cli.bench.hub import child, empty_hub
from longshore.cli.bench.report import Report, median
from longshore.ports.errors import NeedsOperator

ROUNDS = 3
PRODUCTS = 20_000
MIXED_PRODUCTS = 2_000
MIXED_VARIABLE = 400
LATENCY_MS = 200
PER_PAGE = 100


def measure(scale: float) -> Report:
    report = Report("catalog")
    with empty_hub():
        _against_the_loop(report, max(500, int(PRODUCTS * scale)))
        _requests_with_variations(report, max(200, int(MIXED_PRODUCTS * scale)))
    return report


def _against_the_loop(report: Report, products: int) -> None:
    with _shop(products, 0, LATENCY_MS) as shop:
        _connect(shop, "warm")
        _import(shop)  # the process is warm for every round alike
        loops: list[float] = []
        imports: list[float] = []
        cpu: list[float] = []
        requests: list[int] = []
        for number in range(ROUNDS):
            loops.append(_timed(partial(_loop, shop, products)))
            _connect(shop, f"round {number}")
            used = _cpu_s()
            imports.append(_timed(partial(_import, shop)))
            cpu.append(_cpu_s() - used)
            requests.append(shop.requests_of_last_import)
    floor = math.ceil(products / PER_PAGE)
    report.figures |= {
        "products": products,
        "latency_ms": LATENCY_MS,
        "loop_s": median(loops),
        "import_s": median(imports),
        "import_cpu_s_per_1000": median(cpu) / products * 1000,
        "requests": median(requests),
        "requests_floor": floor,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    at_best = median(requests) * LATENCY_MS / 1000 / 4
    report.goal("wall_to_requests_x_latency_by_4", "<=", 1.15, median(imports) / at_best)
    report.goal("cpu_s_per_1000", "<=", 0.20, median(cpu) / products * 1000)
    ratios = [loop / mine for loop, mine in zip(loops, imports, strict=True)]
    report.goal("times_faster_than_loop", ">=", 4.0, median(ratios))
    report.goal("requests", "<=", 1.02 * floor + 2, max(requests))


def _requests_with_variations(report: Report, products: int) -> None:
    variable = products * MIXED_VARIABLE // MIXED_PRODUCTS
    with _shop(products, variable, 0) as shop:
        _connect(shop, "with variations")
        _import(shop)
        requests = shop.requests_of_last_import
        variations = _stored_variations(shop.store_id)
    floor = math.ceil(products / PER_PAGE) + math.ceil(variations / PER_PAGE)
    report.figures |= {
        "mixed_products": products,
        "mixed_variations": variations,
        "mixed_requests": requests,
        "mixed_requests_floor": floor,
    }
    report.goal("requests_with_variations", "<=", 1.02 * floor + 2, requests)


class _Shop:
    """A simulated shop and the hub's vendor for it."""

    def __init__(self, address: str, key: str, secret: str) -> None:
        self.address = address
        self.key = key
        self.secret = secret
        self.store_id = 0
        self.requests_of_last_import = 0


class _shop:  # noqa: N801 - used as a context manager function
    def __init__(self, products: int, variable: int, latency_ms: int) -> None:
        self._child = child(
            *("-m", "simulators.woocommerce", "--port", "0", "--json"),
            *("--products", str(products), "--variable", str(variable)),
            *("--latency-ms", str(latency_ms)),
        )

    def __enter__(self) -> _Shop:
        process = self._child.__enter__()
        if process.stdout is None:
            raise RuntimeError("The simulator has no output.")
        said: dict[str, Any] = json.loads(process.stdout.readline())
        return _Shop(said["address"], said["key"], said["secret"])

    def __exit__(self, *error: object) -> None:
        self._child.__exit__(None, None, None)


def _connect(shop: _Shop, name: str) -> None:
    """Connects the shop as a new vendor's; only the last store is kept."""
    from longshore import wiring
    from longshore.storage.models import Marketplace, Store, Vendor

    Store.objects.all().delete()
    marketplace, _ = Marketplace.objects.get_or_create(name="Bench")
    vendor = Vendor.objects.create(marketplace=marketplace, name=f"{name} {time.time()}")
    shop.store_id = wiring.connect_store(vendor.pk, shop.address, shop.key, shop.secret)


def _import(shop: _Shop) -> None:
    """Imports the connected shop's catalog whole, as the worker's jobs do one after the other."""
    from longshore import wiring
    from longshore.storage.models import Scan
    from longshore.storage.repositories.walks import begin_import
    from longshore.worker import jobs_catalog

    begin_import(shop.store_id, wiring.clock.now())
    while True:
        jobs_catalog.import_catalog(store_id=shop.store_id)
        scan = Scan.objects.filter(store_id=shop.store_id).latest("pk")
        if scan.phase in {"done", "failed"}:
            break
    if not scan.proven:
        raise RuntimeError("The import was not proven complete.")
    shop.requests_of_last_import = scan.requests


def _loop(shop: _Shop, products: int) -> None:
    """What a script does with the client library: page by page into a table of JSON texts."""
    try:
        from woocommerce import API
    except ImportError:
        raise NeedsOperator(
            "The peer client is not installed. Run `make setup`, which installs what benches need."
        ) from None
    client = API(
        url=shop.address,
        consumer_key=shop.key,
        consumer_secret=shop.secret,
        version="wc/v3",
        timeout=30,
    )
    table = sqlite3.connect(":memory:")
    table.execute("CREATE TABLE products (id INTEGER PRIMARY KEY, body TEXT)")
    page = 0
    while True:
        page += 1
        rows = client.get("products", params={"per_page": PER_PAGE, "page": page}).json()
        table.executemany(
            "INSERT OR REPLACE INTO products VALUES (?, ?)",
            [(row["id"], json.dumps(row)) for row in rows],
        )
        table.commit()
        if len(rows) < PER_PAGE:
            break
    found: int = table.execute("SELECT count(*) FROM products").fetchone()[0]
    if found < products * 0.95:  # the default order may repeat and skip products
        raise RuntimeError(f"The loop found {found} of {products} products.")
    table.close()


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _stored_variations(store_id: int) -> int:
    from longshore.storage.models import VendorVariant

    return VendorVariant.objects.filter(store_id=store_id, variation_id__gt=0).count()
