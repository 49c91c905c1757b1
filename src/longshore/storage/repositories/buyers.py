"""Buyers' data as rows: erased some time after an order is closed, or when the buyer asks; handed
out to the buyer. The order itself stays, with its numbers and amounts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from longshore.domain.edits import without_place
from longshore.domain.orders import PurchaseOrderState
from longshore.domain.personal import longest_first, scrubbed, words_of
from longshore.storage.models import (
    Marketplace,
    OpenFinding,
    OrderEvent,
    OrderRefund,
    PurchaseOrder,
    Shipment,
    StorefrontOrder,
    StorefrontOrderLine,
)

AT_ONCE = 200
_TEXTS = ("why", "told_edits", "note_due")
"""Of a purchase order: words of shops and of ours in which the buyer may be named."""
_UNSETTLED = (
    PurchaseOrderState.PENDING,
    PurchaseOrderState.SENDING,
    PurchaseOrderState.UNCERTAIN,
)


@dataclass(frozen=True, slots=True)
class Erased:
    """How many orders lost their buyer's data, and how many lose it once they are closed."""

    erased: int
    waiting: int


def erase_closed(at: datetime) -> int:
    """Erases what is due in every marketplace; returns how many orders."""
    done = 0
    for row in Marketplace.objects.all():
        cut = at - timedelta(days=row.keep_buyer_days)
        done += _erase_all(_closed(row.pk, cut), at)
        done += _erase_all(_closed(row.pk, at).filter(erase_asked_at__isnull=False), at)
    return done


def erase_buyer(marketplace_id: int, email: str, at: datetime) -> Erased:
    """All orders with this e-mail address; open ones are erased as soon as they are closed."""
    mine = _of_buyer(marketplace_id, email).filter(erased_at=None)
    mine.update(erase_asked_at=at)
    done = _erase_all(_closed(marketplace_id, at).filter(pk__in=mine.values("pk")), at)
    return Erased(done, _of_buyer(marketplace_id, email).filter(erased_at=None).count())


def count_buyer(marketplace_id: int, email: str) -> int:
    return _of_buyer(marketplace_id, email).count()


def export_buyer(marketplace_id: int, email: str) -> Sequence[Mapping[str, Any]]:
    """Everything kept of the buyer with this address, one object an order, the newest first."""
    rows = _of_buyer(marketplace_id, email).order_by("-created_in_shop", "-pk")
    rows = rows.prefetch_related(
        "lines", "purchase_orders__vendor", "purchase_orders__shipments", "events", "refunds"
    )
    return [_exported(row) for row in rows]


def _of_buyer(marketplace_id: int, email: str) -> "QuerySet[StorefrontOrder]":
    wanted = email.strip()
    rows = StorefrontOrder.objects.filter(marketplace_id=marketplace_id, email__iexact=wanted)
    return rows if wanted else rows.none()


def _closed(marketplace_id: int, cut: datetime) -> "QuerySet[StorefrontOrder]":
    """Orders that still name their buyer and in which nothing happens since `cut`: canceled,
    shipped or refused whole, or never anybody's work.
    """
    parts = PurchaseOrder.objects.filter(order=OuterRef("pk"))
    underway = parts.filter(state__in=_UNSETTLED)
    unshipped = parts.filter(state=PurchaseOrderState.ACCEPTED).filter(
        Q(shipped_at=None) | Q(shipped_at__gt=cut)
    )
    refused_lately = parts.filter(state=PurchaseOrderState.REFUSED, answered_at__gt=cut)
    ended = Q(canceled_at__lte=cut) | ~Exists(unshipped) & ~Exists(refused_lately)
    return StorefrontOrder.objects.filter(
        ~Exists(underway),
        ended,
        marketplace_id=marketplace_id,
        erased_at=None,
        created_in_shop__lte=cut,
    )


def _erase_all(rows: "QuerySet[StorefrontOrder]", at: datetime) -> int:
    done = 0
    while True:
        with transaction.atomic():
            some = list(rows.select_for_update(skip_locked=True).order_by("pk")[:AT_ONCE])
            if not some:
                return done
            _erase(some, at)
            done += len(some)


def _erase(orders: Sequence[StorefrontOrder], at: datetime) -> None:
    parts = list(PurchaseOrder.objects.filter(order__in=orders))
    words = _words(orders, parts)
    for part in parts:
        mine = words[part.order_id]
        part.draft = _bare(part.draft, mine) if part.draft else None
        part.order_fields = []
        part.told_edits, part.note_due = map(without_place, (part.told_edits, part.note_due))
        for name in _TEXTS:
            setattr(part, name, scrubbed(getattr(part, name), mine))
    PurchaseOrder.objects.bulk_update(parts, ["draft", "order_fields", *_TEXTS])
    events = list(OrderEvent.objects.filter(order_id__in=words))
    for event in events:
        event.data = scrubbed(event.data, words[event.order_id])
    OrderEvent.objects.bulk_update(events, ["data"], batch_size=1000)
    shipments = _erase_shipments(parts, words)
    _erase_findings(parts, shipments, words)
    # A reason is free text of whoever paid back.
    OrderRefund.objects.filter(order__in=orders).exclude(reason="").update(reason="")
    for row in orders:
        row.email, row.shipping_address, row.note, row.erased_at = "", None, "", at
        row.billing_address, row.attributes = None, []
    told = ["email", "shipping_address", "billing_address", "note", "attributes", "erased_at"]
    StorefrontOrder.objects.bulk_update(orders, told)
    StorefrontOrderLine.objects.filter(order_id__in=words).exclude(details=[]).update(details=[])


def _words(
    orders: Sequence[StorefrontOrder], parts: Sequence[PurchaseOrder]
) -> Mapping[int, Sequence[str]]:
    """Words that name the buyer, by order: of its address now, and of those it was sent with."""
    found = {
        row.pk: {*words_of(row.email, row.shipping_address, row.billing_address)} for row in orders
    }
    for part in parts:
        sent = part.draft or {}
        addresses = sent.get("shipping_address"), sent.get("billing_address")
        found[part.order_id] |= {*words_of(str(sent.get("buyer_email") or ""), *addresses)}
    return {pk: longest_first(words) for pk, words in found.items()}


def _erase_shipments(
    parts: Sequence[PurchaseOrder], words: Mapping[int, Sequence[str]]
) -> Sequence[Shipment]:
    """Links of some carriers carry the buyer's postcode: such a link goes whole."""
    order_of = {part.pk: part.order_id for part in parts}
    found = list(Shipment.objects.filter(purchase_order_id__in=order_of))
    for one in found:
        mine = words[order_of[one.purchase_order_id]]
        one.why = str(scrubbed(one.why, mine))
        one.tracking_url = _unless_named(one.tracking_url, mine)
        one.others = [[number, _unless_named(url, mine)] for number, url in one.others]
    Shipment.objects.bulk_update(found, ["why", "tracking_url", "others"])
    return found


def _unless_named(text: str, words: Sequence[str]) -> str:
    return text if scrubbed(text, words) == text else ""


def _erase_findings(
    parts: Sequence[PurchaseOrder],
    shipments: Sequence[Shipment],
    words: Mapping[int, Sequence[str]],
) -> None:
    owner = {f"order:{pk}": pk for pk in words}
    owner |= {f"purchase_order:{part.pk}": part.order_id for part in parts}
    of_part = {part.pk: part.order_id for part in parts}
    owner |= {f"shipment:{one.pk}": of_part[one.purchase_order_id] for one in shipments}
    findings = list(OpenFinding.objects.filter(subject__in=list(owner)))
    for finding in findings:
        finding.evidence = scrubbed(finding.evidence, words[owner[finding.subject]])
    OpenFinding.objects.bulk_update(findings, ["evidence"])


def _bare(draft: Mapping[str, Any], words: Sequence[str]) -> dict[str, Any]:
    """What was sent to the vendor without whom it was for, and without what the buyer wrote."""
    addresses = {
        name: {part: text if part == "country" else "" for part, text in draft[name].items()}
        for name in ("shipping_address", "billing_address")
        if draft.get(name)
    }
    lines = [line[:4] for line in draft.get("lines", ())]
    hidden: dict[str, Any] = {name: "" for name in ("note", "buyer_email") if name in draft}
    if "fields" in draft:
        hidden["fields"] = [[name, ""] for name, _text in draft["fields"]]
    whole = {**draft, **addresses, **hidden, "lines": lines}
    return {name: scrubbed(value, words) for name, value in whole.items()}


def _exported_refund(one: OrderRefund) -> Mapping[str, Any]:
    return {
        "at": one.at.isoformat(),
        "by": one.side,
        "amount": str(one.amount),
        "currency": one.currency,
        "reason": one.reason,
    }


def _exported(row: StorefrontOrder) -> Mapping[str, Any]:
    return {
        "order": row.name,
        "made_at": row.created_in_shop.isoformat(),
        "email": row.email,
        "address": row.shipping_address,
        "billing_address": row.billing_address,
        "note": row.note,
        "attributes": row.attributes,
        "currency": row.currency,
        "payment": row.payment,
        "lines": [
            {
                "title": line.title,
                "sku": line.sku,
                "quantity": line.quantity,
                "unit_price": str(line.unit_price),
                "details": line.details,
            }
            for line in row.lines.all()
        ],
        "sent_to": [
            {
                "vendor": part.vendor.name,
                "their_order": part.store_order_number,
                "sent": part.draft,
                "parcels": [
                    {"carrier": one.carrier, "number": one.tracking_number, "url": one.tracking_url}
                    for one in part.shipments.all()
                ],
            }
            for part in row.purchase_orders.all()
        ],
        "refunds": [_exported_refund(one) for one in row.refunds.all()],
        "events": [
            {"at": event.at.isoformat(), "what": event.kind, "details": event.data}
            for event in row.events.all()
        ],
    }
