"""`longshore bench catalog`: full imports into the database against the plain loop of the
`woocommerce` client on the same simulated shop in the same run; then requests, and memory.
"""

import json
import math
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from longshore.cli.bench import shops
from longshore.cli.bench.hub import child, empty_hub, quiet_child
from longshore.cli.bench.importer import peak_mb
from longshore.cli.bench.report import Report, median
from longshore.cli.bench.shops import BenchShop
from longshore.ports.errors import NeedsOperator

ROUNDS = 3
PRODUCTS = 20_000
MIXED_PRODUCTS = 2_000
MIXED_VARIABLE = 400
LARGE = 10
"""So many times the products, for the memory."""
LATENCY_MS = 200
AT_A_TIME = 4
PER_PAGE = 100
WARM = 500
PATIENCE_S = 900.0


@dataclass(frozen=True)
class Import:
    """What one import took. `peak_mb`: the most memory its process had until then."""

    wall_s: float
    cpu_s: float
    requests: int
    proven: bool
    peak_mb: float
    database_cpu_s: float


def measure(scale: float) -> Report:
    report = Report("catalog")
    products = max(500, int(PRODUCTS * scale))
    with empty_hub() as folder:
        _against_the_loop(report, folder, products)
        _requests_with_variations(report, folder, max(200, int(MIXED_PRODUCTS * scale)))
        _memory(report, folder, products)
        _memory_of_a_worker(report, folder, products)
    return report


def _against_the_loop(report: Report, folder: Path, products: int) -> None:
    loops: list[float] = []
    found: list[Import] = []
    with _importer(folder) as run, shops.woocommerce(WARM) as warm:
        run(warm)  # every round finds the process warm alike
        with shops.woocommerce(products, 0, LATENCY_MS) as shop:
            for _ in range(ROUNDS):
                loops.append(_timed(partial(_loop, shop, products)))
                found.append(run(shop))
    floor = math.ceil(products / PER_PAGE)
    imports = [one.wall_s for one in found]
    cpu = median([one.cpu_s for one in found]) / products * 1000
    requests = [one.requests for one in found]
    report.figures |= {
        "products": products,
        "latency_ms": LATENCY_MS,
        "loop_s": median(loops),
        "import_s": median(imports),
        "import_cpu_s_per_1000": cpu,
        "database_cpu_s_per_1000": median([one.database_cpu_s for one in found]) / products * 1000,
        "requests": median(requests),
        "requests_floor": floor,
    }
    at_best = median(requests) * LATENCY_MS / 1000 / AT_A_TIME
    report.goal("wall_to_requests_x_latency_by_4", "<=", 1.15, median(imports) / at_best)
    report.goal("cpu_s_per_1000", "<=", 0.20, cpu)
    ratios = [loop / mine for loop, mine in zip(loops, imports, strict=True)]
    report.goal("times_faster_than_loop", ">=", 4.0, median(ratios))
    report.goal("requests", "<=", 1.02 * floor + 2, max(requests))


def _requests_with_variations(report: Report, folder: Path, products: int) -> None:
    from longshore.storage.models import VendorVariant

    variable = products * MIXED_VARIABLE // MIXED_PRODUCTS
    with shops.woocommerce(products, variable) as shop, _importer(folder) as run:
        found = run(shop)
        rows = VendorVariant.objects.filter(store_id=shop.store_id, variation_id__gt=0)
        variations = rows.count()
    floor = math.ceil(products / PER_PAGE) + math.ceil(variations / PER_PAGE)
    report.figures |= {
        "mixed_products": products,
        "mixed_variations": variations,
        "mixed_requests": found.requests,
        "mixed_requests_floor": floor,
    }
    report.goal("requests_with_variations", "<=", 1.02 * floor + 2, found.requests)


def _memory(report: Report, folder: Path, products: int) -> None:
    """Two processes, one after the other: an import, and one of ten times as much."""
    peaks: list[float] = []
    for count in (products, products * LARGE):
        with shops.woocommerce(count) as shop, _importer(folder) as run:
            peaks.append(run(shop).peak_mb)
    report.figures |= {
        "peak_mb": peaks[0],
        "large_products": products * LARGE,
        "large_peak_mb": peaks[1],
    }
    report.goal("memory_of_ten_times_as_much", "<=", 1.15, peaks[1] / peaks[0])


def _memory_of_a_worker(report: Report, folder: Path, products: int) -> None:
    """A worker as it is run: the import, and the review of all it found."""
    with shops.woocommerce(products) as shop:
        store_id = shops.connect(shop, "worker")
        with quiet_child(folder / "worker.log", "-m", "longshore.cli", "worker") as worker:
            _wait_until_reviewed(store_id, worker)
            peak = peak_mb(worker.pid)
    report.goal("worker_peak_mb", "<=", 120, peak)


def _wait_until_reviewed(store_id: int, worker: "subprocess.Popen[bytes]") -> None:
    from longshore.storage.models import Scan, VendorProduct

    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if worker.poll() is not None:
            raise RuntimeError(f"The worker ended with {worker.returncode}.")
        imported = Scan.objects.filter(store_id=store_id, kind="full", phase="done").exists()
        left = VendorProduct.objects.filter(store_id=store_id, review_due=True)
        if imported and not left.exists():
            return
        time.sleep(0.5)
    raise RuntimeError(f"The worker was not done after {PATIENCE_S:g} s.")


@contextmanager
def _importer(folder: Path) -> Iterator[Callable[[BenchShop], Import]]:
    """Imports a shop, connected anew, in a process that does nothing else."""
    command = ("-m", "longshore.cli.bench.importer")
    with child(*command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:

        def run(shop: BenchShop) -> Import:
            if process.stdin is None or process.stdout is None:
                raise RuntimeError("The importer has no pipes.")
            store_id = shops.connect(shop, "import")
            database = _database_cpu_s(folder)
            process.stdin.write(f"{store_id}\n".encode())
            process.stdin.flush()
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"The importer ended with {process.poll()}.")
            said = json.loads(line)
            found = Import(**said, database_cpu_s=_database_cpu_s(folder) - database)
            if not found.proven:
                raise RuntimeError("The import was not proven complete.")
            return found

        yield run


def _database_cpu_s(folder: Path) -> float:
    """CPU of the embedded server and all its processes, those that ended among them."""
    lines = (folder / "postgres" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    server = psutil.Process(int(lines[0]))
    own = server.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for process in server.children(recursive=True):
        try:
            used = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += used.user + used.system
    return float(total)


def _loop(shop: BenchShop, products: int) -> None:
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
