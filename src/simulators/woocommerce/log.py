"""What was asked of the shop, without secrets."""

import re
import threading
from collections import deque
from dataclasses import dataclass, field

from simulators.woocommerce.exchange import Exchange
from simulators.woocommerce.jsonish import Json

SECRET = re.compile(
    r"(consumer_key|consumer_secret|oauth_consumer_key|oauth_signature|oauth_nonce|password)=[^&]*"
)
KEPT = 200_000


@dataclass(slots=True)
class Entry:
    """`ms`: how long the answer took, its wait included. `at`: epoch seconds by the shop's clock.
    `agent`: who asked, as it calls itself.
    """

    method: str
    path: str
    query: str
    status: int
    ms: float
    at: float
    agent: str

    def shown(self) -> Json:
        return {
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "status": self.status,
            "ms": round(self.ms, 2),
            "at": self.at,
            "agent": self.agent,
        }


@dataclass(slots=True)
class Log:
    _entries: "deque[Entry]" = field(default_factory=lambda: deque[Entry](maxlen=KEPT))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, exchange: Exchange, status: int, ms: float, at: float) -> None:
        query = SECRET.sub(r"\1=***", exchange.query)
        agent = exchange.headers.get("user-agent", "")
        with self._lock:
            self._entries.append(
                Entry(exchange.method, exchange.path, query, status, ms, at, agent)
            )

    def entries(self) -> list[Entry]:
        with self._lock:
            return list(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
