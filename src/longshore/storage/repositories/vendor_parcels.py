"""What vendors say themselves: a parcel they sent, goods they cannot deliver. Their shop may tell
the same later; what is shipped already is not shipped again (`domain.fulfillment`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from longshore.domain.findings import Finding
from longshore.domain.orders import PurchaseOrderState
from longshore.ports.errors import Rejected
from longshore.storage import work
from longshore.storage.models import PurchaseOrder, PurchaseOrderLine, Shipment, ShipmentLine
from longshore.storage.repositories.findings import note_finding
from longshore.storage.repositories.parts import locked_part
from longshore.storage.repositories.store_stock import close_reservations
from longshore.storage.repositories.timeline import note_event


@dataclass(frozen=True, slots=True)
class Parcel:
    """`key` is made with the form, so that a form sent twice is one parcel. `units` by line.
    `others`: numbers of further parcels with the same goods.
    """

    key: str
    units: Mapping[int, int]
    number: str = ""
    carrier: str = ""
    url: str = ""
    others: tuple[str, ...] = ()


@transaction.atomic
def ship_parcel(
    marketplace_id: int, vendor_id: int, part_id: int, parcel: Parcel, at: datetime
) -> int:
    """Keeps the parcel and has Shopify told; returns how many units are still to be shipped. Raises
    Rejected where the part may not be shipped, or the parcel holds more than is left.
    """
    row = locked_part(marketplace_id, part_id, vendor_id)
    key = f"vendor:{parcel.key}"[:120]
    lines = {line.pk: line for line in row.lines.order_by("pk").select_for_update()}
    if not row.shipments.filter(key=key).exists():
        _may_ship(row)
        _keep(row, key, parcel, _taken(parcel, lines), at)
    left = sum(max(0, line.quantity - line.shipped) for line in lines.values())
    if not left and row.shipped_at is None:
        row.shipped_at = at
        row.save(update_fields=["shipped_at"])
        if not row.store.stock_managed:
            close_reservations(row, at)
    return left


def _may_ship(row: PurchaseOrder) -> None:
    if row.order.canceled_at is not None or row.cancel_asked_at is not None:
        raise Rejected("This order was canceled. Do not send it.")
    if row.state != PurchaseOrderState.ACCEPTED:
        raise Rejected("This order is not in your shop yet. It can be shipped once it is.")


def _taken(parcel: Parcel, lines: Mapping[int, PurchaseOrderLine]) -> dict[PurchaseOrderLine, int]:
    taken: dict[PurchaseOrderLine, int] = {}
    for line_id, units in parcel.units.items():
        line = lines.get(line_id)
        if line is None or units < 0 or units > line.quantity - line.shipped:
            raise Rejected("That is more than is left to ship. Look again: it may be sent already.")
        if units:
            taken[line] = units
    if not taken:
        raise Rejected("Put at least one item into the parcel.")
    return taken


def _keep(
    row: PurchaseOrder,
    key: str,
    parcel: Parcel,
    taken: Mapping[PurchaseOrderLine, int],
    at: datetime,
) -> None:
    try:
        with transaction.atomic():
            shipment = Shipment.objects.create(
                marketplace_id=row.marketplace_id,
                purchase_order=row,
                key=key,
                tracking_number=parcel.number,
                carrier=parcel.carrier,
                tracking_url=parcel.url,
                others=[[number, ""] for number in parcel.others],
                shipped_at=at,
                found_at=at,
            )
    except IntegrityError:
        return  # the same form, sent twice at once
    for line, units in taken.items():
        ShipmentLine.objects.create(
            marketplace_id=row.marketplace_id,
            shipment=shipment,
            purchase_line=line,
            quantity=units,
        )
        line.shipped += units
        line.save(update_fields=["shipped"])
    numbers = ", ".join(number for number in (parcel.number, *parcel.others) if number)
    note_event(row, at, "shipped", number=numbers, units=sum(taken.values()), by="vendor")
    work.fulfill_shipments(row.marketplace_id)


@transaction.atomic
def cannot_deliver(
    marketplace_id: int,
    vendor_id: int,
    part_id: int,
    units: Mapping[int, int],
    why: str,
    at: datetime,
) -> None:
    """The marketplace is told and decides: refund, another vendor, or wait. Raises Rejected."""
    row = locked_part(marketplace_id, part_id, vendor_id)
    lines = {line.pk: line for line in row.lines.select_related("order_line")}
    named = [
        f"{units_} × {lines[line_id].order_line.title}"  # noqa: RUF001 - the sign for times
        for line_id, units_ in units.items()
        if line_id in lines and 0 < units_ <= lines[line_id].quantity - lines[line_id].shipped
    ]
    if not named:
        raise Rejected("Say of at least one item how many you cannot deliver.")
    evidence = {
        "vendor": row.vendor.name,
        "order": row.order.name,
        "goods": ", ".join(named)[:300],
        "why": why[:300],
    }
    finding = Finding("vendor_cannot_deliver", evidence)
    subject = f"purchase_order:{row.pk}"
    note_finding(marketplace_id, subject, finding, at, vendor_id=vendor_id)
    note_event(row, at, "cannot_deliver", goods=evidence["goods"], why=evidence["why"])
