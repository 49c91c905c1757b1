"""The marketplace of `longshore bench orders`: simulated shops of several generations, connected by
the doctor and imported by the workers, and buyers' orders of their goods.
"""

import json
import random
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from longshore.cli.bench.hub import child
from longshore.domain.money import Money
from longshore.domain.orders import Address, OrderLine, Payment, StorefrontOrder

VERSIONS = "9.9.5,5.0.0,10.3.0,2.4.13,3.5.8,2.2.11"
PRODUCTS = 12
LATENCY_MS = 40
IMPORTED_WITHIN_S = 240.0
TWO_VENDORS = 0.15
"""The share of orders that two vendors have a part of."""


@dataclass
class Shop:
    address: str
    key: str
    secret: str
    version: str
    store_id: int = 0
    variant_gids: list[str] = field(default_factory=list[str])

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """A control of the simulated shop."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/_sim/{path}", data)  # noqa: S310 - ours
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)


@contextmanager
def street(count: int) -> Iterator[list[Shop]]:
    arguments = (
        *("-m", "simulators.woocommerce.street", "--shops", str(count)),
        *("--versions", VERSIONS, "--products", str(PRODUCTS), "--latency-ms", str(LATENCY_MS)),
    )
    with child(*arguments, stdin=subprocess.PIPE) as process:
        if process.stdout is None:
            raise RuntimeError("The simulators have no output.")
        yield [Shop(**json.loads(process.stdout.readline())) for _ in range(count)]


def connect(shops: Sequence[Shop]) -> int:
    """One vendor for each shop; returns the marketplace. The workers import the catalogs."""
    from longshore import wiring
    from longshore.storage.models import Marketplace, Storefront, Vendor

    marketplace = Marketplace.objects.create(name="Bench", live_since=wiring.clock.now())
    Storefront.objects.create(
        marketplace=marketplace,
        shop_domain="bench.myshopify.com",
        currency="EUR",
        taxes_included=True,
        state="broken",
    )

    def one(number: int) -> None:
        shop = shops[number]
        vendor = Vendor.objects.create(marketplace=marketplace, name=f"Vendor {number}")
        shop.store_id = wiring.connect_store(vendor.pk, shop.address, shop.key, shop.secret)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(len(shops))))
    return marketplace.pk


def list_goods(shops: Sequence[Shop]) -> None:
    """Waits for the imports, then says that what was found is on the storefront."""
    deadline = time.monotonic() + IMPORTED_WITHIN_S
    for shop in shops:
        while not _imported(shop):
            if time.monotonic() > deadline:
                raise RuntimeError(f"WooCommerce {shop.version} was not imported in time.")
            time.sleep(0.2)
        _list(shop)


def _imported(shop: Shop) -> bool:
    """Its whole catalog is here, and made into listings."""
    from longshore.storage.models import Scan, VendorProduct

    walked = Scan.objects.filter(store_id=shop.store_id, kind="full", proven=True)
    unseen = VendorProduct.objects.filter(store_id=shop.store_id, review_due=True)
    return walked.exists() and not unseen.exists()


def _list(shop: Shop) -> None:
    from longshore.storage.models import ListingVariant

    rows = ListingVariant.objects.filter(
        variant__store_id=shop.store_id,
        variant__variation_id=0,
        variant__regular_price__isnull=False,
        variant__product__status="publish",
    )
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        gid = f"gid://shopify/ProductVariant/{pk}"
        ListingVariant.objects.filter(pk=pk).update(variant_gid=gid)
        shop.variant_gids.append(gid)
    if not shop.variant_gids:
        raise RuntimeError(f"WooCommerce {shop.version} has nothing to sell.")


@dataclass(frozen=True, slots=True)
class Bought:
    """A buyer's order and the shops that must get a part of it, by store id."""

    order: StorefrontOrder
    stores: frozenset[int]


def buy(number: int, shops: Sequence[Shop], chance: random.Random, at: datetime) -> Bought:
    """Each shop gets as many; one or two units of one or two things."""
    first = number % len(shops)
    chosen = [first]
    if len(shops) > 1 and chance.random() < TWO_VENDORS:
        chosen.append((first + 1 + chance.randrange(len(shops) - 1)) % len(shops))
    lines: list[OrderLine] = []
    for place in chosen:
        for gid in chance.sample(
            shops[place].variant_gids, k=min(2, len(shops[place].variant_gids))
        ):
            line_id = f"gid://shopify/LineItem/{number}{len(lines)}"
            price = Money(Decimal("9.90"), "EUR")
            lines.append(OrderLine(line_id, gid, "Goods", "", 1 + chance.randrange(2), price))
    order = StorefrontOrder(
        order_id=f"gid://shopify/Order/{number}",
        name=f"#B{number}",
        created_at=at,
        updated_at=at,
        canceled_at=None,
        payment=Payment.PAID,
        test=False,
        currency="EUR",
        email="",
        shipping_address=Address("Ada", "Bench", line1="Quay 1", city="Port", country="NL"),
        shipping_title="",
        shipping_price=Money(Decimal(0), "EUR"),
        note="",
        lines=tuple(lines),
    )
    return Bought(order, frozenset(shops[place].store_id for place in chosen))
