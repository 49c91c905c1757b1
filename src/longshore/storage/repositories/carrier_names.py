"""What the marketplace's people say a vendor's carrier is called on Shopify."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from longshore.domain.folding import folded
from longshore.ports.errors import Rejected
from longshore.storage import work
from longshore.storage.models import CarrierName, PurchaseOrder, Shipment, ShipmentState

TOLD_ANEW_FOR = timedelta(days=14)
"""Younger shipments get the name on Shopify too; older parcels have arrived."""
LONGEST = 100
CarrierNames = Mapping[tuple[int | None, str], str]
"""(vendor or None, the shop's text folded) -> the name."""


def names_of(marketplace_id: int) -> CarrierNames:
    rows = CarrierName.objects.filter(marketplace_id=marketplace_id)
    return {
        (vendor, said): name for vendor, said, name in rows.values_list("vendor_id", "said", "name")
    }


def name_for(names: CarrierNames, vendor_id: int, carrier: str) -> str:
    """The name said for it, the vendor's own first; "" where nobody said one."""
    said = folded(carrier)
    return names.get((vendor_id, said)) or names.get((None, said), "")


@transaction.atomic
def name_carrier(
    marketplace_id: int, part_id: int, said: str, name: str, at: datetime, *, everywhere: bool
) -> None:
    """From now on the text `said` of a parcel of this part is told to Shopify as `name`; "" takes
    that back. `everywhere`: of all vendors. What was told lately is told anew. Raises Rejected.
    """
    part = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, pk=part_id).first()
    said, name = folded(said), " ".join(name.split())
    carriers = part.shipments.values_list("carrier", flat=True) if part else ()
    if part is None or not said or said not in {folded(one) for one in carriers}:
        raise Rejected("No parcel of this order has such a carrier.")
    if len(name) > LONGEST or not name.isprintable():
        raise Rejected("That is no carrier's name.")
    rows = CarrierName.objects.filter(marketplace_id=marketplace_id, said=said[:200])
    if not name:
        rows.filter(Q(vendor=part.vendor_id) | Q(vendor__isnull=True)).delete()
    elif everywhere:
        rows.filter(Q(vendor=part.vendor_id) | Q(vendor__isnull=True)).delete()
        CarrierName.objects.create(marketplace_id=marketplace_id, said=said[:200], name=name)
    else:
        rows.update_or_create(
            vendor_id=part.vendor_id,
            defaults={"marketplace_id": marketplace_id, "said": said[:200], "name": name},
        )
    _tell_anew(marketplace_id, None if everywhere or not name else part.vendor_id, said, at)


def _tell_anew(marketplace_id: int, vendor_id: int | None, said: str, at: datetime) -> None:
    rows = Shipment.objects.filter(
        marketplace_id=marketplace_id,
        state=ShipmentState.FULFILLED,
        found_at__gte=at - TOLD_ANEW_FOR,
    ).exclude(tracking_number="")
    if vendor_id is not None:
        rows = rows.filter(purchase_order__vendor_id=vendor_id)
    ids = [pk for pk, carrier in rows.values_list("pk", "carrier") if folded(carrier) == said]
    if ids:
        Shipment.objects.filter(pk__in=ids).update(correction=True)
        work.fulfill_shipments(marketplace_id)
