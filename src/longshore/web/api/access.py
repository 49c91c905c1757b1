"""Who asks, as the key says: what it may do, how often, and that nothing is done twice."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Schema, Status
from ninja.errors import HttpError
from ninja.security import HttpBearer

from longshore import wiring
from longshore.domain.access import Scope, allows
from longshore.web.api.problems import TooMany, problem

P = ParamSpec("P")
LONGEST_KEY = 100
JSON = "application/json"


class ApiRequest(HttpRequest):
    """A request as the operations get it."""

    auth: wiring.Program


class Key(HttpBearer):
    """A program's key with one of its scopes."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> wiring.Program | None:
        program = wiring.program_of(token)
        if program is None:
            return None
        request.program = program  # type: ignore[attr-defined]  # for the headers, see `edge`
        if program.wait_s:
            raise TooMany(program.wait_s)
        if not allows(program.scopes, self.scope):
            raise HttpError(403, f"The key needs the scope {self.scope.value}.")
        if int(request.META.get("CONTENT_LENGTH") or 0) and request.content_type != JSON:
            raise HttpError(415, f"Send the body as {JSON}.")
        return program


KEYS = {scope: Key(scope) for scope in Scope}


def doer(request: ApiRequest) -> wiring.Doer:
    """The program, for the list of what was done."""
    return wiring.Doer(request.auth.marketplace_id, None, request.auth.name)


Body = TypeVar("Body", bound=Schema)


def once(operation: Callable[P, Status[Body]]) -> Callable[P, Any]:
    """With an Idempotency-Key, the same request gets the same answer for a day, and is done once.
    What failed may be sent again under the same key.
    """

    @functools.wraps(operation)
    def asked(*args: P.args, **kwargs: P.kwargs) -> Any:
        request: Any = args[0]
        key = request.headers.get("Idempotency-Key", "").strip()
        if not key:
            return operation(*args, **kwargs)
        if len(key) > LONGEST_KEY or not key.isprintable():
            return problem(400, f"An Idempotency-Key has at most {LONGEST_KEY} printable signs.")
        what = wiring.as_request(request.method, request.path, request.body)
        before = wiring.begin_reply(request.auth, key, what)
        if before is not None:
            return _again(before)
        try:
            done = operation(*args, **kwargs)
        except BaseException:
            wiring.drop_reply(request.auth, key)
            raise
        wiring.keep_reply(request.auth, key, done.status_code, done.value.model_dump_json())
        return done

    return asked


def _again(before: wiring.Reply) -> HttpResponse:
    if not before.same_request:
        return problem(422, "This Idempotency-Key was used for another request.")
    if before.status is None:
        return problem(409, "The first request with this Idempotency-Key is still at work.")
    return HttpResponse(before.body, status=before.status, content_type="application/json")
