"""The one door out: every request to a shop passes here, guarded, bounded, counted and redacted."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import urljoin, urlsplit

import httpcore2
import httpx2

from longshore.domain.findings import Finding
from longshore.domain.replies import CERTIFICATE, Trouble
from longshore.ports.errors import LongshoreError, NeedsOperator, NeedsVendor, Rejected, TryLater
from longshore.ports.stores import AnswerTimes
from longshore.stores.guard import AddressRefused, GuardedBackend, Network

USER_AGENT = "Longshore/0.1 (marketplace hub)"
MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
SAFE = frozenset({"GET", "HEAD"})
FILE_TIMEOUT_S = 600.0
"""Files of 100 MB over a slow line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    elapsed_s: float


class GuardedClient:
    """Speaks http and https with anybody, trusting nobody: private addresses are refused unless in
    `allow_nets`, certificates are always verified (`ca_bundle` adds authorities), time and size are
    bounded, writes never follow a redirect. May be used from several threads.

    `before_request` is called before each request, on its thread: what should not be held while
    waiting is let go there. `transport` replaces the network in tests.
    """

    def __init__(
        self,
        *,
        allow_nets: Sequence[Network] = (),
        ca_bundle: Path | None = None,
        timeout_s: float = 60.0,
        connect_timeout_s: float = 10.0,
        max_body_bytes: int = 64 * 1024 * 1024,
        transport: httpx2.BaseTransport | None = None,
        before_request: Callable[[], None] | None = None,
    ) -> None:
        self._before_request = before_request
        self._timeout_s = timeout_s
        self._connect_timeout_s = connect_timeout_s
        self._max_body_bytes = max_body_bytes
        self._client = httpx2.Client(
            transport=transport or _transport(allow_nets, ca_bundle),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
            follow_redirects=False,
            trust_env=False,
        )
        self._lock = threading.Lock()
        self.requests_made = 0
        self.answer_times = AnswerTimes()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        timeout_s: float | None = None,
        follow: bool = False,
    ) -> Answer:
        """One exchange. `params` are added to the address. `follow` lets a GET follow redirects
        within its host (and from http to https); a write never does.

        Raises TryLater (`maybe_done` when a write may have arrived), NeedsVendor for a certificate
        that cannot be trusted, NeedsOperator for a private address, Rejected for an address that
        makes no sense or an answer without end.
        """
        deadline = time.monotonic() + (timeout_s or self._timeout_s)
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._once(method, url, headers, params, content, deadline)
            target = answer.headers.get("location", "")
            if answer.status not in REDIRECTS or not follow or method not in SAFE or not target:
                return answer
            url, params = urljoin(answer.url, target), None
            if not _same_place(answer.url, url):
                return answer
        raise Rejected(f"{_host(url)} redirects in a circle.")

    def send_file(self, url: str, form: Mapping[str, str], file: BinaryIO) -> Answer:
        """Posts a form with a file behind its fields, read as it is sent. Raises as `request`."""
        return self._once("POST", url, None, None, None, self._patient(), (form, file))

    def lines(self, url: str) -> Iterator[bytes]:
        """A large text line by line, never whole in memory. Raises as `request`, also half-way, and
        TryLater for any answer but 200.
        """
        host = _host(url)
        deadline = self._patient()
        self._begins()
        try:
            with self._client.stream("GET", url, timeout=self._timeout(deadline)) as response:
                if response.status_code != HTTPStatus.OK:
                    raise TryLater(
                        f"{host} does not give the file ({response.status_code}); we try again.",
                        f"{host}: {response.status_code}",
                    )
                yield from self._split(response, deadline, host)
        except AddressRefused as error:
            raise _private(error) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise _failed(error, host, write=False) from None

    def _split(self, response: httpx2.Response, deadline: float, host: str) -> Iterator[bytes]:
        rest = b""
        for part in response.iter_bytes():
            *whole, rest = (rest + part).split(b"\n")
            if len(rest) > self._max_body_bytes:
                raise Rejected(f"{host} sends a line without end ({len(rest)} bytes).")
            if time.monotonic() > deadline:
                raise httpx2.ReadTimeout("deadline passed")
            yield from whole
        if rest:
            yield rest

    def _patient(self) -> float:
        return time.monotonic() + max(self._timeout_s, FILE_TIMEOUT_S)

    def _begins(self) -> None:
        if self._before_request is not None:
            self._before_request()
        with self._lock:
            self.requests_made += 1

    def _ended(self, seconds: float) -> None:
        with self._lock:
            self.answer_times = self.answer_times.plus(seconds)

    def _once(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        params: Mapping[str, str] | None,
        content: bytes | None,
        deadline: float,
        form: tuple[Mapping[str, str], BinaryIO] | None = None,
    ) -> Answer:
        host = _host(url)
        self._begins()
        started = time.monotonic()
        try:
            with self._client.stream(
                method,
                url,
                headers=headers,
                params=params,
                content=content,
                data=None if form is None else form[0],
                files=None if form is None else {"file": ("lines.jsonl", form[1], "text/jsonl")},
                timeout=self._timeout(deadline),
            ) as response:
                body = self._read(response, deadline, host)
                return Answer(
                    response.status_code,
                    {name.lower(): value for name, value in response.headers.items()},
                    body,
                    str(response.url),
                    time.monotonic() - started,
                )
        except AddressRefused as error:
            raise _private(error) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise _failed(error, host, write=method not in SAFE) from None
        finally:
            self._ended(time.monotonic() - started)

    def _timeout(self, deadline: float) -> httpx2.Timeout:
        left = max(0.1, deadline - time.monotonic())
        return httpx2.Timeout(left, connect=min(left, self._connect_timeout_s))

    def _read(self, response: httpx2.Response, deadline: float, host: str) -> bytes:
        """The body, unpacked, bounded in size and in total time: neither a packed bomb nor a drip
        of single bytes holds a worker.
        """
        parts: list[bytes] = []
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            if size > self._max_body_bytes:
                raise Rejected(f"{host} sends an answer without end ({size} bytes).")
            if time.monotonic() > deadline:
                raise httpx2.ReadTimeout("deadline passed")
            parts.append(part)
        return b"".join(parts)


@cache
def _trust(ca_bundle: Path | None) -> ssl.SSLContext:
    """Whom we believe; read once, for it takes longer than most requests."""
    trust = ssl.create_default_context()
    if ca_bundle is not None:
        trust.load_verify_locations(ca_bundle)
    return trust


def _transport(allow_nets: Sequence[Network], ca_bundle: Path | None) -> httpx2.HTTPTransport:
    trust = _trust(ca_bundle)
    transport = httpx2.HTTPTransport(verify=trust, trust_env=False)
    # The transport offers no place for a network backend, its pool does.
    transport._pool = httpcore2.ConnectionPool(  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        ssl_context=trust,
        max_connections=8,
        max_keepalive_connections=8,
        keepalive_expiry=30,
        network_backend=GuardedBackend(allow_nets),
    )
    return transport


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not host:
        raise Rejected("The address must begin with https:// or http:// and name a host.")
    return host


def _same_place(old: str, new: str) -> bool:
    before, after = urlsplit(old), urlsplit(new)
    if before.scheme == "https" and after.scheme != "https":
        return False
    return before.hostname == after.hostname


def _private(error: AddressRefused) -> NeedsOperator:
    return NeedsOperator(
        f"{error.host} is an address inside a private network ({error.address}). If that is"
        " intended, allow the network with LONGSHORE_ALLOW_NETS, e.g."
        f" LONGSHORE_ALLOW_NETS={error.address}/32.",
        finding=Finding("store_address_private", {"host": error.host}),
    )


_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


def _failed(
    error: httpx2.HTTPError | httpx2.InvalidURL, host: str, *, write: bool
) -> LongshoreError:
    """The error in our words. Texts of the network library stay out: they may repeat addresses
    with keys in them.
    """
    kind = type(error).__name__
    cause = error.__cause__ or error.__context__
    trouble = trouble_of(error)
    evidence = {"host": host, "trouble": trouble.value}
    if trouble in CERTIFICATE and not isinstance(error, httpx2.TimeoutException):
        return NeedsVendor(
            f"The certificate of {host} cannot be trusted. Ask the host to renew it, or add your"
            " own authority with LONGSHORE_CA_BUNDLE.",
            f"{host}: {kind}: {trouble.value}",
            finding=Finding("store_certificate", evidence),
        )
    if isinstance(error, httpx2.UnsupportedProtocol | httpx2.InvalidURL):
        return Rejected("The address must begin with https:// or http:// and name a host.")
    slow = isinstance(error, httpx2.TimeoutException)
    return TryLater(
        f"{host} {'did not answer in time' if slow else 'cannot be reached'}. Check that it opens"
        " in a browser; we try again by ourselves.",
        f"{host}: {kind} ({type(cause).__name__})",
        maybe_done=write and not isinstance(error, _NOT_SENT),
        finding=Finding("store_unreachable", evidence),
    )


_CERTIFICATE_CODES = {
    10: Trouble.EXPIRED,
    9: Trouble.EXPIRED,
    18: Trouble.SELF_SIGNED,
    19: Trouble.CHAIN,
    20: Trouble.CHAIN,
    21: Trouble.CHAIN,
    62: Trouble.OTHER_NAME,
    64: Trouble.OTHER_NAME,
}
"""OpenSSL's verification errors (x509_vfy.h)."""


def trouble_of(error: BaseException) -> Trouble:
    """Why there was no answer, looked for in the whole chain of causes."""
    if isinstance(error, httpx2.ReadTimeout | httpx2.WriteTimeout):
        return Trouble.SLOW
    if isinstance(error, httpx2.TimeoutException):
        return Trouble.TIMEOUT
    cause: BaseException | None = error
    found = Trouble.CUT
    while cause is not None:
        match cause:
            case ssl.SSLCertVerificationError():
                return _CERTIFICATE_CODES.get(cause.verify_code, Trouble.TLS)
            case ssl.SSLError():
                found = Trouble.TLS
            case socket.gaierror() | UnicodeError():
                return Trouble.NO_NAME
            case ConnectionRefusedError():
                return Trouble.REFUSED
            case _ if isinstance(cause, httpx2.ConnectError | OSError) and found is Trouble.CUT:
                found = Trouble.REFUSED if isinstance(error, httpx2.ConnectError) else found
            case _:
                pass
        cause = cause.__cause__ or cause.__context__
    return found
