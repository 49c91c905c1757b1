"""A person's word about one stock line: held, limited, or with a buffer of its own."""

from datetime import datetime

from django.db import transaction

from longshore.ports.errors import Rejected
from longshore.storage.models import ListingVariant
from longshore.storage.repositories.stock import redecide
from longshore.storage.repositories.stock_lines import StockEventRow, keep_events


@transaction.atomic
def limit_line(
    marketplace_id: int,
    line_id: int,
    cap: int | None,
    own_buffer: int | None,
    *,
    who: str,
    at: datetime,
) -> None:
    """`cap`: what the line shows at most, 0 holds it, None does neither; `own_buffer` None: its
    vendor's. The history says who it was. Raises Rejected for another marketplace's line.
    """
    rows = ListingVariant.objects.filter(marketplace_id=marketplace_id, pk=line_id)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise Rejected("There is no such stock line.")
    if (row.cap, row.own_buffer) == (cap, own_buffer):
        return
    before, row.cap, row.own_buffer = row.cap, cap, own_buffer
    row.save(update_fields=["cap", "own_buffer"])
    said = {"who": who, "buffer": own_buffer}
    keep_events(marketplace_id, [StockEventRow(line_id, "limit", before, cap, said)], at)
    redecide(marketplace_id, [row.variant_id], at)
