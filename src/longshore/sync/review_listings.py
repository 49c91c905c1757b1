"""Review listings: what a changed vendor product means for what is, or may be, on Shopify."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from longshore.domain.catalog import ProductType, VendorProduct, shape_problems
from longshore.domain.findings import Finding
from longshore.domain.linking import WhenWithdrawn
from longshore.domain.listing import Field
from longshore.domain.mapping import kept_out_because
from longshore.domain.ownership import By
from longshore.domain.pricing import crossing_factor
from longshore.ports.clock import Clock
from longshore.ports.ledger.listings import (
    ABSENT,
    BY_PEOPLE,
    LEFT_OUT,
    ON,
    Listing,
    ListingLedger,
    ListingSource,
    Next,
    Review,
    ShopTerms,
    State,
)
from longshore.sync.draft_listing import (
    Drafted,
    draft_listing,
    drafted_variants,
    listing_options,
    option_names,
    sellable,
)

LINKED, PUT_BACK, ELSEWHERE = "linked", "put_back", "elsewhere"
AT_A_TIME = 200
SLICE_S = 5.0
VARIANT_LIMIT = 2048
"""Shopify's own, until the storefront says another (changelog: variant limit is now 2048)."""
IMAGE_LIMIT = 250
"""Media of one product (help.shopify.com: product media)."""


def review_listings(
    ledger: ListingLedger, clock: Clock, *, store_id: int, budget_s: float = SLICE_S
) -> bool:
    """Reviews the store's products that are due; returns whether some may be left."""
    ledger.review_begins(store_id, clock.now())
    shop = ledger.shop_terms(ledger.marketplace_of(store_id))
    until = clock.monotonic() + budget_s
    after = 0
    while True:
        now = clock.now()
        after = ledger.review_due(
            store_id, after, AT_A_TIME, now, partial(review, shop=shop, now=now)
        )
        if not after:
            return False
        if clock.monotonic() >= until:
            return True


def review(source: ListingSource, shop: ShopTerms | None, now: datetime) -> Review | None:
    """What follows for one product; None where it needs no listing."""
    if source.listing is not None and source.listing.joined:
        return None  # another listing sells its goods
    reason = kept_out(source, shop)
    if source.absent or source.left_out is not None or reason is not None:
        return _withdrawn(source, reason)
    problems = find_problems(source, shop)
    drafted: Drafted | None = None
    if shop is not None and not problems:
        draft = draft_listing(source, shop, now)
        if isinstance(draft, Finding):
            problems = [draft]
        else:
            problems = list(draft.problems)
            drafted = draft
    problems += _proposals(source)
    ready = drafted is not None and not problems
    state = _state(source, ready=ready, alone=shop is not None and shop.read)
    due = bool(drafted and ready and state in ON and _differs(source, state, drafted))
    return Review(
        state=state,
        problems=tuple(problems),
        dirty=due or (state not in ON and source.listing is not None and source.listing.dirty),
        unpublished_because=_because(source, state),
        review_at=_next_sale(source, now),
        listed=tuple(one.row_id for one in drafted_variants(source)),
        next_write=_next(source, drafted if ready else None),
        notes=drafted.notes if drafted else (),
        prices=drafted.prices if drafted else {},
    )


def kept_out(source: ListingSource, shop: ShopTerms | None) -> Finding | None:
    """Why a product is not wanted here by its vendor or by the marketplace; None when it is."""
    if source.kept_back:
        return Finding("kept_by_vendor", {"product": source.product.name})
    if shop is None:
        return None
    there = [one.variant for one in source.variants if not one.absent and one.variant.public]
    return kept_out_because(source.product, there, shop.rules.imports, source.vendor.vendor_id)


def _withdrawn(source: ListingSource, reason: Finding | None) -> Review:
    """It is not to be sold, whoever says so; a listing that was is taken off."""
    listing = source.listing
    gone = Finding("product_not_public", {"product": source.product.name, "status": "deleted"})
    made = Review(
        state=listing.state if listing else State.REVIEW,
        problems=(gone if source.absent else source.left_out or reason or gone,),
        dirty=False,
        unpublished_because="",
        review_at=None,
        listed=(),
        kept_out=reason if not source.absent and source.left_out is None else None,
        needs_listing=listing is not None,
    )
    if listing is None:
        return made
    stays = why_it_stays(source)
    if stays:
        back = _put_back(listing) and not listing.known.get(Field.ON_SALE)
        told = stays == LINKED and listing.known.get(Field.ON_SALE)
        notes = (Finding("linked_stays", {"product": source.product.name}),) if told else ()
        return replace(made, dirty=back, next_write=Next.UPDATE if back else Next.NONE, notes=notes)
    if listing.state not in ON:
        because = listing.unpublished_because
        return replace(made, dirty=listing.dirty, unpublished_because=because)
    shown = _is_shown(source)
    return replace(
        made,
        state=State.UNPUBLISHED,
        dirty=shown,
        unpublished_because=ABSENT if source.absent else LEFT_OUT,
        next_write=Next.TAKE_OFF if shown else Next.NONE,
    )


def why_it_stays(source: ListingSource) -> str:
    """Why a product that is not to be sold stays on Shopify, "" when it does not. ELSEWHERE:
    another vendor has the goods; LINKED: it was there before us, and the marketplace did not choose
    otherwise; PUT_BACK: by an undo. Its stock follows the rules: what is not for sale shows none.
    """
    listing = source.listing
    if listing is None or listing.state not in ON:
        return ""
    if source.elsewhere:
        return ELSEWHERE
    if listing.linked and source.vendor.policy.linked is WhenWithdrawn.SOLD_OUT:
        return LINKED
    return PUT_BACK if _put_back(listing) else ""


def _put_back(listing: Listing) -> bool:
    own = listing.own.get(Field.ON_SALE)
    return own is not None and own.value is True and own.by is By.UNDO


def _is_shown(source: ListingSource) -> bool:
    listing = source.listing
    return listing is not None and bool(listing.product_gid and listing.known.get(Field.ON_SALE))


def find_problems(source: ListingSource, shop: ShopTerms | None) -> list[Finding]:
    """What keeps a product off Shopify as it stands; empty when nothing does."""
    product = source.product
    if product.kind is ProductType.SIMPLE and not any(map(sellable, source.variants)):
        return [Finding("no_price", {"product": product.name})]
    limit = shop.variant_limit if shop else VARIANT_LIMIT
    found = list(shape_problems(_shaped(source, shop), limit or VARIANT_LIMIT))
    if len(product.images) > IMAGE_LIMIT:
        evidence = {"product": product.name, "count": len(product.images), "limit": IMAGE_LIMIT}
        found.append(Finding("too_many_images", evidence))
    if shop is not None:
        factor = crossing_factor(source.vendor.base, shop.base, source.vendor.rule)
        if isinstance(factor, Finding):
            evidence = {**factor.evidence, "vendor": source.vendor.name}
            found.append(Finding(factor.code, evidence))
    if any(_lost_its_price(source)):
        found.append(Finding("no_price", {"product": product.name}))
    return found


def _shaped(source: ListingSource, shop: ShopTerms | None) -> VendorProduct:
    """The product with the options that its listing would have."""
    live = tuple(
        replace(one.variant, options=listing_options(source, shop, one))
        for one in source.variants
        if sellable(one)
    )
    return replace(source.product, variants=live, option_names=option_names(source, shop))


def _lost_its_price(source: ListingSource) -> list[bool]:
    """Variants on Shopify without a price now: the last good one stays there, unsellable."""
    return [
        bool(one.variant_gid) and not one.absent and not one.variant.regular_price
        for one in source.variants
    ]


def _state(source: ListingSource, *, ready: bool, alone: bool) -> State:
    """`alone`: it may be approved by itself. Before everything on Shopify was seen once nobody
    knows what is there already.
    """
    listing = source.listing
    by_itself = ready and alone and source.vendor.auto_approve
    if listing is None:
        return State.APPROVED if by_itself else State.REVIEW
    if listing.state is State.REVIEW and by_itself:
        return State.APPROVED
    if listing.state is State.UNPUBLISHED and listing.unpublished_because not in BY_PEOPLE:
        return State.APPROVED
    return listing.state


def _proposals(source: ListingSource) -> list[Finding]:
    """Whether it is on Shopify already is for a person to say."""
    gid, what = source.candidate
    if not gid or (source.listing is not None and source.listing.link_gid):
        return []
    return [Finding("same_on_shopify", {"product": source.product.name, "what": what})]


def _differs(source: ListingSource, state: State, drafted: Drafted) -> bool:
    """Whether something is to be written. A listing that comes back is to be put on sale again."""
    comes_back = source.listing is not None and source.listing.state not in ON and state in ON
    return comes_back or bool(drafted.writes(source))


def _next(source: ListingSource, drafted: Drafted | None) -> Next:
    listing = source.listing
    if source.candidate[0] or (listing is not None and listing.link_gid):
        return Next.LINK
    if drafted is None:
        return Next.NONE
    if listing is None or not listing.product_gid:
        return Next.CREATE
    return Next.UPDATE if listing.state not in ON or drafted.writes(source) else Next.NONE


def _because(source: ListingSource, state: State) -> str:
    if source.listing is None or state is not State.UNPUBLISHED:
        return ""
    return source.listing.unpublished_because


def _next_sale(source: ListingSource, now: datetime) -> datetime | None:
    times = [
        moment
        for one in source.variants
        if not one.absent
        for moment in (one.variant.sale_from, one.variant.sale_to)
        if moment is not None and moment > now
    ]
    return min(times, default=None)
