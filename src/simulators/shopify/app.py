"""The HTTP face of the simulated shop, as a WSGI application."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from simulators.shopify import controls
from simulators.shopify.schema import VERSION
from simulators.shopify.simulator_parts import Parts
from simulators.shopify.state import NotModelled, Row

GRAPHQL = re.compile(r"^/admin/api/([^/]+)/graphql\.json$")
_NAME = re.compile(r"\b(?:query|mutation)\s+(\w+)")
_STATUS_FAULTS = {"http_429": 429, "http_502": 502, "unauthorized": 401, "frozen": 402,
                  "locked": 423}  # fmt: skip


class CutConnection(Exception):  # noqa: N818 - an answer, not a mistake
    """The connection ends without an answer."""


class App:
    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = self._answer(request)
        except NotModelled as problem:
            response = _json({"errors": [{"message": str(problem)}]}, 501)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/_sim/") and self.parts.state.settings.controls:
            return self._control(request)
        if request.path == "/admin/oauth/access_token" and request.method == "POST":
            return self._token(request)
        match = GRAPHQL.match(request.path)
        if match and request.method == "POST":
            return self._graphql(request, match.group(1))
        return _json({"errors": "Not Found"}, 404)

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

    def _graphql(self, request: Request, version: str) -> Response:
        given: Row = request.get_json(silent=True) or {}
        query = str(given.get("query") or "")
        match = _NAME.search(query)
        operation = match.group(1) if match else "anonymous"
        entry: Row = {"operation": operation, "at": datetime.now(UTC).isoformat()}
        self.parts.log.append(entry)
        response = self._faulty(operation, query, given, request, entry)
        entry["status"] = response.status_code
        served = version if version == VERSION else VERSION
        response.headers.setdefault("X-Shopify-API-Version", served)
        return response

    def _faulty(
        self, operation: str, query: str, given: Row, request: Request, entry: Row
    ) -> Response:
        fault = self.parts.faults.bite(operation)
        if fault in _STATUS_FAULTS:
            return _json({"errors": fault}, _STATUS_FAULTS[fault])
        if fault == "throttled":
            status = self.parts.executor.bucket.status()
            cost = {"requestedQueryCost": 10, "actualQueryCost": None, "throttleStatus": status}
            error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return _json({"errors": [error], "extensions": {"cost": cost}}, 200)
        if fault == "internal":
            return _json(_INTERNAL, 200)
        if fault == "html":
            return Response("<html><body>Something</body></html>", mimetype="text/html")
        response = self._execute(query, given, request, entry)
        if fault == "internal_after":
            return _json(_INTERNAL, 200)
        if fault == "cut_after":
            _cut(request)
        if fault == "old_version":
            response.headers["X-Shopify-API-Version"] = "2027-01"
        return response

    def _execute(self, query: str, given: Row, request: Request, entry: Row) -> Response:
        token = request.headers.get("X-Shopify-Access-Token", "")
        if not self.parts.tokens.known(token):
            return _json({"errors": "[API] Invalid API key or access token"}, 401)
        body, cost = self.parts.executor.run(
            query, given.get("variables") or {}, self.parts.state.settings.scopes
        )
        entry["cost"] = cost
        return _json(body, 200)

    def _control(self, request: Request) -> Response:
        path = request.path.removeprefix("/_sim/").strip("/")
        try:
            if request.method == "GET":
                return _json(controls.get(self.parts, path), 200)
            return _json(controls.post(self.parts, path, request.get_json(silent=True) or {}), 200)
        except controls.SoldOut as reason:
            return _json({"error": str(reason)}, 422)
        except (controls.Unknown, KeyError, ValueError) as problem:
            return _json({"error": f"no such control or argument: {problem}"}, 400)


_INTERNAL = {
    "errors": [
        {
            "message": "Internal error. Looks like something went wrong on our end.",
            "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": "fake-request"},
        }
    ]
}


def _cut(request: Request) -> None:
    connection: Any = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.close()
    raise CutConnection


def _json(body: Any, status: int) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")
