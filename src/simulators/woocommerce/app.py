"""The simulated shop as a WSGI application."""

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from simulators.woocommerce.controls import Controls, Unknown
from simulators.woocommerce.exchange import Cut, Exchange, Reply
from simulators.woocommerce.site import Site

CONTROLS = "/_sim/"
Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


class Broken(Exception):  # noqa: N818 - what happens to the connection, not a mistake
    """The connection ends before the answer does; the server that runs the application cuts it.
    `sent`: what of the body goes out before.
    """

    def __init__(self, cut: Cut, reply: Reply) -> None:
        super().__init__("the connection is cut")
        self.cut = cut
        self.reply = reply


class App:
    """Raises Broken where the connection is to be cut."""

    def __init__(self, site: Site, controls: Controls) -> None:
        self._site = site
        self._controls = controls

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        exchange = exchange_of(environ)
        reply = self.answer(exchange)
        if reply.cut is not None:
            raise Broken(reply.cut, reply)
        body = b"" if exchange.method == "HEAD" else reply.body
        headers = [pair for pair in reply.headers if pair[0] != "Content-Length"]
        headers.append(("Content-Length", str(len(reply.body))))
        start_response(f"{reply.status} {reply.reason}", headers)
        return [body]

    def answer(self, exchange: Exchange) -> Reply:
        if exchange.path.startswith(CONTROLS) and self._site.shop.settings.controls:
            return self._control(exchange)
        return self._site.answer(exchange)

    def _control(self, exchange: Exchange) -> Reply:
        path = exchange.path.removeprefix(CONTROLS).strip("/")
        try:
            if exchange.method == "GET":
                return _json(self._controls.get(path, exchange.query), HTTPStatus.OK)
            given: Any = json.loads(exchange.body) if exchange.body.strip() else {}
            return _json(self._controls.post(path, given), HTTPStatus.OK)
        except (Unknown, KeyError, ValueError, TypeError) as problem:
            error = {"error": f"no such control or argument: {problem}"}
            return _json(error, HTTPStatus.BAD_REQUEST)


def _json(body: Any, status: HTTPStatus) -> Reply:
    return Reply(status, json.dumps(body).encode(), [("Content-Type", "application/json")])


def exchange_of(environ: Environ) -> Exchange:
    headers = {
        name[5:].replace("_", "-").lower(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = str(environ[name])
    uri = environ.get("REQUEST_URI")
    if not uri:
        path = quote(str(environ.get("PATH_INFO", "/")).encode("latin-1"), safe="/;:@&=+$,!*'()~")
        query = str(environ.get("QUERY_STRING", ""))
        uri = f"{path}?{query}" if query else path
    length = headers.get("content-length", "0")
    body: bytes = (
        environ["wsgi.input"].read(int(length)) if length.isdigit() and int(length) else b""
    )
    return Exchange(
        str(environ["REQUEST_METHOD"]),
        str(uri),
        headers,
        body,
        environ["wsgi.url_scheme"] == "https",
    )
