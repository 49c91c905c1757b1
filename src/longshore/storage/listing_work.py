"""What is due of listings: those that differ from Shopify, operations that run there, images that
should be loaded, prices that change by the clock.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from longshore.storage.models import (
    BulkRun,
    BulkState,
    Listing,
    ListingChange,
    ListingState,
    Outcome,
    Storefront,
)


def unpublished(marketplaces: "QuerySet[Any]", now: datetime) -> list[int]:
    """Of these marketplaces those that have something to write or to look at on Shopify."""
    differing = Listing.objects.filter(dirty=True, joins=None).exclude(state=ListingState.REVIEW)
    stopped = Storefront.objects.filter(publishing_stopped_at__isnull=False)
    differing = differing.exclude(marketplace_id__in=stopped.values("marketplace_id"))
    running = BulkRun.objects.filter(state__in=(BulkState.PREPARED, BulkState.RUNNING))
    doubtful = ListingChange.objects.filter(outcome=Outcome.SENT)
    images = Listing.objects.filter(Q(images_due_at__lte=now) | Q(unlink_asked=True))
    found: set[int] = set()
    for rows in (differing, running, doubtful, images):
        mine = rows.filter(marketplace_id__in=marketplaces)
        found.update(mine.values_list("marketplace_id", flat=True).distinct())
    return sorted(found)


def prices_that_change(now: datetime) -> list[int]:
    """Stores with listings whose sale began or ended."""
    rows = Listing.objects.filter(review_at__lte=now, product__review_due=False)
    return sorted(set(rows.values_list("product__store_id", flat=True)))
