"""One order: its lines by vendor, its parcels, and what happened."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Prefetch, Subquery

from longshore.domain.holding_back import CODES
from longshore.domain.orders import PurchaseOrderState, StoreOrderState
from longshore.domain.personal import masked
from longshore.domain.placing import Conflict, Resend, resend
from longshore.domain.tracking import web_address
from longshore.storage.models import (
    OpenFinding,
    OrderEvent,
    PurchaseOrder,
    PurchaseOrderLine,
    Shipment,
    Storefront,
    StorefrontOrder,
    StorefrontOrderLine,
)
from longshore.storage.queries.links import shopify_admin
from longshore.storage.queries.orders import store_order_url
from longshore.storage.repositories.carrier_names import CarrierNames, name_for, names_of

EVENTS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Line:
    """`left_out`: why it is no vendor's work. `line_id` is the stock line behind it."""

    id: int
    title: str
    sku: str
    quantity: int
    shipped: int
    unit_price: Decimal
    line_id: int | None
    left_out: str

    @property
    def total(self) -> Decimal:
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Parcel:
    """`told_at`: when Shopify took it. `state` found, sending, fulfilled, exception."""

    state: str
    carrier: str
    number: str
    url: str
    told_number: str
    found_at: datetime
    told_at: datetime | None
    units: int
    why: str
    country: str
    company: str
    """The sender's country, and the carrier's name that the marketplace's people said, or ""."""


@dataclass(frozen=True, slots=True)
class Part:
    """One vendor's share of the order, as its purchase order."""

    id: int
    vendor_id: int
    vendor: str
    reference: str
    state: str
    why: str
    store_state: str
    raw_status: str
    store_order_number: str
    store_order_url: str
    born_completed: bool
    created_at: datetime
    sending_since: datetime | None
    answered_at: datetime | None
    next_try_at: datetime | None
    store_read_at: datetime | None
    shipped_at: datetime | None
    posts: int
    look_ups: int
    lines: tuple[Line, ...]
    parcels: tuple[Parcel, ...]
    sent: str
    answered: str
    """What was sent to the store and what it made of it, as JSON; whom it is for is masked."""
    fields: tuple[tuple[str, str], ...]
    """(key, value) of the store's order where no parcel's number was found: one may be it."""
    may_send_again: bool
    conflict: bool
    may_remind: bool
    """Whether the vendor can do something: ship it, or name the parcel's number."""
    reminded_at: datetime | None
    held: str = ""
    """Why it is not sent yet although it could be, as the finding's code."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline; `vendor` and `reference` are "" where it is of the whole order."""

    at: datetime
    kind: str
    vendor: str
    reference: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OrderPage:
    id: int
    name: str
    email: str
    address: Mapping[str, str]
    currency: str
    created_at: datetime
    canceled_at: datetime | None
    first_seen_at: datetime
    read_at: datetime
    payment: str
    test: bool
    note: str
    routing: str
    waits_for: str
    routed_at: datetime | None
    routed_by_hand: bool
    shipping_title: str
    shipping_price: Decimal
    parts: tuple[Part, ...]
    loose: tuple[Line, ...]
    left_out: tuple[Line, ...]
    events: tuple[Happening, ...]
    shopify_url: str
    subjects: tuple[str, ...]

    @property
    def buyer(self) -> str:
        names = (self.address.get("first_name", ""), self.address.get("last_name", ""))
        return " ".join(filter(None, names)) or self.address.get("company", "") or self.email

    @property
    def goods(self) -> Decimal:
        lines = [line for part in self.parts for line in part.lines]
        return sum((line.total for line in (*lines, *self.loose, *self.left_out)), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.goods + self.shipping_price

    @property
    def may_choose(self) -> bool:
        """Whether it may be said who sends what no vendor has."""
        return self.routing == "routed" and self.canceled_at is None

    @property
    def held_for_risk(self) -> bool:
        """Whether a person may say what becomes of it although Shopify warns, or changed it."""
        return self.waits_for in {"risk", "risk_pending", "left_out"} and self.routing != "routed"

    @property
    def may_route_by_hand(self) -> bool:
        return self.routing == "waiting" and self.waits_for == "before_go_live"


def part_vendor(marketplace_id: int, part_id: int) -> int | None:
    """Whose part it is, None when it is not the marketplace's."""
    rows = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, pk=part_id)
    return rows.values_list("vendor_id", flat=True).first()


def order_page(marketplace_id: int, order_id: int) -> OrderPage | None:
    """One order, None when it is not the marketplace's."""
    mine = StorefrontOrder.objects.filter(marketplace_id=marketplace_id)
    order = mine.filter(pk=order_id).first()
    if order is None:
        return None
    parts = _told(marketplace_id, _parts(marketplace_id, order_id))
    placed = {line.id for part in parts for line in part.lines}
    rest = [
        _line(row, 0)
        for row in StorefrontOrderLine.objects.filter(order_id=order_id).order_by("id")
        if row.pk not in placed
    ]
    address = {key: str(value) for key, value in (order.shipping_address or {}).items() if value}
    return OrderPage(
        id=order.pk,
        name=order.name,
        email=order.email,
        address=address,
        currency=order.currency,
        created_at=order.created_in_shop,
        canceled_at=order.canceled_at,
        first_seen_at=order.first_seen_at,
        read_at=order.read_at,
        payment=order.payment,
        test=order.test,
        note=order.note,
        routing=order.routing,
        waits_for=order.waits_for,
        routed_at=order.routed_at,
        routed_by_hand=order.routed_by_hand,
        shipping_title=order.shipping_title,
        shipping_price=order.shipping_price,
        parts=parts,
        loose=tuple(line for line in rest if not line.left_out),
        left_out=tuple(line for line in rest if line.left_out),
        events=_events(marketplace_id, order_id),
        shopify_url=_shopify_url(marketplace_id, order.order_gid),
        subjects=_subjects(marketplace_id, order_id, parts),
    )


def _parts(marketplace_id: int, order_id: int) -> list[PurchaseOrder]:
    lines = PurchaseOrderLine.objects.select_related("order_line").order_by("id")
    parcels = Shipment.objects.prefetch_related("lines").order_by("found_at", "id")
    rows = PurchaseOrder.objects.filter(marketplace_id=marketplace_id, order_id=order_id)
    reminded = OrderEvent.objects.filter(purchase_order=OuterRef("pk"), kind="reminded")
    latest = Subquery(reminded.order_by("-at").values("at")[:1])
    rows = (
        rows.select_related("order", "vendor", "store").annotate(reminded_at=latest).order_by("id")
    )
    return list(rows.prefetch_related(Prefetch("lines", lines), Prefetch("shipments", parcels)))


def _part(row: Any, names: CarrierNames) -> Part:
    unnumbered = any(not one.tracking_number for one in row.shipments.all())
    canceled = row.order.canceled_at is not None or row.cancel_asked_at is not None
    open_ = row.state == "accepted" and not canceled
    return Part(
        id=row.pk,
        vendor_id=row.vendor_id,
        vendor=row.vendor.name,
        reference=row.reference,
        state=row.state,
        why=row.why,
        store_state=row.store_state,
        raw_status=row.raw_status,
        store_order_number=row.store_order_number or str(row.store_order_id or ""),
        store_order_url=store_order_url(row),
        born_completed=row.born_completed,
        created_at=row.created_at,
        sending_since=row.sending_since,
        answered_at=row.answered_at,
        next_try_at=row.next_try_at,
        store_read_at=row.store_read_at,
        shipped_at=row.shipped_at,
        posts=row.posts,
        look_ups=row.look_ups,
        lines=tuple(_line(one.order_line, one.shipped, one.quantity) for one in row.lines.all()),
        parcels=tuple(_parcel(one, row, names) for one in row.shipments.all()),
        sent=_shown(_masked(row.draft)) if row.draft else "",
        answered=_shown(_answer(row)) if row.answered_at else "",
        fields=tuple((str(key), str(value)) for key, value in row.order_fields),
        may_send_again=_may_send_again(row),
        conflict=row.conflict == Conflict.OPEN,
        may_remind=open_ and (row.shipped_at is None or unnumbered),
        reminded_at=row.reminded_at,
    )


def _told(marketplace_id: int, rows: Sequence[PurchaseOrder]) -> tuple[Part, ...]:
    held, names = _held(marketplace_id, rows), names_of(marketplace_id)
    return tuple(replace(_part(row, names), held=held.get(row.pk, "")) for row in rows)


def _held(marketplace_id: int, rows: Sequence[PurchaseOrder]) -> Mapping[int, str]:
    waiting = [row.pk for row in rows if row.state == PurchaseOrderState.PENDING]
    if not waiting:
        return {}
    found = OpenFinding.objects.filter(
        marketplace_id=marketplace_id,
        subject__in=[f"purchase_order:{pk}" for pk in waiting],
        code__in=CODES,
        resolved_at=None,
    )
    told = found.values_list("subject", "code")
    return {int(subject.partition(":")[2]): code for subject, code in told}


def _may_send_again(row: PurchaseOrder) -> bool:
    """Whether the button does something: not while it is under way by itself."""
    how = resend(
        PurchaseOrderState(row.state),
        StoreOrderState(row.store_state) if row.store_state else None,
        shipped=bool(row.shipments.all()),
        stuck=row.half_made_id is not None,
    )
    under_way = (
        row.state in {PurchaseOrderState.PENDING, PurchaseOrderState.SENDING} and not row.why
    )
    wanted = row.order.canceled_at is None and row.cancel_asked_at is None
    return wanted and not under_way and how in {Resend.NOW, Resend.LOOK, Resend.ANEW}


_PERSONAL = ("shipping_address", "billing_address", "buyer_email")


def _masked(draft: Mapping[str, Any]) -> Mapping[str, Any]:
    hidden = {name: masked(draft.get(name)) for name in _PERSONAL if name in draft}
    return {**draft, **hidden}


def _answer(row: PurchaseOrder) -> Mapping[str, Any]:
    said = {"id": row.store_order_id, "number": row.store_order_number, "status": row.raw_status}
    return {**said, "why": row.why} if row.why else said


def _shown(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _line(row: StorefrontOrderLine, shipped: int, quantity: int | None = None) -> Line:
    return Line(
        id=row.pk,
        title=row.title,
        sku=row.sku,
        quantity=row.quantity if quantity is None else quantity,
        shipped=shipped,
        unit_price=row.unit_price,
        line_id=row.listing_variant_id,
        left_out=row.left_out,
    )


def _parcel(row: Shipment, part: PurchaseOrder, names: CarrierNames) -> Parcel:
    return Parcel(
        state=row.state,
        carrier=row.carrier,
        number=row.tracking_number,
        url=web_address(row.tracking_url),
        told_number=row.told_number,
        found_at=row.found_at,
        told_at=row.fulfilled_at,
        units=sum(line.quantity for line in row.lines.all()),
        why=row.why,
        country=str(part.store.profile.get("country") or ""),
        company=name_for(names, part.vendor_id, row.carrier),
    )


def _events(marketplace_id: int, order_id: int) -> tuple[Happening, ...]:
    rows = OrderEvent.objects.filter(marketplace_id=marketplace_id, order_id=order_id)
    rows = rows.select_related("purchase_order__vendor").order_by("-at", "-id")
    return tuple(
        Happening(
            at=row.at,
            kind=row.kind,
            vendor=row.purchase_order.vendor.name if row.purchase_order else "",
            reference=row.purchase_order.reference if row.purchase_order else "",
            data=row.data,
        )
        for row in rows[:EVENTS_SHOWN]
    )


def _shopify_url(marketplace_id: int, gid: str) -> str:
    domains = Storefront.objects.filter(marketplace_id=marketplace_id)
    return shopify_admin(domains.values_list("shop_domain", flat=True).first() or "", gid)


def _subjects(marketplace_id: int, order_id: int, parts: tuple[Part, ...]) -> tuple[str, ...]:
    """What findings about this order may name."""
    ids = [part.id for part in parts]
    parcels = Shipment.objects.filter(marketplace_id=marketplace_id, purchase_order_id__in=ids)
    return (
        f"order:{order_id}",
        *(f"purchase_order:{number}" for number in ids),
        *(f"shipment:{number}" for number in parcels.values_list("id", flat=True)),
    )
