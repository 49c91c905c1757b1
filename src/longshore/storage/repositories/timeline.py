"""An order's timeline: one row for each thing that happened, words chosen when it is shown."""

from datetime import datetime
from typing import Any

from longshore.storage.models import OrderEvent, PurchaseOrder, StorefrontOrder


def note_event(
    order: StorefrontOrder | PurchaseOrder, at: datetime, kind: str, **data: Any
) -> None:
    """`kind` is one of: seen, waits, routed, left_out, edited, order_canceled, payment, sending,
    uncertain, looked_up, put_off, resent, accepted, adopted, refused, put_back, differs,
    store_state, cancel_asked, canceled, shipped, tracking_corrected, held_on_shopify,
    told_again, fulfilled, exception, reminded, cannot_deliver, vendor_wrote, vendor_was_written,
    noted.
    """
    purchase = order if isinstance(order, PurchaseOrder) else None
    owner = purchase.order_id if purchase is not None else order.pk
    OrderEvent.objects.create(
        marketplace_id=order.marketplace_id,
        order_id=owner,
        purchase_order=purchase,
        at=at,
        kind=kind,
        data=data,
    )
