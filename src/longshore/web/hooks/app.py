"""The webhook intake: verify over raw bytes, keep once, answer. It stands beside Django's views,
since none of their middleware (sessions, CSRF, languages) means anything to a machine.
"""

import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import structlog

from longshore import wiring
from longshore.storage.postgres import release_connection
from longshore.storage.repositories.inbox import Incoming, Target, keep
from longshore.web.hooks.batch import Batch

log = structlog.get_logger(__name__)

PREFIX = "/hooks/"
LARGEST_BODY = 10 * 1024 * 1024
TARGET_KEPT_S = 30.0
MOST_TARGETS = 10_000
"""Strangers guessing addresses must not fill the memory."""
_APPROVAL = re.compile(r"^/hooks/approval/([A-Za-z0-9_-]{40,64})/?$")
_PATH = re.compile(r"^/hooks/(woocommerce|shopify)/([A-Za-z0-9_-]{16,64})/?$")

Environ = Mapping[str, Any]
StartResponse = Callable[..., Any]


class Refused(Exception):  # noqa: N818 - an answer, not a mistake
    """The delivery is not kept; status and a text for whoever set the webhook up."""

    def __init__(self, status: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class Targets:
    """Whom an address belongs to, remembered for a moment: a burst costs one look-up."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[float, Target | None]] = {}
        self._lock = threading.Lock()

    def find(self, platform: str, token: str) -> Target | None:
        now = time.monotonic()
        kept = self._kept.get((platform, token))
        if kept is not None and now - kept[0] < TARGET_KEPT_S:
            return kept[1]
        try:
            target = wiring.webhook_target(platform, token)
        finally:
            release_connection()
        with self._lock:
            if len(self._kept) > MOST_TARGETS:
                self._kept.clear()
            self._kept[platform, token] = (now, target)
        return target

    def forget(self) -> None:
        self._kept.clear()


targets = Targets()


def _write(batch: Sequence[Incoming]) -> None:
    try:
        keep(batch)
    finally:
        release_connection()


_batch: Batch[Incoming] = Batch(_write)


def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """The WSGI application for everything under /hooks/."""
    try:
        status, text = _receive(environ)
    except Refused as refused:
        status, text = refused.status, refused.text
    except Exception:
        # The sender repeats what was not answered with 2xx.
        log.exception("webhook_not_kept")
        status, text = "503 Service Unavailable", "Not stored. Please send it again later."
    body = (text + "\n").encode()
    start_response(
        status,
        [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))],
    )
    return [body]


def _receive(environ: Environ) -> tuple[str, str]:
    path = environ.get("PATH_INFO", "")
    approval = _APPROVAL.match(path)
    if approval is not None:
        return _approve(environ, approval[1])
    match = _PATH.match(path)
    if match is None:
        raise Refused("404 Not Found", "No shop has this address.")
    if environ["REQUEST_METHOD"] != "POST":
        raise Refused("405 Method Not Allowed", "This address receives notices from a shop.")
    platform, token = match.groups()
    body = _body(environ)
    target = targets.find(platform, token)
    if target is None:
        raise Refused("404 Not Found", "No shop has this address.")
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    incoming = _read(platform, target, headers, body)
    if incoming is not None:
        _batch.put(incoming)
    return "200 OK", "Stored."


def _approve(environ: Environ, token: str) -> tuple[str, str]:
    """A shop's owner approved us by one click. Only an answer of exactly 200 lets the key live."""
    if environ["REQUEST_METHOD"] != "POST":
        raise Refused("405 Method Not Allowed", "This address receives a key from a shop.")
    try:
        waited_for = wiring.take_approved_key(token, _body(environ))
    except ValueError:
        raise Refused("400 Bad Request", "This is no key.") from None
    finally:
        release_connection()
    if not waited_for:
        raise Refused("404 Not Found", "Nobody waits for a key here (any more).")
    return "200 OK", "Thank you."


def _body(environ: Environ) -> bytes:
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise Refused("400 Bad Request", "Content-Length is not a number.") from None
    if length > LARGEST_BODY:
        raise Refused("413 Content Too Large", "The notice is too large.")
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    if len(body) != length:
        raise Refused("400 Bad Request", "The notice was cut off.")
    return body


def _read(
    platform: str, target: Target, headers: Mapping[str, str], body: bytes
) -> Incoming | None:
    try:
        return wiring.read_webhook(platform, target, headers, body)
    except wiring.WrongSignature:
        log.warning("webhook_wrong_signature", source=target.source)
        raise Refused(
            "401 Unauthorized", "The signature is wrong. Was the secret changed?"
        ) from None
    except ValueError:
        log.warning("webhook_malformed", source=target.source)
        raise Refused("400 Bad Request", "The notice cannot be read.") from None
