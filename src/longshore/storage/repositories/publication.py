"""Publication as rows: what differs from Shopify, what was sent, and which operations run there."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from longshore.domain.daily_limit import day_begins
from longshore.domain.listing import Step, before
from longshore.ports.ledger.listings import ON, ListingSource
from longshore.ports.ledger.publication import Bulk, Change, Sent
from longshore.ports.publishing import Made, NotMade
from longshore.storage import work
from longshore.storage.models import (
    BulkRun,
    BulkState,
    Listing,
    ListingChange,
    ListingState,
    Outcome,
    Storefront,
    SyncRun,
    VendorProduct,
)
from longshore.storage.postgres import release_connection
from longshore.storage.repositories.comparisons import Comparisons
from longshore.storage.repositories.images import Images
from longshore.storage.repositories.links import Links
from longshore.storage.repositories.listing_sources import sources
from longshore.storage.repositories.outcomes import keep_outcomes, plain_said, said_of

_RUNNING = (BulkState.PREPARED, BulkState.RUNNING)
_SENT = ListingChange.objects.filter(listing=OuterRef("pk"), outcome=Outcome.SENT)


class Publication(Comparisons, Images, Links):
    """Implements `ports.ledger.publication.PublicationLedger`. Connections are given back where a
    wait for Shopify follows.
    """

    def keep_prepared(self, marketplace_id: int) -> None:
        Storefront.objects.filter(marketplace_id=marketplace_id).update(prepared=True)
        release_connection()

    # --- what is due ---

    def due_count(self, marketplace_id: int, most: int, at: datetime) -> int:
        found = len(_due(marketplace_id, at).values_list("pk")[:most])
        release_connection()
        return found

    def due_listings(
        self, marketplace_id: int, after: int, limit: int, at: datetime
    ) -> Sequence[ListingSource]:
        rows = _due(marketplace_id, at).filter(pk__gt=after).order_by("pk")
        found = sources([row.product for row in rows.select_related("product")[:limit]], at)
        release_connection()
        return found

    def listing_sources(
        self, marketplace_id: int, listing_ids: Sequence[int], at: datetime
    ) -> Sequence[ListingSource]:
        rows = Listing.objects.filter(marketplace_id=marketplace_id, pk__in=list(listing_ids))
        rows = rows.exclude(Exists(_SENT)).order_by("pk").select_related("product")
        found = sources([row.product for row in rows], at)
        release_connection()
        return found

    def keep_nothing_differs(self, listing_ids: Sequence[int], at: datetime) -> None:
        with transaction.atomic():
            rows = Listing.objects.filter(pk__in=list(listing_ids))
            rows.update(dirty=False, publish_error="")
            rows.filter(state=ListingState.APPROVED).update(
                state=ListingState.PUBLISHED, published_at=at
            )
        release_connection()

    def keep_for_review(self, sources: Sequence[ListingSource]) -> None:
        with transaction.atomic():
            ids = [one.row_id for one in sources]
            Listing.objects.filter(product_id__in=ids).update(dirty=False)
            rows = VendorProduct.objects.filter(pk__in=ids)
            rows.update(review_due=True)
            for store_id in rows.values_list("store_id", flat=True).distinct():
                work.review_listings(store_id)
        release_connection()

    def variants_refused_at(self, marketplace_id: int) -> datetime | None:
        rows = Storefront.objects.filter(marketplace_id=marketplace_id)
        found = rows.values_list("variants_refused_at", flat=True).first()
        release_connection()
        return found

    def variants_made_since(self, marketplace_id: int, since: datetime) -> int:
        changes = ListingChange.objects.filter(
            run__marketplace_id=marketplace_id,
            step=Step.SET,
            outcome__in=(Outcome.DONE, Outcome.SENT),
            at__gte=since,
        )
        found = sum(
            len(change.after["variants"].keys() - change.before["variants"].keys())
            for change in changes.only("before", "after").iterator()
        )
        release_connection()
        return found

    # --- runs and what was sent ---

    def open_run(self, marketplace_id: int, at: datetime) -> int:
        row, _ = SyncRun.objects.get_or_create(
            marketplace_id=marketplace_id, finished_at=None, defaults={"started_at": at}
        )
        return row.pk

    def close_run(self, marketplace_id: int, at: datetime) -> None:
        open_runs = SyncRun.objects.filter(marketplace_id=marketplace_id, finished_at=None)
        for row in open_runs:
            row.finished_at, row.counts = at, _counts(row)
            row.save(update_fields=["finished_at", "counts"])
        release_connection()

    def keep_sent(
        self, run_id: int, sent: Sequence[Sent], at: datetime, bulk: tuple[int, int] | None = None
    ) -> Sequence[int]:
        owner = SyncRun.objects.values_list("marketplace_id", flat=True).get(pk=run_id)
        rows = [
            ListingChange(
                marketplace_id=owner,
                run_id=run_id,
                bulk_id=bulk[0] if bulk else None,
                line=bulk[1] + number if bulk else None,
                listing_id=one.source.listing.listing_id if one.source.listing else 0,
                step=one.writing.step,
                before=plain_said(before(one.known, one.writing)),
                after=plain_said(one.writing.said),
                stock=_stock(one),
                last=one.last,
                at=at,
            )
            for number, one in enumerate(sent)
        ]
        made = ListingChange.objects.bulk_create(rows, batch_size=500)
        release_connection()
        return [row.pk for row in made]

    def keep_not_sent(self, change_ids: Sequence[int]) -> None:
        ListingChange.objects.filter(pk__in=list(change_ids), outcome=Outcome.SENT).update(
            outcome=Outcome.NOT_SENT
        )
        release_connection()

    def keep_outcomes(self, outcomes: Mapping[int, Made | NotMade], at: datetime) -> None:
        keep_outcomes(ListingChange.objects.filter(pk__in=list(outcomes)), outcomes, at)
        release_connection()

    def keep_bulk_outcomes(
        self, bulk_id: int, outcomes: Mapping[int, Made | NotMade], at: datetime
    ) -> None:
        lines = ListingChange.objects.filter(bulk_id=bulk_id, line__in=list(outcomes))
        by_id = {pk: outcomes[line or 0] for pk, line in lines.values_list("pk", "line")}
        keep_outcomes(ListingChange.objects.filter(pk__in=list(by_id)), by_id, at)
        release_connection()

    # --- what nobody knows ---

    def uncertain(self, marketplace_id: int, limit: int, at: datetime) -> Sequence[Change]:
        changes = ListingChange.objects.filter(
            marketplace_id=marketplace_id, outcome=Outcome.SENT
        ).exclude(bulk__state__in=_RUNNING)
        ids = list(
            changes.order_by("listing_id").values_list("listing_id", flat=True).distinct()[:limit]
        )
        rows = list(
            changes.filter(listing_id__in=ids).order_by("pk").select_related("listing__product")
        )
        products = {row.listing_id: row.listing.product for row in rows}
        found = dict(zip(products, sources(list(products.values()), at), strict=True))
        release_connection()
        return [
            Change(row.pk, found[row.listing_id], Step(row.step), said_of(row.after))
            for row in rows
        ]

    # --- bulk operations ---

    def open_bulks(self, marketplace_id: int) -> Sequence[Bulk]:
        rows = BulkRun.objects.filter(marketplace_id=marketplace_id, state__in=_RUNNING)
        found = [_bulk(row) for row in rows.order_by("pk")]
        release_connection()
        return found

    def keep_bulk(
        self, marketplace_id: int, run_id: int | None, step: Step | None, at: datetime
    ) -> Bulk:
        row = BulkRun.objects.create(
            marketplace_id=marketplace_id, run_id=run_id, step=step or "", started_at=at
        )
        release_connection()
        return _bulk(row)

    def keep_bulk_begun(
        self, bulk_id: int, operation_id: str, lines: int, at: datetime, look_in_s: float
    ) -> None:
        with transaction.atomic():
            BulkRun.objects.filter(pk=bulk_id).update(
                state=BulkState.RUNNING,
                operation_gid=operation_id,
                lines=lines,
                looked_at=at,
                look_at=at + timedelta(seconds=look_in_s),
            )
            if lines:
                ListingChange.objects.filter(
                    bulk_id=bulk_id, line__gte=lines, outcome=Outcome.SENT
                ).update(outcome=Outcome.NOT_SENT)
        release_connection()

    def keep_bulk_look(self, bulk_id: int, done: int, at: datetime, look_at: datetime) -> None:
        BulkRun.objects.filter(pk=bulk_id).update(done=done, looked_at=at, look_at=look_at)
        release_connection()

    def drop_bulk(self, bulk_id: int, at: datetime) -> None:
        with transaction.atomic():
            BulkRun.objects.filter(pk=bulk_id).update(state=BulkState.DROPPED, finished_at=at)
            ListingChange.objects.filter(bulk_id=bulk_id, outcome=Outcome.SENT).update(
                outcome=Outcome.NOT_SENT
            )
        release_connection()

    def end_bulk(self, bulk_id: int, at: datetime, error: str = "") -> None:
        BulkRun.objects.filter(pk=bulk_id).update(
            state=BulkState.DONE, finished_at=at, error=error, done=F("lines")
        )
        release_connection()


def _due(marketplace_id: int, now: datetime) -> "QuerySet[Listing]":
    """Listings that differ, without those under way or waiting for another day; none while a person
    has stopped it.
    """
    rows = Listing.objects.filter(
        marketplace_id=marketplace_id, dirty=True, joins=None, link_gid="", unlink_asked=False
    )
    rows = rows.exclude(state=ListingState.REVIEW).exclude(Exists(_SENT))
    rows = rows.filter(Q(try_again_at=None) | Q(try_again_at__lte=now))
    front = Storefront.objects.filter(marketplace_id=marketplace_id)
    marks = front.values_list("publishing_stopped_at", "variants_refused_at").first()
    stopped_at, refused_at = marks or (None, None)
    if stopped_at is not None:
        return rows.none()
    if refused_at is not None and refused_at >= day_begins(now):  # no new products today
        rows = rows.exclude(product_gid="", state__in=ON)
    return rows


def _stock(one: Sent) -> dict[str, Any]:
    """With what its new variants are made; those that are there already have their id."""
    if one.writing.step is not Step.SET:
        return {}
    place = one.draft.location_id
    return {
        str(variant.key): {"gid": variant.variant_id}
        if variant.variant_id
        else {
            "place": place,
            "quantity": (variant.quantity or 0) if place else None,
            "tracked": variant.tracked,
            "oversell": variant.oversell,
        }
        for variant in one.draft.variants
    }


def _counts(run: SyncRun) -> dict[str, int]:
    """Listings by what happened to them in a run."""
    done = run.changes.filter(outcome=Outcome.DONE)
    created = Q(step=Step.SET, before={"product": {}, "variants": {}})
    known = done.aggregate(
        created=Count("listing", filter=created, distinct=True),
        listings=Count("listing", distinct=True),
        on=Count("listing", filter=Q(step=Step.PUBLISH), distinct=True),
        off=Count("listing", filter=Q(step=Step.UNPUBLISH), distinct=True),
    )
    refused = run.changes.filter(outcome=Outcome.REFUSED).values("listing").distinct().count()
    return {**known, "refused": refused}


def _bulk(row: BulkRun) -> Bulk:
    return Bulk(
        bulk_id=row.pk,
        run_id=row.run_id,
        step=Step(row.step) if row.step else None,
        mark=str(row.mark),
        operation_id=row.operation_gid,
        lines=row.lines,
        done=row.done,
        started_at=row.started_at,
        looked_at=row.looked_at,
        look_at=row.look_at,
    )
