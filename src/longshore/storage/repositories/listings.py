"""Listings as rows: reviews, what people decide, and what Shopify has."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from longshore.domain.listing import Field
from longshore.ports.ledger.listings import PERSON, Decided, ListingSource, Review, ShopTerms
from longshore.storage import work
from longshore.storage.models import (
    Listing,
    ListingState,
    OpenFinding,
    Store,
    VendorProduct,
)
from longshore.storage.postgres import release_connection
from longshore.storage.repositories.last_look import say_when_approved, take_live
from longshore.storage.repositories.listing_reviews import keep_reviews, with_candidates
from longshore.storage.repositories.listing_sources import shop_terms, sources

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

    def source_of(self, marketplace_id: int, listing_id: int, at: datetime) -> ListingSource | None:
        rows = Listing.objects.filter(marketplace_id=marketplace_id, pk=listing_id)
        row = rows.select_related("product").first()
        return sources([row.product], at)[0] if row is not None else None

    def look_at(
        self, marketplace_id: int, before: int, limit: int, at: datetime
    ) -> Sequence[ListingSource]:
        rows = VendorProduct.objects.filter(marketplace_id=marketplace_id, absent_since=None)
        if before:
            rows = rows.filter(pk__lt=before)
        return sources(list(rows.order_by("-pk")[:limit]), at)

    def count_products(self, marketplace_id: int) -> int:
        rows = VendorProduct.objects.filter(marketplace_id=marketplace_id, absent_since=None)
        return rows.count()

    def review_begins(self, store_id: int, at: datetime) -> None:
        VendorProduct.objects.filter(store_id=store_id, listing__review_at__lte=at).update(
            review_due=True
        )

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
            found = with_candidates(sources(due, at))
            keep_reviews([(source, decide(source)) for source in found], at)
            VendorProduct.objects.filter(pk__in=[one.pk for one in due]).update(review_due=False)
            return due[-1].pk

    # --- what people decide ---

    @transaction.atomic
    def approve(
        self,
        marketplace_id: int,
        listing_ids: Sequence[int],
        user_id: int | None,
        at: datetime,
        *,
        as_draft: bool = False,
    ) -> Decided:
        rows = _locked(marketplace_id, listing_ids)
        live = [] if as_draft else take_live(rows)
        rows = rows.exclude(state__in=_ON)
        ready = Q(product__absent_since__isnull=True, product__left_out="", problems=[])
        found = dict(rows.values_list("pk", "product_id"))
        done = list(rows.filter(ready).values_list("pk", flat=True))
        say_when_approved(done, as_draft=as_draft)
        Listing.objects.filter(pk__in=done).update(
            state=ListingState.APPROVED,
            dirty=True,
            unpublished_because="",
            publish_error="",
            try_again_at=None,
            approved_at=at,
            approved_by_id=user_id,
        )
        if done:
            work.publish_listings(marketplace_id)
        return Decided((*done, *live), tuple(sorted(set(found) - set(done))))

    @transaction.atomic
    def decline(self, marketplace_id: int, listing_ids: Sequence[int], at: datetime) -> Decided:
        rows = _locked(marketplace_id, listing_ids).exclude(state=ListingState.DECLINED)
        return _taken_off(marketplace_id, list(rows), ListingState.DECLINED, "", at)

    @transaction.atomic
    def unpublish(self, marketplace_id: int, listing_ids: Sequence[int], at: datetime) -> Decided:
        rows = _locked(marketplace_id, listing_ids).filter(
            Q(state__in=_ON) | Q(state=ListingState.UNPUBLISHED)
        )
        return _taken_off(marketplace_id, list(rows), ListingState.UNPUBLISHED, PERSON, at)


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
    marketplace_id: int, rows: Sequence[Listing], state: ListingState, because: str, at: datetime
) -> Decided:
    for row in rows:
        row.state = state
        row.unpublished_because = because
        row.dirty = bool(row.product_gid and row.known.get(Field.ON_SALE))
        row.publish_error = ""
        row.try_again_at = None
        row.save(
            update_fields=[
                "state", "unpublished_because", "dirty", "publish_error", "try_again_at"
            ]
        )  # fmt: skip
    told = OpenFinding.objects.filter(
        marketplace_id=marketplace_id, code="linked_stays", resolved_at=None
    )
    told.filter(subject__in=[f"listing:{row.pk}" for row in rows]).update(resolved_at=at)
    if any(row.dirty for row in rows):
        work.publish_listings(marketplace_id)
    return Decided(tuple(row.pk for row in rows))
