"""Buyers' orders as rows: kept as Shopify has them, their goods reserved, their lines routed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from django.db import DataError, OperationalError, transaction
from psycopg.errors import DeadlockDetected

from longshore.domain.orders import StorefrontOrder
from longshore.ports.ledger.orders import OrderHint
from longshore.storage.models import HintKind, RoutingState, Storefront
from longshore.storage.models import StorefrontOrder as OrderRow
from longshore.storage.repositories import deleted_orders, inbox, unreadable_orders
from longshore.storage.repositories.order_lines import keep_lines
from longshore.storage.repositories.refunds import keep_storefront_refunds
from longshore.storage.repositories.routing import kept_order, route
from longshore.storage.repositories.timeline import note_event

MOST_HINTS = 200
SHARES = 3
"""Jobs that a backlog is shared among; other workers, or other threads, do the others."""
_SETTLED = (RoutingState.ROUTED, RoutingState.CLOSED)
TRIES = 3
SAME_SECOND = timedelta(seconds=5)
"""Shopify tells the second of a change. An order read so soon after it may have changed again in
that second, and is read once more.
"""


def share_of(order_id: str) -> int:
    """Whose share an order is, always the same: two jobs do not read it at a time."""
    return crc32(order_id.encode()) % SHARES


class Orders:
    """Implements `ports.ledger.orders.OrderLedger` for one marketplace. `share`: only the hints of
    this share of its orders, from 0 to SHARES - 1, are seen; None: all of them.
    """

    def __init__(self, marketplace_id: int, share: int | None = None) -> None:
        self._owner = marketplace_id
        self._share = share
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
        return [
            OrderHint(order_id, noted_at)
            for order_id, noted_at in found
            if self._share in {None, share_of(order_id)}
        ]

    def clear_hints(self, followed: Sequence[OrderHint]) -> None:
        seen = [(hint.order_id, hint.noted_at) for hint in followed]
        inbox.clear_hints(self._source, HintKind.STOREFRONT_ORDER, seen)

    def unseen(self, changed_at: Mapping[str, datetime]) -> Collection[str]:
        rows = OrderRow.objects.filter(
            marketplace_id=self._owner, order_gid__in=changed_at, routing__in=_SETTLED
        )
        known = rows.values_list("order_gid", "updated_in_shop", "read_at")
        seen = {
            order_id
            for order_id, updated_at, read_at in known
            if updated_at >= changed_at[order_id] and read_at - updated_at > SAME_SECOND
        }
        return changed_at.keys() - seen

    def keep_order(self, order: StorefrontOrder, at: datetime) -> str:
        tries = TRIES
        while True:
            tries -= 1
            try:
                self._keep(order, at)
            except DataError as error:
                return str(error).partition("\n")[0]
            except OperationalError as error:
                # Orders of the same goods are kept at once, and readings of them as well.
                if not tries or not isinstance(error.__cause__, DeadlockDetected):
                    raise
            else:
                return ""

    def note_read(self, read: Collection[str], unreadable: Mapping[str, str], at: datetime) -> None:
        unreadable_orders.note(self._owner, unreadable, at)
        unreadable_orders.resolve(self._owner, read, at)

    @transaction.atomic
    def gone(self, order_ids: Collection[str], at: datetime) -> None:
        for row in deleted_orders.missing(self._owner, order_ids, at):
            if deleted_orders.is_sure(row, at) and not deleted_orders.is_with_vendors(row, at):
                note_event(row, at, "order_deleted")
                self._keep(replace(kept_order(row), canceled_at=at), at)

    @transaction.atomic
    def _keep(self, order: StorefrontOrder, at: datetime) -> None:
        row, made = _keep_head(self._owner, order, at)
        if not made and row.updated_in_shop > order.updated_at:
            return  # an older answer that came late
        known = None if made else _write_head(row, order, at)
        if made:
            note_event(row, at, "seen", name=order.name)
        if order.canceled_at is not None and known and known["canceled_at"] is None:
            note_event(row, at, "order_canceled")
        changed = keep_lines(row, order, at)
        keep_storefront_refunds(row, order.refunds, at)
        if changed or row.routing != RoutingState.ROUTED or known != _told(row):
            route(row, order, at, by_hand=row.routed_by_hand)


def _keep_head(owner: int, order: StorefrontOrder, at: datetime) -> tuple[OrderRow, bool]:
    """The order's row, locked. A new one is whole already."""
    row, made = OrderRow.objects.get_or_create(
        marketplace_id=owner,
        order_gid=order.order_id,
        defaults={
            "created_in_shop": order.created_at,
            "first_seen_at": at,
            **_head(order, at),
            **_buyer(order),
        },
    )
    if not made:
        row = OrderRow.objects.select_for_update(no_key=True).get(pk=row.pk)
    return row, made


_DECIDES = ("canceled_at", "payment", "test", "currency", "risk", "shipping_address")
"""What routing looks at, besides the lines."""


def _told(row: OrderRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _DECIDES}


def _write_head(row: OrderRow, order: StorefrontOrder, at: datetime) -> dict[str, Any]:
    """Returns what was known of it before."""
    before = _told(row)
    values = _head(order, at)
    if row.erased_at is None:
        values |= _buyer(order)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    return before


def _head(order: StorefrontOrder, at: datetime) -> dict[str, Any]:
    return {
        "name": order.name,
        "updated_in_shop": order.updated_at,
        "canceled_at": order.canceled_at,
        "payment": order.payment,
        "test": order.test,
        "risk": order.risk,
        "currency": order.currency,
        "shipping_title": order.shipping_title,
        "shipping_price": order.shipping_price.amount,
        "read_at": at,
    }


def _buyer(order: StorefrontOrder) -> dict[str, Any]:
    address, billing = order.shipping_address, order.billing_address
    return {
        "email": order.email,
        "note": order.note,
        "attributes": [list(one) for one in order.attributes],
        "shipping_address": asdict(address) if address else None,
        "billing_address": asdict(billing) if billing else None,
    }
