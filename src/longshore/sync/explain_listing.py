"""Explain a listing: how far it is on its way to buyers, what stopped it there, and field by field
what Shopify says, what it shall say, and who decided that. Nothing is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from longshore.domain.findings import Finding
from longshore.domain.listing import DRAFT, Field, Value, said_by, same
from longshore.domain.mapping import deciding_rule
from longshore.domain.ownership import Own, Owner, owner_of
from longshore.ports.clock import Clock
from longshore.ports.ledger.listings import ON, ListingLedger, ListingSource, ShopTerms, State
from longshore.sync.draft_listing import Drafted, draft_listing, known_of, own_of
from longshore.sync.review_listings import find_problems, kept_out, why_it_stays


class Gate(StrEnum):
    """What a product passes on its way, in this order."""

    THERE = "there"
    LET_IN = "let_in"
    READY = "ready"
    CHOSEN = "chosen"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class FieldToday:
    """One field: what Shopify says as we believe, what the vendor's goods make of it, and what it
    shall say. `line` is the listing variant's id, 0 for the product. `decided_by` is whose value it
    is: hub, shopify, undo, or the owner's name of `domain.ownership`.
    """

    name: str
    line: int
    now: Value
    vendors: Value
    wanted: Value
    decided_by: str

    @property
    def differs(self) -> bool:
        """Whether it is still to be written."""
        return not same(self.name, self.now, self.wanted)

    @property
    def own(self) -> bool:
        return self.decided_by in {"hub", "shopify", "undo"}


@dataclass(frozen=True, slots=True)
class Explained:
    """`passed` are the gates behind it, `stopped_at` the first that is closed (None: it is where it
    should be), for `reasons`. `rule` names the import rule that let it in, "" where none was asked.
    `stays`: why it is on Shopify though it is not for sale (`review_listings.why_it_stays`).
    `draft`: buyers do not see it, for it waits on Shopify as a draft.
    `because` is who decided where it stopped at CHOSEN: review, declined, or a listing's
    `unpublished_because`.
    """

    passed: tuple[Gate, ...]
    stopped_at: Gate | None
    reasons: tuple[Finding, ...]
    rule: str
    because: str
    fields: tuple[FieldToday, ...]
    stays: str = ""
    draft: bool = False


def explain_listing(
    ledger: ListingLedger, clock: Clock, *, marketplace_id: int, listing_id: int
) -> Explained | None:
    """None when the marketplace has no such listing."""
    now = clock.now()
    source = ledger.source_of(marketplace_id, listing_id, now)
    if source is None:
        return None
    return explained(source, ledger.shop_terms(marketplace_id), now)


def explained(source: ListingSource, shop: ShopTerms | None, now: datetime) -> Explained:
    draft = draft_listing(source, shop, now) if shop is not None else None
    drafted = draft if isinstance(draft, Drafted) else None
    passed: list[Gate] = []
    stopped: Gate | None = None
    reasons: tuple[Finding, ...] = ()
    for gate, why in _gates(source, shop, draft):
        if why is not None:
            stopped, reasons = gate, why
            break
        passed.append(gate)
    return Explained(
        passed=tuple(passed),
        stopped_at=stopped,
        reasons=reasons,
        rule=_let_in_by(source, shop),
        because=_because(source),
        fields=tuple(_fields(source, drafted)) if drafted is not None else (),
        draft=drafted is not None and drafted.wanted.product[Field.STATUS] == DRAFT,
        stays=why_it_stays(source) if stopped in {Gate.THERE, Gate.LET_IN} else "",
    )


def _gates(
    source: ListingSource, shop: ShopTerms | None, draft: Drafted | Finding | None
) -> Iterator[tuple[Gate, tuple[Finding, ...] | None]]:
    """Each with why it is closed, None where it is open."""
    gone = Finding("product_not_public", {"product": source.product.name, "status": "deleted"})
    yield Gate.THERE, (gone,) if source.absent else None
    reason = source.left_out or kept_out(source, shop)
    yield Gate.LET_IN, (reason,) if reason is not None else None
    problems = tuple(find_problems(source, shop))
    if not problems and isinstance(draft, Finding):
        problems = (draft,)
    elif not problems and isinstance(draft, Drafted):
        problems = draft.problems
    yield Gate.READY, problems or None
    listing = source.listing
    chosen = listing is not None and listing.state in ON and not listing.joined
    yield Gate.CHOSEN, None if chosen else ()
    pending = isinstance(draft, Drafted) and bool(draft.writes(source))
    written = listing is not None and listing.state is State.PUBLISHED and not pending
    yield Gate.WRITTEN, None if written else ()


def _let_in_by(source: ListingSource, shop: ShopTerms | None) -> str:
    if shop is None:
        return ""
    there = [one.variant for one in source.variants if not one.absent and one.variant.public]
    found = deciding_rule(source.product, there, shop.rules.imports, source.vendor.vendor_id)
    return str(found) if found is not None and found.include else ""


def _because(source: ListingSource) -> str:
    listing = source.listing
    if listing is None:
        return State.REVIEW.value
    if listing.joined:
        return "joined"
    return listing.unpublished_because or listing.state.value


def _fields(source: ListingSource, drafted: Drafted) -> Iterator[FieldToday]:
    """Of the product, then of each variant in the draft's order."""
    listing = source.listing
    linked = listing is not None and listing.linked
    owners, own, known = source.vendor.policy.owners, own_of(source), known_of(source)
    vendors = said_by(drafted.vendors)

    def whose(name: str, mine: Own) -> str:
        if name in mine:
            return mine[name].by.value
        return owner_of(name, owners, linked=linked).value

    for name, wanted in drafted.wanted.product.items():
        now = known.product.get(name)
        yield FieldToday(name, 0, now, vendors.product[name], wanted, whose(name, own.product))
    for key, values in drafted.wanted.variants.items():
        mine, there = own.variants.get(key, {}), known.variants.get(key, {})
        for name, wanted in values.items():
            said = vendors.variants[key][name]
            yield FieldToday(name, key, there.get(name), said, wanted, whose(name, mine))


__all__ = ["Explained", "FieldToday", "Gate", "Owner", "explain_listing", "explained"]
