"""`longshore bench publish`: a first publication, an unchanged one and one of changed prices,
counted in HTTP calls beside the fewest calls that can do it, in the same run.
"""

import json
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from longshore.cli.bench.floor_publish import floor_calls
from longshore.cli.bench.hub import child, empty_hub
from longshore.cli.bench.report import Report
from longshore.ports.ledger.connections import StorefrontKeys

PRODUCTS = 10_000
VARIANTS = 3
CHANGED = 1_000
MOST_CALLS = 25


def measure(scale: float) -> Report:
    report = Report("publish")
    products = max(100, int(PRODUCTS * scale))
    changed = max(50, int(CHANGED * scale))
    with empty_hub():
        with shopify() as said:
            _first_and_second(report, said, products)
            _changed(report, changed)
        with shopify() as said:  # the floor gets a shop of its own, just as empty
            floors = floor_calls(said, products, VARIANTS, changed)
    report.figures |= {"floor_calls": floors.first, "changed_floor_calls": floors.changed}
    report.goal(
        "changed_calls",
        "<=",
        1.05 * floors.changed + 2,
        report.figures["changed_calls"],
    )
    return report


def _first_and_second(report: Report, said: dict[str, Any], products: int) -> None:
    from longshore.storage.models import VendorProduct

    store_id = market(said, products)
    review(store_id)
    started, used = time.perf_counter(), time.process_time()
    calls = publish_all()
    report.figures |= {
        "products": products,
        "variants": products * VARIANTS,
        "calls": calls,
        "wall_s": time.perf_counter() - started,
        "cpu_s_per_1000": (time.process_time() - used) / products * 1000,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    report.goal("first_calls", "<=", MOST_CALLS, calls)
    report.goal("silent_losses", "==", 0, _losses(said))
    VendorProduct.objects.update(review_due=True)
    review(store_id)
    report.goal("calls_when_nothing_changed", "==", 0, publish_all())


def _changed(report: Report, changed: int) -> None:
    """Prices of so many products, as a store's import would leave them."""
    from longshore.storage.models import Listing, VendorProduct, VendorVariant

    ids = list(VendorProduct.objects.order_by("pk").values_list("pk", flat=True)[:changed])
    VendorVariant.objects.filter(product_id__in=ids).update(regular_price=Decimal("11.50"))
    VendorProduct.objects.filter(pk__in=ids).update(review_due=True)
    review(VendorProduct.objects.values_list("store_id", flat=True)[0])
    report.figures |= {"changed": changed, "changed_calls": publish_all()}
    wrong = Listing.objects.filter(product_id__in=ids).exclude(
        variants__known__price="11.5", dirty=False
    )
    report.goal("changed_losses", "==", 0, wrong.count())


@contextmanager
def shopify() -> Iterator[dict[str, Any]]:
    with child("-m", "simulators.shopify", "--port", "0", "--json") as process:
        if process.stdout is None:
            raise RuntimeError("The simulator has no output.")
        yield json.loads(process.stdout.readline())


def connect(marketplace_id: int, said: dict[str, Any]) -> None:
    """Connects the simulated Shopify. It is empty: nothing is there to be found."""
    from longshore import wiring
    from longshore.storage.models import Storefront

    keys = StorefrontKeys(
        said["shop"], said["client_id"], said["client_secret"], api_base=said["address"]
    )
    wiring.connect_storefront(marketplace_id, keys)
    Storefront.objects.update(read_at=datetime.now(UTC))


def market(said: dict[str, Any], products: int) -> int:
    """A marketplace whose vendor's goods were imported already; returns the store's id."""
    from longshore.storage.models import Marketplace, Scan, Store, Storefront, Vendor

    owner = Marketplace.objects.create(name="Bench")
    connect(owner.pk, said)
    front = Storefront.objects.get(marketplace=owner)
    vendor = Vendor.objects.create(marketplace=owner, name="Bench vendor", auto_approve=True)
    store = Store.objects.create(
        marketplace=owner,
        vendor=vendor,
        base_url="https://bench.example",
        currency=front.currency,
        prices_include_tax=front.taxes_included,
        profile={"country": "CZ"},
    )
    now = datetime.now(UTC)
    Scan.objects.create(
        marketplace=owner, store=store, kind="full", phase="done", proven=True, started_at=now
    )
    fill(store, products, now)
    return store.pk


def fill(store: Any, products: int, now: datetime) -> None:
    from longshore.storage.models import VendorProduct, VendorVariant

    rows = VendorProduct.objects.bulk_create(
        [_product(store, number, now) for number in range(1, products + 1)], batch_size=1000
    )
    VendorVariant.objects.bulk_create(
        [_variant(store, row, place, now) for row in rows for place in range(VARIANTS)],
        batch_size=2000,
    )


def _product(store: Any, number: int, now: datetime) -> Any:
    from longshore.storage.models import VendorProduct

    return VendorProduct(
        marketplace_id=store.marketplace_id,
        store=store,
        product_id=number,
        kind="variable",
        raw_type="variable",
        status="publish",
        name=f"Bench product {number}",
        description_html=f"<p>{'Number ' * 40}{number}</p>",
        categories=["Bench"],
        tags=["bench"],
        images=[[n, f"https://bench.example/{number}-{n}.jpg", ""] for n in range(3)],
        option_names=["Size"],
        read_at=now,
        changed_at=now,
    )


def _variant(store: Any, row: Any, place: int, now: datetime) -> Any:
    from longshore.storage.models import VendorVariant

    return VendorVariant(
        marketplace_id=store.marketplace_id,
        store=store,
        product=row,
        product_id_in_store=row.product_id,
        variation_id=row.product_id * 10 + place,
        sku=f"B-{row.product_id}-{place}",
        regular_price=Decimal("10.00"),
        tracked=True,
        quantity=place + 1,
        stock_status="instock",
        stock_requested_at=now,
        options=[["Size", "SML"[place]]],
        position=place,
        changed_at=now,
    )


def review(store_id: int) -> None:
    from longshore import wiring
    from longshore.storage.repositories.listings import Listings
    from longshore.sync.review_listings import review_listings

    while review_listings(Listings(), wiring.clock, store_id=store_id):
        pass


def publish_all() -> int:
    """Publishes as the worker's jobs do, one after the other, waiting as they ask to; returns the
    HTTP calls it took, uploads and downloads included. Images are looked at much later.
    """
    from longshore import wiring
    from longshore.storage.models import BulkRun, Listing, Storefront
    from longshore.storage.repositories.publication import Publication
    from longshore.sync.publish_listings import publish_listings

    owner = Storefront.objects.get().marketplace_id
    with wiring.open_storefront(owner) as storefront:
        while True:
            Listing.objects.update(images_due_at=None)
            report = publish_listings(storefront, Publication(), wiring.clock, marketplace_id=owner)
            running = BulkRun.objects.filter(state__in=("prepared", "running")).exists()
            if not report.left and not running and not Listing.objects.filter(dirty=True).exists():
                return storefront.requests_made
            if not report.left:
                time.sleep(report.again_in_s or 0.1)


def _losses(said: dict[str, Any]) -> int:
    """Products that are not on sale on Shopify as they should be, without anybody being told."""
    import urllib.request

    from longshore.storage.models import Listing, OpenFinding

    with urllib.request.urlopen(f"{said['address']}/_sim/state") as answer:  # noqa: S310 - ours
        products = json.load(answer)["products"]
    shown = {row["title"]: row for row in products if row["publishedOn"]}
    told = set(OpenFinding.objects.values_list("subject", flat=True))
    lost = 0
    for listing in Listing.objects.select_related("product").iterator():
        row = shown.get(listing.product.name)
        whole = row is not None and [
            (one["price"], sum(level["available"] for level in one["levels"].values()))
            for one in row["variants"]
        ] == [("10.00", place + 1) for place in range(VARIANTS)]
        lost += not whole and f"listing:{listing.pk}" not in told
    return lost
