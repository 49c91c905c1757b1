"""Notes of the marketplace's people on an order, for each other: no vendor, no buyer sees them."""

from datetime import datetime

from longshore.ports.errors import Rejected
from longshore.storage.models import StorefrontOrder
from longshore.storage.repositories.timeline import note_event

LONGEST = 1_000


def note_order(marketplace_id: int, order_id: int, text: str, who: str, at: datetime) -> None:
    """Puts a note into the order's timeline. Raises Rejected."""
    row = StorefrontOrder.objects.filter(marketplace_id=marketplace_id, pk=order_id).first()
    if row is None:
        raise Rejected("There is no such order.")
    if not text.strip() or len(text) > LONGEST:
        raise Rejected(f"A note has 1 to {LONGEST} characters.")
    note_event(row, at, "noted", text=text.strip(), who=who)
