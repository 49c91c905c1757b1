"""Links for a new key as rows: made for one store, followed until a key works, then dead."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from longshore.ports.errors import Rejected
from longshore.storage.models import Examination, ReconnectLink, Store
from longshore.storage.queries.reconnecting import linked_store
from longshore.storage.repositories import examinations
from longshore.storage.tokens import digest_of, new_token

LIVES = timedelta(days=7)


@transaction.atomic
def make(marketplace_id: int, store_id: int, at: datetime) -> str:
    """The token of a new link; an older one of the same store dies. Raises Rejected."""
    rows = Store.objects.select_for_update().filter(marketplace_id=marketplace_id, pk=store_id)
    store = rows.first()
    if store is None:
        raise Rejected("There is no such shop.")
    ReconnectLink.objects.filter(store=store).delete()
    token = new_token()
    ReconnectLink.objects.create(
        marketplace_id=marketplace_id,
        digest=digest_of(token),
        store=store,
        made_at=at,
        expires_at=at + LIVES,
    )
    return token


@transaction.atomic
def ask(token: str, key: str, secret: str, at: datetime) -> uuid.UUID:
    """Sends the doctor to the link's own store, with a key or (to see whether one click will do)
    without. Raises Rejected for a link that is dead or whose key is being tried.
    """
    row = _locked(token, at)
    asked = examinations.Asked(row.store.base_url, key, secret)
    visit = examinations.ask(row.store.vendor_id, asked, at, store_id=row.store_id)
    _follow(row, visit)
    return visit


@transaction.atomic
def follow(token: str, visit: uuid.UUID, at: datetime) -> None:
    """The link shows this visit from now on: that of a key which came by one click."""
    _follow(_locked(token, at), visit)


def _locked(token: str, at: datetime) -> ReconnectLink:
    rows = ReconnectLink.objects.select_for_update().filter(digest=digest_of(token))
    row = rows.select_related("store").first()
    found = linked_store(token, at)
    if row is None or found is None or not found.open:
        raise Rejected("This link was used already, or is too old. Ask for a new one.")
    return row


def _follow(row: ReconnectLink, visit: uuid.UUID) -> None:
    row.examination = Examination.objects.get(uuid=visit, vendor_id=row.store.vendor_id)
    row.save(update_fields=["examination"])
