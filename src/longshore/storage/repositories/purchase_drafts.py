"""The exact order a store is sent: built once from rows, then kept as it was committed."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from longshore.domain.money import Money
from longshore.domain.orders import Address, StoreOrderDraft, StoreOrderLineDraft
from longshore.storage.models import PurchaseOrder


def draft_of(row: PurchaseOrder) -> StoreOrderDraft:
    """The order as it shall stand in the store; the same each time it is asked for."""
    if row.draft is not None:
        return read(row.draft)
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


def shown(draft: StoreOrderDraft) -> dict[str, Any]:
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


def read(shown: dict[str, Any]) -> StoreOrderDraft:
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
