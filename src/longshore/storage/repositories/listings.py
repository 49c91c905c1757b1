"""Listings as rows: reviews, what people decide, and what Shopify has."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone

from longshore.domain.findings import Finding
from longshore.ports.ledger.listings import PERSON, Decided, ListingSource, Review, ShopTerms
from longshore.ports.storefronts import PublishedVariant
from longshore.storage import work
from longshore.storage.models import (
    Listing,
    ListingState,
    ListingVariant,
    Scan,
    ScanKind,
    ScanPhase,
    Store,
    Storefront,
    Vendor,
    VendorProduct,
)
from longshore.storage.postgres import release_connection
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.listing_reviews import keep_reviews
from longshore.storage.repositories.listing_sources import shop_terms, sources
from longshore.storage.repositories.stock import refresh_dirty

_ON = (ListingState.APPROVED, ListingState.PUBLISHED)


class Listings:
    """Implements `ports.ledger.listings.ListingLedger`. Connections are given back where a wait
    for the shop follows.
    """

    # --- reviews ---

    def shop_terms(self, marketplace_id: int) -> ShopTerms | None:
        found = shop_terms(marketplace_id)
        release_connection()
        return found

    def marketplace_of(self, store_id: int) -> int:
        return Store.objects.values_list("marketplace_id", flat=True).get(pk=store_id)

    def review_begins(self, store_id: int, at: datetime) -> bool:
        scans = Scan.objects.filter(store_id=store_id, kind=ScanKind.FULL, phase=ScanPhase.DONE)
        if not scans.exists():
            return False
        VendorProduct.objects.filter(store_id=store_id, listing__review_at__lte=at).update(
            review_due=True
        )
        return True

    def review_due(
        self,
        store_id: int,
        after: int,
        limit: int,
        at: datetime,
        decide: Callable[[ListingSource], Review | None],
    ) -> int:
        with transaction.atomic():
            rows = VendorProduct.objects.filter(store_id=store_id, review_due=True, pk__gt=after)
            due = list(rows.order_by("pk").select_for_update()[:limit])
            if not due:
                return 0
            keep_reviews([(source, decide(source)) for source in sources(due, at)], at)
            VendorProduct.objects.filter(pk__in=[one.pk for one in due]).update(review_due=False)
            return due[-1].pk

    # --- what people decide ---

    @transaction.atomic
    def approve(
        self, marketplace_id: int, listing_ids: Sequence[int], user_id: int | None, at: datetime
    ) -> Decided:
        rows = _locked(marketplace_id, listing_ids).exclude(state__in=_ON)
        ready = Q(product__absent_since__isnull=True, product__left_out="", problems=[])
        found = dict(rows.values_list("pk", "product_id"))
        done = list(rows.filter(ready).values_list("pk", flat=True))
        Listing.objects.filter(pk__in=done).update(
            state=ListingState.APPROVED,
            dirty=True,
            unpublished_because="",
            publish_error="",
            approved_at=at,
            approved_by_id=user_id,
        )
        if done:
            work.publish_listings(marketplace_id)
        return Decided(tuple(done), tuple(sorted(set(found) - set(done))))

    @transaction.atomic
    def decline(self, marketplace_id: int, listing_ids: Sequence[int], at: datetime) -> Decided:
        del at
        rows = _locked(marketplace_id, listing_ids).exclude(state=ListingState.DECLINED)
        return _taken_off(marketplace_id, list(rows), ListingState.DECLINED, "")

    @transaction.atomic
    def unpublish(self, marketplace_id: int, listing_ids: Sequence[int], at: datetime) -> Decided:
        del at
        rows = _locked(marketplace_id, listing_ids).filter(
            Q(state__in=_ON) | Q(state=ListingState.UNPUBLISHED)
        )
        return _taken_off(marketplace_id, list(rows), ListingState.UNPUBLISHED, PERSON)

    # --- publication ---

    def due_listings(
        self, marketplace_id: int, limit: int, at: datetime
    ) -> Sequence[ListingSource]:
        rows = Listing.objects.filter(marketplace_id=marketplace_id, dirty=True, linked=False)
        rows = rows.exclude(state=ListingState.REVIEW).select_related("product")
        late = rows.annotate(failed=Length("publish_error")).order_by("failed", "pk")[:limit]
        found = sources([row.product for row in late], at)
        release_connection()
        return found

    def keep_prepared(self, marketplace_id: int) -> None:
        Storefront.objects.filter(marketplace_id=marketplace_id).update(prepared=True)
        release_connection()

    def taken_locations(self, marketplace_id: int) -> Sequence[str]:
        rows = Vendor.objects.filter(marketplace_id=marketplace_id).exclude(location_id="")
        found = list(rows.values_list("location_id", flat=True))
        release_connection()
        return found

    def keep_location(
        self, marketplace_id: int, vendor_id: int, location_id: str, *, shared: bool
    ) -> None:
        with transaction.atomic():
            vendor = Vendor.objects.get(pk=vendor_id, marketplace_id=marketplace_id)
            Vendor.objects.filter(pk=vendor_id).update(location_id=location_id)
            if shared:
                note_finding(
                    marketplace_id,
                    f"vendor:{vendor_id}",
                    Finding("location_limit", {"vendor": vendor.name}),
                    timezone.now(),
                    vendor_id=vendor_id,
                )
        release_connection()

    def keep_shared_location(self, marketplace_id: int, location_id: str) -> None:
        Storefront.objects.filter(marketplace_id=marketplace_id).update(
            shared_location_id=location_id
        )
        release_connection()

    def keep_published(
        self,
        source: ListingSource,
        product_gid: str,
        variants: Sequence[PublishedVariant],
        digest: str,
        at: datetime,
    ) -> None:
        with transaction.atomic():
            row = _row(source)
            first = not Listing.objects.filter(
                vendor_id=row.vendor_id, published_at__isnull=False
            ).exists()
            row.product_gid = product_gid
            row.published_digest = digest
            row.published_at = at
            row.publish_error = ""
            # A person may have decided otherwise while Shopify was at work.
            row.dirty = row.state not in _ON
            if row.state in _ON:
                row.state = ListingState.PUBLISHED
            row.save()
            _keep_variants(source, variants, at)
            resolve_findings(row.marketplace_id, f"listing:{row.pk}", at, ["publish_refused"])
            # So may the store: a change since the draft was made shows in the next review.
            VendorProduct.objects.filter(pk=source.row_id).update(review_due=True)
            work.review_listings(row.product.store_id)
            if refresh_dirty([one.key for one in variants]):
                work.push_stock(row.marketplace_id)
            if first:  # from now on the shops may be asked to send us webhooks
                work.heal_store(row.product.store_id)
                work.heal_storefront(row.marketplace_id)
        release_connection()

    def keep_unpublished(self, source: ListingSource, at: datetime) -> None:
        del at
        with transaction.atomic():
            row = _row(source)
            row.published_digest = ""
            row.publish_error = ""
            row.dirty = row.state in _ON
            row.save()
        release_connection()

    def keep_postponed(self, source: ListingSource, why: str, at: datetime) -> None:
        del at
        Listing.objects.filter(product_id=source.row_id).update(publish_error=why or "?")
        release_connection()

    def keep_refused(self, source: ListingSource, why: str, at: datetime) -> None:
        with transaction.atomic():
            row = _row(source)
            row.publish_error = why
            row.dirty = False
            row.save()
            note_finding(
                row.marketplace_id,
                f"listing:{row.pk}",
                Finding("publish_refused", {"product": source.product.name, "why": why}),
                at,
                vendor_id=row.vendor_id,
            )
        release_connection()

    def keep_for_review(self, source: ListingSource) -> None:
        with transaction.atomic():
            row = _row(source)
            Listing.objects.filter(pk=row.pk).update(dirty=False)
            VendorProduct.objects.filter(pk=source.row_id).update(review_due=True)
            work.review_listings(row.product.store_id)
        release_connection()


def review_everything(stores: "QuerySet[Store]") -> None:
    """Asks for a review of every product of these stores, e.g. after the storefront changed."""
    for store_id in stores.values_list("pk", flat=True):
        VendorProduct.objects.filter(store_id=store_id, review_due=False).update(review_due=True)
        work.review_listings(store_id)


def _locked(marketplace_id: int, listing_ids: Sequence[int]) -> "QuerySet[Listing]":
    rows = Listing.objects.filter(marketplace_id=marketplace_id, pk__in=list(listing_ids))
    list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    return rows.order_by("pk")


def _taken_off(
    marketplace_id: int, rows: Sequence[Listing], state: ListingState, because: str
) -> Decided:
    for row in rows:
        row.state = state
        row.unpublished_because = because
        row.dirty = bool(row.product_gid and row.published_digest)
        row.save(update_fields=["state", "unpublished_because", "dirty"])
    if any(row.dirty for row in rows):
        work.publish_listings(marketplace_id)
    return Decided(tuple(row.pk for row in rows))


def _row(source: ListingSource) -> Listing:
    return (
        Listing.objects.select_for_update(of=("self",))
        .select_related("product")
        .get(product_id=source.row_id)
    )


def _keep_variants(
    source: ListingSource, variants: Sequence[PublishedVariant], at: datetime
) -> None:
    """What productSet wrote of tracking and policy is what Shopify shows now."""
    sent = {one.key: one for one in source.variants}
    for made in variants:
        one = sent[made.key]
        ListingVariant.objects.filter(pk=made.key).update(
            variant_gid=made.variant_id,
            inventory_item_gid=made.inventory_item_id,
            known_tracked=True if one.wanted_tracked is None else one.wanted_tracked,
            known_oversell=one.wanted_oversell,
            known_at=at,
        )
