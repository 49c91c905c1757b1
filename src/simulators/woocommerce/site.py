"""The WordPress site around the shop: which part of it a request reaches."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlsplit

from simulators.woocommerce.auth import Gate
from simulators.woocommerce.deliveries import Deliveries
from simulators.woocommerce.exchange import Exchange, Reply, page
from simulators.woocommerce.faults.faults import Faults
from simulators.woocommerce.faults.transport import Transport, nginx_page
from simulators.woocommerce.legacy.server import LegacyServer
from simulators.woocommerce.log import Log
from simulators.woocommerce.pages import (
    HTML,
    api_root,
    home_page,
    not_cached,
    not_found,
    picture,
    sent_on,
)
from simulators.woocommerce.rest.server import RestServer
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.wc_auth import WcAuth

WC_AUTH = re.compile(r"/wc-auth/v1/(\w+)(/?)")
PRODUCT_PAGE = re.compile(r"/(?:\w\w/)?product/[^/]+/?")
SERVER = ("Server", "nginx/1.22.1")
API_PATH = re.compile(r"(?:/index\.php)?/wp-json(/.*)?")


class Site:
    """`sleep` may be replaced, so that tests need not wait."""

    def __init__(self, shop: Shop, faults: Faults, log: Log, deliveries: Deliveries) -> None:
        self.shop = shop
        self.faults = faults
        self.log = log
        self.transport = Transport(faults)
        self.wc_auth = WcAuth(shop, deliveries.send)
        gate = Gate(shop, faults)
        self.rest = RestServer(shop, faults, gate, deliveries.ping)
        self.legacy = LegacyServer(shop, faults, gate, deliveries.ping)
        self.cron: Callable[[], object] = deliveries.run
        self.sleep: Callable[[float], None] = time.sleep
        self._cron_at = 0.0

    def answer(self, exchange: Exchange) -> Reply:
        started = time.perf_counter()
        now = self.shop.clock.now()
        found = self.transport.before(exchange, self.shop.home, now)
        wait_s = found.wait_s
        inside = self._inside(exchange)
        api = self._rest_route(inside) is not None or self.legacy.is_asked(inside)
        if self.shop.settings.latency_ms and api:
            wait_s += self.shop.settings.latency_ms / 1000
        if wait_s:
            self.sleep(wait_s)
        reply = found.reply or self._wordpress(inside, found.settles_after_s)
        if found.reply is None:
            reply = self.transport.after(exchange, found, reply, now)
        if reply.header("Server") is None:
            reply.headers.insert(0, SERVER)
        reply.headers.insert(1, ("Date", _http_date(self.shop.clock.now())))
        self.log.add(exchange, reply.status, (time.perf_counter() - started) * 1000, now)
        self._visited()
        return reply

    def _visited(self) -> None:
        settings = self.shop.settings
        now = time.monotonic()
        if settings.cron_on_visit and now - self._cron_at >= settings.cron_lock_s:
            self._cron_at = now
            threading.Thread(target=self.cron, daemon=True).start()

    def _inside(self, exchange: Exchange) -> Exchange:
        """A site may live in a folder: the request as it looks from there."""
        folder = urlsplit(self.shop.home).path.rstrip("/")
        if not folder or not exchange.path.startswith(f"{folder}/"):
            return exchange
        return replace(exchange, uri=exchange.uri.removeprefix(folder))

    def _rest_route(self, exchange: Exchange) -> str | None:
        """The route that the REST API is asked for; None: it is not asked."""
        settings = self.shop.settings
        if not settings.version.wp.rest:
            return None
        if not settings.rewrite and exchange.path not in {"/", "/index.php"}:
            return None
        for name, value in parse_qsl(exchange.query):
            if name == "rest_route" and value:
                return value
        match = API_PATH.fullmatch(unquote(exchange.path))
        if match is None or not settings.pretty_permalinks:
            return None
        return match[1] or "/"

    @property
    def _api(self) -> str:
        return api_root(self.shop.settings, self.shop.home)

    def _wordpress(self, exchange: Exchange, settles_after_s: float | None) -> Reply:
        settings = self.shop.settings
        if not settings.rewrite and exchange.path not in {"/", "/index.php"}:
            return nginx_page(404, "Not Found")
        route = self._rest_route(exchange)
        if route is not None:
            return self.rest.answer(exchange, route, settles_after_s)
        old = self.legacy.answer(exchange, settles_after_s)
        if old is not None:
            return old
        return self._auth_page(exchange) or self._page(exchange)

    def _auth_page(self, exchange: Exchange) -> Reply | None:
        if not self.shop.settings.version.authorize_page:
            return None
        match = WC_AUTH.fullmatch(exchange.path)
        if match is not None and (match[2] or self.shop.settings.pretty_permalinks):
            return self.wc_auth.answer(exchange, match[1], plain=False)
        found = re.search(r"(?:^|&)wc-auth-route=(\w+)|(?:^|&)wc-auth/v1=(\w+)", exchange.query)
        if found is not None:
            return self.wc_auth.answer(exchange, found[1] or found[2], plain=True)
        return None

    def _page(self, exchange: Exchange) -> Reply:
        settings, path = self.shop.settings, exchange.path
        front = home_page(settings, self.shop.home, self._api)
        if path in {"", "/", "/index.php"} or (
            settings.pretty_permalinks and PRODUCT_PAGE.fullmatch(path)
        ):
            return front
        if path == "/wp-login.php":
            return page(200, "<html><head><title>Log In</title></head></html>", kind=HTML)
        if path.startswith("/wp-content/uploads/"):
            return picture()
        if not settings.pretty_permalinks:
            # Nothing has an address of its own: a slash is added, and then the home page is shown.
            if path.endswith("/"):
                return front
            known = not_cached(settings.version)[:2] if self.rest.knows(exchange) else ()
            return sent_on(settings.version, 301, self._with_slash(exchange), *known)
        return not_found(settings, self._api)

    def _with_slash(self, exchange: Exchange) -> str:
        path, mark, query = exchange.uri.partition("?")
        return f"{self.shop.home}{path.removeprefix('/index.php')}/{mark}{query}"


def _http_date(second: float) -> str:
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(second))
