"""What a link for a new key opens: one store, and the newest visit that the link led to."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from longshore.ports.ledger.connections import Outcome
from longshore.storage.models import ReconnectLink
from longshore.storage.queries.tenants import zone_of
from longshore.storage.tokens import digest_of

DONE = frozenset({Outcome.CONNECTED, Outcome.DIFFERENT, Outcome.DISMISSED})
"""A key was taken: the link has done its work."""


@dataclass(frozen=True, slots=True)
class LinkedStore:
    """`open`: a key may be given now. `under_way`: one is being tried."""

    marketplace_id: int
    marketplace: str
    vendor_id: int
    vendor: str
    store_id: int
    url: str
    zone: ZoneInfo
    examination: uuid.UUID | None
    open: bool
    under_way: bool


def linked_store(token: str, now: datetime) -> LinkedStore | None:
    """None for a link that never was, or is too old."""
    rows = ReconnectLink.objects.select_related("store__vendor", "marketplace", "examination")
    row = rows.filter(digest=digest_of(token), expires_at__gt=now).first()
    if row is None:
        return None
    visit = row.examination
    under_way = visit is not None and visit.state != "done"
    spent = visit is not None and visit.outcome in DONE
    return LinkedStore(
        marketplace_id=row.marketplace_id,
        marketplace=row.marketplace.name,
        vendor_id=row.store.vendor_id,
        vendor=row.store.vendor.name,
        store_id=row.store_id,
        url=row.store.base_url,
        zone=zone_of(row.marketplace.timezone),
        examination=visit.uuid if visit else None,
        open=not spent and not under_way,
        under_way=under_way,
    )
