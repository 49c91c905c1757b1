"""Shipments on their way to Shopify as rows: what it has not heard, was told, holds back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from longshore.domain.findings import Finding
from longshore.domain.tracking import Tracking
from longshore.ports.errors import Rejected
from longshore.ports.ledger.shipments import Correction, PendingShipment
from longshore.storage import work
from longshore.storage.models import Shipment, ShipmentLine, ShipmentState
from longshore.storage.repositories.carrier_names import name_for, names_of
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.timeline import note_event

AT_ONCE = 100
HELD_AGAIN_AFTER = timedelta(minutes=10)


class Shipments:
    """Implements `ports.ledger.shipments.ShipmentLedger` for one marketplace."""

    def __init__(self, marketplace_id: int) -> None:
        self._owner = marketplace_id
        self._names = names_of(marketplace_id)

    def pending(self, at: datetime) -> Sequence[PendingShipment]:
        rows = self._rows().filter(
            Q(next_try_at=None) | Q(next_try_at__lte=at),
            state__in=[ShipmentState.FOUND, ShipmentState.SENDING],
        )
        lines = ShipmentLine.objects.select_related("purchase_line__order_line")
        found = list(
            rows.prefetch_related(Prefetch("lines", lines)).order_by("found_at", "pk")[:AT_ONCE]
        )
        claimed = self._claimed({row.purchase_order.order_id for row in found})
        self._names = names_of(self._owner)
        return [_pending(row, claimed, self._tracking(row)) for row in found]

    def _tracking(self, row: Shipment) -> Tracking:
        """With the carrier's name that the marketplace's people said."""
        found = tracking_of(row)
        name = name_for(self._names, row.purchase_order.vendor_id, found.carrier)
        return replace(found, company=name)

    def _rows(self) -> "QuerySet[Shipment]":
        return Shipment.objects.filter(marketplace_id=self._owner).select_related(
            "purchase_order__order__marketplace", "purchase_order__store"
        )

    def _claimed(self, order_ids: set[int]) -> Mapping[str, int]:
        """Fulfillments of these orders -> the shipment that has each."""
        rows = Shipment.objects.filter(purchase_order__order_id__in=order_ids)
        pairs = rows.exclude(fulfillment_gids=[]).values_list("pk", "fulfillment_gids")
        return {gid: number for number, gids in pairs for gid in gids}

    @transaction.atomic
    def sending(self, shipment_id: int, at: datetime) -> None:  # noqa: ARG002 - the port's
        row = self._locked(shipment_id)
        row.state = ShipmentState.SENDING
        row.told_number, row.correction = "\n".join(tracking_of(row).numbers), False
        row.save(update_fields=["state", "told_number", "correction"])

    @transaction.atomic
    def told(self, shipment_id: int, fulfillment_gid: str) -> None:
        row = self._locked(shipment_id)
        if fulfillment_gid not in row.fulfillment_gids:
            row.fulfillment_gids = [*row.fulfillment_gids, fulfillment_gid]
            row.save(update_fields=["fulfillment_gids"])

    @transaction.atomic
    def fulfilled(self, shipment_id: int, at: datetime) -> None:
        row = self._locked(shipment_id)
        row.state, row.fulfilled_at, row.why, row.next_try_at = (
            ShipmentState.FULFILLED,
            at,
            "",
            None,
        )
        row.save()
        note_event(row.purchase_order, at, "fulfilled", number=row.told_number.replace("\n", ", "))
        resolve_findings(self._owner, f"shipment:{row.pk}", at)

    @transaction.atomic
    def waits(self, shipment_id: int, at: datetime) -> None:
        row = self._locked(shipment_id)
        first = row.next_try_at is None
        row.next_try_at = at + HELD_AGAIN_AFTER
        row.save(update_fields=["next_try_at"])
        order = row.purchase_order
        evidence = {"order": order.order.name, "vendor": order.vendor.name}
        finding = Finding("fulfillment_on_hold", evidence)
        note_finding(self._owner, f"shipment:{row.pk}", finding, at, vendor_id=order.vendor_id)
        if first:
            note_event(order, at, "held_on_shopify")

    @transaction.atomic
    def exception(self, shipment_id: int, why: str, at: datetime) -> None:
        row = self._locked(shipment_id)
        row.state, row.why, row.next_try_at = ShipmentState.EXCEPTION, why, None
        row.save()
        order = row.purchase_order
        note_event(order, at, "exception", why=why)
        finding = Finding("fulfillment_refused", {"order": order.order.name, "why": why})
        note_finding(self._owner, f"shipment:{row.pk}", finding, at, vendor_id=order.vendor_id)

    def corrections(self) -> Sequence[Correction]:
        rows = self._rows().filter(state=ShipmentState.FULFILLED, correction=True)
        return [
            Correction(
                row.pk,
                tuple(row.fulfillment_gids),
                self._tracking(row),
                row.purchase_order.order.marketplace.notify_buyers,
            )
            for row in rows.order_by("pk")[:AT_ONCE]
        ]

    @transaction.atomic
    def corrected(self, shipment_id: int, tracking: Tracking, at: datetime) -> None:
        """What was changed again meanwhile is told once more."""
        row = self._locked(shipment_id)
        row.told_number = "\n".join(tracking.numbers)
        self._names = names_of(self._owner)
        row.correction = _told(self._tracking(row)) != _told(tracking)
        row.save(update_fields=["told_number", "correction"])
        note_event(row.purchase_order, at, "fulfilled", number=row.told_number.replace("\n", ", "))

    def _locked(self, shipment_id: int) -> Shipment:
        return (
            Shipment.objects.select_for_update(of=("self",))
            .select_related(
                "purchase_order__order", "purchase_order__vendor", "purchase_order__store"
            )
            .get(pk=shipment_id, marketplace_id=self._owner)
        )


@transaction.atomic
def tell_again(marketplace_id: int, shipment_id: int, at: datetime) -> None:
    """A shipment that Shopify refused is told once more, after reading what Shopify knows. Raises
    Rejected.
    """
    row = (
        Shipment.objects.select_for_update(of=("self",))
        .select_related("purchase_order")
        .filter(marketplace_id=marketplace_id, pk=shipment_id, state=ShipmentState.EXCEPTION)
        .first()
    )
    if row is None:
        raise Rejected("There is no shipment that Shopify refused.")
    row.state, row.next_try_at = ShipmentState.SENDING, None
    row.save(update_fields=["state", "next_try_at"])
    note_event(row.purchase_order, at, "told_again")
    resolve_findings(marketplace_id, f"shipment:{row.pk}", at, ["fulfillment_refused"])
    work.fulfill_shipments(marketplace_id)


def tracking_of(row: Shipment) -> Tracking:
    """The shipment's parcels; its purchase order and store must be loaded with it."""
    return Tracking(
        row.key,
        row.tracking_number,
        row.carrier,
        row.tracking_url,
        row.shipped_at,
        others=tuple((number, url) for number, url in row.others),
        country=str(row.purchase_order.store.profile.get("country") or ""),
    )


def _pending(row: Shipment, claimed: Mapping[str, int], tracking: Tracking) -> PendingShipment:
    wanted: dict[str, int] = {}
    for line in row.lines.all():
        gid = line.purchase_line.order_line.line_gid
        wanted[gid] = wanted.get(gid, 0) + line.quantity
    order = row.purchase_order.order
    return PendingShipment(
        shipment_id=row.pk,
        order_gid=order.order_gid,
        wanted=wanted,
        tracking=tracking if row.tracking_number else None,
        notify=order.marketplace.notify_buyers,
        sent_before=row.state == ShipmentState.SENDING,
        own=frozenset(row.fulfillment_gids),
        claimed=frozenset(gid for gid, owner in claimed.items() if owner != row.pk),
        told=tuple(row.told_number.split("\n")) if row.told_number else (),
    )


def _told(tracking: Tracking) -> tuple[object, ...]:
    return tracking.number, tracking.carrier, tracking.url, tracking.others, tracking.company
