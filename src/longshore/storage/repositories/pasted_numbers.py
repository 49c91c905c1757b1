"""Parcel numbers that a person pasted and gave to orders: an open order is shipped whole with them,
a shipment without a number gets them.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from longshore.domain.parcel_numbers import bare
from longshore.ports.errors import Rejected
from longshore.storage import work
from longshore.storage.models import PurchaseOrder, Shipment, ShipmentState
from longshore.storage.repositories.findings import resolve_findings
from longshore.storage.repositories.parts import locked_part
from longshore.storage.repositories.suggestions import CODE as SUGGESTED
from longshore.storage.repositories.timeline import note_event
from longshore.storage.repositories.vendor_parcels import Parcel, ship_parcel

_KEYS = uuid.UUID("6f1c3f52-6d0f-4d0b-8a5e-1c5f0d6a7e21")
"""Makes the keys of pasted parcels: the same numbers for the same order are one parcel."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """What came of it: the part's order, its vendor, and whether goods were shipped by it."""

    order: str
    vendor_id: int
    shipped: bool


@transaction.atomic
def give_numbers(
    marketplace_id: int,
    vendor_id: int | None,
    part_id: int,
    numbers: Sequence[str],
    carrier: str,
    at: datetime,
) -> Numbered:
    """The numbers belong to this part of an order. `vendor_id` None: any of the marketplace's.
    Raises Rejected where it is not theirs, may not be shipped, or has other numbers already.
    """
    row = locked_part(marketplace_id, part_id, vendor_id)
    bare_shipment = row.shipments.filter(tracking_number="").order_by("pk").first()
    if bare_shipment is not None:
        _number(row, bare_shipment, numbers, carrier, at)
        return Numbered(row.order.name, row.vendor_id, shipped=False)
    if row.shipped_at is not None:
        raise Rejected(f"{row.order.name} was shipped already and has its number.")
    key = uuid.uuid5(_KEYS, f"{part_id}:{','.join(sorted(map(bare, numbers)))}")
    units = {line.pk: max(0, line.quantity - line.shipped) for line in row.lines.all()}
    parcel = Parcel(str(key), units, numbers[0], carrier, others=tuple(numbers[1:]))
    ship_parcel(marketplace_id, row.vendor_id, part_id, parcel, at)
    return Numbered(row.order.name, row.vendor_id, shipped=True)


def _number(
    row: PurchaseOrder, shipment: Shipment, numbers: Sequence[str], carrier: str, at: datetime
) -> None:
    """A shipment that had no number has one from now on, and Shopify is told."""
    shipment.tracking_number, shipment.carrier = numbers[0], carrier
    shipment.others = [[number, ""] for number in numbers[1:]]
    shipment.correction = shipment.state in (ShipmentState.SENDING, ShipmentState.FULFILLED)
    # The store does not have it where numbers are read: it must not be found missing there.
    shipment.key = f"vendor:pasted:{shipment.pk}"
    shipment.save()
    note_event(row, at, "tracking_corrected", old="", new=", ".join(numbers))
    resolve_findings(row.marketplace_id, f"shipment:{shipment.pk}", at, [SUGGESTED])
    if not row.shipments.filter(tracking_number="").exists():
        resolve_findings(row.marketplace_id, f"purchase_order:{row.pk}", at, ["tracking_missing"])
    work.fulfill_shipments(row.marketplace_id)
