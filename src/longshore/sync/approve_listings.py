"""What a person decides about listings: put them on Shopify, refuse them, take them off again.

Pages reach these through wiring, with `storage.repositories.listings.Listings()` as the ledger.
Ids of other marketplaces are ignored.
"""

from collections.abc import Sequence

from longshore.ports.clock import Clock
from longshore.ports.ledger.listings import Decided, ListingLedger


def approve_listings(
    ledger: ListingLedger,
    clock: Clock,
    *,
    marketplace_id: int,
    listing_ids: Sequence[int],
    user_id: int | None,
    as_draft: bool = False,
) -> Decided:
    """Approves what has no problems and asks for its publication; also undoes a refusal, or a
    person's taking off. `waiting` are those that cannot be approved as they are. `as_draft`: it
    goes on Shopify as a draft for a last look; approved once more, or made active on Shopify, it is
    on sale. What was there before us is never made a draft.
    """
    now = clock.now()
    return ledger.approve(marketplace_id, listing_ids, user_id, now, as_draft=as_draft)


def decline_listings(
    ledger: ListingLedger, clock: Clock, *, marketplace_id: int, listing_ids: Sequence[int]
) -> Decided:
    """Refuses listings for good; what is on Shopify already is taken off."""
    return ledger.decline(marketplace_id, listing_ids, clock.now())


def unpublish_listings(
    ledger: ListingLedger, clock: Clock, *, marketplace_id: int, listing_ids: Sequence[int]
) -> Decided:
    """Takes listings off Shopify until a person approves them again; nothing is deleted there."""
    return ledger.unpublish(marketplace_id, listing_ids, clock.now())
