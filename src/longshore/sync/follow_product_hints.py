"""Follow product hints: products that webhooks named are read and compared."""

from longshore.ports.clock import Clock
from longshore.ports.ledger.publication import ComparisonLedger
from longshore.ports.publishing import ListingRef
from longshore.ports.storefronts import Storefront
from longshore.sync.compare_listing import compare_listing

AT_A_TIME = 50


def follow_product_hints(
    storefront: Storefront, ledger: ComparisonLedger, clock: Clock, *, marketplace_id: int
) -> int:
    """Returns how many products were read."""
    count = 0
    shop = ledger.shop_terms(marketplace_id)
    while shop is not None:
        hints = ledger.product_hints(marketplace_id, AT_A_TIME)
        if not hints:
            break
        gids = [gid for gid, _ in hints]
        refs = [ListingRef(gid, gid) for gid in gids]
        shown = storefront.read_listings(refs, shop.publication_id)
        sources = ledger.sources_of_products(marketplace_id, gids, (), clock.now())
        ours = {one.listing.product_gid: one for one in sources if one.listing is not None}
        now = clock.now()
        ledger.keep_compared(
            [compare_listing(ours[gid], one) for gid, one in shown.items() if gid in ours], now
        )
        ledger.keep_deleted([one for gid, one in ours.items() if gid not in shown], now)
        foreign = [one for gid, one in shown.items() if gid not in ours and not one.uuid]
        ledger.keep_foreign(marketplace_id, foreign, now)
        gone = [gid for gid in gids if gid not in shown]
        ledger.forget_foreign(marketplace_id, product_ids=gone)
        ledger.clear_product_hints(marketplace_id, hints)
        count += len(hints)
    return count
