"""What people decide about orders."""

from longshore.domain.placing import Resend
from longshore.storage.repositories import resending, tracking_keys
from longshore.wiring.shops import clock


def send_part_again(marketplace_id: int, part_id: int) -> Resend:
    """Sends a vendor's part once more where that makes no second order. Raises Rejected."""
    return resending.send_again(marketplace_id, part_id, clock.now())


teach_tracking = tracking_keys.teach
forget_tracking = tracking_keys.forget
