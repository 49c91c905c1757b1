"""Keep readings: what a reading of the whole shop has shown. Ours is compared, other people's
products are remembered, and what it has not shown is asked for once more before it counts as gone.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from longshore.ports.clock import Clock
from longshore.ports.ledger.publication import Bulk, Compared, ComparisonLedger
from longshore.ports.publishing import BulkProgress, ListingRef, ShownListing
from longshore.ports.storefronts import Storefront
from longshore.sync.compare_listing import compare_listing

AT_A_TIME = 100
ASKED_AT_A_TIME = 50


def keep_readings(
    storefront: Storefront,
    ledger: ComparisonLedger,
    clock: Clock,
    *,
    marketplace_id: int,
    bulk: Bulk,
    progress: BulkProgress,
) -> None:
    """A reading that broke off proves nothing about what it has not shown. What we wrote while it
    went on is newer than it.
    """
    for part in _parts(storefront.bulk_listings(progress)):
        _keep(ledger, clock, marketplace_id, part, bulk)
    if progress.failed:
        return
    ledger.forget_foreign(marketplace_id, but_since=bulk.started_at)
    _ask_for_missing(storefront, ledger, clock, marketplace_id, bulk)
    ledger.end_reading(marketplace_id, clock.now())


def _ask_for_missing(
    storefront: Storefront,
    ledger: ComparisonLedger,
    clock: Clock,
    marketplace_id: int,
    bulk: Bulk,
) -> None:
    shop = ledger.shop_terms(marketplace_id)
    while shop is not None:
        missing = ledger.not_seen_since(
            marketplace_id, bulk.started_at, ASKED_AT_A_TIME, clock.now()
        )
        if not missing:
            break
        refs = [
            ListingRef(one.listing.uuid, one.listing.product_gid)
            for one in missing
            if one.listing is not None
        ]
        shown = storefront.read_listings(refs, shop.publication_id)
        there = [one for one in missing if one.listing and one.listing.uuid in shown]
        ledger.keep_compared(
            [
                compare_listing(one, shown[one.listing.uuid])
                for one in there
                if one.listing is not None
            ],
            clock.now(),
        )
        ledger.keep_deleted([one for one in missing if one not in there], clock.now())


def _keep(
    ledger: ComparisonLedger,
    clock: Clock,
    marketplace_id: int,
    part: list[ShownListing],
    bulk: Bulk,
) -> None:
    shown = {one.product_id: one for one in part}
    uuids = {one.uuid: one for one in part if one.uuid}
    sources = ledger.sources_of_products(marketplace_id, list(shown), list(uuids), clock.now())
    ours: set[str] = set()
    compared: list[Compared] = []
    for source in sources:
        listing = source.listing
        found = None
        if listing is not None:
            found = shown.get(listing.product_gid) or uuids.get(listing.uuid)
        if listing is None or found is None:
            continue
        ours.add(found.product_id)
        if listing.compared_at is None or listing.compared_at < bulk.started_at:
            compared.append(compare_listing(source, found))
    ledger.keep_compared(compared, clock.now())
    foreign = [one for one in part if one.product_id not in ours and not one.uuid]
    ledger.keep_foreign(marketplace_id, foreign, clock.now())


def _parts(items: Iterable[ShownListing]) -> Iterator[list[ShownListing]]:
    iterator = iter(items)
    while part := list(islice(iterator, AT_A_TIME)):
        yield part
