"""Refunds as rows: each kept once, from either side."""

from collections.abc import Sequence
from datetime import datetime

from longshore.domain.findings import Finding
from longshore.domain.refunds import Refund, new_ones
from longshore.storage.models import OrderRefund, PurchaseOrder, RefundSide, StorefrontOrder
from longshore.storage.repositories.findings import note_finding
from longshore.storage.repositories.timeline import note_event


def keep_storefront_refunds(row: StorefrontOrder, refunds: Sequence[Refund], at: datetime) -> None:
    """What the marketplace paid back on Shopify. In the caller's transaction."""
    if refunds:
        _keep(row, None, RefundSide.STOREFRONT, refunds, at)


def keep_store_refunds(row: PurchaseOrder, refunds: Sequence[Refund], at: datetime) -> None:
    """What a vendor paid back in its shop: the marketplace is told, since the buyer paid it and not
    the vendor. In the caller's transaction.
    """
    fresh = _keep(row.order, row, RefundSide.STORE, refunds, at) if refunds else ()
    for one in fresh:
        evidence = {
            "vendor": row.vendor.name,
            "order": row.order.name,
            "amount": str(one.amount),
            "why": one.reason[:200] or "-",
        }
        finding = Finding("order_refunded_by_vendor", evidence)
        subject = f"purchase_order:{row.pk}"
        note_finding(row.marketplace_id, subject, finding, at, vendor_id=row.vendor_id)


def _keep(
    order: StorefrontOrder,
    part: PurchaseOrder | None,
    side: RefundSide,
    refunds: Sequence[Refund],
    at: datetime,
) -> Sequence[Refund]:
    kept = OrderRefund.objects.filter(order=order, side=side, purchase_order=part)
    fresh = new_ones(refunds, frozenset(kept.values_list("refund_id", flat=True)))
    for one in fresh:
        OrderRefund.objects.create(
            marketplace_id=order.marketplace_id,
            order=order,
            purchase_order=part,
            side=side,
            refund_id=one.refund_id,
            shape=one.shape,
            amount=one.amount.amount,
            beyond_goods=one.beyond_goods.amount,
            currency=one.amount.currency,
            lines=[
                [line.line_id, line.units, str(line.worth.amount), line.put_back]
                for line in one.lines
            ],
            reason=one.reason,
            at=one.at or at,
            seen_at=at,
        )
        units = sum(line.units for line in one.lines)
        note_event(part or order, at, "refunded", amount=str(one.amount), units=units)
    return fresh
