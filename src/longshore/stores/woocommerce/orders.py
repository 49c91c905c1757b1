"""Orders as stores speak them: what we send, and what they say (recording orders.json)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from longshore.domain.money import Money
from longshore.domain.orders import (
    Address,
    StatusMeaning,
    StoreOrder,
    StoreOrderDraft,
    StoreOrderLine,
    StoreOrderLineDraft,
    StoreOrderState,
)
from longshore.domain.tracking import TaughtKeys
from longshore.stores.woocommerce import refunds, wire
from longshore.stores.woocommerce.dialects.bodies import REFERENCE_KEY, REFERENCE_META
from longshore.stores.woocommerce.plugins import chain, taught
from longshore.stores.woocommerce.products import identity
from longshore.stores.woocommerce.wire import Json

PAID_STATUS = "processing"
"""Where payment leads; in every other status nobody may say that it is paid."""
REFERENCE_KEYS = frozenset({REFERENCE_KEY, REFERENCE_META})
PAYMENT_TITLE = "Marketplace"
LONGEST = 60
"""A status that a vendor made up, or a number of an order that a plugin did."""

_STATES = {
    "checkout-draft": StoreOrderState.DRAFT,
    "auto-draft": StoreOrderState.DRAFT,
    "draft": StoreOrderState.DRAFT,
    "pending": StoreOrderState.PENDING,
    "on-hold": StoreOrderState.ON_HOLD,
    "processing": StoreOrderState.PROCESSING,
    "partial-shipped": StoreOrderState.PROCESSING,
    "completed": StoreOrderState.COMPLETED,
    "shipped": StoreOrderState.COMPLETED,
    "delivered": StoreOrderState.COMPLETED,
    "updated-tracking": StoreOrderState.COMPLETED,
    "cancelled": StoreOrderState.CANCELED,
    "refunded": StoreOrderState.REFUNDED,
    "failed": StoreOrderState.FAILED,
    "trash": StoreOrderState.TRASHED,
}
"""With those that Advanced Shipment Tracking adds (its settings name them) and others took over."""


def payload(draft: StoreOrderDraft) -> Json:
    """The body of the POST. Paid, so that stock is reduced in every generation; never a SKU (a
    double one takes the first product); never a customer, so that no record of one is shared or
    renamed; our reference twice: as transaction id, which searches find, and in meta, which nobody
    overwrites.
    """
    paid = draft.status == PAID_STATUS
    fields = ((REFERENCE_KEY, draft.reference), *draft.fields)
    body: dict[str, Any] = {
        "set_paid": paid,
        "currency": draft.currency,
        "payment_method": "other",
        "payment_method_title": PAYMENT_TITLE,
        "transaction_id": draft.reference,
        "customer_note": draft.note,
        "billing": _address(draft.billing_address or draft.shipping_address, draft.buyer_email),
        "shipping": _address(draft.shipping_address, ""),
        "line_items": [_line(line) for line in draft.lines],
        "meta_data": [{"key": key, "value": text} for key, text in fields],
    }
    if not paid:
        # Payment would move it on to processing by itself.
        body["status"] = draft.status
    if draft.shipping_title:
        body["shipping_lines"] = [
            {
                "method_id": draft.shipping_method,
                "method_title": draft.shipping_title,
                "total": _amount(draft.shipping_price),
            }
        ]
    return body


def _line(line: StoreOrderLineDraft) -> Json:
    total = _amount(line.unit_price.times(line.quantity))
    row: dict[str, Any] = {
        "product_id": line.product_id,
        "quantity": line.quantity,
        "subtotal": total,
        "total": total,
    }
    if line.variation_id:
        row["variation_id"] = line.variation_id
    if line.details:
        row["meta_data"] = [{"key": name, "value": text} for name, text in line.details]
    return row


def _amount(money: Money) -> str:
    return format(money.rounded().amount, "f")


def _address(address: Address, email: str) -> Json:
    row = {
        "first_name": address.first_name,
        "last_name": address.last_name,
        "company": address.company,
        "address_1": address.line1,
        "address_2": address.line2,
        "city": address.city,
        "state": address.region,
        "postcode": address.postcode,
        "country": address.country,
        "phone": address.phone,
    }
    # An empty e-mail address is refused as a bad one.
    return {**row, "email": email} if email else row


def order(
    row: Json,
    keys: TaughtKeys | None = None,
    meanings: Mapping[str, StatusMeaning] | None = None,
) -> StoreOrder:
    """One order. Raises UnreadableItem."""
    currency = wire.text(row.get("currency"))
    raw_status = wire.readable(wire.text(row.get("status"))).removeprefix("wc-")[:LONGEST]
    meant = (meanings or {}).get(raw_status)
    found = chain.trackings(row, keys)
    return StoreOrder(
        order_id=identity(row),
        number=wire.readable(wire.text(row.get("number")))[:LONGEST] or wire.text(row.get("id")),
        reference=reference(row),
        state=_STATES.get(raw_status) or (meant.state if meant else StoreOrderState.OTHER),
        raw_status=raw_status,
        currency=currency,
        total=Money(wire.decimal(row.get("total")) or Decimal(0), currency),
        created_at=wire.moment(row.get("date_created_gmt")),
        modified_at=wire.moment(row.get("date_modified_gmt")),
        completed_at=wire.moment(row.get("date_completed_gmt")),
        lines=tuple(_taken(line, currency) for line in wire.items(row.get("line_items"))),
        trackings=found,
        fields=() if found else taught.fields(row),
        refunds=refunds.of(row, currency),
    )


def reference(row: Json) -> str:
    """Our own mark on an order, "" on those that are not from us."""
    for meta in wire.items(row.get("meta_data")):
        if meta.get("key") in REFERENCE_KEYS:
            return wire.text(meta.get("value"))
    return ""


def carries(row: Json, wanted: str) -> bool:
    """Whether an order carries our reference: in its meta, as transaction id, or, in the oldest
    APIs, only in its note.
    """
    if wanted in {reference(row), wire.text(row.get("transaction_id"))}:
        return True
    return wanted in wire.text(row.get("customer_note")).replace(",", " ").split()


def _taken(line: Json, currency: str) -> StoreOrderLine:
    return StoreOrderLine(
        line_item_id=identity(line),
        product_id=wire.integer(line.get("product_id")) or 0,
        variation_id=wire.integer(line.get("variation_id")) or 0,
        quantity=wire.integer(line.get("quantity")) or 0,
        total=Money(wire.decimal(line.get("total")) or Decimal(0), currency),
    )
