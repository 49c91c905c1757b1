"""How a vendor keeps its promises: orders taken, shipped in time, with a number."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from longshore.domain.deadlines import Figures, Share, late_share
from longshore.domain.orders import PurchaseOrderState
from longshore.storage.models import Marketplace, PurchaseOrder, Shipment
from longshore.storage.part_times import parts_of, zone_of

MEASURED = timedelta(days=90)
MOST = 2_000
"""The newest orders; more would say the same."""


def figures(marketplace_id: int, vendor_id: int, now: datetime) -> Figures:
    """Of the last 90 days."""
    since = now - MEASURED
    mine = PurchaseOrder.objects.filter(
        marketplace_id=marketplace_id, vendor_id=vendor_id, created_at__gte=since
    )
    parcels = Shipment.objects.filter(
        marketplace_id=marketplace_id, purchase_order__vendor_id=vendor_id, found_at__gte=since
    )
    return Figures(
        accepted=_share(mine, Q(state=PurchaseOrderState.ACCEPTED), Q(answered_at__isnull=False)),
        late=late_of(marketplace_id, vendor_id, now),
        tracked=_share(parcels, ~Q(tracking_number=""), Q()),
    )


def late_of(marketplace_id: int, vendor_id: int, now: datetime) -> Share:
    """Of the last 90 days' parts that were shipped or due, those that were not shipped in time."""
    accepted = PurchaseOrder.objects.filter(
        marketplace_id=marketplace_id,
        vendor_id=vendor_id,
        created_at__gte=now - MEASURED,
        state=PurchaseOrderState.ACCEPTED,
        order__canceled_at=None,
    )
    newest = accepted.order_by("-created_at", "-pk").values_list("pk", flat=True)
    zone = Marketplace.objects.values_list("timezone", flat=True).get(pk=marketplace_id)
    parts = [part for _, _, part in parts_of(list(newest[:MOST]))]
    return late_share(parts, now, zone_of(zone))


def _share(rows: "QuerySet[Any]", part: Q, whole: Q) -> Share:
    found = rows.aggregate(part=Count("pk", filter=part), whole=Count("pk", filter=whole))
    return Share(found["part"], found["whole"])
