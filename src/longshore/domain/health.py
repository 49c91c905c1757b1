"""What is true about a shop's health: what breaks a connection, and what only waits."""

from datetime import timedelta

from longshore.domain.problem import Severity

GRACE = timedelta(minutes=10)
"""A shop that does not answer for so long is broken; before that it is only slow or restarting."""


def breaks(severity: Severity, silent_for: timedelta, *, may_pass: bool) -> bool:
    """Whether a problem takes the connection out of use. `may_pass`: the same request may succeed
    later by itself; then the shop keeps its good name for `GRACE` since its last answer.
    """
    if severity is not Severity.STOP:
        return False
    return not may_pass or silent_for >= GRACE
