"""Publish listings: what is approved and differs from what Shopify has. A few are written in calls
of several, many by a bulk operation that Shopify works on by itself.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from longshore.domain.listing import Step
from longshore.ports.clock import Clock
from longshore.ports.errors import TryLater
from longshore.ports.ledger.listings import ListingSource, ShopTerms
from longshore.ports.ledger.publication import PublicationLedger
from longshore.ports.publishing import ListingRef, OtherVariant
from longshore.ports.storefronts import Storefront
from longshore.sync.begin_bulk import begin_bulk
from longshore.sync.check_images import check_images
from longshore.sync.compare_listing import compare_listing
from longshore.sync.finish_bulks import finish_bulks
from longshore.sync.link_listings import link_listings
from longshore.sync.plan_listing import Planned, must_look_first, plan_listing
from longshore.sync.settle_uncertain import settle_uncertain
from longshore.sync.write_batch import write_batch

SLICE_S = 5.0
AT_A_TIME = 25
BULK_FROM = 40
"""So many listings with the same next step go by a bulk operation: it costs about 25 points
whatever it does, one new product some 35, and orders and stock need the rest of the budget.
"""
LOOK_AT = 200
"""How many listings tell which step is the commonest."""
READ_EVERYTHING_FROM = 500


@dataclass(slots=True)
class PublishReport:
    """What a run did. `left`: more is due at once; `again_in_s`: something is to be looked at
    later; `read_everything`: so much must be compared first that the whole shop is to be read.
    """

    published: int = 0
    unpublished: int = 0
    refused: int = 0
    left: bool = False
    again_in_s: float | None = None
    read_everything: bool = False

    def look_again(self, in_s: float | None) -> None:
        if in_s is not None:
            self.again_in_s = in_s if self.again_in_s is None else min(in_s, self.again_in_s)


def publish_listings(
    storefront: Storefront,
    ledger: PublicationLedger,
    clock: Clock,
    *,
    marketplace_id: int,
    budget_s: float = SLICE_S,
) -> PublishReport:
    """Brings Shopify nearer to what is wanted until nothing is left or the time is used up.

    One bad listing never stops the rest: a refusal is noted on it. Every write is remembered before
    it is sent; one whose answer is lost is compared with what Shopify shows before anything else is
    written to that listing. Raises TryLater when Shopify does not answer, NeedsOperator when it no
    longer lets us in.
    """
    report = PublishReport()
    shop = ledger.shop_terms(marketplace_id)
    if shop is None:
        return report
    if not shop.prepared:
        storefront.prepare()
        ledger.keep_prepared(marketplace_id)
    report.look_again(finish_bulks(storefront, ledger, clock, marketplace_id=marketplace_id))
    settle_uncertain(storefront, ledger, clock, marketplace_id=marketplace_id)
    link_listings(storefront, ledger, clock, marketplace_id=marketplace_id)
    run = _Run(storefront, ledger, clock, marketplace_id, shop, report)
    run.work(clock.monotonic() + budget_s)
    report.look_again(check_images(storefront, ledger, clock, marketplace_id=marketplace_id))
    return report


@dataclass(slots=True)
class _Run:
    storefront: Storefront
    ledger: PublicationLedger
    clock: Clock
    marketplace_id: int
    shop: ShopTerms
    report: PublishReport
    others: dict[int, tuple[OtherVariant, ...]] = field(
        default_factory=dict[int, tuple[OtherVariant, ...]]
    )
    """Other people's variants of the listings that were looked at."""

    def work(self, until: float) -> None:
        after = 0
        while self._in_bulk():
            pass
        while due := self._due(after, AT_A_TIME):
            after = max(one.listing.listing_id for one in due if one.listing is not None)
            self._batch(due)
            if self.clock.monotonic() >= until:
                self.report.left = True
                return
        if self.report.again_in_s is None and not self._count(1):
            self.ledger.close_run(self.marketplace_id, self.clock.now())

    def _count(self, most: int) -> int:
        return self.ledger.due_count(self.marketplace_id, most, self.clock.now())

    def _due(self, after: int, limit: int) -> Sequence[ListingSource]:
        return self.ledger.due_listings(self.marketplace_id, after, limit, self.clock.now())

    # --- many ---

    def _in_bulk(self) -> bool:
        """Begins a bulk operation where it is worth one; whether it did."""
        if self._count(BULK_FROM) < BULK_FROM:
            return False
        first = self._planned(self._due(0, LOOK_AT))
        stale = [one for one in first if self._is_stale(one)]
        steps = Counter(one.steps[0].step for one in first if one.steps and one not in stale)
        step, count = steps.most_common(1)[0] if steps else (Step.SET, 0)
        if count < BULK_FROM:
            many = self._count(READ_EVERYTHING_FROM)
            self.report.read_everything = len(stale) >= BULK_FROM and many >= READ_EVERYTHING_FROM
            return False
        try:
            wait_s = begin_bulk(
                self.storefront,
                self.ledger,
                self.clock,
                marketplace_id=self.marketplace_id,
                shop=self.shop,
                step=step,
            )
        except TryLater as error:
            if error.maybe_done or error.after is None:
                raise
            self.report.look_again(error.after)  # too many run; batches go on meanwhile
            return False
        self.report.look_again(wait_s)
        return wait_s is not None

    # --- a few ---

    def _batch(self, due: Sequence[ListingSource]) -> None:
        """A listing that must be looked at first is planned anew by what Shopify shows."""
        planned = self._planned(due)
        stale = [one for one in planned if self._is_stale(one)]
        fresh = [one for one in planned if one not in stale]
        if stale and not self.report.read_everything:
            fresh += self._planned(self._looked_at(stale))
        report = write_batch(
            self.storefront,
            self.ledger,
            self.clock,
            marketplace_id=self.marketplace_id,
            shop=self.shop,
            planned=fresh,
            others=self.others,
        )
        self.report.published += report.published
        self.report.unpublished += report.unpublished
        self.report.refused += report.refused

    def _planned(self, due: Sequence[ListingSource]) -> list[Planned]:
        """Plans of what can be published as it stands; the rest goes back to its review."""
        now = self.clock.now()
        planned = [plan_listing(source, self.shop, now) for source in due]
        unfit = [source for source, one in zip(due, planned, strict=True) if one is None]
        if unfit:
            self.ledger.keep_for_review(unfit)
        return [one for one in planned if one is not None]

    def _is_stale(self, one: Planned) -> bool:
        looked_at = one.listing_id in self.others
        return not looked_at and must_look_first(one, self.shop, self.clock.now())

    def _looked_at(self, stale: Sequence[Planned]) -> Sequence[ListingSource]:
        """Those that are still there, as they are after the comparison."""
        mine = {one.draft.uuid: one.source for one in stale}
        refs = [ListingRef(one.draft.uuid, one.draft.product_id or "") for one in stale]
        shown = self.storefront.read_listings(refs, self.shop.publication_id)
        compared = [compare_listing(mine[uuid], one) for uuid, one in shown.items()]
        self.ledger.keep_compared(compared, self.clock.now())
        gone = [source for uuid, source in mine.items() if uuid not in shown]
        self.ledger.keep_deleted(gone, self.clock.now())
        for one in compared:
            ours = {variant.variant_id for variant in one.variants.values()}
            found = shown[one.source.listing.uuid].variants if one.source.listing else ()
            self.others[one.source.listing.listing_id if one.source.listing else 0] = tuple(
                OtherVariant(variant.variant_id, variant.options)
                for variant in found
                if variant.variant_id not in ours
            )
        ids = [one.listing_id for one in stale]
        return self.ledger.listing_sources(self.marketplace_id, ids, self.clock.now())
