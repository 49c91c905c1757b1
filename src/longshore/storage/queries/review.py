"""What approving everything that waits for review would do."""

from dataclasses import dataclass

from django.db.models import Count, Q

from longshore.storage.models import Listing


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
    rows = Listing.objects.filter(marketplace_id=marketplace_id, state="review")
    if vendor_id is not None:
        rows = rows.filter(vendor_id=vendor_id)
    ready, proposed = Q(problems=[]), ~Q(candidate_gid="")
    return ReviewPreview(
        **rows.aggregate(
            create=Count("id", filter=ready & Q(product_gid="")),
            update=Count("id", filter=ready & ~Q(product_gid="")),
            to_link=Count("id", filter=~ready & proposed),
            problems=Count("id", filter=~ready & ~proposed),
        )
    )
