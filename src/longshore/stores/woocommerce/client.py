"""One store's REST API: signed requests, decoded answers, and errors named by what happens next."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import msgspec

from longshore.domain.findings import Finding
from longshore.domain.replies import CACHES
from longshore.ports.errors import Bug, LongshoreError, NeedsVendor, Rejected, TryLater
from longshore.stores.http import Answer, GuardedClient
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.addresses import LEGACY, Addresses
from longshore.stores.woocommerce.signing import Signer
from longshore.stores.woocommerce.wire import Json

OK = range(200, 300)
REDIRECT = range(300, 400)
SERVER_ERROR = 500
TOO_MANY = 429
NOT_FOUND = 404
_KEY_CODES = frozenset({"woocommerce_api_authentication_error"})
"""The old APIs answer 404, and even 200, to what is wrong with a key."""
_NO_ROUTE = frozenset({"rest_no_route", "woocommerce_api_no_route", "woocommerce_api_disabled"})
_BUSY = frozenset({425, 429, 503, 508, 509, 529})
_NO_ANSWER = frozenset({408, 502, 504, 520, 521, 522, 523, 524})
"""A proxy's word that PHP did not answer: it may be down, or the page too much for it."""
STALE_S = 7 * 86_400.0
"""How old an answer may be that a cache does not date (LiteSpeed keeps them for seven days)."""


@dataclass(frozen=True, slots=True)
class Page:
    """A list answer: its objects, the store's own count of all (-1 where it gives none). `age_s`:
    how long a cache between us and the shop has kept it. `singled`: it was read row by row, and
    rows that break the shop are not in it.
    """

    rows: Sequence[Json]
    total: int
    elapsed_s: float
    age_s: float = 0.0
    singled: bool = False


class Refused(Exception):  # noqa: N818 - an answer, not a mistake
    """The API said no, in its own words: status, error code, message, and the error's data."""

    def __init__(self, status: int, code: str, message: str, data: Json | None = None) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.message = message
        self.data: Json = data or {}


class Api:
    """Requests to one store, by route: wc/v3/products, wc-api/v2/orders/7. `past_caches`: every
    question is asked in words nobody used before; also from the first answer on that was old.
    """

    def __init__(
        self,
        http: GuardedClient,
        addresses: Addresses,
        signer: Signer,
        *,
        post_only: bool = False,
        past_caches: bool = False,
    ) -> None:
        self._http = http
        self._signer = signer
        self._post_only = post_only
        self._past_caches = past_caches
        self.addresses = addresses
        self.host = addresses.host

    @property
    def requests_made(self) -> int:
        return self._http.requests_made

    def get(self, route: str, params: Mapping[str, str] | None = None) -> Any:
        """The decoded answer. Raises Refused for an error the API explains itself."""
        return self._decoded(self.exchange("GET", route, params), write=False)

    def page(
        self,
        route: str,
        params: Mapping[str, str],
        envelope: str = "",
        timeout_s: float | None = None,
    ) -> Page:
        """One page of a collection; `envelope` is the key its list stands under."""
        answer = self.exchange("GET", route, params, timeout_s=timeout_s)
        found = self._decoded(answer, write=False)
        if envelope:
            found = wire.mapping(found).get(envelope)
        if not isinstance(found, list):
            raise self._broken("an object where a list was asked for")
        headers = answer.headers
        total = wire.integer(headers.get("x-wp-total") or headers.get("x-wc-total"))
        rows = wire.items(cast("object", found))
        old_s = age_s(headers)
        self._past_caches = self._past_caches or old_s > 0
        return Page(rows, -1 if total is None else total, answer.elapsed_s, old_s)

    def write(
        self,
        method: str,
        route: str,
        body: Json | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Json:
        """A POST, PUT or DELETE. Raises TryLater with `maybe_done` when it may have happened."""
        content = msgspec.json.encode(body) if body is not None else None
        given = dict(params or {})
        if self._post_only and method != "POST":
            given["_method"], method = method, "POST"
        return wire.mapping(self._decoded(self.exchange(method, route, given, content), write=True))

    def exchange(
        self,
        method: str,
        route: str,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """One signed request and its raw answer. A redirect is never followed."""
        given = dict(params or {})
        if self._past_caches and method == "GET":
            given["_hub"] = secrets.token_hex(4)
        target = self.addresses.route(route, given)
        legacy = route.startswith(f"{LEGACY}/")
        # Legacy verifies an overridden method's signature as that method (recordings).
        signed_as = target.params.get("_method", method) if legacy else method
        signed = self._signer.sign(signed_as, target)
        headers = dict(signed.headers)
        if content is not None:
            headers["Content-Type"] = "application/json"
        return self._http.request(
            method, signed.url, headers=headers, content=content, timeout_s=timeout_s
        )

    def _decoded(self, answer: Answer, *, write: bool) -> Any:
        if answer.status in REDIRECT:
            raise self._redirected(answer)
        if answer.status in _BUSY:
            raise self._busy(answer, write=write)
        if answer.status in _NO_ANSWER:
            raise self._failed(f"error {answer.status}", answer, write=write)
        try:
            found = wire.decode(answer.body, cut_off_end=not write)
        except wire.NotJson:
            raise self._not_json(answer, write=write) from None
        code, message = explained(found)
        if answer.status in OK and not is_error(found):
            return found
        if answer.status >= SERVER_ERROR:
            raise self._failed(f"error {answer.status} ({code})", answer, write=write)
        raise Refused(answer.status, code, message, wire.mapping(wire.mapping(found).get("data")))

    def _busy(self, answer: Answer, *, write: bool) -> TryLater:
        return TryLater(
            f"{self.host} asks us to wait; we go on by ourselves.",
            f"{self.host}: {answer.status}",
            after=_retry_after(answer),
            maybe_done=write and answer.status != TOO_MANY,
            finding=Finding("store_slow_down", {"host": self.host}),
        )

    def _failed(self, what: str, answer: Answer, *, write: bool) -> TryLater:
        return TryLater(
            f"{self.host} has an internal error; we try again by ourselves.",
            f"{self.host}: {what}",
            after=_retry_after(answer),
            maybe_done=write,
            finding=Finding("store_answer_broken", {"host": self.host, "what": what}),
        )

    def _not_json(self, answer: Answer, *, write: bool) -> LongshoreError:
        what = "a web page" if b"<html" in answer.body[:2000].lower() else "a broken answer"
        cut_off = answer.status in OK and what == "a broken answer"
        if answer.status >= SERVER_ERROR or cut_off or (write and answer.status in OK):
            return TryLater(
                f"{self.host} sent {what} in place of data; we try again by ourselves.",
                f"{self.host}: {answer.status} not json",
                maybe_done=write,
                finding=Finding("store_answer_broken", {"host": self.host, "what": what}),
            )
        if answer.status == NOT_FOUND:
            return self.not_woocommerce()
        return self._broken(what)

    def _broken(self, what: str) -> NeedsVendor:
        return NeedsVendor(
            f"{self.host} sends {what} in place of the shop's data. Ask the host whether a"
            " firewall, a cache or a maintenance page answers in place of the shop.",
            f"{self.host}: {what}",
            finding=Finding("store_answer_broken", {"host": self.host, "what": what}),
        )

    def _redirected(self, answer: Answer) -> NeedsVendor:
        target = urlsplit(answer.headers.get("location", "")).hostname or "another address"
        return NeedsVendor(
            f"{self.host} sends us on to {target}. Connect again with the address that the shop"
            " shows in a browser.",
            f"{self.host}: {answer.status}",
            finding=Finding("store_answer_broken", {"host": self.host, "what": "a redirect"}),
        )

    def not_woocommerce(self) -> NeedsVendor:
        return NeedsVendor(
            f"{self.host} answers, but not as a WooCommerce shop. Check the address; WooCommerce"
            " must be active and permalinks not plain.",
            finding=Finding("store_not_woocommerce", {"host": self.host}),
        )

    def named(self, refused: Refused) -> LongshoreError:
        """The error for a refusal that the caller has no better name for."""
        if refused.status in {401, 403} or refused.code in _KEY_CODES:
            return self._key_refused(refused)
        if refused.code in _NO_ROUTE:
            return self.not_woocommerce()
        if refused.code in {"rest_invalid_param", "rest_missing_callback_param"}:
            return Bug(
                f"{self.host} does not understand our request ({refused.code}).",
                f"{self.host}: {refused.status} {refused.code}",
            )
        return Rejected(
            f"{self.host} refused: {refused.message or refused.code}",
            f"{self.host}: {refused.status} {refused.code}",
        )

    def _key_refused(self, refused: Refused) -> NeedsVendor:
        # The code alone cannot tell a wrong key from a right without write permission: both are
        # 401 woocommerce_rest_cannot_... (recording auth.json); who asks, knows what was tried.
        return NeedsVendor(
            f"{self.host} refuses the key. Create a new key with Read/Write permission in"
            " WooCommerce under Settings, Advanced, REST API, and connect again.",
            f"{self.host}: {refused.status} {refused.code}",
            finding=Finding("store_key_refused", {"host": self.host}),
        )


def is_error(found: object) -> bool:
    """Whether an answer is an error whatever its status: the old APIs say 200 to a stale timestamp
    and the like.
    """
    answer = wire.mapping(found)
    if "errors" in answer and len(answer) == 1:
        return True
    return isinstance(answer.get("code"), str) and "message" in answer and "data" in answer


def explained(found: object) -> tuple[str, str]:
    """An error's code and message: an object of today's API; under "errors" a list, or one object
    where the old API is switched off.
    """
    error = wire.mapping(found)
    if "errors" in error:
        listed = wire.items(error["errors"])
        error = listed[0] if listed else wire.mapping(error["errors"])
    return wire.text(error.get("code")) or "unexplained", wire.text(error.get("message"))


def age_s(headers: Mapping[str, str]) -> float:
    """How old an answer is that came from a cache, 0.0 for a fresh one."""
    given = wire.decimal(headers.get("age"))
    if given is not None and given > 0:
        return float(given)
    hit = any(headers.get(name, "").lower().startswith("hit") for name in CACHES)
    return STALE_S if hit else 0.0


def _retry_after(answer: Answer) -> float | None:
    seconds = wire.decimal(answer.headers.get("retry-after"))
    return None if seconds is None else min(float(seconds), 3600.0)
