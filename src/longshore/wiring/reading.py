"""What people decide about how shops are read: quiet hours, the most we may ask."""

from datetime import time

from longshore.storage.repositories import manners
from longshore.wiring.shops import clock


def change_manners(
    marketplace_id: int,
    store_id: int,
    *,
    quiet_from: time | None,
    quiet_to: time | None,
    most_requests_an_hour: int,
) -> None:
    """When a shop is spared, and how much it may be asked. Raises Rejected."""
    manners.change_manners(
        marketplace_id,
        store_id,
        clock.now(),
        quiet_from=quiet_from,
        quiet_to=quiet_to,
        most_requests_an_hour=most_requests_an_hour,
    )
