"""The newest trial order of a vendor's store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from longshore.domain.trial import TrialState
from longshore.storage.models import TrialOrder


@dataclass(frozen=True, slots=True)
class TrialPage:
    """`running`: it goes on by itself. `steps` as in the row, oldest first."""

    store_id: int
    running: bool
    outcome: str
    number: str
    why: str
    asked_at: datetime
    steps: Sequence[Mapping[str, Any]]


def newest_trials(marketplace_id: int, vendor_id: int) -> Mapping[int, TrialPage]:
    """By store; those that were never tried are not among them."""
    rows = TrialOrder.objects.filter(marketplace_id=marketplace_id, store__vendor_id=vendor_id)
    newest = rows.order_by("store_id", "-asked_at", "-pk").distinct("store_id")
    return {row.store_id: _page(row) for row in newest}


def _page(row: TrialOrder) -> TrialPage:
    return TrialPage(
        store_id=row.store_id,
        running=TrialState(row.state).running,
        outcome=row.outcome,
        number=row.order_number,
        why=row.why,
        asked_at=row.asked_at,
        steps=tuple(row.steps),
    )
