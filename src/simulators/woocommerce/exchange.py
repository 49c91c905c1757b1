"""One HTTP request as the shop's server gets it, and its answer, which may break off."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Exchange:
    """`uri`: path and query as sent. `headers`: names in lower case. `secure`: the connection to
    the web server is TLS; whether PHP knows is another matter.
    """

    method: str
    uri: str
    headers: Mapping[str, str]
    body: bytes
    secure: bool

    @property
    def path(self) -> str:
        return self.uri.partition("?")[0]

    @property
    def query(self) -> str:
        return self.uri.partition("?")[2]

    @property
    def line(self) -> str:
        """What faults are matched with."""
        return f"{self.method} {self.uri}"


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection ends before the answer does: after so many bytes of the body (None: before the
    status line), at once or after a wait. `reset`: with an error instead of an end.
    """

    after_bytes: int | None = None
    wait_s: float = 0.0
    reset: bool = False


@dataclass(slots=True)
class Reply:
    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    cut: Cut | None = None

    @property
    def reason(self) -> str:
        try:
            return HTTPStatus(self.status).phrase
        except ValueError:
            return "Unknown"

    def header(self, name: str) -> str | None:
        wanted = name.lower()
        return next((value for known, value in self.headers if known.lower() == wanted), None)


def page(status: int, text: str, *headers: tuple[str, str], kind: str = "text/html") -> Reply:
    return Reply(status, text.encode(), [("Content-Type", kind), *headers])
