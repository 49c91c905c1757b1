"""What is to be done for a store's purchase orders, as queries: to send, to cancel, to tell, to put
back on the shelf.
"""

from datetime import datetime

from django.db.models import Exists, Q, QuerySet

from longshore.domain.orders import PurchaseOrderState, PutBack, StoreOrderState
from longshore.ports.ledger.orders import Chores
from longshore.storage.models import PurchaseOrder, PurchaseOrderLine, Store

UNSETTLED = (
    PurchaseOrderState.PENDING,
    PurchaseOrderState.SENDING,
    PurchaseOrderState.UNCERTAIN,
)


def chores(store_id: int) -> Chores:
    """Mostly there is none: one statement instead of three for every order that is sent."""
    wanted = (cancellations(store_id), put_backs(store_id), notes(store_id))
    found = Store.objects.filter(pk=store_id).values_list(*(Exists(rows) for rows in wanted))
    return Chores(*found.get())


def waiting(store_id: int, at: datetime) -> "QuerySet[PurchaseOrder]":
    due = Q(next_try_at__isnull=True) | Q(next_try_at__lte=at)
    return PurchaseOrder.objects.filter(due, store_id=store_id, state__in=UNSETTLED)


def cancellations(store_id: int) -> "QuerySet[PurchaseOrder]":
    return PurchaseOrder.objects.filter(to_cancel(), store_id=store_id)


def notes(store_id: int) -> "QuerySet[PurchaseOrder]":
    return PurchaseOrder.objects.filter(to_tell(), store_id=store_id)


def put_backs(store_id: int) -> "QuerySet[PurchaseOrderLine]":
    return PurchaseOrderLine.objects.filter(
        purchase_order__store_id=store_id, put_back__in=[PutBack.DUE, PutBack.BEGUN]
    )


def to_cancel() -> Q:
    """Purchase orders that are to be canceled in their store."""
    return Q(
        state=PurchaseOrderState.ACCEPTED,
        cancel_asked_at__isnull=False,
        store_order_id__isnull=False,
        shipments__isnull=True,
        why="",
    ) & ~Q(store_state=StoreOrderState.CANCELED)


def to_tell() -> Q:
    """Purchase orders whose store is still to be told something."""
    return Q(state=PurchaseOrderState.ACCEPTED, store_order_id__isnull=False) & ~Q(note_due="")
