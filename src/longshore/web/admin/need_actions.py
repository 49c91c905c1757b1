"""What is done about a cause with one click, for one or for many at once. What a page of its own
decides is not here.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from longshore import wiring


class Action(NamedTuple):
    """`call` takes the marketplace and the primary key of what the finding is about (`kind`), and
    raises Rejected where it cannot be done.
    """

    label: object
    kind: str
    call: Callable[[int, int], object]


def _one(label: object, kind: str, call: Callable[[int, int], object]) -> Mapping[str, Action]:
    return {"": Action(label, kind, call)}


_SEND = _one(gettext_lazy("Send again"), "purchase_order", wiring.send_part_again)
_REMIND = _one(gettext_lazy("Remind the vendor"), "purchase_order", wiring.ask_reminder)
_AS_IT_IS = _one(
    gettext_lazy("Send it without prices"), "purchase_order", wiring.send_part_as_it_is
)
ACTIONS: Mapping[str, Mapping[str, Action]] = {
    # by the finding's code; the first of its actions is the one suggested
    "late_to_ship": _REMIND,
    "tracking_missing": _REMIND,
    "order_refused": _SEND,
    "order_gone": _SEND,
    "order_without_address": _one(
        gettext_lazy("Send it as it is"), "purchase_order", wiring.send_part_as_it_is
    ),
    "order_needs_rate": _AS_IT_IS,
    "order_needs_tax_rule": _AS_IT_IS,
    "order_price_unknown": _AS_IT_IS,
    "order_before_go_live": _one(
        gettext_lazy("Send to the vendors"), "order", wiring.route_by_hand
    ),
    "order_risky": {
        "send": Action(gettext_lazy("Send anyway"), "order", wiring.send_risky_order),
        "leave_out": Action(gettext_lazy("Leave out"), "order", wiring.leave_out_order),
    },
    "tracking_suggested": _one(
        gettext_lazy("Use these numbers"), "shipment", wiring.use_suggestion
    ),
    "linked_stays": _one(gettext_lazy("Take off Shopify"), "listing", wiring.take_off_listing),
    "fulfillment_refused": _one(
        gettext_lazy("Tell Shopify again"), "shipment", wiring.tell_shipment_again
    ),
}
