"""A vendor's part of an order, held for a decision about it."""

from longshore.ports.errors import Rejected
from longshore.storage.models import PurchaseOrder


def locked_part(marketplace_id: int, part_id: int, vendor_id: int | None = None) -> PurchaseOrder:
    """The part with its order, vendor and store, its row locked for the caller's transaction.
    `vendor_id` None: any of the marketplace's. Raises Rejected where it is not theirs.
    """
    rows = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, pk=part_id)
    rows = rows if vendor_id is None else rows.filter(vendor_id=vendor_id)
    held = rows.select_for_update(of=("self",), no_key=True)
    row = held.select_related("order", "vendor", "store").first()
    if row is None:
        raise Rejected("There is no such order.")
    return row
