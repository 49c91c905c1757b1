"""Buyers' orders that were deleted on Shopify: nothing of them is held back or sent any more."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from longshore.domain.findings import Finding
from longshore.domain.orders import PurchaseOrderState
from longshore.storage.models import PurchaseOrder
from longshore.storage.models import StorefrontOrder as OrderRow
from longshore.storage.repositories.findings import note_finding
from longshore.storage.repositories.hints import look_at_orders_again
from longshore.storage.repositories.timeline import note_event

SHOWN_FOR = timedelta(days=59)
"""Older orders are not shown without the scope read_all_orders; they may well be there
(shopify.dev/docs/api/usage/access-scopes: 60 days).
"""
CONFIRM_AFTER = timedelta(minutes=1)
_IN_A_STORE = (
    PurchaseOrderState.SENDING,
    PurchaseOrderState.UNCERTAIN,
    PurchaseOrderState.ACCEPTED,
)


def missing(marketplace_id: int, order_gids: Collection[str], at: datetime) -> Sequence[OrderRow]:
    """Those of them that would be shown if they were there, locked. In the caller's transaction."""
    rows = OrderRow.objects.select_for_update(no_key=True).filter(
        marketplace_id=marketplace_id,
        order_gid__in=list(order_gids),
        canceled_at=None,
        created_in_shop__gt=at - SHOWN_FOR,
    )
    return list(rows.order_by("pk"))


def is_sure(row: OrderRow, at: datetime) -> bool:
    """Whether Shopify has not shown it for a while: one answer without it proves nothing, so it is
    asked for once more.
    """
    missed = row.events.filter(kind="not_found", at__gt=row.read_at).order_by("at").first()
    if missed is not None and at - missed.at >= CONFIRM_AFTER:
        return True
    if missed is None:
        note_event(row, at, "not_found")
    look_at_orders_again([(row.marketplace_id, row.order_gid)], at)
    return False


def is_with_vendors(row: OrderRow, at: datetime) -> bool:
    """Whether a vendor has, or may have, a part of it; what is not shipped yet is told."""
    parts = list(
        PurchaseOrder.objects.select_for_update(of=("self",), no_key=True)
        .filter(order=row, state__in=_IN_A_STORE)
        .select_related("vendor")
        .order_by("pk")
    )
    unshipped = [one.vendor.name for one in parts if one.shipped_at is None]
    if unshipped:
        evidence = {"order": row.name, "vendor": ", ".join(dict.fromkeys(unshipped))}
        note_finding(row.marketplace_id, f"order:{row.pk}", Finding("order_deleted", evidence), at)
    return bool(parts)
