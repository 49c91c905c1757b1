"""Simulated shops for benches: started as programs of their own, connected as vendors' stores."""

import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from longshore.cli.bench.hub import child


@dataclass
class BenchShop:
    """A simulated shop, and the store it was last connected as."""

    address: str
    key: str
    secret: str
    store_id: int = 0

    def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Asks, or with a body tells, the simulator what stands behind /_sim/."""
        content = None if body is None else json.dumps(body).encode()
        method = "GET" if body is None else "POST"
        url = f"{self.address}/_sim/{path}"
        request = urllib.request.Request(url, content, method=method)  # noqa: S310 - 127.0.0.1
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)


@contextmanager
def woocommerce(products: int, variable: int = 0, latency_ms: int = 0) -> Iterator[BenchShop]:
    arguments = (
        *("-m", "simulators.woocommerce", "--port", "0", "--json"),
        *("--products", str(products), "--variable", str(variable)),
        *("--latency-ms", str(latency_ms)),
    )
    with child(*arguments) as process:
        said = introduction(process)
        yield BenchShop(said["address"], said["key"], said["secret"])


def introduction(process: Any) -> dict[str, Any]:
    """The line in which a simulator introduces itself."""
    if process.stdout is None:
        raise RuntimeError("The simulator has no output.")
    said: dict[str, Any] = json.loads(process.stdout.readline())
    return said


def connect(shop: BenchShop, name: str) -> int:
    """Connects the shop as a new vendor's; only the last store is kept. Its import waits."""
    from longshore import wiring
    from longshore.storage.models import Marketplace, Store, Vendor

    Store.objects.all().delete()
    marketplace, _ = Marketplace.objects.get_or_create(name="Bench")
    vendor = Vendor.objects.create(marketplace=marketplace, name=f"{name} {time.time()}")
    shop.store_id = wiring.connect_store(vendor.pk, shop.address, shop.key, shop.secret)
    return shop.store_id
