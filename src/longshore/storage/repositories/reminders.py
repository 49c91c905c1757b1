"""Reminding a vendor of one order by mail, because a person pressed a button: rarely enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from longshore.domain.orders import PurchaseOrderState
from longshore.ports.errors import NeedsOperator, Rejected
from longshore.storage import work
from longshore.storage.models import OrderEvent, PurchaseOrder
from longshore.storage.repositories.letters import Office, choices_of, people_of, post_office
from longshore.storage.repositories.parts import locked_part
from longshore.storage.repositories.timeline import note_event

ONCE_IN = timedelta(hours=20)
"""One order's vendor is not reminded of it more often."""
AN_HOUR = 20
"""A vendor gets no more reminders in an hour, of however many orders."""
KIND = "reminded"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A letter that is due. `readers`: (address, id of the choice that ends its letters)."""

    office: Office
    order: str
    vendor: str
    shipped: bool
    readers: tuple[tuple[str, int], ...]


@transaction.atomic
def ask_reminder(marketplace_id: int, part_id: int, at: datetime) -> None:
    """Asks for the letter. Raises Rejected where nothing is open or it was sent lately, and
    NeedsOperator where no mail can be sent or nobody would get it.
    """
    row = locked_part(marketplace_id, part_id)
    if not _is_open(row):
        raise Rejected("There is nothing to remind the vendor of.")
    lately = OrderEvent.objects.filter(kind=KIND, purchase_order__vendor_id=row.vendor_id)
    if lately.filter(purchase_order=row, at__gt=at - ONCE_IN).exists():
        raise Rejected("The vendor was reminded of this order already today.")
    if lately.filter(at__gt=at - timedelta(hours=1)).count() >= AN_HOUR:
        raise Rejected("The vendor got many reminders in the last hour. Try again later.")
    if post_office(marketplace_id) is None:
        raise NeedsOperator("No mail can be sent yet: set up the mail server in the settings.")
    if not readers_of(row):
        raise NeedsOperator("Nobody of this vendor has an e-mail address that takes reminders.")
    note_event(row, at, KIND)
    work.send_reminder(row.pk)


def due_reminder(part_id: int, at: datetime) -> Reminder | None:
    """The letter that was asked for; None where it is no use any more."""
    row = PurchaseOrder.objects.select_related("order", "vendor").get(pk=part_id)
    asked = row.events.filter(kind=KIND, at__gt=at - ONCE_IN).exists()
    office = post_office(row.marketplace_id)
    if not asked or office is None or not _is_open(row):
        return None
    readers = tuple(readers_of(row))
    return Reminder(office, row.order.name, row.vendor.name, row.shipped_at is not None, readers)


def _is_open(row: PurchaseOrder) -> bool:
    """In the vendor's shop and not shipped, or shipped without a number."""
    if row.order.canceled_at is not None or row.cancel_asked_at is not None:
        return False
    if row.state != PurchaseOrderState.ACCEPTED:
        return False
    return row.shipped_at is None or row.shipments.filter(tracking_number="").exists()


def readers_of(row: PurchaseOrder) -> Sequence[tuple[str, int]]:
    """(address, id of its choice) of the vendor's people who did not stop such letters."""
    people = {
        (email, vendor_id): name
        for (email, vendor_id), name in people_of(row.marketplace_id, {row.vendor_id}).items()
        if vendor_id
    }
    choices = choices_of(row.marketplace_id, people)
    return [(email, choices[email].pk) for email, _ in people if choices[email].stopped_at is None]
