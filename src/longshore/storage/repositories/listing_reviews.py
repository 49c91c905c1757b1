"""Keeping what reviews decided: listings, their problems, their stock lines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from longshore.domain.findings import Finding
from longshore.ports.ledger.listings import ListingSource, Review, State
from longshore.storage import work
from longshore.storage.models import Listing, ListingVariant, VendorProduct
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.stock import redecide

_KEPT = ("state", "problems", "dirty", "unpublished_because", "review_at", "approved_at")

_CODES = (
    "no_price",
    "product_no_variants",
    "variant_any_option",
    "variant_same_options",
    "too_many_options",
    "too_many_variants",
    "price_needs_currency_rule",
    "price_needs_tax_rule",
)


def keep_reviews(reviews: Sequence[tuple[ListingSource, Review | None]], at: datetime) -> None:
    """Inside the transaction that locked the products. All of one store."""
    owner = VendorProduct.objects.values_list("marketplace_id", flat=True).get(
        pk=reviews[0][0].row_id
    )
    decided = [(source, made) for source, made in reviews if made is not None]
    rows = _rows(owner, decided, at)
    changed = [row for (_, made), row in zip(decided, rows, strict=True) if _apply(row, made, at)]
    Listing.objects.bulk_update(changed, _KEPT, batch_size=500)
    _make_lines(owner, decided, rows, at)
    for (source, made), row in zip(decided, rows, strict=True):
        _tell(owner, source, made, row, at)
    if any(row.dirty and row.state != State.REVIEW for row in rows):
        work.publish_listings(owner)


def _rows(
    owner: int, decided: Sequence[tuple[ListingSource, Review]], at: datetime
) -> list[Listing]:
    """The listing of each, locked or made."""
    ids = [source.row_id for source, _ in decided]
    found = {
        row.product_id: row
        for row in Listing.objects.filter(product_id__in=ids).order_by("pk").select_for_update()
    }
    fresh = [
        Listing(
            marketplace_id=owner,
            vendor_id=source.vendor.vendor_id,
            product_id=source.row_id,
            state=made.state,
            problems=_plain(made.problems),
            dirty=made.dirty,
            unpublished_because=made.unpublished_because,
            review_at=made.review_at,
            approved_at=at if made.state is State.APPROVED else None,
        )
        for source, made in decided
        if source.row_id not in found
    ]
    found |= {row.product_id: row for row in Listing.objects.bulk_create(fresh, batch_size=500)}
    return [found[row_id] for row_id in ids]


def _apply(row: Listing, made: Review, at: datetime) -> bool:
    """Writes the decision on the row; whether anything is new."""
    before = [getattr(row, name) for name in _KEPT]
    if made.state is State.APPROVED and row.state not in {State.APPROVED, State.PUBLISHED}:
        row.approved_at = at
    row.state = made.state
    row.problems = _plain(made.problems)
    row.dirty = made.dirty
    row.unpublished_because = made.unpublished_because
    row.review_at = made.review_at
    return before != [getattr(row, name) for name in _KEPT]


def _plain(problems: Sequence[Finding]) -> list[Any]:
    return [[one.code, dict(one.evidence)] for one in problems]


def _make_lines(
    owner: int,
    decided: Sequence[tuple[ListingSource, Review]],
    rows: Sequence[Listing],
    at: datetime,
) -> None:
    fresh: list[ListingVariant] = []
    for (source, made), row in zip(decided, rows, strict=True):
        there = {one.row_id for one in source.variants if one.key}
        fresh += [
            ListingVariant(marketplace_id=owner, listing=row, variant_id=row_id)
            for row_id in made.listed
            if row_id not in there
        ]
    ListingVariant.objects.bulk_create(fresh, batch_size=1000)
    redecide(owner, [line.variant_id for line in fresh], at)


def _tell(owner: int, source: ListingSource, made: Review, row: Listing, at: datetime) -> None:
    """What is on Shopify and can no longer be kept right is a finding; what only waits is not."""
    subject = f"listing:{row.pk}"
    shown = made.state in {State.APPROVED, State.PUBLISHED}
    told = source.listing is not None and source.listing.product_gid != ""
    if not told:
        return
    there = {problem.code for problem in made.problems}
    resolve_findings(owner, subject, at, [code for code in _CODES if code not in there])
    for problem in made.problems if shown else ():
        note_finding(owner, subject, problem, at, vendor_id=source.vendor.vendor_id)
