"""Publish listings: what is approved and differs from what Shopify has, one after the other."""

from dataclasses import dataclass, field

from longshore.domain.findings import Finding
from longshore.ports.clock import Clock
from longshore.ports.errors import Bug, NeedsVendor, Rejected, TryLater
from longshore.ports.ledger.listings import ListingLedger, ListingSource, ShopTerms, State
from longshore.ports.storefronts import Storefront
from longshore.sync.draft_listing import draft_digest, draft_listing
from longshore.sync.place_vendor import place_vendor

AT_A_TIME = 20
SLICE_S = 5.0
_OFF = frozenset({State.UNPUBLISHED, State.DECLINED})
GIVE_UP_AFTER = 3
"""This many listings postponed in one run: it is Shopify that does not answer, not a listing."""


@dataclass(slots=True)
class PublishReport:
    """What a run did. `left`: more may be due."""

    published: int = 0
    unpublished: int = 0
    refused: int = 0
    postponed: int = 0
    left: bool = False


def publish_listings(
    storefront: Storefront,
    ledger: ListingLedger,
    clock: Clock,
    *,
    marketplace_id: int,
    budget_s: float = SLICE_S,
) -> PublishReport:
    """Publishes and unpublishes what is due until nothing is left or the time is used up.

    One bad listing never stops the rest: a refusal is noted on it, an outage postpones it. Raises
    TryLater when Shopify does not answer at all, NeedsOperator when it no longer lets us in.
    """
    report = PublishReport()
    shop = ledger.shop_terms(marketplace_id)
    if shop is None:
        return report
    if not shop.prepared:
        storefront.prepare()
        ledger.keep_prepared(marketplace_id)
    run = _Run(storefront, ledger, clock, marketplace_id, shop, report)
    until = clock.monotonic() + budget_s
    while True:
        due = ledger.due_listings(marketplace_id, AT_A_TIME, clock.now())
        fresh = [one for one in due if one.row_id not in run.tried]
        for source in fresh:
            run.one(source)
            if clock.monotonic() >= until:
                report.left = True
                return report
        if not fresh:
            report.left = report.postponed > 0
            return report


@dataclass(slots=True)
class _Run:
    storefront: Storefront
    ledger: ListingLedger
    clock: Clock
    marketplace_id: int
    shop: ShopTerms
    report: PublishReport
    tried: set[int] = field(default_factory=set[int])
    located: set[int] = field(default_factory=set[int])

    def one(self, source: ListingSource) -> None:
        """Brings one listing to Shopify, or notes why not."""
        self.tried.add(source.row_id)
        try:
            if source.listing is not None and source.listing.state in _OFF:
                self._unpublish(source)
            else:
                self._publish(source)
        except (Rejected, Bug, NeedsVendor) as error:
            self.ledger.keep_refused(source, error.person, self.clock.now())
            self.report.refused += 1
        except TryLater as error:
            self.ledger.keep_postponed(source, error.person, self.clock.now())
            self.report.postponed += 1
            if self.report.postponed >= GIVE_UP_AFTER:
                raise

    def _publish(self, source: ListingSource) -> None:
        now = self.clock.now()
        draft = draft_listing(source, self.shop, now)
        if isinstance(draft, Finding) or not draft.variants:
            self.ledger.keep_for_review(source)
            return
        if not source.vendor.location_id and source.vendor.vendor_id not in self.located:
            place_vendor(self.storefront, self.ledger, self.marketplace_id, source.vendor)
            self.located.add(source.vendor.vendor_id)
        made = self.storefront.publish_listing(draft, self.shop.publication_id)
        self.ledger.keep_published(
            source, made.product_id, made.variants, draft_digest(draft), self.clock.now()
        )
        self.report.published += 1

    def _unpublish(self, source: ListingSource) -> None:
        if source.listing is not None and source.listing.product_gid:
            self.storefront.unpublish_listing(source.listing.product_gid, self.shop.publication_id)
        self.ledger.keep_unpublished(source, self.clock.now())
        self.report.unpublished += 1
