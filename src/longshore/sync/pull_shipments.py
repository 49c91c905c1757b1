"""Pull shipments: reads the orders we placed in a store and notes what was shipped."""

from longshore.ports.clock import Clock
from longshore.ports.ledger.shipments import StoreOrderLedger
from longshore.ports.stores import VendorStore


def pull_shipments(store: VendorStore, ledger: StoreOrderLedger, clock: Clock) -> int:
    """Reads the orders that hints name, and all open ones when their time has come or nothing was
    named; returns how many were read. One call reads a hundred of them.
    """
    began = clock.now()
    hints = ledger.hints()
    hinted = [int(hint.order_id) for hint in hints if hint.order_id.isdigit()]
    whole = not hints or ledger.due()
    wanted = sorted({*(ledger.open_orders(began) if whole else ()), *ledger.ours(hinted)})
    read = 0
    if wanted:
        found = store.read_orders(wanted, ledger.known_refunds(wanted))
        for order in found.items:
            ledger.keep_store_order(order, clock.now())
            read += 1
        for bad in found.unreadable:
            ledger.unreadable(bad.product_id, bad.why, clock.now())
        for store_order_id in sorted(found.missing):
            ledger.gone(store_order_id, clock.now())
    ledger.clear_hints(hints)
    if whole:
        ledger.read_all(began)
    for store_order_id in ledger.without_number(clock.now()):
        suggestion = store.suggest_tracking(store_order_id)
        ledger.looked_through(store_order_id, suggestion, clock.now())
    return read
