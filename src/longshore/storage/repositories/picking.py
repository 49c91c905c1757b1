"""Which vendor gets an order line that several of them have (`domain.sources.pick_source`)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from longshore.domain.countries import country_of
from longshore.domain.sources import Offer, OrderRule, Passed, Picked, pick_source
from longshore.storage.models import StorefrontOrder as OrderRow
from longshore.storage.models import (
    StorefrontOrderLine,
    VariantSource,
    Vendor,
    VendorVariant,
)
from longshore.storage.repositories.listing_rules import policies_of
from longshore.storage.repositories.source_choice import candidates_of
from longshore.storage.repositories.timeline import note_event

Offers = Mapping[int, Sequence[Offer]]
"""By listing variant; only of those that several vendors have."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What an order's lines can be picked from: offers and rules by listing variant."""

    country: str
    offers: Offers = field(default_factory=dict[int, Sequence[Offer]])
    rules: Mapping[int, tuple[OrderRule, ...]] = field(
        default_factory=dict[int, tuple[OrderRule, ...]]
    )


def country_for(row: OrderRow) -> str:
    """Where an order is sent to, "" where nobody knows."""
    return str((row.shipping_address or {}).get("country") or "")


def sources_of(row: OrderRow, lines: Sequence[StorefrontOrderLine]) -> Sources:
    """One question where no line has several vendors."""
    listed = {line.listing_variant_id for line in lines if line.listing_variant_id is not None}
    country = country_for(row)
    shared = VariantSource.objects.filter(
        marketplace_id=row.marketplace_id, listing_variant__in=listed
    )
    makers = dict(shared.values_list("listing_variant_id", "listing_variant__listing__vendor_id"))
    if not makers:
        return Sources(country)
    policies = policies_of(row.marketplace_id, set(makers.values()))
    rules = {line_id: policies[vendor_id].order_rules for line_id, vendor_id in makers.items()}
    return Sources(country, _offers(row.marketplace_id, list(makers)), rules)


def pick_for(
    sources: Sources, line: StorefrontOrderLine, but: Collection[int] = ()
) -> Picked | None:
    """Who should get a line, None where its goods are one vendor's. `but` are vendor variants that
    cannot send it.
    """
    listed = line.listing_variant
    if listed is None or listed.pk not in sources.offers:
        return None
    offers = [one for one in sources.offers[listed.pk] if one.variant_id not in but]
    return pick_source(
        offers,
        sources.rules[listed.pk],
        units=line.quantity,
        country=sources.country,
        current=listed.variant_id,
    )


def note_picked(row: OrderRow, line: StorefrontOrderLine, picked: Picked, at: datetime) -> None:
    """The timeline says who got it, and why nobody else."""
    if picked.offer is None or not picked.passed:
        return
    passed = [_told(one) for one in picked.passed]
    units = min(picked.offer.units, MOST_SHOWN)
    data = {"goods": line.title, "at_vendor": picked.offer.vendor, "has": units}
    note_event(row, at, "picked", **data, passed=passed)


MOST_SHOWN = 1_000_000
"""More than that is "not counted"."""


def _told(one: Passed) -> dict[str, Any]:
    return {
        "vendor": one.offer.vendor,
        "because": one.because.value,
        "has": min(one.offer.units, MOST_SHOWN),
        "better": [rule.value for rule in one.better],
    }


def vendor_of(vendor_id: int) -> str:
    return Vendor.objects.values_list("name", flat=True).get(pk=vendor_id)


def _offers(marketplace_id: int, lines: Sequence[int]) -> Offers:
    found = candidates_of(marketplace_id, lines)
    ids = {one.variant_id for many in found.values() for one in many}
    rows = VendorVariant.objects.filter(pk__in=ids).select_related("store__vendor")
    stores = {row.pk: row.store for row in rows}
    offers: defaultdict[int, list[Offer]] = defaultdict(list)
    for line_id, many in found.items():
        for one in many:
            store = stores[one.variant_id]
            offers[line_id].append(
                Offer(
                    one.variant_id,
                    store.vendor.name,
                    one.position,
                    one.units,
                    one.cost,
                    country_of(str(store.profile.get("country") or "")),
                    tuple(store.vendor.countries),
                )
            )
    return offers
