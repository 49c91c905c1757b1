"""Fields of a store's orders that people say hold a parcel's number, its carrier or its link."""

from dataclasses import fields

from django.db import transaction
from django.db.models.functions import Now

from longshore.domain.tracking import TaughtKeys
from longshore.ports.errors import Rejected
from longshore.storage import work
from longshore.storage.models import PurchaseOrder, Store

MEANINGS = tuple(one.name for one in fields(TaughtKeys))


@transaction.atomic
def teach(marketplace_id: int, part_id: int, key: str, meaning: str) -> None:
    """From now on the store's field `key` is read as its `meaning`; its orders are read again.
    Raises Rejected for a field that this part's order did not have.
    """
    part = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, pk=part_id).first()
    if part is None or meaning not in MEANINGS:
        raise Rejected("There is no such order.")
    if key not in {one[0] for one in part.order_fields}:
        raise Rejected("The order has no such field any more. Look again.")
    store = Store.objects.select_for_update().get(pk=part.store_id)
    store.tracking_keys = {**store.tracking_keys, meaning: key}
    store.orders_polled_at = Now()
    store.save(update_fields=["tracking_keys", "orders_polled_at"])
    work.pull_shipments(store.pk)


def forget(marketplace_id: int, store_id: int) -> None:
    """Reads the store's own plugins only."""
    Store.objects.filter(marketplace_id=marketplace_id, pk=store_id).update(tracking_keys={})
