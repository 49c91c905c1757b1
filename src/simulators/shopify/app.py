"""The HTTP face of the simulated shop, as a WSGI application."""

import hashlib
import json
import re
import socket
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, cast

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from simulators.shopify import bulk, controls
from simulators.shopify.rows import NotModelled, Row
from simulators.shopify.schema import VERSION
from simulators.shopify.shop import uploads
from simulators.shopify.simulator_parts import Parts

GRAPHQL = re.compile(r"^/admin/api/([^/]+)/graphql\.json$")
_VERSION = re.compile(r"^\d{4}-\d{2}$")
_NAME = re.compile(r"\b(?:query|mutation)\s+(\w+)")
_STATUS_FAULTS = {"http_429": 429, "http_502": 502, "unauthorized": 401, "frozen": 402,
                  "forbidden": 403, "gone": 404, "locked": 423}  # fmt: skip
_NOT_FOUND = 404
LOGGED_LETTERS = 16


class CutConnection(Exception):  # noqa: N818 - an answer, not a mistake
    """The connection ends without an answer."""


class App:
    """`again` makes a new, empty shop of the same settings, for /_sim/reset."""

    def __init__(self, parts: Parts, again: Callable[[], Parts]) -> None:
        self.parts = parts
        self._again = again

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = self._answer(request)
        except NotModelled as problem:
            response = _json({"errors": [{"message": str(problem)}]}, 501)
        except HTTPException as problem:
            response = _json({"errors": str(problem)}, problem.code or 400)
        finally:
            request.close()
        return response(environ, start_response)

    def reset(self) -> None:
        """Everything is as at the beginning, but for the keys and the knobs."""
        old, fresh = self.parts, self._again()
        old.state.later.close()
        if old.state.clock.is_stopped:
            fresh.state.clock.stop()
        vars(old).update(vars(fresh))

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/_sim/") and self.parts.state.settings.controls:
            return self._control(request)
        if request.path == "/admin/oauth/access_token" and request.method == "POST":
            return self._token(request)
        if request.path.startswith(f"/{uploads.FOLDER}/") and request.method == "POST":
            return self._upload(request)
        if request.path.startswith(f"/{bulk.FOLDER}/") and request.method == "GET":
            return self._result(request)
        match = GRAPHQL.match(request.path)
        if match and request.method == "POST":
            return self._graphql(request, match.group(1))
        return _json({"errors": "Not Found"}, _NOT_FOUND)

    def _token(self, request: Request) -> Response:
        given: Row = request.get_json(silent=True) or request.form.to_dict()
        if given.get("grant_type") != "client_credentials":
            return _json({"error": "unsupported_grant_type"}, 400)
        made = self.parts.tokens.by_credentials(
            str(given.get("client_id")), str(given.get("client_secret"))
        )
        if made is None:
            return _json({"error": "application_cannot_be_found"}, 400)
        scope = ",".join(self.parts.state.settings.scopes)
        return _json({"access_token": made[0], "scope": scope, "expires_in": made[1]}, 200)

    # --- GraphQL ---

    def _graphql(self, request: Request, version: str) -> Response:
        began = time.perf_counter()
        given: Any = request.get_json(silent=True)
        served = self._served(version)
        if served is None:
            return _json({"errors": "Not Found"}, _NOT_FOUND)
        asked: Row = cast("Row", given) if isinstance(given, dict) else {}
        if not isinstance(asked.get("query"), str):
            return _json({"errors": {"query": "Required parameter missing or invalid"}}, 400)
        match = _NAME.search(asked["query"])
        operation = asked.get("operationName") or (match.group(1) if match else "anonymous")
        entry: Row = {
            "operation": operation,
            "fields": self._fields(asked),
            "variables": _digest(asked.get("variables")),
            "at": datetime.now(UTC).isoformat(),
            "status": None,
        }
        self.parts.log.append(entry)
        response = self._faulty(operation, asked, request, entry)
        entry["status"] = response.status_code
        entry["ms"] = round((time.perf_counter() - began) * 1000, 2)
        response.headers.setdefault("X-Shopify-API-Version", served)
        return response

    def _fields(self, asked: Row) -> dict[str, int]:
        document = self.parts.executor.document(asked["query"])
        return document.fields(asked.get("operationName"))

    def _served(self, version: str) -> str | None:
        """A version that is too old gets the oldest one that is not; one to come gets nothing."""
        supported = self.parts.state.supported_versions
        if version in supported:
            return version
        if not _VERSION.match(version) or version > supported[-1]:
            return None
        return supported[0]

    def _faulty(self, operation: str, given: Row, request: Request, entry: Row) -> Response:
        fault = self.parts.faults.bite(operation)
        if fault is not None:
            entry["fault"] = fault
        if fault in _STATUS_FAULTS:
            headers = {"Retry-After": "2.0"} if fault == "http_429" else None
            return _json({"errors": fault}, _STATUS_FAULTS[fault], headers)
        if fault == "throttled":
            return _json(self.parts.executor.throttled(10), 200)
        if fault == "internal":
            return _json(_INTERNAL, 200)
        if fault == "html":
            return Response("<html><body>Something</body></html>", mimetype="text/html")
        if fault in {"cut_before", "hang_before"}:
            self._cut(request, fault)
        response = self._execute(given, request, entry)
        if fault in {"cut_after", "hang_after"}:
            self._cut(request, fault)
        return _spoiled(fault, response)

    def _cut(self, request: Request, fault: str) -> None:
        """Ends the connection without an answer, at once or after a long silence."""
        if fault.startswith("hang"):
            self.parts.state.later.closing.wait(self.parts.state.settings.hang_s)
        connection: Any = request.environ.get("werkzeug.socket")
        if connection is not None:
            # Closing alone would let the server send its page of error 500 by its own handle.
            connection.shutdown(socket.SHUT_RDWR)
        raise CutConnection

    def _execute(self, given: Row, request: Request, entry: Row) -> Response:
        token = request.headers.get("X-Shopify-Access-Token", "")
        if not self.parts.tokens.known(token):
            return _json({"errors": "[API] Invalid API key or access token"}, 401)
        body, cost = self.parts.executor.run(
            given["query"],
            given.get("variables") or {},
            base=request.host_url.rstrip("/"),
            operation=given.get("operationName"),
        )
        entry["cost"] = cost
        entry["errors"] = [
            cast("Row", error.get("extensions") or {}).get("code")
            for error in body.get("errors") or ()
        ]
        return _json(body, 200)

    # --- files ---

    def _upload(self, request: Request) -> Response:
        file = request.files.get("file")
        data = file.read() if file is not None else None
        try:
            with self.parts.state.lock:
                key = uploads.receive(self.parts.state, request.form, data)
        except uploads.NotTaken as refusal:
            text = f"<Error><Code>{refusal.code}</Code></Error>"
            return Response(text, refusal.status, mimetype="application/xml")
        text = f"<PostResponse><Key>{key}</Key></PostResponse>"
        return Response(text, 201, mimetype="application/xml")

    def _result(self, request: Request) -> Response:
        name = request.path.rpartition("/")[2]
        state = self.parts.state
        with state.lock:
            data = state.results.get(name)
            rows = (row for row in state.bulk.values() if name in {row["file"], row["partialFile"]})
            row = next(rows, None)
            if data is None or row is None or bulk.is_expired(state, row):
                return Response("<Error><Code>NoSuchKey</Code></Error>", _NOT_FOUND)
        return Response(data, mimetype="application/jsonl")

    # --- controls ---

    def _control(self, request: Request) -> Response:
        path = request.path.removeprefix("/_sim/").strip("/")
        try:
            if path == "reset" and request.method == "POST":
                self.reset()
                return _json({}, 200)
            if request.method == "GET":
                return _json(controls.get(self.parts, path, request.args.to_dict()), 200)
            given: Row = request.get_json(silent=True) or {}
            return _json(controls.post(self.parts, path, given), 200)
        except controls.SoldOut as reason:
            return _json({"error": str(reason)}, 422)
        except controls.WRONG as problem:
            told = f"no such control or argument: {type(problem).__name__} {problem}"
            return _json({"error": told}, 400)


def _spoiled(fault: str | None, response: Response) -> Response:
    """What goes wrong although the call was done."""
    if fault == "internal_after":
        return _json(_INTERNAL, 200)
    if fault == "http_502_after":
        return _json({"errors": fault}, 502)
    if fault == "half":
        data = response.get_data()
        return Response(data[: len(data) // 2], mimetype="application/json")
    if fault == "old_version":
        response.headers["X-Shopify-API-Version"] = "2027-01"
    return response


_INTERNAL = {
    "errors": [
        {
            "message": "Internal error. Looks like something went wrong on our end.",
            "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": "fake-request"},
        }
    ]
}


def _digest(variables: Any) -> str:
    """Tells whether two calls asked the same, without keeping what they asked."""
    text = json.dumps(variables or {}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:LOGGED_LETTERS]


def _json(body: Any, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json", headers=headers)


__all__ = ["VERSION", "App", "CutConnection"]
