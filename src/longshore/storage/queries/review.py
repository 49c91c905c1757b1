"""What approving everything that waits for review would do."""

from dataclasses import dataclass

from django.db.models import Count, Q

from longshore.storage.models import Listing
from longshore.storage.queries.tallies import counts


@dataclass(frozen=True, slots=True)
class ReviewPreview:
    """Of the listings that wait for review: what approving them makes, and what it skips, because
    a product on Shopify seems to be the same (`to_link`) or for a problem.
    """

    create: int
    update: int
    to_link: int
    problems: int

    @property
    def skip(self) -> int:
        return self.to_link + self.problems


def review_preview(marketplace_id: int, vendor_id: int | None = None) -> ReviewPreview:
    """Most are counted already; the few that have to do with a product on Shopify are counted here,
    by an index of their own.
    """
    kept = counts(marketplace_id, ["listing"], vendor_id)["listing"]
    rows = Listing.objects.filter(marketplace_id=marketplace_id, state="review")
    if vendor_id is not None:
        rows = rows.filter(vendor_id=vendor_id)
    ready = Q(problems=[])
    few = rows.filter(~Q(product_gid="") | ~Q(candidate_gid="")).aggregate(
        update=Count("id", filter=ready & ~Q(product_gid="")),
        to_link=Count("id", filter=~ready & ~Q(candidate_gid="")),
    )
    return ReviewPreview(
        create=kept.of("review|0|*|*") - few["update"],
        update=few["update"],
        to_link=few["to_link"],
        problems=kept.of("review|1|*|*") - few["to_link"],
    )
