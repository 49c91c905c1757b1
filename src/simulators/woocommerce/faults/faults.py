"""The faults that are set, and when each bites."""

import re
import threading
from dataclasses import dataclass

from simulators.woocommerce.faults.table import KINDS


@dataclass(slots=True)
class Fault:
    """`times`: how often it bites (None: always). `match`: a pattern that the request's
    `METHOD /path?query` must contain. `after`: so many matching requests pass first.
    """

    kind: str
    value: str
    times: int | None = None
    match: str = ""
    after: int = 0


class Faults:
    """Thread-safe. Of several faults of one kind the first that fits bites."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set: list[Fault] = []

    def add(
        self,
        kind: str,
        value: str = "",
        *,
        times: int | None = None,
        match: str = "",
        after: int = 0,
    ) -> Fault:
        """Raises ValueError for an unknown kind."""
        if kind not in KINDS:
            raise ValueError(f"unknown fault {kind}; known are {', '.join(KINDS)}")
        fault = Fault(kind, value or KINDS[kind].default, times, match, after)
        with self._lock:
            self._set.append(fault)
        return fault

    def clear(self, kind: str = "") -> None:
        with self._lock:
            self._set = [fault for fault in self._set if kind and fault.kind != kind]

    def __len__(self) -> int:
        return len(self._set)

    def all(self) -> list[Fault]:
        with self._lock:
            return list(self._set)

    def value(self, kind: str) -> str | None:
        """Whether such a fault is set at all, without using it up."""
        if not self._set:
            return None
        with self._lock:
            return next((fault.value for fault in self._set if fault.kind == kind), None)

    def bite(self, kind: str, line: str = "") -> str | None:
        """The value of a fault for this request, used up once; None: nothing is wrong."""
        if not self._set:
            return None
        with self._lock:
            for fault in self._set:
                if fault.kind != kind or not re.search(fault.match, line):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._set.remove(fault)
                return fault.value
        return None
