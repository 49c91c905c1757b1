"""Images on Shopify as rows: which should be loaded by now, and which could not be."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min

from longshore.domain.listing import MEDIA
from longshore.ports.ledger.publication import ImagesDue
from longshore.storage.models import Listing
from longshore.storage.postgres import release_connection
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.image_findings import IMAGE_FINDINGS, image_findings

FIRST_PAUSE = timedelta(minutes=1)
MOST_LOOKS = 6
"""Each pause is twice the one before; after about an hour the comparison with the whole shop sees
what is left.
"""


class Images:
    """Implements the images' part of `ports.ledger.publication.PublicationLedger`."""

    def images_due(self, marketplace_id: int, limit: int, at: datetime) -> Sequence[ImagesDue]:
        rows = Listing.objects.filter(marketplace_id=marketplace_id, images_due_at__lte=at)
        found = [
            ImagesDue(pk, known.get(MEDIA) or {})
            for pk, known in rows.order_by("pk").values_list("pk", "known")[:limit]
        ]
        release_connection()
        return found

    def keep_images(
        self, due: Sequence[ImagesDue], found: Mapping[str, str | None], at: datetime
    ) -> None:
        with transaction.atomic():
            rows = Listing.objects.filter(pk__in=[one.listing_id for one in due]).order_by("pk")
            for row in rows.select_for_update(of=("self",)).select_related("product"):
                media: Mapping[str, str] = row.known.get(MEDIA) or {}
                states = {gid: found.get(gid, "") for gid in media.values()}
                waits = any(one is None for one in states.values())
                row.images_looks += 1
                again = at + FIRST_PAUSE * 2**row.images_looks
                row.images_due_at = again if waits and row.images_looks < MOST_LOOKS else None
                row.save(update_fields=["images_looks", "images_due_at"])
                self._tell(row, {gid: one for gid, one in states.items() if one}, at)
        release_connection()

    def _tell(self, row: Listing, errors: Mapping[str, str], at: datetime) -> None:
        told = image_findings(row, errors)
        codes = {one.code for one in told}
        subject = f"listing:{row.pk}"
        mended = [code for code in IMAGE_FINDINGS if code not in codes]
        resolve_findings(row.marketplace_id, subject, at, mended)
        for finding in told:
            note_finding(row.marketplace_id, subject, finding, at, vendor_id=row.vendor_id)

    def next_images_s(self, marketplace_id: int, at: datetime) -> float | None:
        rows = Listing.objects.filter(marketplace_id=marketplace_id, images_due_at__isnull=False)
        soonest = rows.aggregate(soonest=Min("images_due_at"))["soonest"]
        release_connection()
        return None if soonest is None else max(0.0, (soonest - at).total_seconds())
