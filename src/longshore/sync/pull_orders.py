"""Pull orders: reads what changed on Shopify, one order at a time kept and routed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from longshore.domain.orders import StorefrontOrder
from longshore.ports.clock import Clock
from longshore.ports.ledger.orders import OrderHint, OrderLedger
from longshore.ports.storefronts import Storefront

ORDERS_AT_ONCE = 25
"""So many are read in one call."""
POLL_AT_LEAST_EVERY = timedelta(minutes=5)
"""With webhooks at work the hinted orders are enough for so long."""


def pull_orders(
    storefront: Storefront, ledger: OrderLedger, clock: Clock, *, everything: bool = False
) -> int:
    """Returns how many orders were read. `everything`: whatever changed, hint or not; what hints
    say is left to those who follow them.

    The time to read from moves only after the last page: a broken walk is walked again.
    """
    hints: Sequence[OrderHint] = () if everything else ledger.hints()
    read = follow_hints(storefront, ledger, clock, hints)
    now = clock.now()
    since = ledger.read_to()
    if hints and now - since < POLL_AT_LEAST_EVERY:
        return read
    cursor: str | None = None
    while True:
        page = storefront.changed_orders(since, cursor)
        unseen = ledger.unseen(page.changed_at)
        read += _read(storefront, ledger, clock, [one for one in page.changed_at if one in unseen])
        cursor = page.cursor
        if cursor is None:
            break
    ledger.move_read_to(now)
    return read


def follow_hints(
    storefront: Storefront, ledger: OrderLedger, clock: Clock, hints: Sequence[OrderHint]
) -> int:
    """Reads the orders that these hints name; returns how many."""
    read = 0
    for start in range(0, len(hints), ORDERS_AT_ONCE):
        some = hints[start : start + ORDERS_AT_ONCE]
        read += _read(storefront, ledger, clock, [hint.order_id for hint in some])
        ledger.clear_hints(some)
    return read


def _read(
    storefront: Storefront, ledger: OrderLedger, clock: Clock, order_ids: Sequence[str]
) -> int:
    read = 0
    for start in range(0, len(order_ids), ORDERS_AT_ONCE):
        asked = order_ids[start : start + ORDERS_AT_ONCE]
        found = storefront.read_orders(asked)
        gone = {*asked} - {*found.by_id, *found.unreadable}
        if gone:
            ledger.gone(gone, clock.now())
        read += _keep(ledger, clock, found.by_id.values(), found.unreadable, gone)
    return read


def _keep(
    ledger: OrderLedger,
    clock: Clock,
    orders: Collection[StorefrontOrder],
    unreadable: Mapping[str, str],
    gone: Collection[str],
) -> int:
    """One that cannot be kept waits by itself; the others go on."""
    told = dict(unreadable)
    read = list(gone)
    for order in orders:
        if why := ledger.keep_order(order, clock.now()):
            told[order.order_id] = why
        else:
            read.append(order.order_id)
    ledger.note_read(read, told, clock.now())
    return len(orders)
