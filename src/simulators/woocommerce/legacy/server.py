"""Serves the old API: which version is asked, whether it is switched on, headers, errors."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote

from simulators.woocommerce.auth import Asked, Gate
from simulators.woocommerce.exchange import Exchange, Reply, page
from simulators.woocommerce.faults.bodies import translated
from simulators.woocommerce.faults.faults import Faults
from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.legacy import routes
from simulators.woocommerce.legacy.auth import ChallengeError, LegacyGate, challenge
from simulators.woocommerce.legacy.mischief import mischief, spoil
from simulators.woocommerce.legacy.requests import Answer, LegacyError, Request, nested
from simulators.woocommerce.legacy.router import Router
from simulators.woocommerce.legacy.rules import PLUGIN, Rules, Speech, rules_of, speech_of
from simulators.woocommerce.pages import HTML
from simulators.woocommerce.settings import ApiKey
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.webhooks import Webhook
from simulators.woocommerce.wire.common import php_json

JSON = "application/json; charset=UTF-8"
ADDRESS = re.compile(r"/wc-api/(?:v(\d)(.*)|([^/]+).*)?")
DISABLED = {
    "errors": {
        "code": "woocommerce_api_disabled",
        "message": "The WooCommerce API is disabled on this site",
    }
}


class LegacyServer:
    def __init__(
        self, shop: Shop, faults: Faults, gate: Gate, ping: Callable[[Webhook], None]
    ) -> None:
        self._shop = shop
        self._faults = faults
        self._gate = LegacyGate(gate)
        self._ping = ping
        self._routers: dict[Speech, Router] = {}

    @property
    def rules(self) -> Rules:
        settings = self._shop.settings
        plugin = PLUGIN in settings.plugins
        return rules_of(settings.version.woocommerce, plugin=plugin)

    @property
    def on(self) -> bool:
        """As the switch stands; who never touched it has the release's own default."""
        given = self._shop.settings.legacy_api
        return self.rules.on if given is None else given

    def is_asked(self, exchange: Exchange) -> bool:
        return bool(self.rules.versions) and self._asked(exchange) is not None

    def answer(self, exchange: Exchange, settles_after_s: float | None) -> Reply | None:
        """None: the request is for something else."""
        if self._faults.value("woocommerce_off") is not None or not self.rules.versions:
            return None
        asked = self._asked(exchange)
        if asked is None:
            return None
        version, path = asked
        if not version:
            return self._callback()
        if version not in self.rules.versions:
            version = self.rules.versions[-1]
        speech = speech_of(self.rules, version)
        with self._shop.lock:
            self._shop.run_due()
            reply, after = self._locked(exchange, speech, path, settles_after_s)
        for work in after:
            work()
        return reply

    def _asked(self, exchange: Exchange) -> tuple[str, str] | None:
        """(version, route). No version: the address where payment services call back."""
        settings = self._shop.settings
        query = dict(parse_qsl(exchange.query, keep_blank_values=True))
        if query.get("wc-api-version") and query.get("wc-api-route"):
            return f"v{query['wc-api-version']}", _route(query["wc-api-route"])
        if not settings.pretty_permalinks or not settings.rewrite:
            return None
        match = ADDRESS.fullmatch(unquote(exchange.path))
        if match is None or not (match[1] or match[3]):
            return None
        version = f"v{match[1]}"
        if match[1] is None or version not in self.rules.versions:
            return "", ""
        return version, _route(match[2])

    def _callback(self) -> Reply:
        status = self.rules.unknown_version_status
        return page(status, "1" if status == 200 else "-1", kind=HTML)  # noqa: PLR2004 - HTTP

    def _locked(
        self, exchange: Exchange, speech: Speech, path: str, settles_after_s: float | None
    ) -> tuple[Reply, list[Callable[[], None]]]:
        if not self.on:
            return self._reply(Answer(DISABLED, 404)), []
        asked = self._heard(exchange, path)
        try:
            # The index is open to everybody.
            key = None if path == "/" else self._gate.sign_in(asked, speech)
            request = self._request(exchange, asked, key, speech)
            request.settles_after_s = settles_after_s
            mischief(request, exchange.line)
            answer = self._router(speech).run(request, path)
            spoil(request, answer, exchange.line)
        except LegacyError as error:
            told = translated(error.told(speech.rules), self._faults.value("locale"))
            answer = Answer({"errors": [told]}, error.status)
            if isinstance(error, ChallengeError):
                answer.headers.append(challenge(speech))
        reply = self._reply(answer)
        if exchange.method == "HEAD":
            reply.body = b""
        return reply, answer.after

    def _heard(self, exchange: Exchange, path: str) -> Asked:
        """The request as PHP gets it, after what servers and proxies do to it."""
        bite, line = self._faults.bite, exchange.line
        lost = bite("no_query", line) is not None
        pairs = () if lost else tuple(parse_qsl(exchange.query, keep_blank_values=True))
        stripped = bite("strip_auth", line) is not None
        header = self.rules.override_header
        override = exchange.headers.get("x-http-method-override", "") if header else ""
        return Asked(
            method=(dict(pairs).get("_method") or override or exchange.method).upper(),
            uri=exchange.uri,
            query=pairs,
            authorization="" if stripped else exchange.headers.get("authorization", ""),
            is_ssl=exchange.secure and bite("is_ssl_false", line) is None,
            rest_route=path,
        )

    def _request(
        self, exchange: Exchange, asked: Asked, key: ApiKey | None, speech: Speech
    ) -> Request:
        shop = self._shop
        shop.user_currency = self._faults.value("currency_by_user") or ""
        return Request(
            shop=shop,
            speech=speech,
            faults=self._faults,
            ping=self._ping,
            method=asked.method,
            uri=asked.uri,
            query=nested(asked.query),
            data=_json(exchange.body),
            key=key,
            secure=asked.is_ssl,
            agent=exchange.headers.get("user-agent", ""),
        )

    def _router(self, speech: Speech) -> Router:
        if speech not in self._routers:
            self._routers[speech] = routes.router_of(speech)
        return self._routers[speech]

    def _reply(self, answer: Answer) -> Reply:
        headers = [
            ("Content-Type", JSON),
            ("X-Powered-By", f"PHP/{self._shop.settings.version.php}"),
            *answer.headers,
        ]
        return Reply(answer.status, php_json(answer.body), headers)


def _route(path: str) -> str:
    return f"/{path.strip('/')}"


def _json(body: bytes) -> Json | list[Any] | None:
    """What PHP makes of the body: null for everything that is no JSON."""
    try:
        return json.loads(body) if body.strip() else None
    except ValueError:
        return None
