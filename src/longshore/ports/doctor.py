"""What we need to examine a store's connection, and what comes out of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from longshore.domain.findings import Finding
from longshore.ports.stores import ConnectionProfile

CONNECTED = "connected"
READY = "ready"
"""The verdict before keys are asked for: everything that can be seen without them is fine."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the examination as it ends: its name, the finding it led to (None: all is well),
    and seconds since the beginning.
    """

    name: str
    finding: Finding | None
    seconds: float


Tell = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be examined. `key` and `secret` empty: only what can be seen without them.
    `may_use_query`: the vendor agrees that the key may stand in addresses. `payload`: also try
    whether bodies with HTML get through. `hook_url`: also try whether the shop can call us there.
    """

    address: str
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    may_use_query: bool = False
    payload: bool = False
    hook_url: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`verdict` is "connected", or the code of the one cause that must be mended. `findings` holds
    it first, then what was noted on the way. `profile` is what production runs on, also where a
    person must still act; None where we never got in. `namespaces` are those of the public index.
    `approval_url` is the shop's own page on which one click makes a key, "" where it has none.
    `key` and `secret` are the pair as it is whole (typed with quotes, or one in the other's place).
    """

    verdict: str
    findings: tuple[Finding, ...]
    profile: ConnectionProfile | None
    requests: int
    seconds: float
    namespaces: tuple[str, ...] = ()
    approval_url: str = ""
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)

    @property
    def connected(self) -> bool:
        return self.verdict == CONNECTED


class Examiner(Protocol):
    """Examines one store; writes nothing that lasts."""

    def examine(self, order: Order, tell: Tell) -> Diagnosis: ...
