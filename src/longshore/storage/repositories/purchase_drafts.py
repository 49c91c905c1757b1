"""The exact order a store is sent: built once from rows, then kept as it was committed."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from longshore.domain.findings import Finding
from longshore.domain.money import Money
from longshore.domain.orders import Address, StoreOrderDraft, StoreOrderLineDraft
from longshore.domain.placing_policy import (
    Addressed,
    BuyerEmail,
    ShippingPrice,
    ToPlace,
    draft_for,
    one_line,
    policy_of,
    share_of,
)
from longshore.storage.models import Marketplace, PurchaseOrder, PurchaseOrderLine, StorefrontOrder
from longshore.storage.repositories.purchase_prices import PricesTold


def draft_of(row: PurchaseOrder, at: datetime) -> StoreOrderDraft:
    """The order as it shall stand in the store; the same each time it is asked for."""
    if row.draft is not None:
        return read(row.draft)
    order, marketplace = row.order, row.order.marketplace
    policy = policy_of(row.vendor.placing)
    currency = row.store.currency or order.currency
    row.store.vendor = row.vendor
    lines = [line for line in lines_of(row) if line.quantity > 0]
    shared = policy.shipping_price is ShippingPrice.SHARE
    facts = ToPlace(
        reference=row.reference,
        order=order.name,
        marketplace=marketplace.name,
        vendor=row.vendor.name,
        currency=currency,
        lines=tuple(_line(line, currency) for line in lines),
        address=address_of(order.shipping_address) or Address(),
        email=policy.email or BuyerEmail(marketplace.buyer_email),
        to=addressed(marketplace, order.email),
        shipping_title=order.shipping_title,
        shipping_share=_share(row, at) if shared else Money(Decimal(0), currency),
        buyer_note=order.note,
        attributes=tuple((str(name), str(text)) for name, text in order.attributes),
        status_moves_stock=bool(row.store.profile.get("restocks", True)),
        billing=address_of(order.billing_address),
        own_address=address_of(marketplace.invoice_address),
    )
    return replace(draft_for(policy, facts), as_it_is=row.sent_as_it_is)


def lines_of(row: PurchaseOrder) -> Sequence[PurchaseOrderLine]:
    """Its lines in their order, with what they are of; read once for each row object."""
    rows = PurchaseOrderLine.objects.select_related("variant", "order_line").order_by("pk")
    prefetch_related_objects([row], Prefetch("lines", rows))
    return list(row.lines.all())


def address_of(kept: dict[str, str] | None) -> Address | None:
    return Address(**kept) if kept else None


def addressed(marketplace: Marketplace, buyer: str = "") -> Addressed:
    return Addressed(buyer, marketplace.order_email, marketplace.relay_domain)


def _line(line: PurchaseOrderLine, currency: str) -> StoreOrderLineDraft:
    return StoreOrderLineDraft(
        line.variant.product_id_in_store,
        line.variant.variation_id,
        line.quantity,
        Money(line.unit_price, currency),
        tuple(
            (one_line(str(name), 60), one_line(str(text), 500))
            for name, text in line.order_line.details
        ),
    )


def _share(row: PurchaseOrder, at: datetime) -> Money:
    """The share of this part in what the buyer paid for shipping, in the store's currency."""
    order = row.order
    parts = list(order.purchase_orders.order_by("pk").values_list("pk", flat=True))
    worths = [_worth(order, part) for part in parts]
    prices = PricesTold(order, row.store, at)
    whole = Money(order.shipping_price, order.currency)
    mine = share_of(whole, worths, parts.index(row.pk))
    told = prices.crossed(mine.amount)
    return Money(Decimal(0) if isinstance(told, Finding) else told, prices.currency).rounded()


def _worth(order: StorefrontOrder, part_id: int) -> Decimal:
    lines = PurchaseOrderLine.objects.filter(purchase_order_id=part_id, purchase_order__order=order)
    rows = lines.values_list("quantity", "order_line__unit_price")
    return sum((units * price for units, price in rows), Decimal(0))


def shown(draft: StoreOrderDraft) -> dict[str, Any]:
    return {
        "reference": draft.reference,
        "currency": draft.currency,
        "lines": [_shown_line(line) for line in draft.lines],
        "shipping_address": asdict(draft.shipping_address),
        "billing_address": asdict(draft.billing_address) if draft.billing_address else None,
        "shipping_title": draft.shipping_title,
        "shipping_price": str(draft.shipping_price.amount),
        "note": draft.note,
        "buyer_email": draft.buyer_email,
        "fallback_email": draft.fallback_email,
        "shipping_method": draft.shipping_method,
        "status": draft.status,
        "fields": [list(one) for one in draft.fields],
        "as_it_is": draft.as_it_is,
    }


def _shown_line(line: StoreOrderLineDraft) -> list[Any]:
    told = [line.product_id, line.variation_id, line.quantity, str(line.unit_price.amount)]
    return [*told, [list(one) for one in line.details]] if line.details else told


def read(shown: dict[str, Any]) -> StoreOrderDraft:
    currency = shown["currency"]
    return StoreOrderDraft(
        reference=shown["reference"],
        currency=currency,
        lines=tuple(_read_line(line, currency) for line in shown["lines"]),
        shipping_address=Address(**shown["shipping_address"]),
        billing_address=address_of(shown.get("billing_address")),
        shipping_title=shown["shipping_title"],
        shipping_price=Money(Decimal(shown["shipping_price"]), currency),
        note=shown["note"],
        buyer_email=shown["buyer_email"],
        fallback_email=shown.get("fallback_email", ""),
        shipping_method=shown.get("shipping_method", "marketplace"),
        status=shown.get("status", "processing"),
        fields=tuple((key, text) for key, text in shown.get("fields", ())),
        as_it_is=bool(shown.get("as_it_is")),
    )


def _read_line(line: list[Any], currency: str) -> StoreOrderLineDraft:
    product, variation, units, price, *details = line
    told = tuple((name, text) for name, text in details[0]) if details else ()
    return StoreOrderLineDraft(product, variation, units, Money(Decimal(price), currency), told)
