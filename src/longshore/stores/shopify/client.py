"""One shop's GraphQL API: signed in, paced, and every error named by what happens next."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, BinaryIO, cast

import msgspec

from longshore.domain.findings import Finding
from longshore.ports.clock import Clock
from longshore.ports.errors import Bug, LongshoreError, NeedsOperator, Rejected, TryLater
from longshore.stores.http import Answer, GuardedClient
from longshore.stores.shopify import operations
from longshore.stores.shopify.access import API_VERSION, StorefrontAccess, TokenStore
from longshore.stores.shopify.throttle import SharedBudget, ThrottleStatus

Json = Mapping[str, Any]
LONGEST_WAIT_S = 20.0
TRIES = 4
RENEW_BEFORE = timedelta(minutes=10)
UNAUTHORIZED = 401
_ALL_OF_IT = frozenset({"ACCESS_DENIED", "INTERNAL_SERVER_ERROR", "TIMEOUT"})
"""Errors that are never one part's own."""
SERVER_ERROR = 500
_PERSON = {
    401: "Shopify refuses the token. Connect the shop again with current credentials.",
    402: "The Shopify shop is frozen until its bill is paid.",
    403: "Shopify does not let the app in. Check that it is installed and its scopes are granted.",
    404: "There is no such Shopify shop. Check the domain; it ends in .myshopify.com.",
    423: "The Shopify shop is locked. Ask Shopify's support.",
}


@dataclass(frozen=True, slots=True)
class UserError:
    """One entry of `userErrors`; `code` is "" where the type has none."""

    path: tuple[str, ...]
    message: str
    code: str


class ShopifyClient:
    """Calls operations by the name of their file."""

    def __init__(
        self,
        access: StorefrontAccess,
        http: GuardedClient,
        tokens: TokenStore,
        budget: SharedBudget,
        clock: Clock,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._access = access
        self._http = http
        self._tokens = tokens
        self._budget = budget
        self._clock = clock
        self._sleep = sleep
        self._costs: dict[str, float] = {}

    @property
    def requests_made(self) -> int:
        return self._http.requests_made

    def call(self, name: str, variables: Json | None = None) -> Json:
        """The answer's `data`. userErrors are the caller's to check (`check`).

        Raises TryLater (`maybe_done` when a mutation may have happened), NeedsOperator, Bug.
        """
        asked = _Asked(name, operations.text(name), write=operations.is_mutation(name))
        data, errors = self._answered(asked, variables or {})
        for error in errors:
            raise self._named(asked, error)
        return data

    def call_document(
        self, name: str, text: str, variables: Json, cost: float
    ) -> tuple[Json, Sequence[Json]]:
        """A mutation made up of several, with those errors that belong to one of them (by `path`).
        `cost` is what it is taken to cost. Raises as `call`.
        """
        asked = _Asked(name, text, write=True, cost=cost)
        data, errors = self._answered(asked, variables)
        for error in errors:
            if not data or not error.get("path") or _code(error) in _ALL_OF_IT:
                raise self._named(asked, error)
        return data, errors

    def send_file(self, url: str, form: Mapping[str, str], file: BinaryIO) -> None:
        """Uploads to a staged target. Nothing is known there of our token."""
        answer = self._http.send_file(url, form, file)
        if not 200 <= answer.status < 300:  # noqa: PLR2004 - HTTP's own bounds
            raise TryLater(
                "Shopify's file server did not take a file; we go on by ourselves.",
                f"upload: {answer.status}",
            )

    def lines(self, url: str) -> Iterator[bytes]:
        """A result file line by line, never whole in memory."""
        return self._http.lines(url)

    def _answered(self, asked: "_Asked", variables: Json) -> tuple[Json, Sequence[Json]]:
        renewed = False
        for _ in range(TRIES):
            self._wait_for_budget(asked)
            answer = self._post(asked, variables)
            if answer.status == UNAUTHORIZED and not renewed and not self._access.token:
                renewed = True
                self._renew()
                continue
            throttled_s = self._throttled(asked, answer)
            if throttled_s is None:
                return self._data(asked, answer)
            self._sleep(min(throttled_s, LONGEST_WAIT_S))
        raise TryLater("Shopify asks us to slow down; we go on by ourselves.", asked.name, after=30)

    def pages(self, name: str, variables: Json, *path: str) -> Iterator[Sequence[Json]]:
        """The nodes of a connection at `path`, page by page; the operation takes `after`."""
        after: str | None = None
        while True:
            found: Any = self.call(name, {**variables, "after": after})
            for step in path:
                found = obj(found).get(step)
            if found is None:
                return
            yield cast("Sequence[Json]", found["nodes"])
            info = found["pageInfo"]
            if not info["hasNextPage"]:
                return
            after = info["endCursor"]

    def _wait_for_budget(self, asked: "_Asked") -> None:
        wait_s = self._budget.reserve(self._cost(asked))
        if wait_s > LONGEST_WAIT_S:
            raise TryLater(
                "Shopify's call budget is used up; we go on by ourselves.", asked.name, after=wait_s
            )
        if wait_s > 0:
            self._sleep(wait_s)

    def _cost(self, asked: "_Asked") -> float:
        if asked.cost is not None:
            return asked.cost
        return self._costs.get(asked.name, operations.first_cost(asked.name))

    def _post(self, asked: "_Asked", variables: Json) -> Answer:
        body = msgspec.json.encode({"query": asked.text, "variables": variables})
        try:
            return self._http.request(
                "POST",
                f"{self._access.root}/admin/api/{API_VERSION}/graphql.json",
                headers={
                    "Content-Type": "application/json",
                    "X-Shopify-Access-Token": self._token(),
                },
                content=body,
            )
        except TryLater as error:
            error.maybe_done = error.maybe_done and asked.write
            error.finding = None
            raise

    # --- signing in ---

    def _token(self) -> str:
        if self._access.token:
            return self._access.token
        kept = self._tokens.load()
        if kept is not None and kept[1] - RENEW_BEFORE > self._clock.now():
            return kept[0]
        return self._renew()

    def _renew(self) -> str:
        """A new token by client credentials; it lasts a day and has no refresh token."""
        answer = self._http.request(
            "POST",
            f"{self._access.root}/admin/oauth/access_token",
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            content=msgspec.json.encode(
                {
                    "client_id": self._access.client_id,
                    "client_secret": self._access.client_secret,
                    "grant_type": "client_credentials",
                }
            ),
        )
        if answer.status >= SERVER_ERROR or answer.status == 429:  # noqa: PLR2004 - HTTP's own
            raise TryLater("Shopify is busy; we go on by ourselves.", f"token: {answer.status}")
        found = _decoded(answer)
        token = str(found.get("access_token") or "")
        if not token:
            raise NeedsOperator(
                "Shopify refuses the client id or secret. Copy both from the app's settings; the"
                " app must be installed in a shop of the same organization.",
                f"token: {answer.status} {found.get('error', '')}",
                finding=Finding("storefront_refused", {"why": "client credentials"}),
            )
        seconds = float(found.get("expires_in") or 3600)
        self._tokens.save(token, self._clock.now() + timedelta(seconds=seconds))
        return token

    # --- answers ---

    def _throttled(self, asked: "_Asked", answer: Answer) -> float | None:
        """Seconds to wait when the call was turned away for its cost, else None. Both forms have
        been seen: HTTP 200 with an error, and 429.
        """
        found = _decoded(answer)
        status = self._settle(asked, found)
        codes = {_code(error) for error in _errors(found)}
        if "THROTTLED" not in codes and answer.status not in {429, 430}:
            return None
        if status is not None:
            missing = self._cost(asked) - status.available
            return max(0.5, missing / max(status.restore_rate, 1.0))
        return float(answer.headers.get("retry-after") or 2)

    def _settle(self, asked: "_Asked", found: Json) -> ThrottleStatus | None:
        cost = obj(obj(found.get("extensions")).get("cost"))
        given = obj(cost.get("throttleStatus"))
        if not given:
            return None
        status = ThrottleStatus(
            float(given["maximumAvailable"]),
            float(given["currentlyAvailable"]),
            float(given["restoreRate"]),
        )
        self._budget.settle(self._cost(asked), status)
        if cost.get("requestedQueryCost") and asked.cost is None:
            self._costs[asked.name] = float(cost["requestedQueryCost"])
        return status

    def _data(self, asked: "_Asked", answer: Answer) -> tuple[Json, Sequence[Json]]:
        """The answer's data, and the errors beside it."""
        name = asked.name
        if answer.status in _PERSON:
            raise NeedsOperator(
                _PERSON[answer.status],
                f"{name}: {answer.status}",
                finding=Finding("storefront_refused", {"why": f"HTTP {answer.status}"}),
            )
        if answer.status >= SERVER_ERROR or answer.body[:1] != b"{":
            raise TryLater(
                "Shopify has a moment of trouble; we go on by ourselves.",
                f"{name}: {answer.status}",
                maybe_done=asked.write,
            )
        found = _decoded(answer)
        errors = _errors(found)
        served = answer.headers.get("x-shopify-api-version", API_VERSION)
        if served != API_VERSION and not errors:
            raise NeedsOperator(
                f"Shopify no longer serves API version {API_VERSION} (it answered {served})."
                " Update Longshore.",
                finding=Finding("storefront_refused", {"why": f"API version {served}"}),
            )
        return obj(found.get("data")), errors

    def _named(self, asked: "_Asked", error: Json) -> LongshoreError:
        code, name = _code(error), asked.name
        message = str(error.get("message") or "")
        if code == "ACCESS_DENIED":
            scope = str(obj(error.get("extensions")).get("requiredAccess") or message).rstrip(".")
            return NeedsOperator(
                f"The app may not do this on Shopify: {scope}. Grant the scope and install the app"
                " again.",
                f"{name}: ACCESS_DENIED",
                finding=Finding("storefront_scope_missing", {"scope": scope, "feature": name}),
            )
        if code in {"INTERNAL_SERVER_ERROR", "TIMEOUT"}:
            return TryLater(
                "Shopify has a moment of trouble; we go on by ourselves.",
                f"{name}: {code}",
                maybe_done=asked.write,
            )
        return Bug("Shopify does not understand our request.", f"{name}: {code} {message}")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A document and its name in logs; `cost` None: learned from its answers."""

    name: str
    text: str
    write: bool
    cost: float | None = None


def obj(value: object) -> Json:
    """An object of an answer, {} for null."""
    return cast("Json", value) if isinstance(value, dict) else {}


def rows(value: object) -> Sequence[Json]:
    """A list of objects of an answer, () for null."""
    return cast("Sequence[Json]", value) if isinstance(value, list) else ()


def check(payload: Json | None, key: str = "userErrors") -> Json:
    """The payload of a mutation without errors. Raises Rejected naming the first field."""
    found = user_errors(payload, key)
    if found:
        raise refusal(found)
    return payload or {}


def user_errors(payload: Json | None, key: str = "userErrors") -> list[UserError]:
    """Every entry; a mutation that answers null without errors is an entry of its own."""
    if payload is None:
        return [UserError((), "Shopify gave no answer to this part.", "")]
    return [
        UserError(
            tuple(str(step) for step in cast("list[object]", entry.get("field") or [])),
            str(entry.get("message") or ""),
            str(entry.get("code") or ""),
        )
        for entry in rows(payload.get(key))
    ]


def refusal(errors: Sequence[UserError]) -> Rejected:
    shown = "; ".join(dict.fromkeys(_shown(error) for error in errors))
    return Rejected(f"Shopify refused: {shown}", shown)


def _shown(error: UserError) -> str:
    place = ".".join(error.path)
    return f"{error.message} ({place})" if place else error.message


def _errors(found: Json) -> Sequence[Json]:
    given = found.get("errors")
    return rows(given) or ([{"message": str(given)}] if given else ())


def _code(error: Json) -> str:
    return str(obj(error.get("extensions")).get("code") or "")


def _decoded(answer: Answer) -> Json:
    try:
        return obj(msgspec.json.decode(answer.body))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
