"""Purchase orders as rows: every step of sending one is on disk before the next is taken."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from longshore.domain.catalog import VendorProduct
from longshore.domain.findings import Finding
from longshore.domain.orders import (
    PurchaseOrderState,
    PutBack,
    StoreOrder,
    StoreOrderState,
    differences,
)
from longshore.domain.placing import OVER
from longshore.domain.placing_policy import policy_of
from longshore.ports.ledger.orders import (
    Cancellation,
    Chores,
    NoteDue,
    Return,
    Sending,
    WaitingPurchaseOrder,
)
from longshore.ports.stores import Found
from longshore.storage import work
from longshore.storage.models import PurchaseOrder, PurchaseOrderLine
from longshore.storage.repositories import goods_checks, purchase_work
from longshore.storage.repositories.cancels import over_in_store, returns_due
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.held_orders import LOOK_AGAIN, hold_back
from longshore.storage.repositories.hints import ask_order_again
from longshore.storage.repositories.purchase_drafts import draft_of, lines_of, shown
from longshore.storage.repositories.purchase_work import UNSETTLED
from longshore.storage.repositories.routing import may_move
from longshore.storage.repositories.status_meanings import note_status
from longshore.storage.repositories.store_stock import note_reduced
from longshore.storage.repositories.timeline import note_event

AT_A_TIME = 50
SHOP_PRICES = "shop_prices"
"""A limit of the oldest stores: an order shows the shop's prices, whatever was sent."""
INSTANT = timedelta(seconds=60)
"""Completed this soon after its creation: nobody packed anything."""
_NOT_THERE = ("order_uncertain", "order_half_made", "order_refused", "order_gone")
"""Findings that end once the store has the order."""


class PurchaseOrders:
    """Implements `ports.ledger.orders.PurchaseOrderLedger` for one store."""

    def __init__(self, store_id: int) -> None:
        self._store_id = store_id

    def waiting(self, at: datetime) -> Sequence[WaitingPurchaseOrder]:
        rows = purchase_work.waiting(self._store_id, at).annotate(shared=goods_checks.SHARED)
        rows = rows.order_by("created_at", "pk")[:AT_A_TIME]
        return [
            WaitingPurchaseOrder(
                row.pk,
                row.reference,
                PurchaseOrderState(row.state),
                row.posts,
                row.sending_since,
                row.clean_since,
                row.clean_look_ups,
                row.half_made_since,
                row.shared if may_move(row) else (),
            )
            for row in rows
        ]

    def any_waiting(self, at: datetime) -> bool:
        return purchase_work.waiting(self._store_id, at).exists()

    def chores(self) -> Chores:
        return purchase_work.chores(self._store_id)

    def goods_read(self, purchase_order_id: int, found: Found[VendorProduct], at: datetime) -> None:
        goods_checks.goods_read(self._store_id, purchase_order_id, found, at)

    @transaction.atomic
    def begin_sending(
        self, purchase_order_id: int, after_attempt: int, at: datetime
    ) -> Sending | None:
        row = self._locked(purchase_order_id)
        waits = row.state in {PurchaseOrderState.PENDING, PurchaseOrderState.UNCERTAIN}
        if not waits or row.posts != after_attempt:
            return None
        if row.order.canceled_at is not None or row.cancel_asked_at is not None:
            row.state = PurchaseOrderState.CANCELED
            row.save()
            note_event(row, at, "canceled")
            resolve_findings(row.marketplace_id, _subject(row), at)
            return None
        if row.told_edits:
            _take_over_edits(row, at)
        if hold_back(row, at):
            self._again(at, at + LOOK_AGAIN)
            return None
        draft = draft_of(row, at)
        row.state = PurchaseOrderState.SENDING
        row.draft = shown(draft)
        row.sending_since = row.sending_since or at
        row.posts += 1
        row.next_try_at = None
        _forget_search(row)
        row.save()
        note_event(row, at, "sending", posts=row.posts)
        return Sending(draft, row.posts, row.instead_of)

    @transaction.atomic
    def accepted(
        self, purchase_order_id: int, order: StoreOrder, at: datetime, *, adopted: bool
    ) -> None:
        row = self._locked(purchase_order_id)
        if row.store_order_id is not None and row.state not in UNSETTLED:
            if row.store_order_id != order.order_id:
                self._find(
                    row, "order_twice", at, number=row.store_order_number, other=order.number
                )
            return
        draft = draft_of(row, at)
        row.state = PurchaseOrderState.ACCEPTED
        row.answered_at = row.store_read_at = at
        row.next_try_at, row.why = None, ""
        row.half_made_id = row.instead_of = None
        row.store_order_id = order.order_id
        row.store_order_number = order.number
        row.store_state, row.raw_status = order.state, order.raw_status
        row.born_completed = _born_completed(row, order, adopted=adopted)
        row.look_ups += adopted
        row.draft = shown(draft)
        if row.order.canceled_at is not None:
            row.cancel_asked_at = row.cancel_asked_at or at
        row.save()
        note_event(row, at, "adopted" if adopted else "accepted", number=order.number)
        resolve_findings(row.marketplace_id, _subject(row), at, _NOT_THERE)
        _link_lines(row, order)
        own_prices = SHOP_PRICES not in row.store.profile.get("limits", ())
        for finding in differences(draft, order, own_prices=own_prices):
            self._find(row, finding.code, at, **finding.evidence)
            note_event(row, at, "differs", **finding.evidence)
        if row.born_completed:
            self._find(row, "order_born_completed", at)
        note_status(row, at, changed=False)
        if order.state in OVER and row.cancel_asked_at is None:
            self._find(row, "order_canceled_by_vendor", at)
        if order.state.reduces_stock:
            note_reduced(row, at)
        else:
            ask_order_again(row, order.order_id, at)

    @transaction.atomic
    def refused(self, purchase_order_id: int, attempt: int, why: str, at: datetime) -> None:
        row = self._locked(purchase_order_id)
        if not _is_newest(row, attempt):
            return
        row.state, row.why, row.answered_at = PurchaseOrderState.REFUSED, why, at
        row.save()
        note_event(row, at, "refused", why=why)
        resolve_findings(row.marketplace_id, _subject(row), at, ["order_uncertain"])
        self._find(row, "order_refused", at, why=why)

    @transaction.atomic
    def put_back(
        self, purchase_order_id: int, attempt: int, why: str, at: datetime, again_at: datetime
    ) -> None:
        row = self._locked(purchase_order_id)
        if not _is_newest(row, attempt):
            return
        row.state, row.why, row.next_try_at = PurchaseOrderState.PENDING, why, again_at
        row.save()
        note_event(row, at, "put_back", why=why)
        resolve_findings(row.marketplace_id, _subject(row), at, ["order_uncertain"])
        self._again(at, again_at)

    def dead_is_over(self, purchase_order_id: int, attempt: int) -> None:
        mine = PurchaseOrder.objects.filter(pk=purchase_order_id, store_id=self._store_id)
        mine.filter(posts=attempt).update(instead_of=None)

    @transaction.atomic
    def uncertain(self, purchase_order_id: int, attempt: int, at: datetime) -> None:
        row = self._locked(purchase_order_id)
        if not _is_newest(row, attempt):
            return
        row.state, row.next_try_at = PurchaseOrderState.UNCERTAIN, at
        row.save()
        note_event(row, at, "uncertain")
        self._find(row, "order_uncertain", at)
        self._again(at, at)

    @transaction.atomic
    def looked_up(
        self, purchase_order_id: int, attempt: int, at: datetime, again_at: datetime, *, found: bool
    ) -> None:
        row = self._locked(purchase_order_id)
        if not _is_newest(row, attempt):
            return
        row.look_ups += 1
        row.looked_up_at, row.next_try_at = at, again_at
        if found:
            since = row.half_made_since or at
            _forget_search(row)
            row.half_made_since = since
        else:
            row.clean_look_ups += 1
            row.clean_since = row.clean_since or at
            row.half_made_since = None
        row.save()
        note_event(row, at, "looked_up", found=found)
        self._again(at, again_at)

    @transaction.atomic
    def put_off(
        self, purchase_order_id: int, attempt: int, why: str, at: datetime, again_at: datetime
    ) -> None:
        row = self._locked(purchase_order_id)
        if not _is_newest(row, attempt):
            return
        row.look_ups += 1
        row.looked_up_at, row.why, row.next_try_at = at, why, again_at
        row.save()
        note_event(row, at, "put_off", why=why)
        self._again(at, again_at)

    @transaction.atomic
    def half_made(self, purchase_order_id: int, order: StoreOrder, at: datetime) -> None:
        row = self._locked(purchase_order_id)
        row.half_made_id = order.order_id
        row.save(update_fields=["half_made_id"])
        self._find(row, "order_half_made", at, number=order.number)

    def cancellations(self) -> Sequence[Cancellation]:
        return [
            Cancellation(row.pk, row.store_order_id or 0, born_completed=row.born_completed)
            for row in purchase_work.cancellations(self._store_id)
        ]

    @transaction.atomic
    def canceled(self, purchase_order_id: int, order: StoreOrder | None, at: datetime) -> None:
        row = self._locked(purchase_order_id)
        if row.state != PurchaseOrderState.ACCEPTED:
            return
        row.store_state = order.state if order else StoreOrderState.TRASHED
        row.raw_status = order.raw_status if order else row.raw_status
        row.store_read_at = at
        over_in_store(row, at)

    @transaction.atomic
    def left_already(self, purchase_order_id: int, order: StoreOrder, at: datetime) -> None:
        ask_order_again(self._locked(purchase_order_id), order.order_id, at)

    def notes_due(self) -> Sequence[NoteDue]:
        rows = purchase_work.notes(self._store_id).order_by("pk")
        return [
            NoteDue(row.pk, row.store_order_id or 0, f"{row.order.name}: {row.note_due}")
            for row in rows.select_related("order")[:AT_A_TIME]
        ]

    @transaction.atomic
    def told(self, note: NoteDue, at: datetime, *, refused: str = "") -> None:
        row = self._locked(note.purchase_order_id)
        if note.text != f"{row.order.name}: {row.note_due}":
            return  # it changed again meanwhile
        row.note_due = ""
        row.save(update_fields=["note_due"])
        note_event(row, at, "note_refused" if refused else "vendor_told", why=refused)

    def put_backs(self) -> Sequence[Return]:
        return returns_due(self._store_id, AT_A_TIME)

    def put_back_begins(self, line_id: int, before: int) -> None:
        self._line(line_id).update(put_back=PutBack.BEGUN, counter_before=before)

    @transaction.atomic
    def put_back_ends(self, line_id: int, state: PutBack, at: datetime) -> None:
        line = self._line(line_id).select_related("order_line").get()
        line.put_back = state
        line.save(update_fields=["put_back"])
        row = self._locked(line.purchase_order_id)
        goods = f"{line.quantity} × {line.order_line.title}"  # noqa: RUF001 - times
        note_event(row, at, "put_back_on_shelf", goods=goods, state=state.value)
        if state is PutBack.UNCLEAR:
            self._find(row, "stock_not_put_back", at, goods=goods)

    def _line(self, line_id: int) -> "QuerySet[PurchaseOrderLine]":
        return PurchaseOrderLine.objects.filter(pk=line_id, purchase_order__store_id=self._store_id)

    @transaction.atomic
    def cancel_refused(self, purchase_order_id: int, why: str, at: datetime) -> None:
        row = self._locked(purchase_order_id)
        row.why = why
        row.save()
        note_event(row, at, "exception", why=why)

    def _locked(self, purchase_order_id: int) -> PurchaseOrder:
        return (
            PurchaseOrder.objects.select_for_update(of=("self",), no_key=True)
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


def _take_over_edits(row: PurchaseOrder, at: datetime) -> None:
    """It surely is not in the store, so what changed on Shopify meanwhile goes out as it is now."""
    for line in row.lines.select_related("order_line"):
        line.quantity = line.order_line.quantity
        line.save(update_fields=["quantity"])
    row.draft, row.told_edits, row.note_due = None, "", ""
    resolve_findings(row.marketplace_id, _subject(row), at, ["order_edited_after_sending"])


def _is_newest(row: PurchaseOrder, attempt: int) -> bool:
    """Whether the outcome of this attempt still counts: nobody knows better by now."""
    open_ones = {PurchaseOrderState.SENDING, PurchaseOrderState.UNCERTAIN}
    return row.posts == attempt and row.state in open_ones


def _forget_search(row: PurchaseOrder) -> None:
    row.clean_look_ups, row.clean_since, row.half_made_since = 0, None, None


def _born_completed(row: PurchaseOrder, order: StoreOrder, *, adopted: bool) -> bool:
    """Whether nobody may believe that it was shipped: no rule of its vendor says so."""
    completed = policy_of(row.vendor.placing).completed
    if order.state is not StoreOrderState.COMPLETED or completed.allows(digital=order.digital):
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
    linked: list[PurchaseOrderLine] = []
    for line in lines_of(row):
        sold_id = line.variant.variation_id or line.variant.product_id_in_store
        match = next(
            (one for one in free if one.sold_id == sold_id and one.quantity == line.quantity),
            None,
        )
        if match is not None:
            free.remove(match)
            line.line_item_id = match.line_item_id
            linked.append(line)
    PurchaseOrderLine.objects.bulk_update(linked, ["line_item_id"])
