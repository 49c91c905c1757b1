"""A person settles problems. One that is over is closed until its cause is seen again. A warning
about a shop is seen again at every examination: one that people know of stays open, and asks for
nobody until its evidence changes.
"""

from collections.abc import Sequence
from datetime import datetime

from longshore.storage.models import OpenFinding


def settle_findings(
    marketplace_id: int, ids: Sequence[int], user_id: int | None, at: datetime
) -> tuple[int, ...]:
    """Settles those that are open and the marketplace's; returns them."""
    rows = OpenFinding.objects.filter(
        marketplace_id=marketplace_id, pk__in=list(ids), resolved_at__isnull=True
    )
    found = tuple(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    mine = OpenFinding.objects.filter(pk__in=found)
    lasting = mine.filter(subject__startswith="store:", severity="warning")
    known = list(lasting.values_list("pk", flat=True))
    OpenFinding.objects.filter(pk__in=known).update(known_at=at, known_by_id=user_id)
    mine.exclude(pk__in=known).update(resolved_at=at)
    return found
