"""What changed on Shopify after routing: what was not sent follows; what was is canceled in the
store as a whole, or shown as a difference and told in a note on its order.
"""

from collections.abc import Sequence
from datetime import datetime

from longshore.domain.edits import in_short, new_place, told_edits
from longshore.domain.findings import Finding
from longshore.domain.orders import Address, PurchaseOrderState
from longshore.domain.placing import OVER
from longshore.domain.placing_policy import written
from longshore.storage import work
from longshore.storage.models import PurchaseOrder, PurchaseOrderLine
from longshore.storage.models import StorefrontOrder as OrderRow
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.refunds import settle_refunds
from longshore.storage.repositories.timeline import note_event

_UNSENT = (PurchaseOrderState.PENDING, PurchaseOrderState.REFUSED)
_EDITED = "order_edited_after_sending"
SEND_NO_MORE = "Canceled by the buyer. Please send nothing more of it."


def follow_edits(row: OrderRow, at: datetime) -> None:
    """Quantities or the address changed on Shopify after routing. In the caller's transaction; safe
    to repeat.
    """
    if row.routed_at is None:
        return  # no vendor has a part of it
    for order in row.purchase_orders.exclude(state=PurchaseOrderState.CANCELED):
        lines = list(order.lines.select_related("order_line").order_by("pk"))
        changed = [line for line in lines if line.quantity != line.order_line.quantity]
        unsent = order.state in _UNSENT and order.posts == 0
        if unsent and changed:
            _take_over(order, lines, changed, at)
        elif not unsent and (changed or order.told_edits or _place(order, row)):
            _show(order, row, lines, at)


def _take_over(
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    changed: Sequence[PurchaseOrderLine],
    at: datetime,
) -> None:
    for line in changed:
        line.quantity = line.order_line.quantity
    PurchaseOrderLine.objects.bulk_update(changed, ["quantity"])
    if not any(line.quantity for line in lines):
        close(order, at)


def _place(order: PurchaseOrder, row: OrderRow) -> str:
    """Where it goes now, if the vendor was told another place."""
    if not order.draft or not row.shipping_address:
        return ""
    sent = Address(**order.draft["shipping_address"])
    return new_place(sent, written(Address(**row.shipping_address)))


def _show(
    order: PurchaseOrder, row: OrderRow, lines: list[PurchaseOrderLine], at: datetime
) -> None:
    name = row.name
    if not any(line.order_line.quantity for line in lines):
        ask_cancel(order, name, at)
        return
    units = [(one.order_line.title, one.quantity, one.order_line.quantity) for one in lines]
    told = told_edits(units, _place(order, row))
    if told == order.told_edits:
        return
    order.told_edits, order.note_due = told, told or "As first ordered."
    order.save(update_fields=["told_edits", "note_due"])
    note_event(order, at, "edited", difference=in_short(told))
    subject = f"purchase_order:{order.pk}"
    if not told:
        resolve_findings(order.marketplace_id, subject, at, [_EDITED])
    else:
        evidence = {"order": name, "vendor": order.vendor.name, "difference": in_short(told)}
        finding = Finding(_EDITED, evidence)
        note_finding(order.marketplace_id, subject, finding, at, vendor_id=order.vendor_id)
    settle_refunds(order, at)
    work.place_purchase_orders(order.store_id)


def withdraw(row: OrderRow, at: datetime) -> None:
    """The buyer's order was canceled: what was not sent is closed, what was is canceled in the
    store, and what was shipped becomes an exception.
    """
    for order in row.purchase_orders.exclude(state=PurchaseOrderState.CANCELED):
        if order.state in _UNSENT:
            close(order, at)
        else:
            ask_cancel(order, row.name, at)


def ask_cancel(order: PurchaseOrder, name: str, at: datetime) -> None:
    """Cancels it in its store, once; nothing is canceled that was shipped. Of what was shipped in
    part the vendor is told to send no more.
    """
    if order.cancel_asked_at is not None:
        return
    shipped = order.shipments.exists()
    order.cancel_asked_at = at
    if order.state == PurchaseOrderState.ACCEPTED and order.store_state in OVER and not shipped:
        close(order, at)  # the vendor was first
        return
    order.conflict = "open" if shipped else ""
    if shipped and order.shipped_at is None:
        order.note_due = SEND_NO_MORE
    order.save(update_fields=["cancel_asked_at", "conflict", "note_due"])
    code = "canceled_but_shipped" if shipped else "canceled_after_sending"
    finding = Finding(code, {"order": name, "vendor": order.vendor.name})
    subject = f"purchase_order:{order.pk}"
    note_finding(order.marketplace_id, subject, finding, at, vendor_id=order.vendor_id)
    note_event(order, at, "cancel_asked")
    if order.shipped_at is None:
        work.place_purchase_orders(order.store_id)


def close(order: PurchaseOrder, at: datetime) -> None:
    """It is over, and nothing of it is in a store."""
    order.state = PurchaseOrderState.CANCELED
    order.save(update_fields=["state", "cancel_asked_at"])
    note_event(order, at, "canceled")
    resolve_findings(order.marketplace_id, f"purchase_order:{order.pk}", at)
