"""Deadlines as rows: what is late becomes a finding, what is not any more closes it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q

from longshore.domain.deadlines import CODES, lateness
from longshore.domain.findings import Finding
from longshore.domain.orders import PurchaseOrderState
from longshore.storage.models import Marketplace, OpenFinding, PurchaseOrder
from longshore.storage.part_times import parts_of, zone_of
from longshore.storage.repositories.findings import note_many

_NEVER = (PurchaseOrderState.CANCELED, PurchaseOrderState.REFUSED)
AT_ONCE = 1_000
NUMBERS_ASKED_FOR = timedelta(days=30)


def check_deadlines(at: datetime) -> int:
    """Looks at what is on its way in every live marketplace; returns how much is late. A handful of
    statements for a thousand late parts.
    """
    found = 0
    for row in Marketplace.objects.exclude(live_since=None):
        late = list(_late(row, at))
        for start in range(0, len(late), AT_ONCE):
            note_many(row.pk, late[start : start + AT_ONCE], at)
        _close(row.pk, late, at)
        found += len(late)
    return found


def _late(row: Marketplace, at: datetime) -> Iterator[tuple[str, int, Finding]]:
    """(subject, vendor, finding)."""
    zone = zone_of(row.timezone)
    rows = PurchaseOrder.objects.filter(
        Q(shipped_at=None)
        # Numbers that did not come in a month are not asked for any more.
        | Q(shipments__tracking_number="", shipments__found_at__gt=at - NUMBERS_ASKED_FOR),
        marketplace=row,
        order__canceled_at=None,
        cancel_asked_at=None,
    ).exclude(state__in=_NEVER)
    for pk, vendor_id, part in parts_of(rows.order_by("pk").values_list("pk", flat=True)):
        for finding in lateness(part, at, zone):
            yield f"purchase_order:{pk}", vendor_id, finding


def _close(marketplace_id: int, late: list[tuple[str, int, Finding]], at: datetime) -> None:
    told = {(subject, finding.code) for subject, _, finding in late}
    rows = OpenFinding.objects.filter(
        marketplace_id=marketplace_id, resolved_at=None, code__in=CODES
    )
    over = [
        pk
        for pk, subject, code in rows.values_list("pk", "subject", "code")
        if (subject, code) not in told
    ]
    OpenFinding.objects.filter(pk__in=over).update(resolved_at=at)
