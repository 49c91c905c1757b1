"""What a person decides about a vendor's part: give it up, or who bears goods shipped too late."""

from datetime import datetime

from django.db import transaction

from longshore.domain.orders import PurchaseOrderState
from longshore.domain.placing import OVER, Conflict
from longshore.ports.errors import Rejected
from longshore.storage.repositories.edits import ask_cancel, close
from longshore.storage.repositories.findings import resolve_findings
from longshore.storage.repositories.parts import locked_part
from longshore.storage.repositories.store_stock import close_reservations
from longshore.storage.repositories.timeline import note_event

_UNSENT = (PurchaseOrderState.PENDING, PurchaseOrderState.REFUSED)


@transaction.atomic
def give_up(marketplace_id: int, part_id: int, at: datetime) -> None:
    """The vendor does not deliver this part: it is closed here, and canceled in the store where it
    is alive there. The buyer's money is a matter of Shopify. Raises Rejected.
    """
    row = locked_part(marketplace_id, part_id)
    if row.state == PurchaseOrderState.CANCELED:
        raise Rejected("It is canceled already.")
    if row.shipments.exists():
        raise Rejected("Some of it was shipped. Refund the rest on Shopify.")
    if row.state in _UNSENT or (
        row.state == PurchaseOrderState.ACCEPTED and row.store_state in OVER
    ):
        close(row, at)
    else:
        ask_cancel(row, row.order.name, at)
        return
    close_reservations(row, at)


@transaction.atomic
def settle_conflict(marketplace_id: int, part_id: int, how: Conflict, at: datetime) -> None:
    """Goods were shipped though they were canceled. The tracking stays. Raises Rejected."""
    row = locked_part(marketplace_id, part_id)
    if row.conflict != Conflict.OPEN:
        raise Rejected("There is nothing to decide about it.")
    row.conflict = how
    row.save(update_fields=["conflict"])
    note_event(row, at, "conflict_settled", how=how.value)
    subject = f"purchase_order:{row.pk}"
    resolve_findings(marketplace_id, subject, at, ["canceled_but_shipped"])
