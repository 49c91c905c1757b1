"""Plan a listing: the writes that bring Shopify to what the listing shall say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from longshore.domain.findings import Finding
from longshore.domain.listing import Field, ListingDraft, Said, Step, Writing
from longshore.ports.ledger.listings import ON, ListingSource, ShopTerms
from longshore.sync.draft_listing import bare_draft, draft_listing, known_of

TRUSTED = timedelta(minutes=15)
TRUSTED_WHILE_HEARING = timedelta(hours=24)
"""How long we believe to know what Shopify shows; longer while webhooks tell us of changes."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A listing with its writes in order; none when nothing differs."""

    source: ListingSource
    draft: ListingDraft
    known: Said
    steps: tuple[Writing, ...]

    @property
    def creates(self) -> bool:
        return self.draft.product_id is None

    @property
    def new_variants(self) -> int:
        """How many variants its first write makes."""
        if not self.steps or self.steps[0].step is not Step.SET:
            return 0
        return sum(one.variant_id is None for one in self.draft.variants)

    @property
    def listing_id(self) -> int:
        return self.source.listing.listing_id if self.source.listing else 0


def plan_listing(
    source: ListingSource, shop: ShopTerms, now: datetime, location_id: str = ""
) -> Planned | None:
    """None when it cannot be published as it stands."""
    listing = source.listing
    if listing is None or listing.state not in ON:
        known = known_of(source)
        shown = known.product.get(Field.ON_SALE) and listing is not None and listing.product_gid
        off = Writing(Step.UNPUBLISH, Said({Field.ON_SALE: False}))
        return Planned(source, bare_draft(source), known, (off,) if shown else ())
    drafted = draft_listing(source, shop, now, location_id)
    if isinstance(drafted, Finding) or drafted.problems or not drafted.draft.variants:
        return None
    return Planned(source, drafted.draft, drafted.known, drafted.writes(source))


def must_look_first(planned: Planned, shop: ShopTerms, now: datetime) -> bool:
    """Whether a write might go over something that nobody of us has seen: an edit made on Shopify,
    or other people's variants where the list of them is replaced.
    """
    listing = planned.source.listing
    if listing is None or planned.creates:
        return False
    steps = {writing.step for writing in planned.steps}
    if Step.SET in steps:
        return True
    if not steps - {Step.UNPUBLISH, Step.PUBLISH}:
        return False
    window = TRUSTED_WHILE_HEARING if shop.hears else TRUSTED
    return listing.compared_at is None or now - listing.compared_at > window
