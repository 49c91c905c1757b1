"""What became of the orders of `longshore bench orders`, counted in the simulated shops: their
orders, and the log of what they were asked.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from longshore.cli.bench.order_market import Bought, Shop
from longshore.cli.bench.report import Report, percentile

MADE = re.compile(r"/orders/?$")
LOOKED = re.compile(r"/orders/?$")


@dataclass
class Seen:
    """What one shop says: buyers' orders by name, and the requests about orders."""

    names: "Counter[str]" = field(default_factory=Counter[str])
    posts: int = 0
    reads: int = 0


def audit(
    report: Report, wanted: Sequence[Bought], shops: Sequence[Shop], plain: list[float], kills: int
) -> None:
    from longshore.storage.models import PurchaseOrder

    seen = {shop.store_id: _seen(shop) for shop in shops}
    missing = duplicates = parts = 0
    for bought in wanted:
        for store_id in bought.stores:
            parts += 1
            times = seen[store_id].names[bought.name]
            missing += times == 0
            duplicates += max(0, times - 1)
    misled = sum(sum(one.names.values()) for one in seen.values()) - (parts - missing + duplicates)
    rows = PurchaseOrder.objects.all()
    false_failures = rows.filter(state__in=["refused", "canceled"]).count()
    unsettled = rows.exclude(state__in=["accepted", "refused", "canceled"]).count()
    report.figures |= {
        "purchase_orders": parts,
        "posts_seen_by_shops": sum(one.posts for one in seen.values()),
        "order_lists_seen_by_shops": sum(one.reads for one in seen.values()),
        "p50_s": percentile(plain, 0.5),
        "kills_total": kills,
    }
    report.goal("duplicates", "==", 0, duplicates)
    report.goal("missing", "==", 0, missing)
    report.goal("orders_nobody_sent", "==", 0, misled)
    report.goal("false_failures", "==", 0, false_failures)
    report.goal("unsettled", "==", 0, unsettled)
    _audit_look_ups(report)
    report.goal("order_to_store_p95_s", "<=", 5, percentile(plain, 0.95))


def _audit_look_ups(report: Report) -> None:
    """Of orders whose answer was never lost, of those found at the first look, and of the others,
    for each lost answer.
    """
    from django.db.models import Count, Q

    from longshore.storage.models import PurchaseOrder

    def times(kind: str) -> Count:
        return Count("events", filter=Q(events__kind=kind))

    counted = PurchaseOrder.objects.annotate(lost=times("uncertain"), looked=times("looked_up"))
    rows = list(counted.values_list("look_ups", "lost", "looked"))
    certain = [looks for looks, lost, _ in rows if not lost]
    at_once = [looks for looks, lost, looked in rows if lost == 1 and not looked]
    others = [looks / lost for looks, lost, looked in rows if looked and lost]
    report.figures |= {
        "look_ups": sum(looks for looks, _, _ in rows),
        "answers_lost": sum(lost for _, lost, _ in rows),
        "found_at_the_first_look": len(at_once),
    }
    report.goal("look_ups_of_certain_pushes", "==", 0, sum(certain))
    report.goal("look_ups_when_found_settled", "<=", 1, max(at_once, default=0))
    report.goal("look_ups_when_absent_or_half_made", "<=", 4, max(others, default=0))


def _seen(shop: Shop) -> Seen:
    found = Seen()
    for order in shop.ask("state")["orders"]:
        note = str(order.get("customer_note", ""))
        name = next((word.strip(",") for word in note.split() if word.startswith("#")), "")
        if name:
            found.names[name] += 1
    for request in shop.ask("requests"):
        path = str(request["path"])
        if request["method"] == "POST" and MADE.search(path):
            found.posts += 1
        elif request["method"] == "GET" and LOOKED.search(path):
            found.reads += 1
    return found
