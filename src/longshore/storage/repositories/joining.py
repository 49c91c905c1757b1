"""Several vendors behind one product on Shopify: a listing joins another one, and leaves it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from longshore.domain.linking import Likeness, same_goods
from longshore.ports.errors import Rejected
from longshore.storage.models import (
    Listing,
    ListingState,
    ListingVariant,
    VariantSource,
    VendorVariant,
)
from longshore.storage.repositories.outcomes import review_again
from longshore.storage.repositories.stock import redecide

JOINED = "joined"
"""Why a listing is not on Shopify itself: another one sells its goods."""
FIRST, LATER = 100, 200
"""Priorities: who made the listing comes before who joined it, until a person says else."""


@transaction.atomic
def join_listing(marketplace_id: int, listing_id: int, into_id: int, at: datetime) -> int:
    """The goods of one listing are sold by another one's variants from now on, whichever vendor the
    marketplace's rule chooses. Returns how many variants they have in common. Raises Rejected.
    """
    rows = _locked(marketplace_id, (listing_id, into_id))
    child, parent = rows.get(listing_id), rows.get(into_id)
    if child is None or parent is None or child.pk == parent.pk:
        raise Rejected("There is no such product.")
    if child.product_gid:
        raise Rejected("It is on Shopify already; only one that is not can join another.")
    if child.joins_id is not None or parent.joins_id is not None or child.joined.exists():
        raise Rejected("One of them sells another one's goods already.")
    pairs = _pairs(child, parent)
    if not pairs:
        raise Rejected("They have no variant in common: no barcode, SKU or options.")
    child.variants.all().delete()
    _add_sources(marketplace_id, pairs)
    child.joins, child.dirty, child.problems = parent, False, []
    child.state, child.unpublished_because = ListingState.UNPUBLISHED, JOINED
    child.candidate_gid, child.link_gid = "", ""
    child.save()
    redecide(marketplace_id, [variant.pk for variant in pairs.values()], at)
    review_again([parent.product_id])
    return len(pairs)


@transaction.atomic
def leave_listing(marketplace_id: int, listing_id: int, at: datetime) -> None:
    """The listing stands for itself again, and waits for review. Its open orders stay where they
    are. Raises Rejected.
    """
    child = _locked(marketplace_id, (listing_id,)).get(listing_id)
    if child is None or child.joins_id is None:
        raise Rejected("It has joined no other product.")
    mine = VariantSource.objects.filter(variant__product_id=child.product_id)
    lines = list(mine.values_list("listing_variant_id", flat=True))
    mine.delete()
    freed: list[int] = []
    for line in ListingVariant.objects.filter(pk__in=lines).select_for_update(of=("self",)):
        left = list(line.sources.order_by("priority", "pk"))
        if left and line.variant_id not in {one.variant_id for one in left}:
            line.variant_id = left[0].variant_id
            line.save(update_fields=["variant"])
        freed.append(line.variant_id)
        if len(left) == 1:
            left[0].delete()
    parent_product = child.joins.product_id if child.joins else child.product_id
    child.joins, child.state, child.unpublished_because = None, ListingState.REVIEW, ""
    child.save()
    redecide(marketplace_id, freed, at)
    review_again([child.product_id, parent_product])


@transaction.atomic
def change_source(
    marketplace_id: int, source_id: int, priority: int, cost: Decimal | None, at: datetime
) -> None:
    """Whose turn it is, and what one costs (None: what the vendor asks). Raises Rejected."""
    row = VariantSource.objects.filter(marketplace_id=marketplace_id, pk=source_id).first()
    if row is None:
        raise Rejected("There is no such vendor for this variant.")
    if cost is not None and cost < 0:
        raise Rejected("A cost is zero or more.")
    row.priority, row.cost = priority, cost
    row.save(update_fields=["priority", "cost"])
    redecide(marketplace_id, [row.variant_id], at)


def _locked(marketplace_id: int, ids: Sequence[int]) -> dict[int, Listing]:
    rows = Listing.objects.filter(marketplace_id=marketplace_id, pk__in=ids)
    return {row.pk: row for row in rows.order_by("pk").select_for_update(of=("self",))}


def _pairs(child: Listing, parent: Listing) -> dict[int, VendorVariant]:
    """The joining vendor variants by the stock line that sells them from now on."""
    mine = VendorVariant.objects.filter(product_id=child.product_id, absent_since=None)
    theirs = parent.variants.select_related("variant")
    found = same_goods(
        [_likeness(row.pk, row) for row in mine],
        [_likeness(line.pk, line.variant) for line in theirs],
    )
    by_id = {str(row.pk): row for row in mine}
    return {int(line): by_id[name] for name, line in found.items()}


def _likeness(name: int, row: VendorVariant) -> Likeness:
    options: list[Any] = row.options
    return Likeness(str(name), row.barcode, row.sku, tuple(value for _, value in options if value))


def _add_sources(marketplace_id: int, pairs: Mapping[int, VendorVariant]) -> None:
    lines = ListingVariant.objects.filter(pk__in=pairs)
    there = VariantSource.objects.filter(listing_variant__in=lines)
    known = set(there.values_list("listing_variant_id", flat=True))
    own = {"marketplace_id": marketplace_id}
    homes = [
        VariantSource(**own, listing_variant=line, variant_id=line.variant_id, priority=FIRST)
        for line in lines
        if line.pk not in known
    ]
    joining = [
        VariantSource(**own, listing_variant_id=line, variant=row, priority=LATER)
        for line, row in pairs.items()
    ]
    VariantSource.objects.bulk_create([*homes, *joining])
