"""Review listings: what a changed vendor product means for what is, or may be, on Shopify."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from longshore.domain.catalog import ProductType, options_in_order, shape_problems
from longshore.domain.findings import Finding
from longshore.domain.pricing import crossing_factor
from longshore.ports.clock import Clock
from longshore.ports.ledger.listings import (
    ABSENT,
    LEFT_OUT,
    PERSON,
    ListingLedger,
    ListingSource,
    Review,
    ShopTerms,
    State,
)
from longshore.sync.draft_listing import draft_digest, draft_listing, drafted_variants, sellable

AT_A_TIME = 200
SLICE_S = 5.0
VARIANT_LIMIT = 2048
"""Shopify's own, until the storefront says another (changelog: variant limit is now 2048)."""


def review_listings(
    ledger: ListingLedger, clock: Clock, *, store_id: int, budget_s: float = SLICE_S
) -> bool:
    """Reviews the store's products that are due; returns whether some may be left."""
    if not ledger.review_begins(store_id, clock.now()):
        return False
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
    if source.absent or source.left_out is not None:
        return _withdrawn(source)
    problems = _problems(source, shop)
    digest = None
    if shop is not None and not problems:
        draft = draft_listing(source, shop, now)
        if isinstance(draft, Finding):
            problems = [draft]
        else:
            digest = draft_digest(draft)
    state = _state(source, ready=digest is not None)
    return Review(
        state=state,
        problems=tuple(problems),
        dirty=_dirty(source, state, digest),
        unpublished_because=_because(source, state),
        review_at=_next_sale(source, now),
        listed=_listed(source),
    )


def _withdrawn(source: ListingSource) -> Review | None:
    listing = source.listing
    if listing is None:
        return None
    gone = Finding("product_not_public", {"product": source.product.name, "status": "deleted"})
    problem = source.left_out if source.left_out is not None and not source.absent else gone
    if listing.state not in {State.APPROVED, State.PUBLISHED}:
        because = listing.unpublished_because
        return Review(listing.state, (problem,), listing.dirty, because, None, ())
    because = ABSENT if source.absent else LEFT_OUT
    on_shopify = listing.product_gid != "" and listing.published_digest != ""
    return Review(State.UNPUBLISHED, (problem,), on_shopify, because, None, ())


def _problems(source: ListingSource, shop: ShopTerms | None) -> list[Finding]:
    product = source.product
    live = tuple(
        replace(one.variant, options=options_in_order(product.option_names, one.variant.options))
        for one in source.variants
        if sellable(one)
    )
    if not live and product.kind is ProductType.SIMPLE:
        return [Finding("no_price", {"product": product.name})]
    limit = shop.variant_limit if shop else VARIANT_LIMIT
    found = list(shape_problems(replace(product, variants=live), limit or VARIANT_LIMIT))
    if shop is not None:
        factor = crossing_factor(source.vendor.base, shop.base, source.vendor.rule)
        if isinstance(factor, Finding):
            evidence = {**factor.evidence, "vendor": source.vendor.name}
            found.append(Finding(factor.code, evidence))
    if any(_lost_its_price(source)):
        found.append(Finding("no_price", {"product": product.name}))
    return found


def _lost_its_price(source: ListingSource) -> Sequence[bool]:
    """Variants on Shopify without a price now: the last good one stays there, unsellable."""
    return [
        bool(one.variant_gid) and not one.absent and not one.variant.regular_price
        for one in source.variants
    ]


def _state(source: ListingSource, *, ready: bool) -> State:
    listing = source.listing
    if listing is None:
        return State.APPROVED if ready and source.vendor.auto_approve else State.REVIEW
    if listing.state is State.REVIEW and ready and source.vendor.auto_approve:
        return State.APPROVED
    if listing.state is State.UNPUBLISHED and listing.unpublished_because != PERSON:
        return State.APPROVED
    return listing.state


def _dirty(source: ListingSource, state: State, digest: str | None) -> bool:
    listing = source.listing
    if state not in {State.APPROVED, State.PUBLISHED}:
        return listing is not None and listing.dirty
    if digest is None:
        return False  # what is on Shopify stays as it is until the problem is gone
    return state is State.APPROVED or listing is None or listing.published_digest != digest


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


def _listed(source: ListingSource) -> tuple[int, ...]:
    return tuple(one.row_id for one in drafted_variants(source))
