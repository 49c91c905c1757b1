"""A person settles problems: they are closed until their cause is seen again."""

from collections.abc import Sequence
from datetime import datetime

from longshore.storage.models import OpenFinding


def settle_findings(marketplace_id: int, ids: Sequence[int], at: datetime) -> tuple[int, ...]:
    """Closes those that are open and the marketplace's; returns them."""
    rows = OpenFinding.objects.filter(
        marketplace_id=marketplace_id, pk__in=list(ids), resolved_at__isnull=True
    )
    found = tuple(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    OpenFinding.objects.filter(pk__in=found).update(resolved_at=at)
    return found
