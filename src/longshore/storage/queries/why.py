"""Which products somebody asks about, and when each was read and written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from longshore.domain.findings import Finding
from longshore.storage.models import VendorProduct
from longshore.storage.queries.search import found_products


@dataclass(frozen=True, slots=True)
class Asked:
    """`listing_id` None: it has no listing, for `reason` where one is known."""

    name: str
    vendor: str
    listing_id: int | None
    reason: Finding | None
    read_at: datetime
    gone_since: datetime | None
    written_at: datetime | None


def products_asked(marketplace_id: int, text: str, limit: int = 5) -> tuple[list[Asked], int]:
    """The products with this SKU, barcode or words, and how many there are in all."""
    ids = found_products(marketplace_id, text)
    rows = VendorProduct.objects.filter(marketplace_id=marketplace_id, pk__in=ids)
    shown = rows.select_related("store__vendor", "listing").order_by("pk")[:limit]
    return [_asked(row) for row in shown], len(ids)


def _asked(row: Any) -> Asked:
    listing = getattr(row, "listing", None)
    evidence = {"product": row.name, **(row.left_out_evidence or row.kept_out_evidence)}
    code = row.left_out or row.kept_out
    return Asked(
        name=row.name,
        vendor=row.store.vendor.name,
        listing_id=listing.pk if listing is not None else None,
        reason=Finding(code, evidence) if code else None,
        read_at=row.read_at,
        gone_since=row.absent_since,
        written_at=listing.published_at if listing is not None else None,
    )
