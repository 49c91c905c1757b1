"""What a vendor and the marketplace write to each other about one order."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from longshore.domain.findings import Finding
from longshore.ports.errors import Rejected
from longshore.storage import work
from longshore.storage.models import OrderEvent, PurchaseOrder
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.letters import Office, post_office
from longshore.storage.repositories.parts import locked_part
from longshore.storage.repositories.reminders import readers_of
from longshore.storage.repositories.timeline import note_event

FROM_VENDOR, TO_VENDOR = "vendor_wrote", "vendor_was_written"
LONGEST = 1000
AN_HOUR = 20
"""More about one order in an hour is a program, or a form that is sent again and again."""
LETTER_LIVES = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class News:
    """A letter that is due. `readers`: (address, id of the choice that ends its letters)."""

    office: Office
    order: str
    vendor: str
    readers: tuple[tuple[str, int], ...]


@transaction.atomic
def vendor_writes(
    marketplace_id: int, vendor_id: int, part_id: int, text: str, at: datetime
) -> None:
    """The marketplace sees it among what needs somebody. Raises Rejected."""
    row = locked_part(marketplace_id, part_id, vendor_id)
    said = _keep(row, FROM_VENDOR, text, at)
    evidence = {"vendor": row.vendor.name, "order": row.order.name, "text": said[:300]}
    finding = Finding(FROM_VENDOR, evidence)
    note_finding(marketplace_id, f"purchase_order:{row.pk}", finding, at, vendor_id=vendor_id)


@transaction.atomic
def write_to_vendor(marketplace_id: int, part_id: int, text: str, at: datetime) -> None:
    """The vendor sees it with the order, and gets a letter where mail can be sent; what the vendor
    wrote before is answered with it. Raises Rejected.
    """
    row = locked_part(marketplace_id, part_id)
    _keep(row, TO_VENDOR, text, at)
    resolve_findings(marketplace_id, f"purchase_order:{row.pk}", at, [FROM_VENDOR])
    if post_office(marketplace_id) is not None:
        work.send_news(row.pk)


def due_news(part_id: int, at: datetime) -> News | None:
    """The letter that says that the marketplace wrote; None where it is no use any more."""
    row = PurchaseOrder.objects.select_related("order", "vendor").get(pk=part_id)
    written = row.events.filter(kind=TO_VENDOR, at__gt=at - LETTER_LIVES).exists()
    office = post_office(row.marketplace_id)
    if not written or office is None:
        return None
    return News(office, row.order.name, row.vendor.name, tuple(readers_of(row)))


def _keep(row: PurchaseOrder, kind: str, text: str, at: datetime) -> str:
    said = text.replace("\x00", "").strip()[:LONGEST]
    if not said:
        raise Rejected("Write something first.")
    lately = OrderEvent.objects.filter(purchase_order=row, kind=kind)
    if lately.filter(at__gt=at - timedelta(hours=1)).count() >= AN_HOUR:
        raise Rejected("Many messages were written in the last hour. Try again later.")
    if not lately.filter(at__gt=at - timedelta(minutes=1), data__text=said).exists():
        note_event(row, at, kind, text=said)
    return said
