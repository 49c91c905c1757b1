"""What a buyer may ask for: everything kept about them, and the end of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from longshore.ports.errors import NeedsOperator
from longshore.storage.models import Marketplace
from longshore.storage.repositories import buyers
from longshore.storage.repositories.buyers import Erased
from longshore.wiring.shops import clock

count_buyer = buyers.count_buyer


def export_buyer(marketplace_id: int, email: str) -> Sequence[Mapping[str, Any]]:
    """One object an order, the newest first."""
    return buyers.export_buyer(marketplace_id, email)


def erase_buyer(marketplace_id: int, email: str) -> Erased:
    return buyers.erase_buyer(marketplace_id, email, clock.now())


def marketplace_named(name: str) -> int:
    """The marketplace's id; without a name the only one there is. Raises NeedsOperator."""
    rows = Marketplace.objects.filter(name=name) if name else Marketplace.objects.all()
    found = list(rows.order_by("pk").values_list("pk", flat=True)[:2])
    if not found:
        raise NeedsOperator("There is no such marketplace.")
    if len(found) > 1:
        raise NeedsOperator("There are several marketplaces. Name one with --marketplace.")
    return found[0]
