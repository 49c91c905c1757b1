"""Pull orders: reads what changed on Shopify, one order at a time kept and routed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from longshore.domain.orders import StorefrontOrder
from longshore.ports.clock import Clock
from longshore.ports.ledger.orders import OrderHint, OrderLedger
from longshore.ports.storefronts import Storefront

ORDERS_AT_ONCE = 25
"""Orders that hints name are read in one call."""
POLL_AT_LEAST_EVERY = timedelta(minutes=5)
"""With webhooks at work the hinted orders are enough for so long."""


def pull_orders(
    storefront: Storefront, ledger: OrderLedger, clock: Clock, *, everything: bool = False
) -> int:
    """Returns how many orders were read. `everything`: whatever changed, also without a hint.

    The time to read from moves only after the last page: a broken walk is walked again.
    """
    hints = ledger.hints()
    read = _follow(storefront, ledger, clock, hints)
    now = clock.now()
    since = ledger.read_to()
    if hints and not everything and now - since < POLL_AT_LEAST_EVERY:
        return read
    cursor: str | None = None
    while True:
        page = storefront.changed_orders(since, cursor)
        read += _keep(ledger, clock, page.orders, page.unreadable)
        cursor = page.cursor
        if cursor is None:
            break
    ledger.move_read_to(now)
    return read


def _follow(
    storefront: Storefront, ledger: OrderLedger, clock: Clock, hints: Sequence[OrderHint]
) -> int:
    read = 0
    for start in range(0, len(hints), ORDERS_AT_ONCE):
        some = hints[start : start + ORDERS_AT_ONCE]
        asked = [hint.order_id for hint in some]
        found = storefront.read_orders(asked)
        gone = {*asked} - {*found.by_id, *found.unreadable}
        if gone:
            ledger.gone(gone, clock.now())
        read += _keep(ledger, clock, found.by_id.values(), found.unreadable, gone)
        ledger.clear_hints(some)
    return read


def _keep(
    ledger: OrderLedger,
    clock: Clock,
    orders: Collection[StorefrontOrder],
    unreadable: Mapping[str, str],
    gone: Collection[str] = (),
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
