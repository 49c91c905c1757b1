"""Purchase orders as rows: every step of sending one is on disk before the next is taken."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from longshore.domain.findings import Finding
from longshore.domain.money import Money
from longshore.domain.orders import (
    Address,
    PurchaseOrderState,
    StoreOrder,
    StoreOrderDraft,
    StoreOrderLineDraft,
    StoreOrderState,
    differences,
)
from longshore.ports.ledger.orders import Cancellation, WaitingPurchaseOrder
from longshore.storage import work
from longshore.storage.models import PurchaseOrder
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.store_stock import note_reduced
from longshore.storage.repositories.timeline import note_event

AT_A_TIME = 50
SHOP_PRICES = "shop_prices"
"""A limit of the oldest stores: an order shows the shop's prices, whatever was sent."""
INSTANT = timedelta(seconds=60)
"""Completed this soon after its creation: nobody packed anything."""
_UNSETTLED = (
    PurchaseOrderState.PENDING,
    PurchaseOrderState.SENDING,
    PurchaseOrderState.UNCERTAIN,
)


class PurchaseOrders:
    """Implements `ports.ledger.orders.PurchaseOrderLedger` for one store."""

    def __init__(self, store_id: int) -> None:
        self._store_id = store_id

    def waiting(self, at: datetime) -> Sequence[WaitingPurchaseOrder]:
        rows = PurchaseOrder.objects.filter(
            Q(next_try_at__isnull=True) | Q(next_try_at__lte=at),
            store_id=self._store_id,
            state__in=_UNSETTLED,
        ).order_by("created_at", "pk")[:AT_A_TIME]
        return [
            WaitingPurchaseOrder(
                row.pk,
                row.reference,
                PurchaseOrderState(row.state),
                row.sending_since,
                row.clean_since,
                row.clean_look_ups,
            )
            for row in rows
        ]

    @transaction.atomic
    def begin_sending(self, purchase_order_id: int, at: datetime) -> StoreOrderDraft | None:
        row = self._locked(purchase_order_id)
        if row.state not in {PurchaseOrderState.PENDING, PurchaseOrderState.UNCERTAIN}:
            return None
        if row.order.canceled_at is not None:
            row.state = PurchaseOrderState.CANCELED
            row.save()
            note_event(row, at, "canceled")
            return None
        draft = _draft(row)
        row.state = PurchaseOrderState.SENDING
        row.draft = _shown(draft)
        row.sending_since = row.sending_since or at
        row.posts += 1
        row.clean_look_ups, row.clean_since, row.next_try_at = 0, None, None
        row.save()
        note_event(row, at, "sending", posts=row.posts)
        return draft

    @transaction.atomic
    def accepted(
        self, purchase_order_id: int, order: StoreOrder, at: datetime, *, adopted: bool
    ) -> None:
        row = self._locked(purchase_order_id)
        draft = _draft(row)
        row.state = PurchaseOrderState.ACCEPTED
        row.answered_at = row.store_read_at = at
        row.next_try_at, row.why = None, ""
        row.store_order_id = order.order_id
        row.store_order_number = order.number
        row.store_state, row.raw_status = order.state, order.raw_status
        row.born_completed = _born_completed(order, adopted=adopted)
        row.save()
        note_event(row, at, "adopted" if adopted else "accepted", number=order.number)
        resolve_findings(row.marketplace_id, _subject(row), at, ["order_uncertain"])
        _link_lines(row, order)
        own_prices = SHOP_PRICES not in row.store.profile.get("limits", ())
        for finding in differences(draft, order, own_prices=own_prices):
            self._find(row, finding.code, at, **finding.evidence)
            note_event(row, at, "differs", **finding.evidence)
        if row.born_completed:
            self._find(row, "order_born_completed", at)
        if order.state.reduces_stock:
            note_reduced(row, at)
        work.pull_shipments(row.store_id, in_s=5)

    @transaction.atomic
    def refused(self, purchase_order_id: int, why: str, at: datetime) -> None:
        row = self._locked(purchase_order_id)
        row.state, row.why, row.answered_at = PurchaseOrderState.REFUSED, why, at
        row.save()
        note_event(row, at, "refused", why=why)
        self._find(row, "order_refused", at, why=why)

    @transaction.atomic
    def put_back(self, purchase_order_id: int, why: str, at: datetime, again_at: datetime) -> None:
        row = self._locked(purchase_order_id)
        row.state, row.why, row.next_try_at = PurchaseOrderState.PENDING, why, again_at
        row.save()
        note_event(row, at, "put_back", why=why)
        self._again(at, again_at)

    @transaction.atomic
    def uncertain(self, purchase_order_id: int, at: datetime) -> None:
        row = self._locked(purchase_order_id)
        if row.state not in {PurchaseOrderState.SENDING, PurchaseOrderState.UNCERTAIN}:
            return
        row.state, row.next_try_at = PurchaseOrderState.UNCERTAIN, at
        row.save()
        note_event(row, at, "uncertain")
        self._find(row, "order_uncertain", at)
        self._again(at, at)

    @transaction.atomic
    def looked_up(
        self, purchase_order_id: int, at: datetime, again_at: datetime, *, clean: bool
    ) -> None:
        row = self._locked(purchase_order_id)
        row.look_ups += 1
        row.looked_up_at, row.next_try_at = at, again_at
        if clean:
            row.clean_look_ups += 1
            row.clean_since = row.clean_since or at
        row.save()
        note_event(row, at, "looked_up", found=not clean)
        self._again(at, again_at)

    def cancellations(self) -> Sequence[Cancellation]:
        rows = PurchaseOrder.objects.filter(
            store_id=self._store_id,
            state=PurchaseOrderState.ACCEPTED,
            cancel_asked_at__isnull=False,
            store_order_id__isnull=False,
            shipments__isnull=True,
            why="",
        ).exclude(store_state=StoreOrderState.CANCELED)
        return [Cancellation(row.pk, row.store_order_id or 0) for row in rows]

    @transaction.atomic
    def canceled(self, purchase_order_id: int, order: StoreOrder, at: datetime) -> None:
        row = self._locked(purchase_order_id)
        row.state = PurchaseOrderState.CANCELED
        row.store_state, row.raw_status = order.state, order.raw_status
        row.store_read_at = at
        row.save()
        note_event(row, at, "canceled", number=row.store_order_number)
        resolve_findings(row.marketplace_id, _subject(row), at, ["canceled_after_sending"])

    @transaction.atomic
    def cancel_refused(self, purchase_order_id: int, why: str, at: datetime) -> None:
        row = self._locked(purchase_order_id)
        row.why = why
        row.save()
        note_event(row, at, "exception", why=why)

    def _locked(self, purchase_order_id: int) -> PurchaseOrder:
        return (
            PurchaseOrder.objects.select_for_update(of=("self",))
            .select_related("order__marketplace", "vendor", "store")
            .get(pk=purchase_order_id, store_id=self._store_id)
        )

    def _find(self, row: PurchaseOrder, code: str, at: datetime, **evidence: Any) -> None:
        finding = Finding(code, {"order": row.order.name, "vendor": row.vendor.name, **evidence})
        note_finding(row.marketplace_id, _subject(row), finding, at, vendor_id=row.vendor_id)

    def _again(self, at: datetime, again_at: datetime) -> None:
        work.place_purchase_orders(
            self._store_id, in_s=max(0.5, (again_at - at).total_seconds() + 0.2)
        )


def _subject(row: PurchaseOrder) -> str:
    return f"purchase_order:{row.pk}"


def _draft(row: PurchaseOrder) -> StoreOrderDraft:
    """The order as it shall stand in the store; the same each time it is asked for."""
    if row.draft is not None:
        return _read(row.draft)
    order = row.order
    currency = row.store.currency or order.currency
    address = Address(**order.shipping_address) if order.shipping_address else Address()
    lines = row.lines.select_related("variant").filter(quantity__gt=0).order_by("pk")
    return StoreOrderDraft(
        reference=row.reference,
        currency=currency,
        lines=tuple(
            StoreOrderLineDraft(
                line.variant.product_id_in_store,
                line.variant.variation_id,
                line.quantity,
                Money(line.unit_price, currency),
            )
            for line in lines
        ),
        shipping_address=address,
        shipping_title="",
        shipping_price=Money(Decimal(0), currency),
        note=f"{order.marketplace.name} {order.name}, {row.reference}",
        buyer_email=order.email if order.marketplace.share_buyer_email else "",
    )


def _shown(draft: StoreOrderDraft) -> dict[str, Any]:
    return {
        "reference": draft.reference,
        "currency": draft.currency,
        "lines": [
            [line.product_id, line.variation_id, line.quantity, str(line.unit_price.amount)]
            for line in draft.lines
        ],
        "shipping_address": asdict(draft.shipping_address),
        "shipping_title": draft.shipping_title,
        "shipping_price": str(draft.shipping_price.amount),
        "note": draft.note,
        "buyer_email": draft.buyer_email,
    }


def _read(shown: dict[str, Any]) -> StoreOrderDraft:
    currency = shown["currency"]
    return StoreOrderDraft(
        reference=shown["reference"],
        currency=currency,
        lines=tuple(
            StoreOrderLineDraft(product, variation, units, Money(Decimal(price), currency))
            for product, variation, units, price in shown["lines"]
        ),
        shipping_address=Address(**shown["shipping_address"]),
        shipping_title=shown["shipping_title"],
        shipping_price=Money(Decimal(shown["shipping_price"]), currency),
        note=shown["note"],
        buyer_email=shown["buyer_email"],
    )


def _born_completed(order: StoreOrder, *, adopted: bool) -> bool:
    if order.state is not StoreOrderState.COMPLETED:
        return False
    if not adopted:
        return True
    # Its creation answer was lost; the store's own times must do.
    if order.created_at is None or order.completed_at is None:
        return True
    return order.completed_at - order.created_at < INSTANT


def _link_lines(row: PurchaseOrder, order: StoreOrder) -> None:
    """Gives each of our lines the store's id of what it became."""
    free = list(order.lines)
    for line in row.lines.select_related("variant").order_by("pk"):
        sold_id = line.variant.variation_id or line.variant.product_id_in_store
        match = next(
            (one for one in free if one.sold_id == sold_id and one.quantity == line.quantity),
            None,
        )
        if match is not None:
            free.remove(match)
            line.line_item_id = match.line_item_id
            line.save(update_fields=["line_item_id"])
