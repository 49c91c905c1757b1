"""What a person decides about an order that is held for its risk."""

from datetime import datetime

from django.db import transaction

from longshore.domain.routing import RiskAnswer
from longshore.ports.errors import Rejected
from longshore.storage.models import RoutingState
from longshore.storage.models import StorefrontOrder as OrderRow
from longshore.storage.repositories.routing import route_again
from longshore.storage.repositories.timeline import note_event

_HELD = frozenset({"risk", "risk_pending", "left_out"})


@transaction.atomic
def answer_risk(marketplace_id: int, order_id: int, answer: RiskAnswer, at: datetime) -> None:
    """Sends the order whatever Shopify advises, or leaves it out: nothing of it goes to a vendor,
    until a person says else. Raises Rejected.
    """
    rows = OrderRow.objects.select_for_update(no_key=True)
    row = rows.filter(marketplace_id=marketplace_id, pk=order_id).first()
    if row is None:
        raise Rejected("There is no such order.")
    if row.risk_answer == answer:
        return
    if row.canceled_at is not None:
        raise Rejected(f"{row.name} was canceled.")
    if row.routing == RoutingState.ROUTED:
        raise Rejected(f"{row.name} was sent already.")
    if row.waits_for not in _HELD:
        raise Rejected(f"{row.name} is not held for its risk.")
    if answer is RiskAnswer.SEND and row.erased_at is not None:
        raise Rejected(f"{row.name} cannot be sent any more: its address was erased.")
    row.risk_answer = answer
    row.routing = RoutingState.WAITING
    row.save(update_fields=["risk_answer", "routing"])
    note_event(row, at, "risk_answered", answer=answer.value)
    route_again(row, at)
