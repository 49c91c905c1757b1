"""Mischief on request: what may go wrong between Shopify and an app."""

import re
import threading
from dataclasses import dataclass

KINDS = {
    "throttled": "the call is turned away for its cost (HTTP 200, THROTTLED)",
    "http_429": "the call is turned away with HTTP 429",
    "internal": "HTTP 200 with INTERNAL_SERVER_ERROR, nothing done",
    "internal_after": "the same, but the call was done",
    "http_502": "a proxy's error page, nothing done",
    "cut_after": "the call is done, the connection is cut without an answer",
    "unauthorized": "HTTP 401",
    "frozen": "HTTP 402",
    "locked": "HTTP 423",
    "html": "HTTP 200 with a web page",
    "old_version": "the answer says that another API version was served",
}


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
            self._waiting.append(Fault(kind, times, match))

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def bite(self, operation: str) -> str | None:
        """The fault for this call, if one waits."""
        with self._lock:
            for fault in self._waiting:
                if re.search(fault.match, operation):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                    return fault.kind
        return None
