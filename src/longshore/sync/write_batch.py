"""Write a batch: a few listings in as few calls as they cost, each write remembered before it is
sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from longshore.domain.listing import Step, Writing
from longshore.ports.clock import Clock
from longshore.ports.errors import TryLater
from longshore.ports.ledger.listings import ShopTerms
from longshore.ports.ledger.publication import PublicationLedger, Sent
from longshore.ports.publishing import ListingWrite, Made, NotMade, OtherVariant
from longshore.ports.storefronts import Storefront
from longshore.sync.place_vendor import place_vendor
from longshore.sync.plan_listing import Planned, plan_listing

Others = Mapping[int, tuple[OtherVariant, ...]]
"""By listing id."""


@dataclass(slots=True)
class BatchReport:
    published: int = 0
    unpublished: int = 0
    refused: int = 0


def write_batch(
    storefront: Storefront,
    ledger: PublicationLedger,
    clock: Clock,
    *,
    marketplace_id: int,
    shop: ShopTerms,
    planned: Sequence[Planned],
    others: Others | None = None,
) -> BatchReport:
    """`others`: variants of other people on products whose list of variants is replaced. Raises
    TryLater; what is then not known is compared by the next run.
    """
    batch = _Batch(storefront, ledger, clock, marketplace_id, shop, others or {})
    idle = [one.listing_id for one in planned if not one.steps]
    if idle:
        ledger.keep_nothing_differs(idle, clock.now())
    busy = batch.placed([one for one in planned if one.steps])
    made = batch.send([(one, _at_once(one)) for one in busy])
    later = [
        (replace(one, draft=replace(one.draft, product_id=made[one.listing_id])), one.steps[1:])
        for one in busy
        if one.creates and one.listing_id in made
    ]
    batch.send(later)
    return batch.report


def _at_once(one: Planned) -> tuple[Writing, ...]:
    """A product that is being made has no id yet to be put on sale by."""
    return one.steps[:1] if one.creates else one.steps


@dataclass(slots=True)
class _Batch:
    storefront: Storefront
    ledger: PublicationLedger
    clock: Clock
    marketplace_id: int
    shop: ShopTerms
    others: Others
    report: BatchReport = field(default_factory=BatchReport)

    def placed(self, planned: Sequence[Planned]) -> list[Planned]:
        """With a location for each vendor whose new variants are to be stocked."""
        places: dict[int, str] = {}
        found: list[Planned] = []
        for one in planned:
            vendor = one.source.vendor
            if one.new_variants and not one.draft.location_id:
                if vendor.vendor_id not in places:
                    places[vendor.vendor_id] = place_vendor(
                        self.storefront, self.ledger, self.marketplace_id, vendor
                    )
                place = places[vendor.vendor_id]
                again = plan_listing(one.source, self.shop, self.clock.now(), place)
                found += [again] if again is not None else []
            else:
                found.append(one)
        return found

    def send(self, work: Sequence[tuple[Planned, tuple[Writing, ...]]]) -> dict[int, str]:
        """Product ids by listing of those that went well whole."""
        pairs = [(one, writing) for one, steps in work for writing in steps]
        if not pairs:
            return {}
        run_id = self.ledger.open_run(self.marketplace_id, self.clock.now())
        last = {one.listing_id: one.steps[-1] for one, _ in work}
        sent = [
            Sent(one.source, one.draft, writing, one.known, last=last[one.listing_id] is writing)
            for one, writing in pairs
        ]
        ids = self.ledger.keep_sent(run_id, sent, self.clock.now())
        writes = [
            ListingWrite(one.draft, writing, self.others.get(one.listing_id, ()))
            for one, writing in pairs
        ]
        told: dict[int, Made | NotMade] = {}
        try:
            # What was told before it breaks off is kept.
            told.update(self.storefront.write_listings(writes, self.shop.publication_id))
        except TryLater as error:
            if not error.maybe_done and not told:
                self.ledger.keep_not_sent(ids)
            raise
        finally:
            outcomes = {ids[index]: outcome for index, outcome in told.items()}
            if outcomes:
                self.ledger.keep_outcomes(outcomes, self.clock.now())
        return self._count(pairs, told)

    def _count(
        self,
        pairs: Sequence[tuple[Planned, Writing]],
        told: Mapping[int, Made | NotMade],
    ) -> dict[int, str]:
        made: dict[int, str] = {}
        failed: set[int] = set()
        for index, (one, writing) in enumerate(pairs):
            match told[index]:
                case Made(product_id=product_id):
                    made[one.listing_id] = one.draft.product_id or product_id
                    self.report.unpublished += writing.step is Step.UNPUBLISH
                case NotMade():
                    failed.add(one.listing_id)
        self.report.refused += len(failed)
        self.report.published += len(made.keys() - failed)
        return {key: gid for key, gid in made.items() if key not in failed}
