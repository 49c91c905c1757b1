"""Keeping what reviews decided: listings, their problems and prices, their stock lines."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from longshore.domain.findings import Finding
from longshore.ports.ledger.listings import ON, ListingSource, Review, State
from longshore.storage import work
from longshore.storage.bulk import update_rows
from longshore.storage.models import Listing, ListingVariant, VendorProduct, VendorVariant
from longshore.storage.repositories.candidates import candidates_of
from longshore.storage.repositories.findings import settle_findings
from longshore.storage.repositories.last_look import say_when_approved
from longshore.storage.repositories.stock import redecide

_KEPT = (
    "state",
    "problems",
    "dirty",
    "next_write",
    "unpublished_because",
    "review_at",
    "approved_at",
    "reviewed_at",
    "candidate_gid",
    "candidate_by",
)

_CODES = (
    "no_price",
    "product_no_variants",
    "variant_any_option",
    "variant_same_options",
    "too_many_options",
    "too_many_variants",
    "too_many_images",
    "title_too_long",
    "price_needs_currency_rule",
    "price_needs_tax_rule",
    "price_currency_unknown",
    "price_not_positive",
    "price_held",
    "weight_unit_unknown",
    "linked_stays",
    "kept_by_vendor",
    "kept_out_by_rule",
    "not_included",
    "product_not_public",
    "product_type_left_out",
    "product_translation",
)
"""What a review says, and says no more once it is mended."""

_PRICES = """
UPDATE storage_listingvariant lv SET wanted_price = p.price, wanted_compare_at = p.compare_at,
    price_rule = p.rule, held_price = p.held,
    held_at = CASE WHEN p.held IS NULL THEN NULL
        WHEN lv.held_price IS NOT DISTINCT FROM p.held THEN lv.held_at ELSE %s END
FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[], %s::text[], %s::numeric[])
    AS p (line, price, compare_at, rule, held)
WHERE lv.id = p.line AND (lv.wanted_price, lv.wanted_compare_at, lv.price_rule, lv.held_price)
    IS DISTINCT FROM (p.price, p.compare_at, p.rule, p.held)
"""


def with_candidates(found: Sequence[ListingSource]) -> list[ListingSource]:
    """With the product on Shopify that each may be. All of one store."""
    if not found:
        return []
    owner = VendorProduct.objects.values_list("marketplace_id", flat=True).get(pk=found[0].row_id)
    likely = candidates_of(owner, [one.row_id for one in found])
    return [replace(one, candidate=likely.get(one.row_id, ("", ""))) for one in found]


def keep_reviews(reviews: Sequence[tuple[ListingSource, Review | None]], at: datetime) -> None:
    """Inside the transaction that locked the products. All of one store."""
    owner = VendorProduct.objects.values_list("marketplace_id", flat=True).get(
        pk=reviews[0][0].row_id
    )
    _keep_reasons(owner, reviews, at)
    decided = [
        (source, made) for source, made in reviews if made is not None and made.needs_listing
    ]
    rows = _rows(owner, decided, at)
    changed = [
        row
        for (source, made), row in zip(decided, rows, strict=True)
        if _apply(row, source, made, at)
    ]
    if changed:
        with connection.cursor() as cursor:
            update_rows(Listing, _KEPT, changed, cursor=cursor)
    _say_what_began(decided, rows)
    lines = _make_lines(owner, decided, rows, at)
    _keep_prices(decided, lines, at)
    _tell(owner, decided, rows, at)
    if any(row.dirty and row.state != State.REVIEW for row in rows):
        work.publish_listings(owner)


def _keep_reasons(
    owner: int, reviews: Sequence[tuple[ListingSource, Review | None]], at: datetime
) -> None:
    """Why the marketplace does not want a product, on the product: it may have no listing."""
    wanted = {source.row_id: made.kept_out if made else None for source, made in reviews}
    rows = VendorProduct.objects.filter(pk__in=wanted).only("kept_out", "kept_out_evidence")
    changed: list[VendorProduct] = []
    for row in rows:
        reason = wanted[row.pk]
        code, evidence = (reason.code, dict(reason.evidence)) if reason else ("", {})
        if (row.kept_out, row.kept_out_evidence) != (code, evidence):
            row.kept_out, row.kept_out_evidence = code, evidence
            changed.append(row)
    if not changed:
        return
    VendorProduct.objects.bulk_update(changed, ("kept_out", "kept_out_evidence"), batch_size=500)
    # what is kept out is not for sale, also where the product itself stays on Shopify
    variants = VendorVariant.objects.filter(product_id__in=[row.pk for row in changed])
    sold = variants.filter(Q(listed__isnull=False) | Q(source__isnull=False))
    redecide(owner, list(sold.values_list("pk", flat=True)), at)


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
            next_write=made.next_write,
            unpublished_because=made.unpublished_because,
            review_at=made.review_at,
            candidate_gid=source.candidate[0],
            candidate_by=source.candidate[1],
            approved_at=at if made.state is State.APPROVED else None,
        )
        for source, made in decided
        if source.row_id not in found
    ]
    found |= {row.product_id: row for row in Listing.objects.bulk_create(fresh, batch_size=500)}
    return [found[row_id] for row_id in ids]


def _apply(row: Listing, source: ListingSource, made: Review, at: datetime) -> bool:
    """Writes the decision on the row; whether anything is new."""
    before = [getattr(row, name) for name in _KEPT]
    if made.state is State.APPROVED and row.state not in ON:
        row.approved_at = at
    row.state = made.state
    row.problems = _plain(made.problems)
    row.dirty = made.dirty
    row.next_write = made.next_write
    row.unpublished_because = made.unpublished_because
    row.review_at = made.review_at
    row.candidate_gid, row.candidate_by = source.candidate
    row.reviewed_at = at if made.dirty else row.reviewed_at
    return before != [getattr(row, name) for name in _KEPT]


def _say_what_began(
    decided: Sequence[tuple[ListingSource, Review]], rows: Sequence[Listing]
) -> None:
    """Of what was approved by itself just now."""
    drafts: list[int] = []
    others: list[int] = []
    for (source, made), row in zip(decided, rows, strict=True):
        before = source.listing.state if source.listing is not None else State.REVIEW
        if made.state is not State.APPROVED or before in ON:
            continue
        is_new = before is State.REVIEW and source.vendor.drafts_first
        (drafts if is_new else others).append(row.pk)
    say_when_approved(drafts, as_draft=True)
    say_when_approved(others, as_draft=False)


def _plain(problems: Sequence[Finding]) -> list[Any]:
    return [[one.code, dict(one.evidence)] for one in problems]


def _make_lines(
    owner: int,
    decided: Sequence[tuple[ListingSource, Review]],
    rows: Sequence[Listing],
    at: datetime,
) -> dict[int, int]:
    """Stock lines for variants that have none; returns all by the vendor variant's row."""
    lines: dict[int, int] = {}
    fresh: list[ListingVariant] = []
    for (source, made), row in zip(decided, rows, strict=True):
        there = {one.row_id: one.key for one in source.variants if one.key}
        lines |= there
        fresh += [
            ListingVariant(marketplace_id=owner, listing=row, variant_id=row_id)
            for row_id in made.listed
            if row_id not in there
        ]
    ListingVariant.objects.bulk_create(fresh, batch_size=1000)
    redecide(owner, [line.variant_id for line in fresh], at)
    return lines | {line.variant_id: line.pk for line in fresh}


def _keep_prices(
    decided: Sequence[tuple[ListingSource, Review]], lines: dict[int, int], at: datetime
) -> None:
    priced = [
        (lines[row_id], price)
        for _, made in decided
        for row_id, price in made.prices.items()
        if row_id in lines
    ]
    if not priced:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _PRICES,
            [
                at,
                [line for line, _ in priced],
                [one.price if one.held is None else one.held for _, one in priced],
                [one.compare_at if one.held is None else one.held_compare_at for _, one in priced],
                [one.rule for _, one in priced],
                [one.held for _, one in priced],
            ],
        )


def _tell(
    owner: int,
    decided: Sequence[tuple[ListingSource, Review]],
    rows: Sequence[Listing],
    at: datetime,
) -> None:
    """What is on Shopify and can no longer be kept right is a finding; what only waits is not."""
    told: dict[str, Sequence[Finding]] = {}
    vendors: dict[str, int] = {}
    for (source, made), row in zip(decided, rows, strict=True):
        if source.listing is not None and source.listing.product_gid:
            subject = f"listing:{row.pk}"
            told[subject] = (*made.problems, *made.notes) if made.state in ON else ()
            vendors[subject] = source.vendor.vendor_id
    if told:
        settle_findings(owner, told, _CODES, at, vendors)
