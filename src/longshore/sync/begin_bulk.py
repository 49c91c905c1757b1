"""Begin a bulk operation: one step of very many listings, which Shopify makes by itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from longshore.domain.daily_limit import allowance, day_begins
from longshore.domain.listing import Step
from longshore.ports.clock import Clock
from longshore.ports.errors import LongshoreError, TryLater
from longshore.ports.ledger.listings import ShopTerms
from longshore.ports.ledger.publication import Bulk, PublicationLedger, Sent
from longshore.ports.publishing import ListingWrite
from longshore.ports.storefronts import Storefront
from longshore.sync.finish_bulks import first_look
from longshore.sync.place_vendor import place_vendor
from longshore.sync.plan_listing import Planned, must_look_first, plan_listing

AT_A_TIME = 250
MOST_LINES = 10_000
"""Bounds how long one job prepares a file, and how much one lost operation puts in doubt."""


def begin_bulk(
    storefront: Storefront,
    ledger: PublicationLedger,
    clock: Clock,
    *,
    marketplace_id: int,
    shop: ShopTerms,
    step: Step,
) -> float | None:
    """Has Shopify make this step of every due listing whose next step it is; returns the seconds
    after which it is worth a look, None when there was nothing to do. It is remembered with its
    lines before Shopify hears of it. Raises TryLater; with `maybe_done` it is looked for later.
    """
    run_id = ledger.open_run(marketplace_id, clock.now())
    bulk = ledger.keep_bulk(marketplace_id, run_id, step, clock.now())
    lines = _Lines(storefront, ledger, clock, marketplace_id, shop, step, bulk, run_id)
    try:
        operation_id, count = storefront.begin_bulk(
            bulk.mark, step, lines.writes(), shop.publication_id
        )
    except TryLater as error:
        if not error.maybe_done:
            ledger.drop_bulk(bulk.bulk_id, clock.now())
        raise
    except LongshoreError:
        ledger.drop_bulk(bulk.bulk_id, clock.now())
        raise
    if not operation_id:
        ledger.drop_bulk(bulk.bulk_id, clock.now())
        return None
    wait_s = first_look(count)
    ledger.keep_bulk_begun(bulk.bulk_id, operation_id, count, clock.now(), wait_s)
    return wait_s


@dataclass(slots=True)
class _Lines:
    storefront: Storefront
    ledger: PublicationLedger
    clock: Clock
    marketplace_id: int
    shop: ShopTerms
    step: Step
    bulk: Bulk
    run_id: int
    places: dict[int, str] = field(default_factory=dict[int, str])

    def writes(self) -> Iterator[ListingWrite]:
        """The lines in their order, some hundred at a time."""
        count = after = variants = 0
        limit = self._allowance()
        while count < MOST_LINES:
            due = self.ledger.due_listings(self.marketplace_id, after, AT_A_TIME, self.clock.now())
            if not due:
                return
            after = max(one.listing.listing_id for one in due if one.listing is not None)
            mine = self._mine([plan_listing(one, self.shop, self.clock.now()) for one in due])
            if limit is not None:
                mine, variants = _within(mine, variants, limit)
            if mine:
                sent = [
                    Sent(one.source, one.draft, one.steps[0], one.known, last=len(one.steps) == 1)
                    for one in mine
                ]
                self.ledger.keep_sent(
                    self.run_id, sent, self.clock.now(), (self.bulk.bulk_id, count)
                )
                count += len(mine)
            for one in mine:
                yield ListingWrite(one.draft, one.steps[0])

    def _mine(self, planned: "list[Planned | None]") -> list[Planned]:
        found: list[Planned] = []
        now = self.clock.now()
        for one in planned:
            if one is None or not one.steps or one.steps[0].step is not self.step:
                continue
            if must_look_first(one, self.shop, now):
                continue
            if one.new_variants and not one.draft.location_id:
                one = plan_listing(one.source, self.shop, now, self._place(one))  # noqa: PLW2901
            if one is not None:
                found.append(one)
        return found

    def _place(self, one: Planned) -> str:
        vendor = one.source.vendor
        if vendor.vendor_id not in self.places:
            self.places[vendor.vendor_id] = place_vendor(
                self.storefront, self.ledger, self.marketplace_id, vendor
            )
        return self.places[vendor.vendor_id]

    def _allowance(self) -> int | None:
        if self.step is not Step.SET:
            return None
        now = self.clock.now()
        refused_at = self.ledger.variants_refused_at(self.marketplace_id)
        if refused_at is None:
            return None
        made = self.ledger.variants_made_since(self.marketplace_id, day_begins(now))
        return allowance(made, refused_at, now)


def _within(mine: list[Planned], variants: int, limit: int) -> tuple[list[Planned], int]:
    """Those whose new variants may still be made today."""
    found: list[Planned] = []
    for one in mine:
        if variants + one.new_variants > limit:
            break
        variants += one.new_variants
        found.append(one)
    return found, variants
