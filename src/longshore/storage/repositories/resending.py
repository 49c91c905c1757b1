"""A purchase order sent again by hand: never a second one beside one that is alive."""

from datetime import datetime

from django.db import transaction

from longshore.domain.holding_back import CODES
from longshore.domain.orders import PurchaseOrderState, StoreOrderState
from longshore.domain.placing import Resend, resend
from longshore.ports.errors import Rejected
from longshore.storage import work
from longshore.storage.models import PurchaseOrder
from longshore.storage.repositories.findings import resolve_findings
from longshore.storage.repositories.parts import locked_part
from longshore.storage.repositories.references import new_reference
from longshore.storage.repositories.timeline import note_event


@transaction.atomic
def send_again(marketplace_id: int, purchase_order_id: int, at: datetime) -> Resend:
    """Sends it once more where that makes no second order; returns what was done. Raises Rejected
    with the reason where it may not be sent.
    """
    row = locked_part(marketplace_id, purchase_order_id)
    how = resend(
        PurchaseOrderState(row.state),
        StoreOrderState(row.store_state) if row.store_state else None,
        shipped=row.shipments.exists(),
        stuck=row.half_made_id is not None,
    )
    if how is Resend.THERE:
        raise Rejected(
            f"{row.vendor.name} has it as order {row.store_order_number}; it is not sent twice."
        )
    if how is Resend.CANCELED or row.order.canceled_at is not None:
        raise Rejected("It was canceled. Only an order that is still wanted is sent.")
    _prepare(row, how)
    row.next_try_at, row.why = None, ""
    row.save()
    note_event(row, at, "resent", how=how.value)
    codes = [*CODES, "order_refused", "order_gone", "order_half_made", "order_canceled_by_vendor"]
    resolve_findings(marketplace_id, f"purchase_order:{row.pk}", at, codes)
    work.place_purchase_orders(row.store_id)
    return how


@transaction.atomic
def send_as_it_is(marketplace_id: int, purchase_order_id: int, at: datetime) -> None:
    """Sends one that was held back, or refused for goods that are not published, in spite of it.
    Raises Rejected.
    """
    row = locked_part(marketplace_id, purchase_order_id)
    if row.state not in {PurchaseOrderState.PENDING, PurchaseOrderState.REFUSED}:
        raise Rejected("It is on its way already. Look again.")
    row.sent_as_it_is, row.draft = True, None
    row.save(update_fields=["sent_as_it_is", "draft"])
    send_again(marketplace_id, purchase_order_id, at)


def _prepare(row: PurchaseOrder, how: Resend) -> None:
    if how is Resend.LOOK and row.state == PurchaseOrderState.REFUSED:
        row.state = PurchaseOrderState.UNCERTAIN
        row.draft = None  # its cause may have been mended
        row.clean_look_ups, row.clean_since = 0, None
    if how is not Resend.ANEW:
        return
    row.instead_of = row.half_made_id
    if row.store_state == StoreOrderState.FAILED:
        row.instead_of = row.store_order_id  # a late payment would bring it back to life
    row.half_made_id = None
    row.former = [*row.former, [row.reference, row.store_order_id, row.store_order_number]]
    row.reference = new_reference()
    row.state = PurchaseOrderState.PENDING
    row.draft = row.sending_since = row.store_order_id = row.answered_at = None
    row.store_order_number = row.store_state = row.raw_status = ""
    row.born_completed = False
    row.clean_look_ups, row.clean_since, row.half_made_since = 0, None, None
    row.reduced_seen_at = row.store_read_at = None
    row.lines.update(line_item_id=None)
