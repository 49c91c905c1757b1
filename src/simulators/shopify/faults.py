"""Mischief on request: what may go wrong between Shopify and an app."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass

from simulators.shopify.rows import UserErrors

KINDS = {
    "throttled": "the call is turned away for its cost (HTTP 200, THROTTLED)",
    "http_429": "the call is turned away with HTTP 429",
    "internal": "HTTP 200 with INTERNAL_SERVER_ERROR, nothing done",
    "internal_after": "the same, but the call was done",
    "http_502": "a proxy's error page, nothing done",
    "http_502_after": "the same, but the call was done",
    "cut_before": "the connection is cut, nothing done",
    "cut_after": "the call is done, the connection is cut without an answer",
    "hang_before": "no answer for `hang_s` seconds, then the connection is cut, nothing done",
    "hang_after": "the same, but the call was done",
    "unauthorized": "HTTP 401",
    "frozen": "HTTP 402",
    "forbidden": "HTTP 403",
    "gone": "HTTP 404, as for a shop that is no more",
    "locked": "HTTP 423",
    "html": "HTTP 200 with a web page",
    "half": "HTTP 200 with half of the JSON",
    "old_version": "the answer says that another API version was served",
    "stale": "a stock write meets a quantity that has just changed",
    "concurrent": "the same idempotency key is under way in another request",
    "attempt_failed": "an earlier attempt with the idempotency key failed",
    "bulk_limit": "no more bulk operations may run",
    "bulk_file_server": "the staged file cannot be read just now",
    "bulk_failed": "a bulk operation ends half-way; what was done stays done",
}
_REFUSALS = {
    "stale": (["input", "quantities", "0", "changeFromQuantity"], "CHANGE_FROM_QUANTITY_STALE"),
    "concurrent": (None, "IDEMPOTENCY_CONCURRENT_REQUEST"),
    "attempt_failed": (None, "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"),
    "bulk_limit": (None, "LIMIT_REACHED"),
    "bulk_file_server": (None, "INTERNAL_FILE_SERVER_ERROR"),
}
"""Kinds that are an entry in userErrors: where, and which code."""
_OF = {
    "stale": "inventorySetQuantities",
    "bulk_limit": "bulkOperationRun",
    "bulk_file_server": "bulkOperationRunMutation",
}
"""Mutations that these are about where nobody says so."""
BY_ITSELF = frozenset({"bulk_failed"})


@dataclass
class Fault:
    kind: str
    times: int
    match: str


class Faults:
    """Faults in the order they were added; each bites `times` calls whose operation matches."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, kind: str, times: int = 1, match: str = "") -> None:
        if kind not in KINDS:
            raise ValueError(f"unknown fault {kind}; known are {', '.join(KINDS)}")
        with self._lock:
            self._waiting.append(Fault(kind, times, match or _OF.get(kind, "")))

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[dict[str, object]]:
        with self._lock:
            return [dict(vars(fault)) for fault in self._waiting]

    def bite(self, operation: str) -> str | None:
        """The fault for a whole call, if one waits."""
        fault = self._take(operation, lambda kind: kind not in _REFUSALS and kind not in BY_ITSELF)
        return fault.kind if fault else None

    def refuse(self, mutation: str) -> None:
        """Raises UserErrors where a mutation is to be refused by its name."""
        fault = self._take(mutation, lambda kind: kind in _REFUSALS)
        if fault is not None:
            where, code = _REFUSALS[fault.kind]
            raise UserErrors((where, KINDS[fault.kind].capitalize() + ".", code))

    def strikes(self, kind: str, name: str = "") -> bool:
        """Whether something that happens by itself goes wrong this time."""
        return self._take(name, lambda waiting: waiting == kind) is not None

    def _take(self, name: str, fits: Callable[[str], bool]) -> Fault | None:
        with self._lock:
            for fault in self._waiting:
                if fits(fault.kind) and re.search(fault.match, name):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                    return fault
        return None
