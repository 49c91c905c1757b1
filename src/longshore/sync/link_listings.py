"""Link listings: what a person linked is read on Shopify and joined variant by variant; what a
person unlinked gives its stock back first, so that nobody buys what no vendor ships.
"""

from longshore.domain.linking import Likeness, same_goods
from longshore.domain.listing import Field
from longshore.ports.clock import Clock
from longshore.ports.ledger.links import Link, LinkLedger, Unlink
from longshore.ports.ledger.listings import ListingSource
from longshore.ports.publishing import ListingRef, ShownListing
from longshore.ports.storefronts import StockWrite, Storefront
from longshore.sync.draft_listing import drafted_variants, options_of
from longshore.sync.place_vendor import place_vendor

AT_A_TIME = 50
MOST_ROWS = 250


def link_listings(
    storefront: Storefront, ledger: LinkLedger, clock: Clock, *, marketplace_id: int
) -> int:
    """Returns how many listings were linked or unlinked."""
    count = 0
    while unlinks := ledger.unlinks_due(marketplace_id, AT_A_TIME):
        for unlink in unlinks:
            _take_stock_away(storefront, unlink)
            ledger.keep_unlinked(unlink, clock.now())
            count += 1
    shop = ledger.shop_terms(marketplace_id)
    while shop is not None:
        sources = ledger.links_due(marketplace_id, AT_A_TIME, clock.now())
        if not sources:
            break
        wanted = {one.listing.uuid: one for one in sources if one.listing is not None}
        refs = [
            ListingRef(uuid, one.listing.link_gid if one.listing else "")
            for uuid, one in wanted.items()
        ]
        shown = storefront.read_listings(refs, shop.publication_id)
        for uuid, source in wanted.items():
            if uuid not in shown:
                ledger.keep_not_linked(source, "The product is not on Shopify any more.",
                                       clock.now())  # fmt: skip
                continue
            if not source.vendor.location_id:
                place_vendor(storefront, ledger, marketplace_id, source.vendor)
            ledger.keep_linked(make_link(source, shown[uuid]), clock.now())
        count += len(sources)
    return count


def make_link(source: ListingSource, shown: ShownListing) -> Link:
    """Which variant is which, by barcode, SKU or options."""
    mine = [
        Likeness(
            str(one.key),
            one.variant.barcode,
            one.variant.sku,
            tuple(value for _, value in options_of(one, source.product)),
        )
        for one in drafted_variants(source)
        if one.key
    ]
    theirs = {one.variant_id: one for one in shown.variants}
    pairs = same_goods(
        mine,
        [
            Likeness(
                one.variant_id,
                str(one.values[Field.BARCODE]),
                str(one.values[Field.SKU]),
                tuple(value for _, value in one.options),
            )
            for one in shown.variants
        ],
    )
    return Link(
        source,
        shown,
        {int(name): theirs[gid] for name, gid in pairs.items()},
        tuple(
            " / ".join(one.options) or one.sku or one.name for one in mine if one.name not in pairs
        ),
    )


def _take_stock_away(storefront: Storefront, unlink: Unlink) -> None:
    for start in range(0, len(unlink.items), MOST_ROWS):
        items = unlink.items[start : start + MOST_ROWS]
        levels = storefront.read_stock(items, unlink.location_id)
        rows = [
            StockWrite(item, unlink.location_id, 0, quantity)
            for item, quantity in levels.items()
            if quantity
        ]
        if rows:
            # One that was sold just now is stale: what is left there is the next reading's.
            storefront.write_stock(f"{unlink.asked_key}-{start}", rows)
