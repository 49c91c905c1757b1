"""What shipments cost on Shopify, in `longshore bench orders`: vendors complete orders, and the
points of the calls are compared with the fewest that can do it.
"""

import time
from collections.abc import Sequence
from typing import Any

from longshore.cli.bench.floor_publish import ShopByHand
from longshore.cli.bench.order_market import Shop, Shopify
from longshore.cli.bench.report import Report

CREATE_POINTS = 11
"""Of a call that makes a fulfillment: a mutation's 10 and an object's 1
(shopify.dev/docs/api/usage/limits).
"""
AT_ONCE = 25
TOLD_WITHIN_S = 120.0
_LEAST = "LeastRead"
"""The hub may ask something in the same moment; its requests have other names."""
_WORK = """query LeastRead($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Order { fulfillmentOrders(first: %d) { nodes {
    id status supportedActions { action } assignedLocation { location { id } }
    lineItems(first: %d) { nodes { id remainingQuantity lineItem { id } } }
  } } } }
}"""


def measure(report: Report, storefront: Shopify, shops: Sequence[Shop], count: int) -> None:
    from longshore.storage.models import PurchaseOrder, Shipment

    parts = PurchaseOrder.objects.filter(state="accepted").order_by("pk")[:count]
    chosen = list(parts.values_list("store_id", "store_order_id", "order__order_gid"))
    before = len(storefront.ask("requests"))
    began = time.monotonic()
    _ship(shops, [(store, number) for store, number, _ in chosen if number])
    told = Shipment.objects.filter(state="fulfilled")
    while told.count() < len(chosen) and time.monotonic() - began < TOLD_WITHIN_S:
        time.sleep(0.2)
    asked = storefront.ask(f"requests?since={before}")
    spent = [one for one in asked if "Fulfillment" in one["operation"]]
    floor = _floor(storefront, [gid for _, _, gid in chosen[:AT_ONCE]])
    report.figures |= {
        "shipments": len(chosen),
        "fulfillment_calls": len(spent),
        "shipments_told_in_s": time.monotonic() - began,
        "points_floor_each": CREATE_POINTS + floor,
    }
    report.goal("shipments_untold", "==", 0, len(chosen) - told.count())
    report.goal("points_each", "<=", 1.1 * (CREATE_POINTS + floor),
        sum(one["cost"] for one in spent) / max(1, len(chosen)))  # fmt: skip


def _ship(shops: Sequence[Shop], orders: Sequence[tuple[int, int]]) -> None:
    """Vendors complete their orders, and the hub looks at them, as it does by the clock."""
    from longshore.storage import work

    by_store = {shop.store_id: shop for shop in shops}
    for store_id, number in orders:
        tracking = {"number": f"FAKE{number}", "provider": "ups"}
        by_store[store_id].ask("orders/complete", {"order_id": number, "tracking": tracking})
    for store_id in sorted({store_id for store_id, _ in orders}):
        work.pull_shipments(store_id)


def _floor(storefront: Shopify, order_gids: Sequence[str]) -> float:
    """Points for each order of the cheapest read of the fulfillment work of so many."""
    by_hand = ShopByHand(storefront.said)
    before = len(storefront.ask("requests"))
    by_hand.ask(_WORK % (_most(storefront, order_gids)), ids=list(order_gids))
    asked = storefront.ask(f"requests?since={before}")
    (read,) = (one for one in asked if one["operation"] == _LEAST)
    return float(read["cost"]) / max(1, len(order_gids))


def _most(storefront: Shopify, order_gids: Sequence[str]) -> tuple[int, int]:
    """The most pieces of work an order has, and the most lines such a piece has."""
    wanted = set(order_gids)
    rows: list[dict[str, Any]] = storefront.ask("state?only=orders")["orders"]
    work = [row["fulfillmentOrders"] for row in rows if row["id"] in wanted]
    return max(map(len, work)), max(len(one["lines"]) for some in work for one in some)
