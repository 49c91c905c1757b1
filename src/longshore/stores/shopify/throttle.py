"""Pacing: Shopify takes a call's cost out of a bucket that refills by the second, one bucket for
all our workers (shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits).
"""

import threading
import time
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ThrottleStatus:
    """The bucket as an answer reports it (`extensions.cost.throttleStatus`), in points."""

    maximum: float
    available: float
    restore_rate: float


class SharedBudget(Protocol):
    """The bucket as all workers see it."""

    def reserve(self, cost: float) -> float:
        """Takes `cost` points out; returns the seconds to wait before the call may go out."""
        ...

    def settle(self, reserved: float, status: ThrottleStatus) -> None:
        """Corrects the bucket by an answer; `reserved` is what was taken for that call."""
        ...


class MemoryBudget:
    """A budget for one process."""

    def __init__(self, maximum: float = 2000, restore_rate: float = 100) -> None:
        self._lock = threading.Lock()
        self._maximum = maximum
        self._rate = restore_rate
        self._available = maximum
        self._at = time.monotonic()

    def reserve(self, cost: float) -> float:
        with self._lock:
            self._refill()
            self._available -= cost
            return max(0.0, -self._available / self._rate)

    def settle(self, reserved: float, status: ThrottleStatus) -> None:
        with self._lock:
            self._refill()
            self._maximum, self._rate = status.maximum, max(status.restore_rate, 1.0)
            # Points others reserved for calls still under way are not in the answer's number.
            self._available = min(status.available, self._available + reserved)

    def _refill(self) -> None:
        now = time.monotonic()
        self._available = min(self._maximum, self._available + (now - self._at) * self._rate)
        self._at = now
