"""What the hub itself says of the story's orders, compared with what the auditor counted."""

import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from longshore.cli.output import complain

AGREES_WITHIN_S = 60.0
LOOK_EVERY_S = 0.5


def compare_with_hub(marketplace_id: int, counted: Mapping[str, Any]) -> tuple[int, int]:
    """(figures compared, those that differ). Waits a while for the hub, which may still be reading;
    what differs then is told on stderr.
    """
    deadline = time.monotonic() + AGREES_WITHIN_S
    while True:
        said = hub_says(marketplace_id)
        wrong = {name: value for name, value in said.items() if str(value) != str(counted[name])}
        if not wrong or time.monotonic() > deadline:
            break
        time.sleep(LOOK_EVERY_S)
    for name, value in wrong.items():
        words = name.replace("_", " ")
        complain(f"MISMATCH the hub says {value} {words}, outside there are {counted[name]}")
    return len(said), len(wrong)


def hub_says(marketplace_id: int) -> dict[str, Any]:
    """The hub's own figures, under the auditor's names."""
    from longshore.domain.orders import PurchaseOrderState
    from longshore.storage.models import PurchaseOrder, StorefrontOrder

    parts = PurchaseOrder.objects.filter(marketplace_id=marketplace_id)
    over = parts.filter(state=PurchaseOrderState.CANCELED)
    never_there = over.filter(store_order_id__isnull=True)
    refused = never_there.filter(events__kind="refused").distinct()
    found = parts.filter(state=PurchaseOrderState.ACCEPTED, events__kind="adopted").distinct()
    return {
        "orders": StorefrontOrder.objects.filter(marketplace_id=marketplace_id).count(),
        "purchase_orders": parts.filter(store_order_id__isnull=False).count(),
        "canceled_before_sending": never_there.exclude(pk__in=refused).count(),
        "canceled_after_sending": over.filter(store_order_id__isnull=False).count(),
        "refused_by_vendor": refused.count(),
        "timed_out_and_found": found.count(),
        **_shipped(marketplace_id),
        **_refunded(marketplace_id),
    }


def _shipped(marketplace_id: int) -> dict[str, int]:
    from longshore.storage.models import Shipment, ShipmentState

    rows = Shipment.objects.filter(marketplace_id=marketplace_id, state=ShipmentState.FULFILLED)
    numbered = rows.exclude(tracking_number="").count()
    return {
        "shipments_with_tracking": numbered,
        "shipments_without_tracking": rows.count() - numbered,
    }


def _refunded(marketplace_id: int) -> dict[str, Any]:
    from longshore.storage.models import OrderRefund, RefundSide

    rows = OrderRefund.objects.filter(marketplace_id=marketplace_id)
    front = rows.filter(side=RefundSide.STOREFRONT)
    paid = sum((one.amount for one in front), Decimal(0))
    return {
        "refunds": front.count(),
        "refunded": str(paid.quantize(Decimal("0.01"))),
        "vendor_refunds": rows.filter(side=RefundSide.STORE).count(),
    }
