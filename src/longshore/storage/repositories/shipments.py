"""Shipments as rows: found in a store's order, told to Shopify, corrected when a number changes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from longshore.domain.findings import Finding
from longshore.domain.fulfillment import ShippedGoods, shipments_in
from longshore.domain.orders import PurchaseOrderState, StoreOrder, StoreOrderState
from longshore.domain.tracking import Tracking
from longshore.ports.ledger.orders import OrderHint
from longshore.ports.ledger.shipments import Correction, PendingShipment
from longshore.storage import work
from longshore.storage.models import (
    HintKind,
    PurchaseOrder,
    PurchaseOrderLine,
    Shipment,
    ShipmentLine,
    ShipmentState,
    Store,
)
from longshore.storage.repositories import inbox
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.store_stock import close_reservations, note_reduced
from longshore.storage.repositories.timeline import note_event

CORRECTIONS_FOR = timedelta(days=7)
MOST_ORDERS = 500
MOST_HINTS = 200
_ENDED = {
    StoreOrderState.CANCELED: "order_canceled_by_vendor",
    StoreOrderState.REFUNDED: "order_canceled_by_vendor",
    StoreOrderState.FAILED: "order_canceled_by_vendor",
    StoreOrderState.TRASHED: "order_gone",
}


class StoreOrders:
    """Implements `ports.ledger.shipments.StoreOrderLedger` for one store."""

    def __init__(self, store_id: int) -> None:
        self._store_id = store_id
        self._source = f"store:{store_id}"

    def hints(self) -> Sequence[OrderHint]:
        found = inbox.hints(self._source, HintKind.STORE_ORDER, MOST_HINTS)
        return [OrderHint(order_id, noted_at) for order_id, noted_at in found]

    def clear_hints(self, followed: Sequence[OrderHint]) -> None:
        seen = [(hint.order_id, hint.noted_at) for hint in followed]
        inbox.clear_hints(self._source, HintKind.STORE_ORDER, seen)

    def open_orders(self, at: datetime) -> Sequence[int]:
        Store.objects.filter(pk=self._store_id).update(orders_polled_at=at)
        rows = PurchaseOrder.objects.filter(
            Q(shipped_at__isnull=True) | Q(shipped_at__gte=at - CORRECTIONS_FOR),
            store_id=self._store_id,
            state=PurchaseOrderState.ACCEPTED,
            store_order_id__isnull=False,
        )
        # Those read longest ago first, so that none is left out for ever.
        found = rows.order_by("store_read_at").values_list("store_order_id", flat=True)
        return [number for number in found[:MOST_ORDERS] if number is not None]

    def ours(self, store_order_ids: Sequence[int]) -> Sequence[int]:
        rows = PurchaseOrder.objects.filter(
            store_id=self._store_id, store_order_id__in=list(store_order_ids)
        )
        return [number for number in rows.values_list("store_order_id", flat=True) if number]

    @transaction.atomic
    def keep_store_order(self, order: StoreOrder, at: datetime) -> None:
        row = self._row(order.order_id)
        if row is None:
            return
        changed = row.store_state != order.state
        row.store_state, row.raw_status, row.store_read_at = order.state, order.raw_status, at
        if row.born_completed and order.state is not StoreOrderState.COMPLETED:
            row.born_completed = False  # somebody in the shop took it up after all
            resolve_findings(row.marketplace_id, _subject(row), at, ["order_born_completed"])
        row.save()
        if changed:
            note_event(row, at, "store_state", state=order.state, status=order.raw_status)
        if order.state.reduces_stock:
            note_reduced(row, at)
        if not row.born_completed:
            self._ship(row, order, at)
        _correct(row, order, at)
        code = _ENDED.get(order.state)
        if code is not None and changed and row.state == PurchaseOrderState.ACCEPTED:
            self._ended(row, code, at)

    @transaction.atomic
    def gone(self, store_order_id: int, at: datetime) -> None:
        row = self._row(store_order_id)
        if row is None or row.store_state == StoreOrderState.TRASHED:
            return
        row.store_state, row.store_read_at = StoreOrderState.TRASHED, at
        row.save()
        note_event(row, at, "store_state", state="gone")
        self._ended(row, "order_gone", at)

    def _row(self, store_order_id: int) -> PurchaseOrder | None:
        return (
            PurchaseOrder.objects.select_for_update(of=("self",))
            .select_related("order", "vendor", "store")
            .filter(store_id=self._store_id, store_order_id=store_order_id)
            .first()
        )

    def _ended(self, row: PurchaseOrder, code: str, at: datetime) -> None:
        if row.cancel_asked_at is not None:
            return
        shipped = row.shipments.exists()
        finding = Finding(
            "canceled_but_shipped" if shipped else code,
            {"order": row.order.name, "vendor": row.vendor.name},
        )
        note_finding(row.marketplace_id, _subject(row), finding, at, vendor_id=row.vendor_id)

    def _ship(self, row: PurchaseOrder, order: StoreOrder, at: datetime) -> None:
        lines = {
            line.line_item_id: line
            for line in row.lines.order_by("pk")
            if line.line_item_id is not None
        }
        already = {number: line.shipped for number, line in lines.items()}
        known = frozenset(row.shipments.values_list("key", flat=True))
        for goods in shipments_in(order, already, known):
            self._keep(row, goods, lines, at)
        if (
            lines
            and row.shipped_at is None
            and all(line.shipped >= line.quantity for line in lines.values())
        ):
            row.shipped_at = at
            row.save(update_fields=["shipped_at"])
            if not row.store.stock_managed:
                close_reservations(row, at)

    def _keep(
        self,
        row: PurchaseOrder,
        goods: ShippedGoods,
        lines: Mapping[int, PurchaseOrderLine],
        at: datetime,
    ) -> None:
        ours = {lines[n]: units for n, units in goods.quantities.items() if n in lines}
        if not ours:
            return
        tracking = goods.tracking
        shipment = Shipment.objects.create(
            marketplace_id=row.marketplace_id,
            purchase_order=row,
            key=goods.key,
            tracking_number=tracking.number if tracking else "",
            carrier=tracking.carrier if tracking else "",
            tracking_url=tracking.url if tracking else "",
            shipped_at=tracking.shipped_at if tracking else None,
            found_at=at,
        )
        for line, units in ours.items():
            ShipmentLine.objects.create(
                marketplace_id=row.marketplace_id,
                shipment=shipment,
                purchase_line=line,
                quantity=units,
            )
            line.shipped += units
            line.save(update_fields=["shipped"])
        note_event(row, at, "shipped", number=shipment.tracking_number, units=sum(ours.values()))
        work.fulfill_shipments(row.marketplace_id)


def _subject(row: PurchaseOrder) -> str:
    return f"purchase_order:{row.pk}"


def _correct(row: PurchaseOrder, order: StoreOrder, at: datetime) -> None:
    """A parcel whose number changed, or that came after the goods were called shipped."""
    by_key = {parcel.key: parcel for parcel in order.trackings}
    shipments = list(row.shipments.order_by("pk"))
    taken = {shipment.key for shipment in shipments}
    late = [parcel for parcel in order.trackings if parcel.key not in taken and not parcel.lines]
    for shipment in shipments:
        parcel = by_key.get(shipment.key)
        if parcel is None and not shipment.tracking_number and late:
            parcel = late.pop(0)
            shipment.key = parcel.key
        if parcel is None or (parcel.number, parcel.carrier, parcel.url) == (
            shipment.tracking_number,
            shipment.carrier,
            shipment.tracking_url,
        ):
            continue
        old = shipment.tracking_number
        shipment.tracking_number = parcel.number
        shipment.carrier, shipment.tracking_url = parcel.carrier, parcel.url
        shipment.save()
        note_event(row, at, "tracking_corrected", old=old, new=parcel.number)
        work.fulfill_shipments(row.marketplace_id)


class Shipments:
    """Implements `ports.ledger.shipments.ShipmentLedger` for one marketplace."""

    def __init__(self, marketplace_id: int) -> None:
        self._owner = marketplace_id

    def pending(self) -> Sequence[PendingShipment]:
        rows = (
            Shipment.objects.filter(
                marketplace_id=self._owner,
                state__in=[ShipmentState.FOUND, ShipmentState.SENDING],
            )
            .select_related("purchase_order__order__marketplace")
            .order_by("found_at", "pk")[:100]
        )
        return [self._pending(row) for row in rows]

    def _pending(self, row: Shipment) -> PendingShipment:
        order = row.purchase_order.order
        wanted: dict[str, int] = {}
        for line in row.lines.select_related("purchase_line__order_line"):
            gid = line.purchase_line.order_line.line_gid
            wanted[gid] = wanted.get(gid, 0) + line.quantity
        others = Shipment.objects.filter(purchase_order__order=order).exclude(pk=row.pk)
        claimed = {
            gid for gids in others.values_list("fulfillment_gids", flat=True) for gid in gids
        }
        return PendingShipment(
            shipment_id=row.pk,
            order_gid=order.order_gid,
            wanted=wanted,
            tracking=_tracking(row) if row.tracking_number else None,
            notify=order.marketplace.notify_buyers,
            sent_before=row.state == ShipmentState.SENDING,
            own=frozenset(row.fulfillment_gids),
            claimed=frozenset(claimed),
        )

    @transaction.atomic
    def sending(self, shipment_id: int, at: datetime) -> None:  # noqa: ARG002 - the port's
        row = self._locked(shipment_id)
        row.state = ShipmentState.SENDING
        row.told_number = row.tracking_number
        row.save(update_fields=["state", "told_number"])

    @transaction.atomic
    def told(self, shipment_id: int, fulfillment_gid: str) -> None:
        row = self._locked(shipment_id)
        if fulfillment_gid not in row.fulfillment_gids:
            row.fulfillment_gids = [*row.fulfillment_gids, fulfillment_gid]
            row.save(update_fields=["fulfillment_gids"])

    @transaction.atomic
    def fulfilled(self, shipment_id: int, at: datetime) -> None:
        row = self._locked(shipment_id)
        row.state, row.fulfilled_at, row.why = ShipmentState.FULFILLED, at, ""
        row.save()
        note_event(row.purchase_order, at, "fulfilled", number=row.told_number)
        resolve_findings(self._owner, f"shipment:{row.pk}", at)

    @transaction.atomic
    def exception(self, shipment_id: int, why: str, at: datetime) -> None:
        row = self._locked(shipment_id)
        row.state, row.why = ShipmentState.EXCEPTION, why
        row.save()
        order = row.purchase_order
        note_event(order, at, "exception", why=why)
        finding = Finding("fulfillment_refused", {"order": order.order.name, "why": why})
        note_finding(self._owner, f"shipment:{row.pk}", finding, at, vendor_id=order.vendor_id)

    def corrections(self) -> Sequence[Correction]:
        rows = (
            Shipment.objects.filter(marketplace_id=self._owner, state=ShipmentState.FULFILLED)
            .exclude(told_number=F("tracking_number"))
            .select_related("purchase_order__order__marketplace")[:100]
        )
        return [
            Correction(
                row.pk,
                tuple(row.fulfillment_gids),
                _tracking(row),
                row.purchase_order.order.marketplace.notify_buyers,
            )
            for row in rows
        ]

    @transaction.atomic
    def corrected(self, shipment_id: int, number: str, at: datetime) -> None:
        row = self._locked(shipment_id)
        row.told_number = number
        row.save(update_fields=["told_number"])
        note_event(row.purchase_order, at, "fulfilled", number=number)

    def _locked(self, shipment_id: int) -> Shipment:
        return (
            Shipment.objects.select_for_update(of=("self",))
            .select_related("purchase_order__order", "purchase_order__vendor")
            .get(pk=shipment_id, marketplace_id=self._owner)
        )


def _tracking(row: Shipment) -> Tracking:
    return Tracking(row.key, row.tracking_number, row.carrier, row.tracking_url, row.shipped_at)
