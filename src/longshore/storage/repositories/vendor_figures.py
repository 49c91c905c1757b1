"""How vendors keep their promises, measured by the hour: a list of vendors only reads it."""

from datetime import datetime

from longshore.domain.deadlines import Share
from longshore.storage.models import Marketplace, PurchaseOrder, VendorFigures
from longshore.storage.queries.figures import MEASURED, late_of

AT_ONCE = 500


def measure_vendors(at: datetime) -> int:
    """Measures every vendor that had an order in the last 90 days; returns how many. The others'
    old figures go.
    """
    count = 0
    for owner in Marketplace.objects.exclude(live_since=None).values_list("pk", flat=True):
        busy = PurchaseOrder.objects.filter(marketplace_id=owner, created_at__gte=at - MEASURED)
        vendors = list(busy.order_by("vendor_id").values_list("vendor_id", flat=True).distinct())
        VendorFigures.objects.filter(marketplace_id=owner).exclude(vendor_id__in=vendors).delete()
        rows = [_row(owner, vendor, late_of(owner, vendor, at), at) for vendor in vendors]
        VendorFigures.objects.bulk_create(
            rows,
            batch_size=AT_ONCE,
            update_conflicts=True,
            unique_fields=["vendor"],
            update_fields=["measured_at", "late", "due"],
        )
        count += len(rows)
    return count


def _row(owner: int, vendor_id: int, late: Share, at: datetime) -> VendorFigures:
    return VendorFigures(
        marketplace_id=owner, vendor_id=vendor_id, measured_at=at, late=late.part, due=late.whole
    )
