"""Settle what is uncertain: writes whose answer was lost are compared with what Shopify shows.
Those that are there are done, the others are due again.
"""

from longshore.ports.clock import Clock
from longshore.ports.ledger.publication import Change, Compared, PublicationLedger
from longshore.ports.publishing import ListingRef
from longshore.ports.storefronts import Storefront
from longshore.sync.compare_listing import compare_listing

AT_A_TIME = 50


def settle_uncertain(
    storefront: Storefront, ledger: PublicationLedger, clock: Clock, *, marketplace_id: int
) -> int:
    """Returns how many writes were settled."""
    shop = ledger.shop_terms(marketplace_id)
    settled = 0
    while shop is not None:
        changes = ledger.uncertain(marketplace_id, AT_A_TIME, clock.now())
        if not changes:
            break
        by_listing: dict[str, list[Change]] = {}
        for one in changes:
            if one.source.listing is not None:
                by_listing.setdefault(one.source.listing.uuid, []).append(one)
        refs = [ListingRef(uuid, _product(some[0])) for uuid, some in by_listing.items()]
        shown = storefront.read_listings(refs, shop.publication_id)
        for uuid, some in by_listing.items():
            found = shown.get(uuid)
            compared: Compared | None = None
            if found is not None:
                sent = [(one.step, one.after) for one in some]
                compared = compare_listing(some[0].source, found, sent)
            ledger.keep_settled([one.change_id for one in some], some[0].source, compared,
                                clock.now())  # fmt: skip
        settled += len(changes)
    return settled


def _product(change: Change) -> str:
    return change.source.listing.product_gid if change.source.listing else ""
