"""Buyers' orders that cannot be read or kept, as findings; the others go on meanwhile."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from longshore.domain.findings import Finding
from longshore.storage.models import OpenFinding
from longshore.storage.repositories.findings import note_many
from longshore.storage.repositories.hints import look_at_orders_again

AGAIN_AFTER = timedelta(hours=1)
_CODE = "order_unreadable"


def note(marketplace_id: int, unreadable: Mapping[str, str], at: datetime) -> None:
    """A finding for each, by the order's id on Shopify, with the reason."""
    found = [
        (_subject(order_id), None, Finding(_CODE, {"order": order_id, "why": why}))
        for order_id, why in unreadable.items()
    ]
    note_many(marketplace_id, found, at)


def resolve(marketplace_id: int, read: Collection[str], at: datetime) -> None:
    rows = OpenFinding.objects.filter(
        marketplace_id=marketplace_id, code=_CODE, resolved_at__isnull=True
    )
    rows.filter(subject__in=[_subject(order_id) for order_id in read]).update(resolved_at=at)


def ask_again(at: datetime) -> int:
    """Those that were not tried for a while are read again; returns how many."""
    rows = OpenFinding.objects.filter(
        code=_CODE, resolved_at__isnull=True, last_seen_at__lte=at - AGAIN_AFTER
    )
    waiting = list(rows.values_list("marketplace_id", "evidence__order"))
    look_at_orders_again(waiting, at)
    return len(waiting)


def _subject(order_id: str) -> str:
    return f"storefront_order:{order_id.rpartition('/')[2]}"
