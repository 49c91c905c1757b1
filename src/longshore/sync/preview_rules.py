"""Preview rules: what other rules would make of the goods that are there. Nothing is written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from longshore.domain.findings import Finding
from longshore.domain.listing import Value, Values, differing
from longshore.domain.policy import ListingRules, Policy
from longshore.ports.clock import Clock
from longshore.ports.ledger.listings import ListingLedger, ListingSource, ShopTerms
from longshore.sync.draft_listing import Drafted, draft_listing
from longshore.sync.review_listings import find_problems, kept_out

AT_A_TIME = 200
BUDGET_S = 3.0
EXAMPLES = 12


@dataclass(frozen=True, slots=True)
class Example:
    """What one product would say otherwise. `held`: the price would wait for a person."""

    listing_id: int | None
    product: str
    field: str
    before: Value
    after: Value
    held: bool = False


@dataclass(slots=True)
class RulesPreview:
    """Of `looked` products out of `total`: how many come in, are kept out, or are `stopped` by a
    problem; how many change, and in which fields. Of `held` a price would wait for a person.
    """

    total: int
    looked: int = 0
    comes_in: int = 0
    kept_out: int = 0
    stopped: int = 0
    held: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter[str])
    examples: list[Example] = field(default_factory=list[Example])


def preview_rules(
    ledger: ListingLedger,
    clock: Clock,
    *,
    marketplace_id: int,
    rules: ListingRules,
    policies: Mapping[int, Policy],
    budget_s: float = BUDGET_S,
) -> RulesPreview:
    """Looks at as many products as the time allows, the newest first."""
    shop = ledger.shop_terms(marketplace_id)
    found = RulesPreview(ledger.count_products(marketplace_id))
    if shop is None:
        return found
    then = replace(shop, rules=rules)
    until = clock.monotonic() + budget_s
    before = 0
    while clock.monotonic() < until:
        some = ledger.look_at(marketplace_id, before, AT_A_TIME, clock.now())
        for source in some:
            policy = policies.get(source.vendor.vendor_id, source.vendor.policy)
            other = replace(source, vendor=replace(source.vendor, policy=policy))
            _compare(found, (source, shop), (other, then), clock.now())
        if len(some) < AT_A_TIME:
            break
        before = some[-1].row_id
    return found


Case = tuple[ListingSource, ShopTerms]


def _compare(found: RulesPreview, now: Case, then: Case, at: datetime) -> None:
    found.looked += 1
    source = now[0]
    if source.absent or source.left_out is not None:
        return
    was_out, is_out = kept_out(*now), kept_out(*then)
    if was_out is not None or is_out is not None:
        found.comes_in += is_out is None
        found.kept_out += was_out is None
        return
    old, new = _drafted(now, at), _drafted(then, at)
    if new is None:
        found.stopped += old is not None
        return
    held = [one for one in new.prices.values() if one.held is not None]
    found.held += bool(held)
    _note(found, source, (old.wanted.product if old else {}, new.wanted.product), held=False)
    _note_variants(found, source, old, new)
    found.changed += old is None or old.wanted != new.wanted


def _note_variants(
    found: RulesPreview, source: ListingSource, old: Drafted | None, new: Drafted
) -> None:
    """Of the first variant where it differs: the others are like it."""
    told: set[str] = set()
    for key, values in new.wanted.variants.items():
        before = (old.wanted.variants.get(key) or {}) if old else {}
        changed = [name for name in differing(values, before, list(values)) if name not in told]
        told |= set(changed)
        only = {name: values[name] for name in changed}
        _note(found, source, ({n: before.get(n) for n in changed}, only), held=False)
    for price in new.prices.values():
        if price.held is not None and len(found.examples) < EXAMPLES:
            found.examples.append(
                Example(_listing(source), source.product.name, "price", str(price.price),
                    str(price.held), held=True)
            )  # fmt: skip
            return


def _note(
    found: RulesPreview, source: ListingSource, values: tuple[Values, Values], *, held: bool
) -> None:
    before, after = values
    changed: Sequence[str] = list(differing(after, before, list(after)))
    found.fields.update(changed)
    for name in changed:
        if len(found.examples) < EXAMPLES:
            found.examples.append(
                Example(_listing(source), source.product.name, name, before.get(name),
                    after[name], held)
            )  # fmt: skip


def _listing(source: ListingSource) -> int | None:
    return source.listing.listing_id if source.listing else None


def _drafted(case: Case, at: datetime) -> Drafted | None:
    """None where a problem keeps it from being published."""
    if find_problems(*case):
        return None
    draft = draft_listing(*case, at)
    return None if isinstance(draft, Finding) or draft.problems else draft
