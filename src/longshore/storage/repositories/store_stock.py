"""What a store's order does to its stock, noted on the reservations that wait for it."""

from datetime import datetime

from longshore.storage.models import PurchaseOrder, Reservation
from longshore.storage.repositories.hints import ask_again
from longshore.storage.repositories.oversold import check_oversold
from longshore.storage.repositories.purchase_drafts import lines_of
from longshore.storage.repositories.stock import redecide

READ_AFTER_S = 5.0
"""Until then the reservation holds the units back; the goods of orders that follow each other are
read in one job.
"""


def note_reduced(row: PurchaseOrder, at: datetime) -> None:
    """The store's order was first seen in a state that takes the goods out of its stock. Readings
    asked for from now on have seen it, so its products are read again.
    """
    if row.reduced_seen_at is not None:
        return
    row.reduced_seen_at = at
    row.save(update_fields=["reduced_seen_at"])
    if not row.store.stock_managed:
        return  # it never reduces: the reservation ends at shipment
    lines = lines_of(row)
    held = Reservation.objects.filter(order_line__in=[line.order_line_id for line in lines])
    held.filter(reduced_seen_at__isnull=True).update(reduced_seen_at=at)
    ids = {line.variant.product_id_in_store for line in lines}
    ask_again(row.marketplace_id, row.store_id, ids, at, in_s=READ_AFTER_S)


def close_reservations(row: PurchaseOrder, at: datetime) -> None:
    """Ends the reservations of a purchase order that is over: shipped from a store that never
    reduces its stock, or canceled.
    """
    lines = list(row.lines.values_list("order_line_id", flat=True))
    held = Reservation.objects.filter(order_line__in=lines, closed_at__isnull=True)
    variants = list(held.values_list("variant_id", flat=True))
    if held.update(closed_at=at):
        redecide(row.marketplace_id, variants, at)
        check_oversold(row.marketplace_id, (), at)
