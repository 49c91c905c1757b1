"""The jobs of listings: reviewed, published, compared with what Shopify shows."""

from longshore import wiring
from longshore.storage import work
from longshore.storage.job_queue import CATALOG, SWEEP
from longshore.storage.repositories.listings import Listings
from longshore.storage.repositories.publication import Publication
from longshore.sync.begin_comparison import begin_comparison
from longshore.sync.follow_product_hints import follow_product_hints
from longshore.sync.publish_listings import publish_listings as _publish_listings
from longshore.sync.review_listings import review_listings as _review_listings
from longshore.worker.shops import storefront_at_work
from longshore.worker.task import job


@job("review_listings", priority=CATALOG)
def review_listings(*, store_id: int) -> None:
    if _review_listings(Listings(), wiring.clock, store_id=store_id):
        work.review_listings(store_id)


@job("publish_listings", priority=CATALOG)
def publish_listings(*, marketplace_id: int) -> None:
    with storefront_at_work(marketplace_id) as storefront:
        report = _publish_listings(
            storefront, Publication(), wiring.clock, marketplace_id=marketplace_id
        )
    if report.read_everything:
        work.compare_storefront(marketplace_id)
    if report.left:
        work.publish_listings(marketplace_id)
    elif report.again_in_s is not None:
        work.publish_listings(marketplace_id, in_s=report.again_in_s)


@job("compare_listings", priority=SWEEP)
def compare_listings(*, marketplace_id: int) -> None:
    with storefront_at_work(marketplace_id) as storefront:
        follow_product_hints(storefront, Publication(), wiring.clock, marketplace_id=marketplace_id)


@job("compare_storefront", priority=SWEEP)
def compare_storefront(*, marketplace_id: int) -> None:
    with storefront_at_work(marketplace_id) as storefront:
        look_in_s = begin_comparison(
            storefront, Publication(), wiring.clock, marketplace_id=marketplace_id
        )
    if look_in_s is not None:
        work.publish_listings(marketplace_id, in_s=look_in_s)
