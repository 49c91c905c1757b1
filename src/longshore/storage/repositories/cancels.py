"""The end of a purchase order that was to be canceled, however its store came to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from longshore.domain.orders import PurchaseOrderState, PutBack, StoreOrderState
from longshore.domain.placing import OVER
from longshore.ports.ledger.orders import Return
from longshore.storage import work
from longshore.storage.models import PurchaseOrder
from longshore.storage.repositories.findings import resolve_findings
from longshore.storage.repositories.purchase_work import put_backs
from longshore.storage.repositories.refunds import units_refunded, units_refunded_of
from longshore.storage.repositories.timeline import note_event


def over_in_store(row: PurchaseOrder, at: datetime) -> None:
    """The store's order is over, as was asked for: by us, by the vendor at the same time, or in an
    answer that was lost. In the caller's transaction, which saves nothing else of the row after.
    """
    row.state = PurchaseOrderState.CANCELED
    row.save()
    note_event(row, at, "canceled", number=row.store_order_number)
    resolve_findings(row.marketplace_id, f"purchase_order:{row.pk}", at, ["canceled_after_sending"])
    if _leaves_goods_to_us(row):
        _mark_goods(row, units_refunded(row))
        work.place_purchase_orders(row.store_id)


def ended_meanwhile(row: PurchaseOrder, at: datetime) -> None:
    """After a reading: an order that was to be canceled and is over in its store needs no cancel
    any more.
    """
    asked = row.cancel_asked_at is not None and row.state == PurchaseOrderState.ACCEPTED
    if asked and row.store_state in OVER and not row.shipments.exists():
        over_in_store(row, at)


def returns_due(store_id: int, most: int) -> Sequence[Return]:
    """Goods of canceled orders that are to be put back."""
    rows = list(put_backs(store_id).select_related("variant").order_by("pk")[:most])
    refunded = units_refunded_of({row.purchase_order_id for row in rows})
    return [
        Return(
            row.pk,
            row.variant.product_id_in_store,
            row.variant.variation_id,
            row.quantity - refunded[row.purchase_order_id].get(row.line_item_id or 0, 0),
            row.counter_before,
        )
        for row in rows
    ]


def _leaves_goods_to_us(row: PurchaseOrder) -> bool:
    """Whoever refunds in a shop says there what becomes of the goods."""
    restocks = row.store.profile.get("restocks", True)
    refunded = row.store_state == StoreOrderState.REFUNDED
    return not restocks and not refunded and row.reduced_seen_at is not None


def _mark_goods(row: PurchaseOrder, refunded: Mapping[int, int]) -> None:
    """Units that the vendor refunded before are no longer the order's to give back."""
    for line in row.lines.filter(put_back="", shipped=0):
        if line.quantity > refunded.get(line.line_item_id or 0, 0):
            line.put_back = PutBack.DUE
            line.save(update_fields=["put_back"])
