"""A request as the routes see it, and the shapes of their answers."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlencode

import msgspec

from simulators.woocommerce.jsonish import Json, as_list, as_object
from simulators.woocommerce.orders import Note, Order, Refund
from simulators.woocommerce.rest.errors import RestError
from simulators.woocommerce.settings import MAY_MANAGE, ApiKey
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.versions import Version
from simulators.woocommerce.webhooks import Webhook
from simulators.woocommerce.wire.common import split_fields
from simulators.woocommerce.wire.generations import GENERATIONS, WC_V3, Generation
from simulators.woocommerce.wire.orders import note_json, order_json, refund_json
from simulators.woocommerce.wire.render import Renderer

VERSION = re.compile(r"v\d+")


@dataclass(slots=True)
class Answer:
    """`body`: JSON, or `Rendered`. `after`: done when the shop is no longer locked, before the
    answer goes out.
    """

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    after: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])


@dataclass(slots=True)
class Request:
    """`route`: path below the API root, as `/wc/v3/products`. `params`: of query and body, the body
    winning; only the `declared` ones mean something to the route. `query`: what is written into
    links. `rest_root`: address of the API root. `settles_after_s`: an order made now is half made
    until then, because its answer is lost. `ping`: calls on a new webhook. `agent`: its User-Agent.
    """

    shop: Shop
    renderer: Renderer
    ping: Callable[[Webhook], None]
    method: str
    route: str
    query: Json
    body: Json
    key: ApiKey | None
    rest_root: str
    settles_after_s: float | None = None
    agent: str = ""
    params: Json = field(default_factory=dict[str, Any])
    path: dict[str, str] = field(default_factory=dict[str, str])
    declared: Collection[str] = ()

    @property
    def namespace(self) -> str:
        """`wc/v3`, `wc-analytics`, `wc-shipment-tracking/v3`."""
        return namespace_of(self.route)

    @property
    def version(self) -> Version:
        return self.shop.settings.version

    @property
    def generation(self) -> Generation:
        """Of the API; the namespaces of plugins are as new as the newest."""
        return GENERATIONS.get(self.namespace, WC_V3)

    @property
    def root(self) -> str:
        """Address under which links to items lie."""
        return f"{self.rest_root}/{self.namespace}"

    @property
    def fields(self) -> tuple[str, ...]:
        chooses = self.version.wp.chooses_fields
        return split_fields(self.query.get("_fields")) if chooses else ()

    @property
    def edit(self) -> bool:
        return self.method != "GET" or self.params.get("context") == "edit"

    @property
    def shows_stored(self) -> bool:
        """An answer to a write shows what is stored rather than what a visitor sees."""
        asked = self.params.get("context") == "edit"
        return asked or (self.version.shows_stored and self.generation.shows_stored)

    @property
    def trusted(self) -> bool:
        return self.key is not None and self.key.role in MAY_MANAGE

    def id(self, name: str = "id") -> int:
        return int(self.path[name])

    def invalid_id(self, kind: str, status: int = 404) -> RestError:
        return self.generation.invalid_id(self.version, kind, status)

    def order_body(self, order: Order) -> Json:
        body = order_json(self.shop, self.root, order)
        return self.generation.order(self.shop, order, body)

    def refund_body(self, order: Order, refund: Refund, *, alone: bool = False) -> Json:
        body = refund_json(self.shop, self.root, order, refund, alone=alone)
        return self.generation.refund(self.shop, refund, body)

    def note_body(self, order: Order, note: Note) -> Json:
        return self.generation.plain(note_json(self.shop, self.root, order, note))


def namespace_of(route: str) -> str:
    parts = route.strip("/").split("/")
    return "/".join(parts[:2]) if len(parts) > 1 and VERSION.fullmatch(parts[1]) else parts[0]


def php_params(pairs: Sequence[tuple[str, str]]) -> Json:
    """The query as PHP reads it: `name[]` and `name[0]` make lists, the last of a name wins."""
    found: Json = {}
    for name, value in pairs:
        head, bracket, _ = name.partition("[")
        found[head] = [*as_list(found.get(head)), value] if bracket else value
    return found


def parse_pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def body_params(raw: bytes, content_type: str) -> Json:
    """Raises RestError for what is no JSON; forms are read as PHP does."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        return php_params(parse_pairs(raw.decode(errors="replace")))
    if not raw.strip() or "json" not in content_type:
        return {}
    try:
        return as_object(msgspec.json.decode(raw))
    except msgspec.DecodeError:
        data = {"json_error_code": 4, "json_error_message": "Syntax error"}
        raise RestError("rest_invalid_json", "Invalid JSON body passed.", 400, data) from None


def page_of(request: Request, count: int) -> "slice[int, int, None]":
    """Where the asked page lies among `count` rows. An offset beats the page."""
    per_page, page = int(request.params["per_page"]), int(request.params["page"])
    start = request.params.get("offset")
    first = (page - 1) * per_page if start is None else max(0, int(start))
    return slice(min(first, count), min(first + per_page, count))


def paged(request: Request, body: Any, total: int, extra: Json | None = None) -> Answer:
    """A list with its totals and its links to the pages around it. `extra`: parameters that the
    route adds to those links although nobody sent them.
    """
    per_page, page = int(request.params["per_page"]), int(request.params["page"])
    pages = -(-total // per_page)
    if page > pages and total and not request.version.counts_past_end:
        pages = 1
    answer = Answer(body)
    answer.headers = {"X-WP-Total": str(total), "X-WP-TotalPages": str(pages)}
    links: list[str] = []
    if page > 1:
        links.append(f'<{_page_address(request, min(page - 1, max(pages, 1)), extra)}>; rel="prev"')
    if page < pages:
        links.append(f'<{_page_address(request, page + 1, extra)}>; rel="next"')
    if links:
        answer.headers["Link"] = ", ".join(links)
    return answer


def _page_address(request: Request, page: int, extra: Json | None) -> str:
    """What was sent, with another page; lists are written with places in brackets."""
    sent = {name: value for name, value in request.query.items() if name not in (extra or {})}
    sent.update(extra or {})
    sent["page"] = page
    base = f"{request.rest_root}{request.route}"
    if request.namespace == "wc-analytics":
        # A quirk of that API: it prints the pattern of another route, cut off at its question mark.
        base = f"{request.rest_root}/wc-analytics/products/(?P<product_id>%5B\\d%5D"
        return base + "&" + _query(sent)
    if "?" in request.rest_root:
        route = urlencode({"rest_route": request.route})
        rest = _query({name: value for name, value in sent.items() if name != "rest_route"})
        return f"{request.rest_root.partition('?')[0]}?{route}&{rest}"
    return f"{base}?{_query(sent)}"


def _query(sent: Json) -> str:
    parts: list[str] = []
    for name, value in sent.items():
        if isinstance(value, list):
            items = enumerate(as_list(value))
            parts += [
                f"{quote(f'{name}[{place}]')}={quote_plus(str(item))}" for place, item in items
            ]
        else:
            text = str(int(value)) if isinstance(value, bool) else str(value)
            parts.append(f"{name}={quote_plus(text)}")
    return "&".join(parts)
