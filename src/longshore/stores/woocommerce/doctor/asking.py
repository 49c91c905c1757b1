"""One probe at a time: each answer, or why there was none, as data."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from longshore.domain.findings import Finding
from longshore.domain.replies import (
    Reply,
    Trouble,
    firewall,
    in_maintenance,
    plugin_that_blocks,
)
from longshore.domain.verdicts import VERDICTS
from longshore.ports.errors import LongshoreError, Rejected
from longshore.stores.http import USER_AGENT, Answer, GuardedClient
from longshore.stores.woocommerce import wire

BEGINNING = 12_000
PAUSE_S = 0.25
LONGEST_RETRY_S = 5.0
LONGEST_S = 32.0
"""After so long no further question is asked: a shop that drips its answers must not hold the
person who waits for a verdict.
"""
TOO_MANY = 429


class Ends(Exception):  # noqa: N818 - a result, not a mistake
    """The examination is over: this cause must be mended first."""

    def __init__(self, code: str, /, **evidence: str | int | None) -> None:
        super().__init__(code)
        self.finding = Finding(code, evidence)


class Asker:
    """Asks, waits a moment between requests, and notes what every answer tells by the way: the
    shop's clock, text before the data. Ends the examination at a firewall: what it blocks once must
    not be asked again.
    """

    def __init__(
        self,
        http: GuardedClient,
        *,
        pause_s: float = PAUSE_S,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._pause_s = pause_s
        self._sleep = sleep
        self._now = now
        self._began = now()
        self.requests = 0
        self.clock_offset_s: float | None = None
        self.junk = ""
        self.asked_to_slow_down = False

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        *,
        guarded: bool = True,
    ) -> Reply:
        """One request, never following a redirect. `guarded`: a firewall or maintenance page ends
        the examination; without it the caller judges the answer itself.
        """
        took_s = self._now() - self._began
        if took_s > LONGEST_S:
            host = urlsplit(url).hostname or ""
            raise Ends("D48", host=host, seconds=f"{took_s:.0f}", status="no answer in time")
        reply = self._once(method, url, headers, content)
        if reply.status == TOO_MANY:
            reply = self._again(reply, method, url, headers, content)
        if guarded:
            self.judge(reply)
        return reply

    def judge(self, reply: Reply) -> None:
        """Raises Ends when something other than the shop answered."""
        verdict = firewall(reply)
        if verdict is not None:
            raise Ends(verdict, **evidence_of(reply))
        if in_maintenance(reply):
            raise Ends("D50", **evidence_of(reply))

    def _again(
        self,
        reply: Reply,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        content: bytes | None,
    ) -> Reply:
        wait_s = float(wire.decimal(reply.headers.get("retry-after")) or 1)
        self.asked_to_slow_down = True
        if wait_s > LONGEST_RETRY_S:
            raise Ends("D49", **evidence_of(reply))
        self._sleep(wait_s)
        again = self._once(method, url, headers, content)
        if again.status == TOO_MANY:
            raise Ends("D49", **evidence_of(again))
        return again

    def _once(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        content: bytes | None,
    ) -> Reply:
        if self.requests:
            self._sleep(self._pause_s)
        self.requests += 1
        try:
            answer = self._http.request(method, url, headers=headers, content=content)
        except Rejected as error:
            endless = "without end" in error.person
            return Reply(url, trouble=Trouble.ENDLESS if endless else Trouble.NO_NAME)
        except LongshoreError as error:
            named = error.finding.evidence.get("trouble") if error.finding else None
            private = error.finding is not None and error.finding.code == "store_address_private"
            return Reply(url, trouble=Trouble.PRIVATE if private else Trouble(named or "cut"))
        reply = _reply(answer)
        self._note(reply)
        return reply

    def _note(self, reply: Reply) -> None:
        if reply.junk_before and not self.junk:
            self.junk = reply.junk_before
        try:
            shop = parsedate_to_datetime(reply.headers.get("date", ""))
        except ValueError:
            return
        if shop.tzinfo is None:
            shop = shop.replace(tzinfo=UTC)
        self.clock_offset_s = (shop - datetime.now(UTC)).total_seconds()


def evidence_of(reply: Reply) -> dict[str, str | int | None]:
    """What a host's support needs to find the request again; nothing secret is in it."""
    parts = urlsplit(reply.url)
    ids = [f"{name} {reply.headers[name]}" for name in _REQUEST_IDS if name in reply.headers]
    return {
        "host": parts.hostname or "",
        "path": parts.path or "/",
        "status": reply.status,
        "name": reply.headers.get("server", "") or "the server",
        "agent": USER_AGENT,
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
        "trace": f" ({', '.join(ids)})" if ids else "",
        "plugin": plugin_that_blocks(reply) or None,
    }


_REQUEST_IDS = ("cf-ray", "x-request-id", "x-sucuri-id")


def found(code: str, /, **evidence: str | int | None) -> Finding:
    """A finding of the doctor's. Raises KeyError for a code without words."""
    return Finding(VERDICTS[code].code, evidence)


def _reply(answer: Answer) -> Reply:
    data, junk = _data(answer.body)
    return Reply(
        url=answer.url,
        status=answer.status,
        headers=answer.headers,
        text=answer.body[:BEGINNING].decode("utf-8", errors="replace"),
        data=data,
        junk_before=junk,
        elapsed_s=answer.elapsed_s,
    )


def _data(body: bytes) -> tuple[object, str]:
    """The JSON of a body and what stood before it; (None, "") where there is none."""
    try:
        data = wire.decode(body)
    except wire.NotJson:
        return None, ""
    junk = wire.junk_in(body).decode("utf-8", errors="replace")
    return data, junk[:40] or ("a byte order mark" if body[:3] == b"\xef\xbb\xbf" else "")
