"""WordPress's REST server: signing in, finding the route, headers, errors."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl

from simulators.woocommerce.auth import Asked, Gate, SignedIn
from simulators.woocommerce.catalog import Product
from simulators.woocommerce.exchange import Exchange, Reply
from simulators.woocommerce.faults.bodies import translated, warps, without_woocommerce
from simulators.woocommerce.faults.faults import Faults
from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.pages import HTML, api_link, api_root, not_cached
from simulators.woocommerce.rest.caching import cached
from simulators.woocommerce.rest.errors import CriticalError, RestError, no_route
from simulators.woocommerce.rest.requests import Answer, Request, body_params, php_params
from simulators.woocommerce.rest.router import Route, Router, allowed, endpoint_of, run
from simulators.woocommerce.rest.routes import router_of
from simulators.woocommerce.settings import ApiKey
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.webhooks import Webhook
from simulators.woocommerce.wire.common import php_json, without_hints
from simulators.woocommerce.wire.render import Renderer

JSON = "application/json; charset=UTF-8"
KEPT_FILTERS = frozenset({"page", "per_page", "offset", "order", "orderby", "_fields", "context"})
SIGNING = ("oauth_", "consumer_")


class RestServer:
    def __init__(
        self, shop: Shop, faults: Faults, gate: Gate, ping: Callable[[Webhook], None]
    ) -> None:
        self._shop = shop
        self._faults = faults
        self._gate = gate
        self._ping = ping
        self.renderer = Renderer(shop)
        self._router: Router | None = None
        self._router_for: object = None

    def answer(self, exchange: Exchange, route: str, settles_after_s: float | None) -> Reply:
        """The whole of a request to the API. What follows the work is done without the lock."""
        route = "/" if route == "/" else route.rstrip("/")
        with self._shop.lock:
            self._shop.run_due()
            reply, after = self._locked(exchange, route, settles_after_s)
        reply = cached(self._shop.settings, exchange, route, reply)
        for work in after:
            work()
        return reply

    def _locked(
        self, exchange: Exchange, route: str, settles_after_s: float | None
    ) -> tuple[Reply, list[Callable[[], None]]]:
        lost = self._faults.bite("no_query", exchange.line) is not None
        pairs = () if lost else tuple(parse_qsl(exchange.query, keep_blank_values=True))
        method = _method(exchange, dict(pairs))
        signed = self._signed_in(exchange, method, pairs, route)
        request = self._request(method, route, php_params(pairs), signed.key, settles_after_s)
        request.agent = exchange.headers.get("user-agent", "")
        found: Route | None = None
        try:
            self._admit(exchange, signed)
            matches = self._routes().find(route)
            if method == "OPTIONS":
                return self._options(request, matches), []
            chosen = endpoint_of(matches, request.method)
            if chosen is None:
                raise no_route(request.version.wp)
            found, endpoint, request.path = chosen
            request.body = self._body(exchange)
            self._mischief(request, exchange)
            answer = run(request, endpoint)
            self._spoil(request, answer, exchange.line)
        except RestError as error:
            answer = Answer(error.body(), error.status, dict(error.headers))
            if isinstance(error, CriticalError):
                found = None  # PHP dies before it says what is allowed
                if not request.version.wp.tells_fatal_errors:
                    return Reply(500, b"", [("Content-Type", HTML)]), []
        return self._reply(request, answer, found, exchange), answer.after

    def _body(self, exchange: Exchange) -> Json:
        kind = exchange.headers.get("content-type", "")
        try:
            return body_params(exchange.body, kind)
        except RestError:
            if self._shop.settings.version.wp.refuses_bad_json:
                raise
            return {}

    def knows(self, exchange: Exchange) -> bool:
        """Whether WooCommerce signs this request in, though it reaches no route."""
        pairs = tuple(parse_qsl(exchange.query, keep_blank_values=True))
        with self._shop.lock:
            return self._signed_in(exchange, exchange.method, pairs, "").key is not None

    def _request(
        self,
        method: str,
        route: str,
        query: Json,
        key: ApiKey | None,
        settles_after_s: float | None,
    ) -> Request:
        shop = self._shop
        shop.user_currency = self._faults.value("currency_by_user") or ""
        shop.passing_warps = warps(self._faults)
        root = api_root(shop.settings, shop.home).rstrip("/")
        return Request(
            shop=shop,
            renderer=self.renderer,
            ping=self._ping,
            method="GET" if method == "HEAD" else method,
            route=route,
            query=query,
            body={},
            key=key,
            rest_root=root,
            settles_after_s=settles_after_s,
        )

    def _routes(self) -> Router:
        settings = self._shop.settings
        off = self._faults.value("woocommerce_off") is not None
        plugins = (settings.tracking_plugin, *settings.plugins)
        wanted = (
            settings.version,
            plugins,
            tuple(settings.statuses),
            tuple(settings.features),
            off,
        )
        if self._router is None or self._router_for != wanted:
            router = router_of(self._shop)
            if off:
                kept = [
                    one for one in router.routes if not one.pattern.startswith(("/wc/", "/wc-"))
                ]
                router = Router(kept)
            self._router, self._router_for = router, wanted
        return self._router

    def _signed_in(
        self, exchange: Exchange, method: str, pairs: Sequence[tuple[str, str]], route: str
    ) -> SignedIn:
        stripped = self._faults.bite("strip_auth", exchange.line) is not None
        hidden = self._faults.bite("is_ssl_false", exchange.line) is not None
        asked = Asked(
            method=method,
            uri=exchange.uri,
            query=_numbered(pairs),
            authorization="" if stripped else exchange.headers.get("authorization", ""),
            is_ssl=exchange.secure and not hidden,
            rest_route=route,
            verb=exchange.method,
        )
        return self._gate.sign_in(asked)

    def _admit(self, exchange: Exchange, signed: SignedIn) -> None:
        """Raises RestError for what is refused before any route is looked for."""
        has_header = bool(exchange.headers.get("authorization"))
        if has_header and self._faults.bite("jwt_plugin", exchange.line) is not None:
            message = "Authorization header malformed."
            raise RestError("jwt_auth_bad_auth_header", message, 403)
        if signed.problem is not None:
            raise signed.problem
        if signed.key is None and self._faults.bite("rest_login", exchange.line) is not None:
            message = "DRA: Only authenticated users can access the REST API."
            raise RestError("rest_cannot_access", message, 401)

    def _mischief(self, request: Request, exchange: Exchange) -> None:
        """Faults of lists: filters that do nothing, big pages, rows that come and go."""
        if request.method != "GET" or not len(self._faults):
            return
        if self._faults.bite("ignore_filters", exchange.line) is not None:
            request.query = {
                name: value
                for name, value in request.query.items()
                if name in KEPT_FILTERS or name.startswith(SIGNING)
            }
        biggest = self._faults.value("fail_if_per_page_gt")
        size = str(request.query.get("per_page", "10"))
        dies = biggest is not None and size.isdigit() and int(size) > int(biggest)
        if dies and self._faults.bite("fail_if_per_page_gt", exchange.line) is not None:
            raise CriticalError
        if request.route.endswith(("/products", "/variations")) and _later_page(request.query):
            self._move_rows(exchange.line)

    def _move_rows(self, line: str) -> None:
        """A neighbour of the pages that were read already comes or goes."""
        shop = self._shop
        if self._faults.bite("insert_mid_scan", line) is not None:
            shop.add_product(name="New while you read", regular_price="9.00", sku="")
        if self._faults.bite("delete_mid_scan", line) is not None:
            row = next((row for row in shop.catalog.products() if _deletable(row)), None)
            if row is not None:
                shop.delete_product(row.id, force=True)

    def _spoil(self, request: Request, answer: Answer, line: str) -> None:
        if request.route == "/" and self._faults.value("woocommerce_off") is not None:
            answer.body = without_woocommerce(answer.body)
        value = self._faults.value("poison_item")
        dies = value is not None and b'{"id":%d' % int(value) in php_json(answer.body)
        if dies and self._faults.bite("poison_item", line) is not None:
            raise CriticalError

    def _options(self, request: Request, matches: Sequence[tuple[Route, dict[str, str]]]) -> Reply:
        """A trap as measured: a route that does not exist answers 200 too, with an empty list."""
        if not matches:
            return self._reply(request, Answer([]), None, None)
        route, request.path = matches[0]
        body = route.described("")
        body.pop("_links", None)
        return self._reply(request, Answer(body), route, None)

    def _reply(
        self, request: Request, answer: Answer, route: Route | None, exchange: Exchange | None
    ) -> Reply:
        body: Any = translated(answer.body, self._faults.value("locale"))
        version = self._shop.settings.version
        headers = [
            ("Content-Type", JSON),
            ("X-Powered-By", f"PHP/{version.php}"),
            ("X-Robots-Tag", "noindex"),
            ("X-Content-Type-Options", "nosniff"),
            ("Access-Control-Expose-Headers", version.wp.exposes),
            ("Access-Control-Allow-Headers", version.wp.allows),
        ]
        if "Link" not in answer.headers:
            headers.append(("Link", api_link(f"{request.rest_root}/")))
        headers += list(answer.headers.items())
        verbs = "" if route is None else allowed(request, route)
        if verbs:
            headers.append(("Allow", verbs))
        if request.key is not None:
            headers += not_cached(version)
        elif exchange is not None and exchange.method in {"GET", "HEAD"}:
            headers.append(("Vary", "Origin"))
        text = php_json(body)
        if not version.wp.target_hints:
            text = without_hints(text)
        return Reply(answer.status, text, headers)


def _method(exchange: Exchange, query: dict[str, str]) -> str:
    """Both ways to ask for another verb than POST."""
    if exchange.method != "POST":
        return exchange.method
    return (query.get("_method") or exchange.headers.get("x-http-method-override", "POST")).upper()


def _numbered(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """`include[]` becomes `include[0]`, `include[1]`: a client that signed it as it is, fails."""
    found: list[tuple[str, str]] = []
    counts: dict[str, int] = {}
    for name, value in pairs:
        if name.endswith("[]"):
            place = counts.get(name, 0)
            counts[name] = place + 1
            found.append((f"{name[:-2]}[{place}]", value))
        else:
            found.append((name, value))
    return tuple(found)


def _later_page(query: Json) -> bool:
    return str(query.get("page", "1")) != "1" or str(query.get("offset", "0")) != "0"


def _deletable(row: Product) -> bool:
    return row.kind == "simple" and row.status == "publish"
