"""One-click approvals as rows: begun from an examination, ended by the one key that comes."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from longshore.ports.errors import Rejected
from longshore.ports.ledger.connections import Outcome
from longshore.storage.models import Approval, Examination
from longshore.storage.repositories import examinations
from longshore.storage.tokens import digest_of, new_token

LIVES = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Begun:
    """`token` is known to nobody else; it is the end of the address to which the key is sent."""

    token: str
    page: str
    marketplace: str


@transaction.atomic
def begin(marketplace_id: int, vendor_id: int, examination: uuid.UUID, at: datetime) -> Begun:
    """Raises Rejected where this examination offers no approval."""
    row = (
        Examination.objects.select_related("marketplace")
        .filter(marketplace_id=marketplace_id, vendor_id=vendor_id, uuid=examination)
        .first()
    )
    if row is None or row.outcome != Outcome.READY or not row.approval_url:
        raise Rejected("This shop cannot be approved by one click. Paste its keys instead.")
    token = new_token()
    Approval.objects.create(
        marketplace_id=marketplace_id,
        digest=digest_of(token),
        examination=row,
        asked_at=at,
        expires_at=at + LIVES,
    )
    return Begun(token, row.approval_url, row.marketplace.name)


@transaction.atomic
def take_key(token: str, key: str, secret: str, at: datetime) -> uuid.UUID | None:
    """The key that came to the token's address: the doctor tries it at the shop that was looked at
    before. None where nobody waits for a key (any more).
    """
    rows = Approval.objects.select_for_update().filter(
        digest=digest_of(token), used_at=None, expires_at__gt=at
    )
    row = rows.select_related("examination").first()
    if row is None:
        return None
    first = row.examination
    asked = examinations.Asked(first.address, key, secret, first.may_use_query)
    result = examinations.ask(first.vendor_id, asked, at, store_id=first.store_id)
    row.used_at = at
    row.result = Examination.objects.get(uuid=result)
    row.save()
    return result
