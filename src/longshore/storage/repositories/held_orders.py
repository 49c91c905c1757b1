"""Purchase orders that wait for a person before they are sent, as rows."""

from datetime import datetime, timedelta

from longshore.domain.findings import Finding
from longshore.domain.holding_back import CODES, held_back
from longshore.domain.orders import Address, PurchaseOrderState
from longshore.storage.models import OpenFinding, PurchaseOrder
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.purchase_drafts import lines_of
from longshore.storage.repositories.purchase_prices import PricesTold
from longshore.storage.repositories.timeline import note_event

LOOK_AGAIN = timedelta(minutes=5)
"""At an order that is held back: its cause may be mended meanwhile."""


def hold_back(row: PurchaseOrder, at: datetime) -> bool:
    """Whether this locked row, which surely is in no store, must not be sent as it stands; then it
    waits, with a finding. In the caller's transaction.
    """
    subject = f"purchase_order:{row.pk}"
    problem = _problem(row, at)
    if row.next_try_at is not None:  # it may have waited for something else before
        ended = [code for code in CODES if problem is None or code != problem.code]
        resolve_findings(row.marketplace_id, subject, at, ended)
    if problem is None:
        return False
    row.state, row.next_try_at = PurchaseOrderState.PENDING, at + LOOK_AGAIN
    row.save(update_fields=["state", "next_try_at"])
    if not OpenFinding.objects.filter(
        marketplace_id=row.marketplace_id, subject=subject, code=problem.code, resolved_at=None
    ).exists():
        note_event(row, at, "held_back", code=problem.code)
    evidence = {"order": row.order.name, "vendor": row.vendor.name, **problem.evidence}
    finding = Finding(problem.code, evidence)
    note_finding(row.marketplace_id, subject, finding, at, vendor_id=row.vendor_id)
    return True


def _problem(row: PurchaseOrder, at: datetime) -> Finding | None:
    """What was committed to be sent once is sent again as it was."""
    if row.draft is not None:
        return None
    row.store.vendor = row.vendor
    price = PricesTold(row.order, row.store, at).missing(lines_of(row))
    if row.sent_as_it_is:
        return None
    kept = row.order.shipping_address
    return held_back(Address(**kept) if kept else None, price)
