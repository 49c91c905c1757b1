"""`longshore bench stock`: what changed stock costs on Shopify beside the fewest calls that can do
it; walks over shops that change and fail; the sweep of a large shop on a slow host; and how long a
change takes from a vendor's shop to Shopify while a catalog is imported.
"""

import json
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from longshore.cli.bench import publish, shops, sweeps, walks
from longshore.cli.bench.floor_stock import floor_calls
from longshore.cli.bench.hub import empty_hub, quiet_child
from longshore.cli.bench.report import Report, percentile
from longshore.cli.bench.shops import BenchShop

PRODUCTS, VARIANTS, CHANGED = 400, 3, 1_000
MOST_CALLS = 6
IMPORTED, ON_SALE = 5_000, 60
LATENCY_MS = 200
HINTS, EVERY_S = 60, 0.5
SHOWN_WITHIN_S, HOT_WITHIN_S = 5.0, 120.0
HOT = 5
LOOK_S = 0.1


def measure(scale: float) -> Report:
    report = Report("stock")
    with empty_hub(LONGSHORE_STORE_TIMEOUT_S="8") as folder:
        with publish.shopify() as said:
            _calls(report, said, max(100, int(PRODUCTS * scale)))
        _forget_everything()
        walks.measure(report, scale)
        _forget_everything()
        sweeps.measure(report, scale)
        _forget_everything()
        _to_shopify(report, folder, max(0.1, scale))
    return report


def _forget_everything() -> None:
    """The next part has a market of its own."""
    from django.db import connection

    from longshore.storage.models import Marketplace

    Marketplace.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


# --- calls ---


def _calls(report: Report, said: dict[str, Any], products: int) -> None:
    from longshore.storage.models import ListingVariant, VendorVariant
    from longshore.storage.repositories.stock import redecide

    store_id = publish.market(said, products)
    publish.review(store_id)
    publish.publish_all()
    _push()
    report.goal("calls_for_unchanged_stock", "==", 0, _push())
    lines = list(ListingVariant.objects.order_by("pk").values_list("pk", "variant_id"))[:CHANGED]
    ids = [variant for _line, variant in lines]
    for variant in VendorVariant.objects.filter(pk__in=ids):
        variant.quantity = (variant.quantity or 0) + 7
        variant.save(update_fields=["quantity"])
    owner = ListingVariant.objects.values_list("marketplace_id", flat=True)[0]
    from longshore import wiring

    redecide(owner, ids, wiring.clock.now())
    calls = _push()
    report.goal("silent_losses", "==", 0, _losses(said))
    floor = floor_calls(said, len(lines))
    report.figures |= {"changed": len(lines), "calls": calls, "calls_floor": floor}
    report.goal("calls", "<=", min(1.05 * floor + 2, MOST_CALLS), calls)


def _push() -> int:
    """As the worker's job does; returns the HTTP calls it took."""
    from longshore import wiring
    from longshore.storage.models import Storefront
    from longshore.storage.repositories.stock_writes import StockWrites
    from longshore.sync.push_stock import push_stock

    owner = Storefront.objects.get().marketplace_id
    with wiring.open_storefront(owner) as storefront:
        left = True
        while left:
            left = push_stock(
                storefront,
                StockWrites(),
                wiring.clock,
                marketplace_id=owner,
                catch_up=lambda: None,
            ).left
        return storefront.requests_made


def _losses(said: dict[str, Any]) -> int:
    """Lines that Shopify does not show as the hub wants them."""
    from longshore.storage.models import ListingVariant

    shown = {
        variant["itemId"]: sum(level["available"] for level in variant["levels"].values())
        for product in _ask(f"{said['address']}/_sim/state?only=products")["products"]
        for variant in product["variants"]
    }
    rows = ListingVariant.objects.values_list("inventory_item_gid", "wanted_quantity")
    return sum(shown.get(item) != wanted for item, wanted in rows)


# --- from a vendor's shop to Shopify ---


@dataclass
class Awaited:
    """Changes on their way: the item on Shopify -> (the quantity it must show, since when)."""

    open: dict[str, tuple[int, float]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    def look(self, history: Sequence[dict[str, Any]]) -> None:
        now = time.monotonic()
        for row in history:
            wanted = self.open.get(row["item"])
            if wanted is not None and row["to"] == wanted[0]:
                self.seconds.append(now - wanted[1])
                del self.open[row["item"]]


def _to_shopify(report: Report, folder: Path, scale: float) -> None:
    hints = int(HINTS * scale)
    with publish.shopify() as said, shops.woocommerce(max(1000, int(IMPORTED * scale))) as shop:
        items = _on_sale(said, shop)
        shop.control("settings", {"latency_ms": LATENCY_MS})
        with quiet_child(folder / "worker.log", "-m", "longshore.cli", "worker"):
            hinted = _while_importing(said, shop, items, hints)
            hot = _unheard(said, shop, dict(list(items.items())[:HOT]))
    missing = len(hinted.open) + len(hot.open)
    seconds = hinted.seconds or [float("inf")]
    report.figures |= {
        "hints": hints,
        "hint_to_shopify_median_s": percentile(seconds, 0.5),
        "hint_to_shopify_worst_s": max(seconds),
    }
    report.goal("hint_to_shopify_p95_s", "<=", SHOWN_WITHIN_S, percentile(seconds, 0.95))
    worst = max(hot.seconds, default=float("inf"))
    report.goal("hot_to_shopify_without_webhooks_worst_s", "<=", HOT_WITHIN_S, worst)
    report.goal("changes_that_never_came", "==", 0, missing)


def _on_sale(said: dict[str, Any], shop: BenchShop) -> dict[str, int]:
    """Some counted products of the shop are published; item on Shopify -> product in the shop."""
    from longshore import wiring
    from longshore.storage.models import Listing, ListingVariant, Marketplace
    from longshore.storage.repositories.listings import Listings
    from longshore.sync.approve_listings import approve_listings

    shops.connect(shop, "stock")
    owner = Marketplace.objects.get(name="Bench")
    publish.connect(owner.pk, said)
    walks.import_whole(shop.store_id)
    publish.review(shop.store_id)
    rows = ListingVariant.objects.filter(variant__tracked=True, variant__quantity__gt=20)
    ids = list(rows.order_by("pk").values_list("listing_id", flat=True)[:ON_SALE])
    approve_listings(
        Listings(), wiring.clock, marketplace_id=owner.pk, listing_ids=ids, user_id=None
    )
    publish.publish_all()
    _push()
    listed = Listing.objects.filter(pk__in=ids, state="published")
    pairs = ListingVariant.objects.filter(listing__in=listed).exclude(inventory_item_gid="")
    return dict(pairs.values_list("inventory_item_gid", "variant__product_id_in_store"))


def _while_importing(
    said: dict[str, Any], shop: BenchShop, items: Mapping[str, int], hints: int
) -> Awaited:
    """A sale in the shop each half second, told by a webhook, while its catalog is read anew."""
    awaited, seen = Awaited(), _Seen(said)
    gids = list(items)
    _change(shop, items, gids[0], 900, awaited)
    _hint(shop.store_id, items[gids[0]], -1)
    _look_for(60.0, awaited, seen, done=lambda: not awaited.open)  # the worker is at work then
    awaited.seconds.clear()
    for number in range(hints):
        gid, units = gids[number % len(gids)], 1_000 + number
        _keep_importing(shop.store_id)
        _change(shop, items, gid, units, awaited)
        _hint(shop.store_id, items[gid], number)
        _look_for(EVERY_S, awaited, seen)
    _look_for(60.0, awaited, seen, done=lambda: not awaited.open)
    return awaited


def _change(
    shop: BenchShop, items: Mapping[str, int], gid: str, units: int, awaited: Awaited
) -> None:
    shop.control("products/edit", {"product_id": items[gid], "stock_quantity": units})
    awaited.open[gid] = (units, time.monotonic())


def _unheard(said: dict[str, Any], shop: BenchShop, items: Mapping[str, int]) -> Awaited:
    """Products sold lately change in the shop's database, and nothing tells of it."""
    from longshore import wiring
    from longshore.storage.models import ListingVariant
    from longshore.storage.repositories.watching import note_sold

    rows = ListingVariant.objects.filter(inventory_item_gid__in=list(items))
    note_sold(list(rows.values_list("variant_id", flat=True)), wiring.clock.now())
    awaited, seen = Awaited(), _Seen(said)
    for number, (gid, product) in enumerate(items.items()):
        shop.control("set_stock", {"product_id": product, "quantity": 500 + number})
        awaited.open[gid] = (500 + number, time.monotonic())
    _look_for(HOT_WITHIN_S + 30, awaited, seen, done=lambda: not awaited.open)
    return awaited


class _Seen:
    """Shopify's history of quantities, each entry once."""

    def __init__(self, said: dict[str, Any]) -> None:
        self._url = f"{said['address']}/_sim/state?only=history"
        self._count = 0
        self.fresh()

    def fresh(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = _ask(self._url)["history"]
        new, self._count = rows[self._count :], len(rows)
        return new


def _look_for(
    seconds: float, awaited: Awaited, seen: _Seen, done: Callable[[], bool] = lambda: False
) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not done():
        awaited.look(seen.fresh())
        time.sleep(LOOK_S)


def _keep_importing(store_id: int) -> None:
    """An import is open all the time."""
    from longshore import wiring
    from longshore.storage.repositories.walks import begin_import

    begin_import(store_id, wiring.clock.now())


def _hint(store_id: int, product_id: int, number: int) -> None:
    """As the intake keeps a verified webhook."""
    from longshore import wiring
    from longshore.storage.models import HintKind, Store
    from longshore.storage.repositories import inbox

    token = Store.objects.values_list("hook_token", flat=True).get(pk=store_id)
    target = inbox.store_target(token)
    if target is None:
        raise RuntimeError("The store has no webhook address.")
    kind, now = HintKind.PRODUCT, wiring.clock.now()
    name = f"bench-{number}"
    inbox.keep([inbox.Incoming(target, name, "product.updated", kind, str(product_id), now)])


def _ask(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - ours
        return json.load(answer)
