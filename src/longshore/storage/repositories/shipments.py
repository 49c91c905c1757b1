"""Shipments as rows: found in a store's order, corrected when a number changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import DataError, transaction
from django.db.models import F, Q

from longshore.domain.corrections import KnownShipment, corrections, replaced
from longshore.domain.findings import Finding
from longshore.domain.fulfillment import ShippedGoods, shipments_in
from longshore.domain.orders import PurchaseOrderState, StoreOrder, StoreOrderState
from longshore.domain.parcel_numbers import bare
from longshore.domain.tracking import Tracking
from longshore.ports.ledger.orders import OrderHint
from longshore.ports.stores import KnownRefunds
from longshore.storage import work
from longshore.storage.models import (
    HintKind,
    OpenFinding,
    PurchaseOrder,
    PurchaseOrderLine,
    Shipment,
    ShipmentLine,
    ShipmentState,
    Store,
)
from longshore.storage.repositories import inbox, suggestions
from longshore.storage.repositories.cancels import ended_meanwhile
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.fulfillments import tracking_of
from longshore.storage.repositories.refunds import (
    keep_store_refunds,
    known_refunds,
    units_refunded,
)
from longshore.storage.repositories.status_meanings import note_status
from longshore.storage.repositories.store_stock import close_reservations, note_reduced
from longshore.storage.repositories.timeline import note_event

CORRECTIONS_FOR = timedelta(days=7)
CANCELED_FOR = timedelta(days=14)
MOST_ORDERS = 500
TOLD_TOGETHER_S = 1.0
"""What several shops shipped is told in one job: one call reads the work of many orders."""
UNREADABLE = "store_order_unreadable"
BY_VENDOR = "vendor:"
"""How the keys of parcels begin that a vendor typed in (`repositories.vendor_parcels`)."""
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

    def read_all(self, at: datetime) -> None:
        Store.objects.filter(pk=self._store_id).update(orders_read_at=at)
        told = OpenFinding.objects.filter(
            code=UNREADABLE, resolved_at=None, vendor__stores=self._store_id, last_seen_at__lt=at
        )
        for pk, subject in told.values_list("pk", "subject"):
            part = PurchaseOrder.objects.filter(pk=subject.partition(":")[2])
            if part.filter(store_id=self._store_id).exists():
                OpenFinding.objects.filter(pk=pk).update(resolved_at=at)

    def due(self) -> bool:
        unread = Q(orders_read_at__isnull=True) | Q(orders_polled_at__gt=F("orders_read_at"))
        return Store.objects.filter(unread, pk=self._store_id).exists()

    def open_orders(self, at: datetime) -> Sequence[int]:
        Store.objects.filter(pk=self._store_id).update(orders_polled_at=at)
        alive = Q(state=PurchaseOrderState.ACCEPTED) & (
            Q(shipped_at__isnull=True) | Q(shipped_at__gte=at - CORRECTIONS_FOR)
        )
        # A vendor may ship what was canceled: for a while nobody is sure of it.
        canceled = Q(cancel_asked_at__gte=at - CANCELED_FOR)
        rows = PurchaseOrder.objects.filter(
            alive | canceled, store_id=self._store_id, store_order_id__isnull=False
        )
        # Those read longest ago first, so that none is left out for ever.
        found = rows.order_by("store_read_at").values_list("store_order_id", flat=True)
        return [number for number in found[:MOST_ORDERS] if number is not None]

    def ours(self, store_order_ids: Sequence[int]) -> Sequence[int]:
        rows = PurchaseOrder.objects.filter(
            store_id=self._store_id, store_order_id__in=list(store_order_ids)
        )
        return [number for number in rows.values_list("store_order_id", flat=True) if number]

    def known_refunds(self, store_order_ids: Sequence[int]) -> KnownRefunds:
        return known_refunds(self._store_id, store_order_ids)

    def keep_store_order(self, order: StoreOrder, at: datetime) -> None:
        try:
            self._keep_order(order, at)
        except DataError:
            # Its text holds the row, and the row the buyer.
            self.unreadable(order.order_id, "something in it is too long or too large", at)

    @transaction.atomic
    def unreadable(self, store_order_id: int, why: str, at: datetime) -> None:
        row = self._row(store_order_id)
        if row is not None:
            evidence = {"order": row.order.name, "vendor": row.vendor.name, "why": why}
            finding = Finding(UNREADABLE, evidence)
            note_finding(row.marketplace_id, _subject(row), finding, at, vendor_id=row.vendor_id)

    @transaction.atomic
    def _keep_order(self, order: StoreOrder, at: datetime) -> None:
        row = self._row(order.order_id)
        if row is None:
            return
        changed, before = row.store_state != order.state, row.store_state
        row.store_state, row.raw_status, row.store_read_at = order.state, order.raw_status, at
        completed = order.state is StoreOrderState.COMPLETED and row.order.erased_at is None
        row.order_fields = [list(one) for one in order.fields] if completed else []
        if row.born_completed and order.state is not StoreOrderState.COMPLETED:
            row.born_completed = False  # somebody in the shop took it up after all
            resolve_findings(row.marketplace_id, _subject(row), at, ["order_born_completed"])
        row.save()
        if changed:
            note_event(row, at, "store_state", state=order.state, status=order.raw_status)
            _reopened(row, before, at)
        note_status(row, at, changed=changed)
        if order.state.reduces_stock:
            note_reduced(row, at)
        keep_store_refunds(row, order.refunds, at)
        left: frozenset[int] = frozenset()
        if not row.born_completed:
            for shipment, parcel in _replaced(row, order):
                _tell_anew(row, shipment, parcel, at)
            left = self._ship(row, order, at)
        _correct(row, order, left, at)
        if row.cancel_asked_at is not None and row.shipments.exists():
            self._shipped_after_cancel(row, at)
        ended_meanwhile(row, at)
        code = _ENDED.get(order.state)
        if code is not None and changed and row.state == PurchaseOrderState.ACCEPTED:
            self._ended(row, code, at)

    def without_number(self, at: datetime) -> Sequence[int]:
        return suggestions.without_number(self._store_id, at)

    def looked_through(self, store_order_id: int, found: Tracking | None, at: datetime) -> None:
        suggestions.looked_through(self._store_id, store_order_id, found, at)

    @transaction.atomic
    def gone(self, store_order_id: int, at: datetime) -> None:
        row = self._row(store_order_id)
        if row is None or row.store_state == StoreOrderState.TRASHED:
            return
        row.store_state, row.store_read_at = StoreOrderState.TRASHED, at
        row.save()
        note_event(row, at, "store_state", state="gone")
        ended_meanwhile(row, at)
        self._ended(row, "order_gone", at)

    def _row(self, store_order_id: int) -> PurchaseOrder | None:
        return (
            PurchaseOrder.objects.select_for_update(of=("self",), no_key=True)
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

    def _shipped_after_cancel(self, row: PurchaseOrder, at: datetime) -> None:
        """The tracking is kept; who pays is decided by a person, once."""
        if row.conflict:
            return
        row.conflict = "open"
        row.save(update_fields=["conflict"])
        resolve_findings(row.marketplace_id, _subject(row), at, ["canceled_after_sending"])
        evidence = {"order": row.order.name, "vendor": row.vendor.name}
        finding = Finding("canceled_but_shipped", evidence)
        note_finding(row.marketplace_id, _subject(row), finding, at, vendor_id=row.vendor_id)

    def _ship(self, row: PurchaseOrder, order: StoreOrder, at: datetime) -> frozenset[int]:
        """Line items of which units are left then."""
        lines = {
            line.line_item_id: line
            for line in row.lines.order_by("pk")
            if line.line_item_id is not None
        }
        already = {number: line.shipped for number, line in lines.items()}
        refunded = units_refunded(row)
        labels = row.vendor.labels_ship
        for goods in shipments_in(order, already, _known(row), refunded, labels_ship=labels):
            self._keep(row, goods, lines, at)
        left = frozenset(
            number
            for number, line in lines.items()
            if line.shipped + refunded.get(number, 0) < line.quantity
        )
        if row.shipped_at is None and not left and any(line.shipped for line in lines.values()):
            row.shipped_at = at
            row.save(update_fields=["shipped_at"])
            if not row.store.stock_managed:
                close_reservations(row, at)
        return left

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
            others=[list(one) for one in tracking.others] if tracking else [],
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
        numbers = ", ".join(tracking.numbers) if tracking else ""
        note_event(row, at, "shipped", number=numbers, units=sum(ours.values()))
        work.fulfill_shipments(row.marketplace_id, in_s=TOLD_TOGETHER_S)


def _subject(row: PurchaseOrder) -> str:
    return f"purchase_order:{row.pk}"


def _known(row: PurchaseOrder) -> frozenset[str]:
    """Keys and bare numbers of the parcels noted before."""
    found: set[str] = set()
    for key, number, others in row.shipments.values_list("key", "tracking_number", "others"):
        found |= {key, *(bare(one) for one in (number, *(other[0] for other in others)) if one)}
    return frozenset(found)


def _noted(
    row: PurchaseOrder, order: StoreOrder
) -> tuple[Mapping[int, Shipment], Sequence[KnownShipment]]:
    """The shipments noted before; with their goods only where a new parcel names some."""
    shipments = {one.pk: one for one in row.shipments.order_by("pk")}
    for one in shipments.values():
        one.purchase_order = row
    told = {one.key for one in shipments.values()}
    goods: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    if shipments and any(one.lines and one.key not in told for one in order.trackings):
        rows = ShipmentLine.objects.filter(shipment__in=shipments)
        for pk, item, units in rows.values_list(
            "shipment", "purchase_line__line_item_id", "quantity"
        ):
            goods[pk].append((item or 0, units))
    known = [
        KnownShipment(pk, tracking_of(one), one.key.startswith(BY_VENDOR), tuple(goods[pk]))
        for pk, one in shipments.items()
    ]
    return shipments, known


def _replaced(row: PurchaseOrder, order: StoreOrder) -> Sequence[tuple[Shipment, Tracking]]:
    if not any(one.lines for one in order.trackings):
        return ()
    shipments, known = _noted(row, order)
    return [(shipments[pk], parcel) for pk, parcel in replaced(known, order.trackings)]


def _correct(row: PurchaseOrder, order: StoreOrder, left: frozenset[int], at: datetime) -> None:
    """Late, corrected and withdrawn numbers of what was shipped before."""
    shipments, known = _noted(row, order)
    whole = row.shipped_at is not None
    found = corrections(known, order.trackings, whole=whole, left=left)
    for pk, parcel in found.changed:
        _tell_anew(row, shipments[pk], parcel, at)
    for pk, one in shipments.items():
        subject = f"shipment:{pk}"
        if pk in found.withdrawn:
            evidence = {"order": row.order.name, "number": one.tracking_number}
            finding = Finding("tracking_withdrawn", {**evidence, "vendor": row.vendor.name})
            note_finding(row.marketplace_id, subject, finding, at, vendor_id=row.vendor_id)
        else:
            resolve_findings(row.marketplace_id, subject, at, ["tracking_withdrawn"])
        if one.tracking_number:
            resolve_findings(row.marketplace_id, subject, at, [suggestions.CODE])


def _tell_anew(row: PurchaseOrder, shipment: Shipment, parcel: Tracking, at: datetime) -> None:
    old = shipment.tracking_number
    if not shipment.key.startswith(BY_VENDOR):
        shipment.key = parcel.key
    shipment.tracking_number, shipment.carrier = parcel.number, parcel.carrier
    shipment.tracking_url, shipment.others = parcel.url, [list(one) for one in parcel.others]
    shipment.shipped_at = parcel.shipped_at or shipment.shipped_at
    shipment.correction = shipment.state in (ShipmentState.SENDING, ShipmentState.FULFILLED)
    shipment.save()
    note_event(row, at, "tracking_corrected", old=old, new=", ".join(parcel.numbers))
    work.fulfill_shipments(row.marketplace_id, in_s=TOLD_TOGETHER_S)


def _reopened(row: PurchaseOrder, before: str, at: datetime) -> None:
    """A completed order that is not completed any more: what was shipped stays shipped, and
    somebody is told.
    """
    state = StoreOrderState(row.store_state)
    if state is StoreOrderState.COMPLETED:
        resolve_findings(row.marketplace_id, _subject(row), at, ["order_reopened"])
    elif before == StoreOrderState.COMPLETED and state not in _ENDED and row.shipments.exists():
        evidence = {"order": row.order.name, "vendor": row.vendor.name, "status": row.raw_status}
        finding = Finding("order_reopened", evidence)
        note_finding(row.marketplace_id, _subject(row), finding, at, vendor_id=row.vendor_id)
