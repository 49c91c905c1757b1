"""What is true about a shop's health: what slows a connection, what breaks it, what heals it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from longshore.domain.problem import Severity

PATIENCE = timedelta(seconds=90)
"""A shop that does not answer for so long is degraded: its people see it, its work goes on."""

GRACE = timedelta(minutes=10)
"""A shop that does not answer for so long is broken; before that it is only slow or restarting."""

SOONEST = timedelta(minutes=5)
LATEST = timedelta(hours=1)

STILL_READABLE = frozenset({"D39"})
"""Verdicts that keep us from writing only: products and stock are read on, orders wait."""

MAY_PASS = frozenset({"D04", "D06", "D22", "D43", "D48", "D49", "D50"})
"""Verdicts on what passes without anybody doing something; a shop keeps its good name for GRACE."""


class HealthState(StrEnum):
    """OK and DEGRADED are in use, BROKEN is left alone but for the doctor."""

    OK = "ok"
    DEGRADED = "degraded"
    BROKEN = "broken"


def health_after(severity: Severity, silent_for: timedelta, *, may_pass: bool) -> HealthState:
    """How a shop is after a problem. `may_pass`: the same request may succeed later by itself.
    `silent_for`: time since its last good answer.
    """
    if severity is not Severity.STOP:
        return HealthState.OK
    if not may_pass or silent_for >= GRACE:
        return HealthState.BROKEN
    return HealthState.DEGRADED if silent_for >= PATIENCE else HealthState.OK


def health_by_verdict(verdict: str, silent_for: timedelta) -> HealthState:
    """How a shop is after the doctor's verdict: the code of what must be mended."""
    if verdict in STILL_READABLE:
        return HealthState.DEGRADED
    if verdict in MAY_PASS and silent_for < GRACE:
        return HealthState.DEGRADED
    return HealthState.BROKEN


def look_again_after(broken_for: timedelta) -> timedelta:
    """When the doctor looks at a broken shop again: soon at first, then ever more rarely; a host
    that blocks us must not be hammered.
    """
    return min(max(broken_for / 4, SOONEST), LATEST)


class WhenSilent(StrEnum):
    """What becomes of a vendor's stock on sale while its shop stays away."""

    KEEP = "keep"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class SilencePolicy:
    """The marketplace's choice for one vendor: what to do, and after how long."""

    then: WhenSilent = WhenSilent.KEEP
    after: timedelta = timedelta(hours=24)

    def withholds(self, silent_for: timedelta) -> bool:
        """Whether the stock of a broken shop is shown as zero now."""
        return self.then is WhenSilent.ZERO and silent_for >= self.after
