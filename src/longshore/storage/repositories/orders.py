"""Buyers' orders as rows: kept as Shopify has them, their goods reserved, their lines routed."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from longshore.domain.orders import OrderLine, StorefrontOrder
from longshore.ports.ledger.orders import OrderHint
from longshore.storage.models import (
    HintKind,
    ListingVariant,
    Reservation,
    Storefront,
    StorefrontOrderLine,
)
from longshore.storage.models import StorefrontOrder as OrderRow
from longshore.storage.repositories import inbox
from longshore.storage.repositories.refunds import keep_storefront_refunds
from longshore.storage.repositories.routing import route
from longshore.storage.repositories.stock import lower_known, redecide
from longshore.storage.repositories.timeline import note_event

MOST_HINTS = 200


class Orders:
    """Implements `ports.ledger.orders.OrderLedger` for one marketplace."""

    def __init__(self, marketplace_id: int) -> None:
        self._owner = marketplace_id
        self._storefront = Storefront.objects.get(marketplace_id=marketplace_id)
        self._source = f"storefront:{self._storefront.pk}"

    def read_to(self) -> datetime:
        row = Storefront.objects.get(pk=self._storefront.pk)
        return row.orders_read_to or row.facts_read_at or row.marketplace.created_at

    def move_read_to(self, at: datetime) -> None:
        Storefront.objects.filter(pk=self._storefront.pk).update(
            orders_read_to=at, orders_polled_at=at
        )

    def hints(self) -> Sequence[OrderHint]:
        found = inbox.hints(self._source, HintKind.STOREFRONT_ORDER, MOST_HINTS)
        return [OrderHint(order_id, noted_at) for order_id, noted_at in found]

    def clear_hints(self, followed: Sequence[OrderHint]) -> None:
        seen = [(hint.order_id, hint.noted_at) for hint in followed]
        inbox.clear_hints(self._source, HintKind.STOREFRONT_ORDER, seen)

    @transaction.atomic
    def keep_order(self, order: StorefrontOrder, at: datetime) -> None:
        row, made = _keep_head(self._owner, order, at)
        if not made and row.updated_in_shop > order.updated_at:
            return  # an older answer that came late
        before = row.canceled_at
        _write_head(row, order, at)
        if made:
            note_event(row, at, "seen", name=order.name)
        if order.canceled_at is not None and before is None and not made:
            note_event(row, at, "order_canceled")
        for line in order.lines:
            _keep_line(row, line, canceled=order.canceled_at is not None)
        keep_storefront_refunds(row, order.refunds, at)
        _reserve(row, order, at)
        route(row, order, at, by_hand=row.routed_by_hand)


def _keep_head(owner: int, order: StorefrontOrder, at: datetime) -> tuple[OrderRow, bool]:
    row, made = OrderRow.objects.get_or_create(
        marketplace_id=owner,
        order_gid=order.order_id,
        defaults={
            "name": order.name,
            "created_in_shop": order.created_at,
            "updated_in_shop": order.updated_at,
            "payment": order.payment,
            "currency": order.currency,
            "first_seen_at": at,
            "read_at": at,
        },
    )
    return OrderRow.objects.select_for_update(no_key=True).get(pk=row.pk), made


def _write_head(row: OrderRow, order: StorefrontOrder, at: datetime) -> None:
    row.name = order.name
    row.updated_in_shop = order.updated_at
    row.canceled_at = order.canceled_at
    row.payment = order.payment
    row.test = order.test
    row.currency = order.currency
    if row.erased_at is None:
        row.email, row.note = order.email, order.note
        row.shipping_address = asdict(order.shipping_address) if order.shipping_address else None
    row.shipping_title = order.shipping_title
    row.shipping_price = order.shipping_price.amount
    row.read_at = at
    row.save()


def _keep_line(row: OrderRow, line: OrderLine, *, canceled: bool) -> None:
    listed = None
    if line.variant_id:
        listed = ListingVariant.objects.filter(
            marketplace_id=row.marketplace_id, variant_gid=line.variant_id
        ).first()
    kept, _ = StorefrontOrderLine.objects.get_or_create(
        order=row,
        line_gid=line.line_id,
        defaults={
            "marketplace_id": row.marketplace_id,
            "variant_gid": line.variant_id or "",
            "title": line.title,
            "quantity": line.quantity,
            "unit_price": line.unit_price.amount,
        },
    )
    kept.quantity = 0 if canceled else line.quantity
    kept.title = line.title
    kept.sku = line.sku
    kept.unit_price = line.unit_price.amount
    kept.ships = line.ships
    kept.gift_card = line.gift_card
    kept.listing_variant = kept.listing_variant or listed
    kept.save()


def _reserve(row: OrderRow, order: StorefrontOrder, at: datetime) -> None:
    """Each line's units leave what we believe Shopify shows, once, and are held back from the
    store's own number until that number has seen them.
    """
    changed: list[int] = []
    # In the order in which stock lines are locked everywhere, else two orders wait for each other.
    lines = row.lines.select_related("listing_variant").order_by("listing_variant_id")
    for line in lines:
        listed = line.listing_variant
        if listed is None or line.quantity == line.counted:
            continue
        lower_known(listed.pk, line.quantity - line.counted, at)
        line.counted = line.quantity
        line.save(update_fields=["counted"])
        held, _ = Reservation.objects.get_or_create(
            order_line=line,
            defaults={
                "marketplace_id": row.marketplace_id,
                "variant_id": listed.variant_id,
                "quantity": line.quantity,
                "opened_at": order.created_at,
            },
        )
        if line.quantity == 0:
            held.closed_at = at
        elif held.quantity == 0:
            held.closed_at = None
        held.quantity = line.quantity
        held.save()
        changed.append(held.variant_id)
    if changed:
        redecide(row.marketplace_id, changed, at)
