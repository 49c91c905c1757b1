"""Numbers that were found in notes: suggested, and used when a person says so."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from longshore.domain.findings import Finding
from longshore.domain.tracking import Tracking
from longshore.ports.errors import Rejected
from longshore.storage import work
from longshore.storage.models import OpenFinding, PurchaseOrder, Shipment, ShipmentState
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.timeline import note_event

LOOKS = (timedelta(0), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
AT_ONCE = 5
CODE = "tracking_suggested"


def without_number(store_id: int, at: datetime) -> Sequence[int]:
    """Ids in the store of orders whose notes are due."""
    due = Q()
    for looks, pause in enumerate(LOOKS):
        due |= Q(notes_looks=looks, shipped_at__lte=at - pause)
    rows = PurchaseOrder.objects.filter(
        due,
        store_id=store_id,
        store_order_id__isnull=False,
        shipped_at__gte=at - timedelta(days=3),
        shipments__tracking_number="",
    )
    found = rows.order_by("shipped_at", "pk").values_list("store_order_id", flat=True).distinct()
    return [number for number in found[:AT_ONCE] if number is not None]


@transaction.atomic
def looked_through(
    store_id: int, store_order_id: int, found: Tracking | None, at: datetime
) -> None:
    row = (
        PurchaseOrder.objects.select_related("order", "vendor")
        .filter(store_id=store_id, store_order_id=store_order_id)
        .first()
    )
    if row is None:
        return
    PurchaseOrder.objects.filter(pk=row.pk).update(notes_looks=row.notes_looks + 1)
    shipment = row.shipments.filter(tracking_number="").order_by("pk").first()
    if found is None or shipment is None:
        return
    evidence = {"order": row.order.name, "vendor": row.vendor.name, "number": found.number}
    finding = Finding(CODE, {**evidence, "carrier": found.carrier, "url": found.url})
    subject = f"shipment:{shipment.pk}"
    note_finding(row.marketplace_id, subject, finding, at, vendor_id=row.vendor_id)


@transaction.atomic
def use_suggestion(marketplace_id: int, shipment_id: int, at: datetime) -> None:
    """The suggested number is the shipment's from now on. Raises Rejected."""
    row = (
        Shipment.objects.select_for_update(of=("self",))
        .select_related("purchase_order")
        .filter(marketplace_id=marketplace_id, pk=shipment_id, tracking_number="")
        .first()
    )
    found = OpenFinding.objects.filter(
        marketplace_id=marketplace_id,
        subject=f"shipment:{shipment_id}",
        code=CODE,
        resolved_at=None,
    ).first()
    if row is None or found is None:
        raise Rejected("The shipment has a number already.")
    row.tracking_number = str(found.evidence["number"])
    row.carrier = str(found.evidence.get("carrier") or "")
    row.tracking_url = str(found.evidence.get("url") or "")
    row.correction = row.state in (ShipmentState.SENDING, ShipmentState.FULFILLED)
    # The store does not have it where numbers are read: it must not be found missing there.
    row.key = f"vendor:note:{row.pk}"
    row.save()
    note_event(row.purchase_order, at, "tracking_corrected", old="", new=row.tracking_number)
    resolve_findings(marketplace_id, found.subject, at, [CODE])
    work.fulfill_shipments(marketplace_id)
