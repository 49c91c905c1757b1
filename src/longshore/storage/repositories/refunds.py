"""Refunds as rows: each kept once, from either side."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from longshore.domain.findings import Finding
from longshore.domain.orders import StoreOrderState
from longshore.domain.refunds import Refund, new_ones
from longshore.ports.stores import KnownRefunds
from longshore.storage.models import OrderRefund, PurchaseOrder, RefundSide, StorefrontOrder
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.timeline import note_event

_OVER = frozenset({StoreOrderState.COMPLETED, StoreOrderState.REFUNDED})


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
            "why": "-" if row.order.erased_at else one.reason[:200] or "-",
        }
        finding = Finding("order_refunded_by_vendor", evidence)
        subject = f"purchase_order:{row.pk}"
        note_finding(row.marketplace_id, subject, finding, at, vendor_id=row.vendor_id)

    if fresh:
        settle_refunds(row, at)


def units_refunded(row: PurchaseOrder) -> Mapping[int, int]:
    """Units of each line item that the vendor paid back in its shop."""
    return units_refunded_of({row.pk})[row.pk]


def units_refunded_of(part_ids: Collection[int]) -> Mapping[int, Mapping[int, int]]:
    """The same of several purchase orders, by their ids."""
    found: dict[int, dict[int, int]] = {one: {} for one in part_ids}
    rows = OrderRefund.objects.filter(purchase_order_id__in=part_ids) if part_ids else ()
    for row in rows:
        units = found[row.purchase_order_id or 0]
        for line_id, count, _worth, _put_back in row.lines:
            units[int(line_id)] = units.get(int(line_id), 0) + count
    return found


def settle_refunds(row: PurchaseOrder, at: datetime) -> None:
    """Once the vendor has taken off just the units that the buyer does not get any more, whoever
    began, there is nothing left to ask. In the caller's transaction.
    """
    refunded = units_refunded(row)
    lines = row.lines.select_related("order_line")
    if refunded and all(
        line.quantity - refunded.get(line.line_item_id or 0, 0) == line.order_line.quantity
        for line in lines
    ):
        codes = ["order_refunded_by_vendor", "order_edited_after_sending"]
        resolve_findings(row.marketplace_id, f"purchase_order:{row.pk}", at, codes)


def known_refunds(store_id: int, store_order_ids: Sequence[int]) -> KnownRefunds:
    """Refunds kept of a store's orders. An order that was over when it was read last is told with
    those it has, maybe none; one that was open only where it has some.
    """
    rows = PurchaseOrder.objects.filter(
        store_id=store_id, store_order_id__in=list(store_order_ids)
    ).values_list("store_order_id", "store_state", "refunds__refund_id")
    found: dict[int, set[str]] = {}
    for number, state, refund_id in rows:
        if number is not None and (refund_id or state in _OVER):
            found.setdefault(number, set()).update([refund_id] if refund_id else [])
    return {number: frozenset(ids) for number, ids in found.items()}


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
            reason=one.reason if order.erased_at is None else "",
            at=one.at or at,
            seen_at=at,
        )
        units = sum(line.units for line in one.lines)
        note_event(part or order, at, "refunded", amount=str(one.amount), units=units)
    return fresh
