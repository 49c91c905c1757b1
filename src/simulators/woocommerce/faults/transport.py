"""Faults on the way to the shop and back: asked before the shop works, and after."""

import base64
import gzip
import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from simulators.woocommerce.exchange import Cut, Exchange, Reply, page
from simulators.woocommerce.faults.blocks import block
from simulators.woocommerce.faults.faults import Faults

NOTICE = (
    "<br />\n<b>Notice</b>:  Undefined index: foo in <b>/wp-content/plugins/x.php</b>"
    " on line <b>3</b><br />\n"
)
COMMENT = "\n<!-- Performance optimized by a cache plugin -->"
PLAIN_VERBS = frozenset({"GET", "POST", "HEAD", "OPTIONS"})
LONG_QUERY = 255
NEW_ORDER = re.compile(r"^POST [^?]*/orders/?(\?|$)")


@dataclass(slots=True)
class Before:
    """What was found before the work: an answer in its place, seconds to wait, seconds in which an
    order that is made now settles.
    """

    reply: Reply | None = None
    wait_s: float = 0.0
    settles_after_s: float | None = None
    lost: str = ""


@dataclass(slots=True)
class Transport:
    """`home`: the site's address, for redirects."""

    faults: Faults
    cached: dict[str, tuple[float, Reply]] = field(default_factory=dict[str, tuple[float, Reply]])

    def before(self, exchange: Exchange, home: str, now: float) -> Before:
        found = Before()
        if not len(self.faults):
            return found
        line = exchange.line
        latency = self.faults.bite("latency", line)
        found.wait_s = float(latency) if latency is not None else 0.0
        for find in (self._turned_away, self._unavailable, self._unanswered):
            found.reply = find(exchange, line)
            if found.reply is not None:
                return found
        found.reply = self._redirected(exchange, line, home) or self._from_cache(
            exchange, line, now
        )
        if found.reply is None:
            self._lost(found, line)
        return found

    def _turned_away(self, exchange: Exchange, line: str) -> Reply | None:
        """Firewalls and plugins that do not let this client through."""
        value = self.faults.bite("waf", line)
        if value is not None and (value != "ithemes" or len(exchange.query) > LONG_QUERY):
            return block(value)
        agent = exchange.headers.get("user-agent", "")
        value = self.faults.value("block_ua")
        if value is not None and re.search(value, agent) and self.faults.bite("block_ua", line):
            return block("455")
        value = self.faults.value("site_basic_auth")
        if value is not None and not _signed_in(exchange, value):
            realm = ("WWW-Authenticate", 'Basic realm="Staging"')
            return page(401, "<html><body><h1>401 Authorization Required</h1></body></html>", realm)
        value = self.faults.value("only_get_post")
        verb = exchange.headers.get("x-http-method-override", exchange.method)
        if value is not None and verb not in PLAIN_VERBS:
            return nginx_page(int(value), "Method Not Allowed")
        return None

    def _unavailable(self, _: Exchange, line: str) -> Reply | None:
        value = self.faults.bite("rate_limit", line)
        if value is not None:
            reply = nginx_page(429, "Too Many Requests")
            reply.headers.append(("Retry-After", value))
            return reply
        value = self.faults.bite("burst_5xx", line)
        if value is not None:
            return nginx_page(int(value), "Server Error")
        if self.faults.bite("maintenance", line) is not None:
            text = "Briefly unavailable for scheduled maintenance. Check back in a minute."
            body = f'{{"code":"wp_die","message":"{text}","data":{{"status":503}},"additional_errors":[]}}'  # noqa: E501 - as recorded
            return page(503, body, ("Retry-After", "600"), kind="application/json; charset=utf-8")
        value = self.faults.bite("gzip_bomb", line)
        if value is not None:
            bomb = gzip.compress(b"[" + b" " * (int(value) * 2**20) + b"]", 9)
            headers = [("Content-Type", "application/json"), ("Content-Encoding", "gzip")]
            return Reply(200, bomb, headers)
        return None

    def _unanswered(self, exchange: Exchange, line: str) -> Reply | None:
        value = self.faults.bite("hang", line)
        if value is not None:
            return Reply(504, cut=Cut(wait_s=float(value)))
        value = self.faults.bite("refuse_order", line) if NEW_ORDER.search(line) else None
        if value is not None:
            return refusal(exchange, value)
        if self.faults.bite("reset", line) is not None:
            return Reply(502, cut=Cut(reset=True))
        if self.faults.bite("empty_200", line) is not None:
            return page(200, "")
        return None

    def _redirected(self, exchange: Exchange, line: str, home: str) -> Reply | None:
        value = self.faults.value("redirect")
        target = redirect_target(exchange, home, value) if value is not None else None
        if value is None or target is None or self.faults.bite("redirect", line) is None:
            return None
        return moved(int(value.partition(",")[0]), target)

    def _from_cache(self, exchange: Exchange, line: str, now: float) -> Reply | None:
        value = self.faults.bite("cache_rest", line) if exchange.method == "GET" else None
        known = self.cached.get(exchange.uri) if value is not None else None
        if value is None or known is None or now - known[0] > float(value):
            return None
        at, reply = known
        headers = [*reply.headers, ("X-LiteSpeed-Cache", "hit"), ("Age", str(int(now - at)))]
        return Reply(reply.status, reply.body, headers)

    def _lost(self, found: Before, line: str) -> None:
        for kind in ("commit_then_timeout", "commit_then_502"):
            value = self.faults.bite(kind, line)
            if value is not None:
                found.lost, found.settles_after_s = kind, float(value)
                return

    def after(self, exchange: Exchange, found: Before, reply: Reply, now: float) -> Reply:
        """The answer as it arrives, or does not."""
        if found.lost == "commit_then_timeout":
            reply.cut = Cut(wait_s=60.0)
        if found.lost == "commit_then_502":
            return nginx_page(502, "Bad Gateway")
        if not len(self.faults):
            return reply
        line = exchange.line
        if exchange.method == "GET" and self.faults.value("cache_rest") is not None:
            self.cached[exchange.uri] = (now, Reply(reply.status, reply.body, list(reply.headers)))
        self._spoil(reply, line)
        value = self.faults.bite("reset_after_bytes", line)
        if value is not None:
            reply.cut = Cut(after_bytes=int(value), reset=True)
        return reply

    def _spoil(self, reply: Reply, line: str) -> None:
        if self.faults.bite("bom", line) is not None:
            reply.body = b"\xef\xbb\xbf" + reply.body
        if self.faults.bite("notice_prefix", line) is not None:
            reply.body = NOTICE.encode() + reply.body
        if self.faults.bite("comment_suffix", line) is not None:
            reply.body += COMMENT.encode()
        value = self.faults.bite("truncated", line)
        if value is not None:
            reply.body = reply.body[: int(value)]
        if self.faults.bite("no_totals", line) is not None:
            hidden = {"x-wp-total", "x-wp-totalpages", "x-wc-total", "x-wc-totalpages"}
            reply.headers = [pair for pair in reply.headers if pair[0].lower() not in hidden]


def redirect_target(exchange: Exchange, home: str, value: str) -> str | None:
    """Where a redirect sends this request; None: it is right where it is."""
    kind = value.partition(",")[2] or "https"
    scheme, host = ("https" if exchange.secure else "http"), exchange.headers.get("host", "")
    here = urlsplit(home)
    host = host or here.netloc
    if "://" in kind:
        target = urlsplit(kind)
        same = (target.scheme, target.netloc) == (scheme, host)
        return None if same else f"{kind.rstrip('/')}{exchange.uri}"
    if kind == "https":
        return None if scheme == "https" else f"https://{host}{exchange.uri}"
    if kind == "www":
        return None if host.startswith("www.") else f"{scheme}://www.{host}{exchange.uri}"
    if kind == "slash":
        path, mark, query = exchange.uri.partition("?")
        return None if path.endswith("/") else f"{scheme}://{host}{path}/{mark}{query}"
    if kind == "login":
        login = f"{scheme}://{host}/wp-login.php"
        return None if exchange.path == "/wp-login.php" else f"{login}?redirect_to={exchange.path}"
    return f"{scheme}://{host}/{kind.strip('/')}{exchange.uri}"


def refusal(exchange: Exchange, text: str) -> Reply:
    """As a plugin's error on an order's way in comes out of each API."""
    code = "plugin_refuses_order"
    body: dict[str, object] = {"code": code, "message": text, "data": {"status": 400}}
    if "/wc-api/" in exchange.uri:
        body = {"errors": [{"code": code, "message": text}]}
    return page(400, json.dumps(body), kind="application/json; charset=UTF-8")


def moved(status: int, target: str) -> Reply:
    """As nginx says it."""
    reply = nginx_page(status, {301: "Moved Permanently", 302: "Found"}.get(status, "Redirect"))
    reply.headers.append(("Location", target))
    return reply


def nginx_page(status: int, title: str) -> Reply:
    text = (
        f"<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{status} {title}</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n"
        "</body>\r\n</html>\r\n"
    )
    return page(status, text)


def _signed_in(exchange: Exchange, pair: str) -> bool:
    wanted = base64.b64encode(pair.encode()).decode()
    return exchange.headers.get("authorization", "") == f"Basic {wanted}"
