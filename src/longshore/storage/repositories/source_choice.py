"""Which vendor sells a listing variant that several vendors have: chosen anew whenever the stock of
one of them changes (`domain.sources`).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from longshore.domain.findings import Finding
from longshore.domain.pricing import PriceBase, PriceRule, crossing_factor
from longshore.domain.sources import UNCOUNTED, Candidate, choose_source
from longshore.domain.stock import Tracked
from longshore.storage.models import ListingVariant, Storefront, VariantSource, VendorVariant
from longshore.storage.repositories.listing_rules import policies_of
from longshore.storage.repositories.stock_lines import StockEventRow, decisions_of, keep_events


def rechoose(marketplace_id: int, variant_ids: Collection[int], at: datetime) -> set[int]:
    """Chooses anew where one of these vendor variants is a source among several; returns the vendor
    variants that are sold since. In the transaction that changed their stock; one query where none
    of them has others beside it.
    """
    touched = VariantSource.objects.filter(
        marketplace_id=marketplace_id, variant_id__in=list(variant_ids)
    )
    lines = sorted(set(touched.values_list("listing_variant_id", flat=True)))
    if not lines:
        return set()
    rows = ListingVariant.objects.filter(pk__in=lines).order_by("pk")
    locked = list(rows.select_for_update(of=("self",)).select_related("listing"))
    candidates = candidates_of(marketplace_id, lines)
    policies = policies_of(marketplace_id, {row.listing.vendor_id for row in locked})
    moved: list[tuple[ListingVariant, int]] = []
    for row in locked:
        choice = policies[row.listing.vendor_id].choice
        best = choose_source(candidates[row.pk], choice, row.variant_id)
        if best != row.variant_id:
            moved.append((row, row.variant_id))
            row.variant_id = best
    _move(marketplace_id, moved, at)
    return {row.variant_id for row, _ in moved}


def _move(marketplace_id: int, moved: Sequence[tuple[ListingVariant, int]], at: datetime) -> None:
    if not moved:
        return
    ListingVariant.objects.bulk_update([row for row, _ in moved], ("variant",), batch_size=500)
    ids = {row.variant_id for row, _ in moved} | {before for _, before in moved}
    names = dict(VendorVariant.objects.filter(pk__in=ids).values_list("pk", "store__vendor__name"))
    events = [
        StockEventRow(row.pk, "source", None, None,
            {"from": names[before], "to": names[row.variant_id]})
        for row, before in moved
    ]  # fmt: skip
    keep_events(marketplace_id, events, at)


def free_units(variant_ids: Sequence[int]) -> dict[int, int]:
    """What each vendor variant could give now: buffer and reservations taken off, 0 where it is not
    for sale, UNCOUNTED where nobody counts or backorders sell.
    """
    found: dict[int, int] = {}
    for variant_id, decision in decisions_of(variant_ids).items():
        match decision.show:
            case Tracked(quantity, oversell):
                found[variant_id] = UNCOUNTED if oversell else quantity
            case _:
                found[variant_id] = UNCOUNTED
    return found


def candidates_of(marketplace_id: int, lines: Sequence[int]) -> Mapping[int, list[Candidate]]:
    """The vendors behind each of these listing variants, in the marketplace's order."""
    rows = list(
        VariantSource.objects.filter(listing_variant_id__in=lines)
        .select_related("variant__store__vendor")
        .order_by("priority", "pk")
    )
    free = free_units([row.variant_id for row in rows])
    shop = Storefront.objects.filter(marketplace_id=marketplace_id).first()
    base = PriceBase(shop.currency, shop.taxes_included) if shop else None
    found: defaultdict[int, list[Candidate]] = defaultdict(list)
    for row in rows:
        cost = row.cost if row.cost is not None else asked(row.variant, base)
        found[row.listing_variant_id].append(
            Candidate(row.variant_id, row.priority, free.get(row.variant_id, 0), cost)
        )
    return found


def asked(row: VendorVariant, base: PriceBase | None) -> Decimal | None:
    """What the vendor asks for one, in the storefront's currency; None where no rule crosses it."""
    if base is None or row.regular_price is None:
        return None
    vendor, store = row.store.vendor, row.store
    factor = crossing_factor(
        PriceBase(store.currency, store.prices_include_tax),
        base,
        PriceRule(vendor.rate, vendor.rate_dated, vendor.tax_factor),
    )
    return None if isinstance(factor, Finding) else row.regular_price * factor
