"""When things happened to vendors' parts of orders, read for deadlines and for figures."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import F, Min, Q

from longshore.domain.deadlines import PartTimes
from longshore.domain.orders import PurchaseOrderState
from longshore.storage.models import PurchaseOrder, ShipmentState

AT_ONCE = 1_000


def zone_of(name: str) -> ZoneInfo:
    """A marketplace's clock; UTC for a name nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def parts_of(ids: Iterable[int]) -> Iterator[tuple[int, int, PartTimes]]:
    """(primary key, vendor, times) of these purchase orders."""
    without = Q(shipments__tracking_number="", shipments__state=ShipmentState.FULFILLED)
    rows = PurchaseOrder.objects.filter(pk__in=ids).annotate(
        since=Min("shipments__found_at", filter=without),
        name=F("order__name"),
        vendor_name=F("vendor__name"),
        days=F("vendor__ship_days"),
    )
    names = ("pk", "vendor_id", "name", "vendor_name", "created_at", "state", "answered_at")
    for row in rows.values(*names, "shipped_at", "since", "days").iterator(chunk_size=AT_ONCE):
        accepted = row["state"] == PurchaseOrderState.ACCEPTED
        yield (
            row["pk"],
            row["vendor_id"],
            PartTimes(
                order=row["name"],
                vendor=row["vendor_name"],
                created_at=row["created_at"],
                accepted_at=(row["answered_at"] or row["created_at"]) if accepted else None,
                shipped_at=row["shipped_at"],
                unnumbered_since=row["since"],
                ship_days=row["days"],
            ),
        )
