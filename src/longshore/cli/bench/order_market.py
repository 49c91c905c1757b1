"""The marketplace of `longshore bench orders`: simulated shops of several generations, connected by
the doctor, imported and published by the workers on a simulated Shopify; and buyers there.
"""

import json
import random
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from longshore.cli.bench import publish
from longshore.cli.bench.hub import child
from longshore.cli.bench.shops import introduction

VERSIONS = "9.9.5,5.0.0,10.3.0,2.4.13,3.5.8,2.2.11"
PRODUCTS = 12
LATENCY_MS = 40
PLENTY = 100_000
"""Units of everything: nothing is sold out on the way."""
READY_WITHIN_S = 300.0
TWO_VENDORS = 0.15
"""The share of orders that two vendors have a part of."""


@dataclass
class Simulated:
    """A shop with controls."""

    address: str

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """A control of the simulated shop."""
        data = None if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}/_sim/{path}", data, kind)  # noqa: S310 - ours
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)


@dataclass
class Shop(Simulated):
    key: str
    secret: str
    version: str
    store_id: int = 0
    variant_gids: list[str] = field(default_factory=list[str])


@dataclass
class Shopify(Simulated):
    said: dict[str, Any]


@contextmanager
def street(count: int) -> Iterator[list[Shop]]:
    arguments = (
        *("-m", "simulators.woocommerce.street", "--shops", str(count)),
        *("--versions", VERSIONS, "--products", str(PRODUCTS), "--latency-ms", str(LATENCY_MS)),
    )
    with child(*arguments, stdin=subprocess.PIPE) as process:
        yield [Shop(**introduction(process)) for _ in range(count)]


@contextmanager
def shopify() -> Iterator[Shopify]:
    """Of the largest plan: it lets each vendor have a location."""
    with child("-m", "simulators.shopify", "--port", "0", "--json", "--plan", "plus") as process:
        said = introduction(process)
        yield Shopify(said["address"], said)


def connect(shops: Sequence[Shop], storefront: Shopify) -> int:
    """One vendor for each shop; returns the marketplace. The workers import the catalogs and put
    everything on sale.
    """
    from longshore import wiring
    from longshore.storage.models import Marketplace, Vendor

    marketplace = Marketplace.objects.create(name="Bench")
    publish.connect(marketplace.pk, storefront.said)

    def one(number: int) -> None:
        shop = shops[number]
        _fill_shelves(shop)
        vendor = Vendor.objects.create(
            marketplace=marketplace, name=f"Vendor {number}", auto_approve=True
        )
        shop.store_id = wiring.connect_store(vendor.pk, shop.address, shop.key, shop.secret)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(len(shops))))
    return marketplace.pk


def _fill_shelves(shop: Shop) -> None:
    for row in shop.ask("state?products=1")["rows"]:
        if row["manage_stock"] is True:
            given = {"product_id": row["id"], "quantity": PLENTY, "status": "instock"}
            shop.ask("set_stock", given)


def open_shop(owner: int, shops: Sequence[Shop]) -> None:
    """Waits until all goods are on sale and Shopify tells us of orders."""
    from longshore import wiring
    from longshore.storage.models import Storefront

    _wait("The catalogs are not imported", lambda: all(_imported(shop) for shop in shops))
    _wait("The goods are not on sale", _on_sale)
    wiring.go_live(owner)
    hooked = Storefront.objects.exclude(webhooks_active=[])
    _wait("Shopify has no webhooks", hooked.exists)
    for shop in shops:
        _note_goods(shop)


def _wait(what: str, done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not done():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what} after {READY_WITHIN_S:.0f} s.")
        time.sleep(0.2)


def _imported(shop: Shop) -> bool:
    """Its whole catalog is here, and made into listings."""
    from longshore.storage.models import Scan, VendorProduct

    walked = Scan.objects.filter(store_id=shop.store_id, kind="full", proven=True)
    unseen = VendorProduct.objects.filter(store_id=shop.store_id, review_due=True)
    return walked.exists() and not unseen.exists()


def _on_sale() -> bool:
    from longshore.storage.models import Listing, ListingVariant

    open_ones = Listing.objects.filter(state__in=["approved", "published"], dirty=True)
    untold = ListingVariant.objects.filter(stock_dirty=True)
    return not open_ones.exists() and not untold.exists()


def _note_goods(shop: Shop) -> None:
    from longshore.storage.models import ListingVariant

    rows = ListingVariant.objects.filter(
        variant__store_id=shop.store_id,
        variant__variation_id=0,
        listing__state="published",
        known_quantity__gte=PLENTY,
    )
    shop.variant_gids = list(rows.order_by("pk").values_list("variant_gid", flat=True))
    if not shop.variant_gids:
        raise RuntimeError(f"WooCommerce {shop.version} has nothing to sell.")


@dataclass(frozen=True, slots=True)
class Bought:
    """A buyer's order by its name, and the shops that must get a part of it, by store id."""

    name: str
    stores: frozenset[int]


def buy(number: int, shops: Sequence[Shop], storefront: Shopify, chance: random.Random) -> Bought:
    """Each shop gets as many; one or two units of one or two things."""
    first = number % len(shops)
    chosen = [first]
    if len(shops) > 1 and chance.random() < TWO_VENDORS:
        chosen.append((first + 1 + chance.randrange(len(shops) - 1)) % len(shops))
    lines = [
        {"variant_id": gid, "quantity": 1 + chance.randrange(2)}
        for place in chosen
        for gid in chance.sample(
            shops[place].variant_gids, k=min(2, len(shops[place].variant_gids))
        )
    ]
    order = storefront.ask("checkout", {"lines": lines})
    return Bought(order["name"], frozenset(shops[place].store_id for place in chosen))
