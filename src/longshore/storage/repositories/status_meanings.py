"""Statuses that a vendor made up, and what the marketplace's people say they stand for."""

from datetime import datetime

from django.db import transaction

from longshore.domain.findings import Finding
from longshore.domain.orders import StatusMeaning, StoreOrderState
from longshore.ports.errors import Rejected
from longshore.storage import work
from longshore.storage.models import PurchaseOrder, Store
from longshore.storage.repositories.findings import note_finding, resolve_findings

CODE = "order_status_unknown"


def note_status(row: PurchaseOrder, at: datetime, *, changed: bool) -> None:
    """A part whose order is in a status nobody knows is a finding until somebody says what it
    means. `changed`: it was in another before. In the caller's transaction.
    """
    subject = f"purchase_order:{row.pk}"
    if row.store_state != StoreOrderState.OTHER:
        if changed:
            resolve_findings(row.marketplace_id, subject, at, [CODE])
        return
    evidence = {
        "order": row.order.name,
        "vendor": row.vendor.name,
        "status": row.raw_status,
    }
    finding = Finding(CODE, evidence)
    note_finding(row.marketplace_id, subject, finding, at, vendor_id=row.vendor_id)


@transaction.atomic
def choose_meaning(marketplace_id: int, part_id: int, status: str, meaning: StatusMeaning) -> None:
    """From now on this status of the part's store means that; its open orders are read again.
    Raises Rejected for a status that its order is not in.
    """
    part = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, pk=part_id).first()
    if part is None:
        raise Rejected("There is no such order.")
    if part.raw_status != status or part.store_state != StoreOrderState.OTHER:
        raise Rejected("The order is not in this status any more. Look again.")
    store = Store.objects.select_for_update().get(pk=part.store_id)
    store.status_meanings = {**store.status_meanings, status: meaning.value}
    store.save(update_fields=["status_meanings"])
    work.pull_shipments(store.pk)


@transaction.atomic
def forget_meaning(marketplace_id: int, store_id: int, status: str) -> None:
    """The status is unknown again from the next reading on. Raises Rejected."""
    store = (
        Store.objects.select_for_update().filter(marketplace_id=marketplace_id, pk=store_id).first()
    )
    if store is None or status not in store.status_meanings:
        raise Rejected("There is no such status.")
    left = {name: meant for name, meant in store.status_meanings.items() if name != status}
    store.status_meanings = left
    store.save(update_fields=["status_meanings"])
    work.pull_shipments(store.pk)
