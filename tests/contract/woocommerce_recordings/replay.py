"""Asks the simulated shop what was once asked of a real one, and compares the answers.

A recorded row names the address it was sent to; each address was the same shop behind another web
server (`SERVERS`). The shop's clock stands at the recorded time, so that dates come out alike.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import httpx2
from oauthlib.oauth1.rfc5849.signature import (
    base_string_uri,
    normalize_parameters,
    sign_hmac_sha1_with_client,
    sign_hmac_sha256_with_client,
    signature_base_string,
)

from simulators.woocommerce import ApiKey, ShopSettings, Simulator

DATA = Path(__file__).parent / "data"
Row = dict[str, Any]
MAIN, PLAIN_HTTP = "https://127.0.0.1:8444", "http://127.0.0.1:8081"
LONG_AGO = 1_700_000_000
SECONDS = 3
"""How far a recorded date may lie from the time of the recorded answer."""


@dataclass(frozen=True)
class Server:
    """How one recorded address differed: the home that WordPress saw, and what the server did."""

    home: str
    faults: tuple[str, ...] = ()
    rewrite: bool = True


SERVERS = {
    MAIN: Server(MAIN),
    PLAIN_HTTP: Server(PLAIN_HTTP),
    "https://127.0.0.1:8445": Server("https://127.0.0.1:8445", ("strip_auth",)),
    "https://127.0.0.1:8448": Server("http://127.0.0.1:8448", ("is_ssl_false",)),
    "http://127.0.0.1:8082": Server(MAIN, (f"redirect=301,{MAIN}",)),
    "https://shop.localhost:8447": Server("https://www.shop.localhost:8447", ("redirect=301,www",)),
    "https://www.shop.localhost:8447": Server("https://www.shop.localhost:8447"),
    "https://127.0.0.1:8449": Server("https://127.0.0.1:8449", rewrite=False),
}

VOLATILE = (
    r"\.order_key$",
    r"\.payment_url$",
    r"\.related_ids\b",
    r"\.meta_data\[\d+\]\.id$",
    r"\.tracking_id$",
    r"shipment-trackings/[0-9a-f]+",
)
"""What the real shop draws at random or numbers by its whole past; types are compared."""
DRAWN = ("order_key", "related_ids", "meta_data", "tracking_id", "remote_post")

UNSTEADY = (r"\.remote_(get|post)_response$",)
"""Values whose very type changed between two recorded answers."""


@dataclass(frozen=True)
class Deviation:
    """Where the simulated shop answers otherwise on purpose. `topic`, `name`, `where`: patterns
    to search for.
    """

    topic: str
    name: str
    where: str
    reason: str


@dataclass
class Replay:
    """One topic, played against one shop. `used` gathers the deviations that were needed."""

    topic: str
    simulator: Simulator
    deviations: tuple[Deviation, ...] = ()
    used: set[Deviation] = field(default_factory=set)
    keys: dict[str, ApiKey] = field(default_factory=dict)
    before: dict[str, Callable[[], None]] = field(default_factory=dict)
    """What people did in the shop between two rows, by the name of the second."""

    prepare: Callable[[Row], None] = lambda _: None
    """What must be set up for every row."""

    def __post_init__(self) -> None:
        shop = self.simulator.shop
        own = shop.keys[0]
        self.keys = {
            "rw": own,
            "read": shop.add_key("read"),
            "write": shop.add_key("write"),
            "mgr": shop.add_key(role="shop_manager"),
            "cust": shop.add_key(role="customer"),
            "bad": ApiKey("ck_" + "0" * 40, "cs_" + "0" * 40),
            "badsec": ApiKey(own.key, "cs_" + "0" * 40),
            "trunc": ApiKey(own.key[:20], own.secret),
            "space": ApiKey(own.key + " ", own.secret),
            "swap": ApiKey(own.secret, own.key),
        }

    def differences(self, row: Row) -> list[str]:
        """Asks, compares, and leaves out what is a deviation."""
        self.before.get(row["name"], lambda: None)()
        self.prepare(row)
        answer = self.ask(row)
        found = [*_status_and_headers(row, answer, self._masked), *self._body(row, answer)]
        found += _length(row, answer)
        return [one for one in found if not self._deviates(row["name"], one)]

    def _deviates(self, name: str, difference: str) -> bool:
        for one in self.deviations:
            if (
                re.search(one.topic, self.topic)
                and re.search(one.name, name)
                and re.search(one.where, difference)
            ):
                self.used.add(one)
                return True
        return False

    def ask(self, row: Row) -> httpx2.Response:
        ask = row["ask"]
        server = SERVERS[ask["base"]]
        home = PLAIN_HTTP if "siteurl is http" in row["name"] else server.home
        settings = self.simulator.settings
        settings.home, settings.rewrite = home, server.rewrite
        self.simulator.faults.clear()
        for fault in server.faults:
            self.simulator.faults.add_text(fault)
        self.simulator.shop.clock.hold(_time_of(row))
        headers = {"Host": urlsplit(ask["base"]).netloc, **ask.get("headers", {})}
        kind, _, name = ask.get("key", "").partition(":")
        if kind == "basic":
            pair = f"{self.keys[name].key}:{self.keys[name].secret}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        address = ask["base"] + self._filled(ask["path"])
        if kind == "oauth":
            address = self._signed(row, ask["base"], ask["path"])
        content = None
        if "body" in ask:
            text = ask["body"]
            if isinstance(text, str):
                text = text.replace("<pw>", "fake-password")
            content = text if isinstance(text, str) else json.dumps(text)
            headers.setdefault("Content-Type", "application/json")
        request = httpx2.Request(ask["method"], address, headers=headers, content=content)
        return self.simulator.transport().handle_request(request)

    def _filled(self, path: str) -> str:
        for name, key in self.keys.items():
            path = path.replace(f"<ck:{name}>", quote(key.key, safe=""))
            path = path.replace(f"<cs:{name}>", quote(key.secret, safe=""))
        return path

    def _signed(self, row: Row, base: str, path: str) -> str:
        """Signs with another implementation than the shop's, with the recorded time and nonce."""
        raw, _, query = self._filled(path).partition("?")
        pairs = parse_qsl(query, keep_blank_values=True)
        given = {name: value for name, value in pairs if name.startswith("oauth_")}
        secret = self.keys["rw"].secret
        if "wrong secret" in row["name"]:
            secret = self.keys["bad"].secret
        if "another host" in row["name"]:
            base = base.replace("127.0.0.1", "localhost")
        if "signed with http://" in row["name"]:
            base = base.replace("https://", "http://")
        pairs = [pair for pair in pairs if pair[0] != "oauth_signature"]
        encoded = normalize_parameters(pairs)
        text = signature_base_string(row["ask"]["method"], base_string_uri(base + raw), encoded)
        sha1 = given["oauth_signature_method"] == "HMAC-SHA1"
        sign: Any = sign_hmac_sha1_with_client if sha1 else sign_hmac_sha256_with_client
        client = SimpleNamespace(client_secret=secret, resource_owner_secret="")
        made = quote(sign(text, client), safe="")
        return f"{row['ask']['base']}{raw}?" + query.replace("<sig>", made)

    def _masked(self, text: str) -> str:
        """As the recordings are masked."""
        for name, key in self.keys.items():
            if name in {"rw", "read", "write", "mgr", "cust"}:
                text = text.replace(key.key, f"<ck:{name}>").replace(key.secret, f"<cs:{name}>")
        return re.sub(r"(oauth_signature=)[^&>;]+", r"\1<sig>", text)

    def _body(self, row: Row, answer: httpx2.Response) -> list[str]:
        recorded = row["answer"]
        if "starts" in recorded:
            begun = answer.text.startswith(recorded["starts"])
            return [] if begun else [f"text begins {answer.text[:300]!r}"]
        if "texts" in recorded:
            return [f"text lacks {one!r}" for one in recorded["texts"] if one not in answer.text]
        if "json" not in recorded or row["ask"]["method"] == "HEAD":
            return []
        try:
            actual = answer.json()
        except ValueError:
            return [f"no JSON: {answer.text[:200]!r}"]
        expected = recorded["json"]
        if isinstance(expected, list) and _drawn_by_lot(row["ask"]["path"]) and expected:
            return self._same_rows(row, expected, actual)
        if row["ask"]["path"].endswith("/notes") and isinstance(expected, list):
            # Notes of one second came once in this order and once in that.
            expected, actual = (
                sorted(rows, key=lambda note: note["id"]) for rows in (expected, actual)
            )
        return list(compare("", expected, actual))

    def _same_rows(self, row: Row, expected: list[Row], actual: list[Row]) -> list[str]:
        """Which rows come first is chance; as many came, and the recorded ones look as recorded."""
        if len(actual) != len(expected):
            return [f" has {len(actual)} rows, not {len(expected)}"]
        found: list[str] = []
        if not all("id" in one for one in expected):
            return list(compare("[0]", expected[0], actual[0]))
        fields = dict(parse_qsl(urlsplit(row["ask"]["path"]).query)).get("_fields", "")
        asked = re.search(r"/(wc/v\d)/", row["ask"]["path"])
        api = "wc/v3" if asked is None else asked[1]
        for one in expected:
            kind = "orders" if "/orders" in row["ask"]["path"] else "products"
            path = f"/wp-json/wc/?rest_route=/{api}/{kind}/{one['id']}&_fields={fields}"
            ask = {"method": "GET", "base": MAIN, "path": path, "key": "basic:rw"}
            got = self.ask({**row, "ask": ask}).json()
            wanted = json.loads(json.dumps(one).replace(row["ask"]["base"], MAIN))
            if "_links" not in wanted:
                got.pop("_links", None)
            found += compare(f"[{one['id']}]", wanted, got)
        return found


def _drawn_by_lot(path: str) -> bool:
    """Lists in an order that does not tell rows of one date apart."""
    route, _, query = path.partition("?")
    if route.endswith("/orders"):
        return "orderby=modified" in query
    if not re.search(r"/products/?$", route) and "rest_route=/wc/v3/products&" not in query:
        return False
    asked = dict(parse_qsl(query))
    by = asked.get("orderby", "date")
    return by in {"date", "modified", "popularity", "menu_order", "price", "rating"} or (
        by == "include" and "include" not in asked
    )


def _time_of(row: Row) -> float:
    """When the real shop worked: by the dates that a write left, else by its answer's date."""
    body = row["answer"].get("json")
    if row["ask"]["method"] in {"POST", "PUT"} and isinstance(body, dict):
        for name in ("date_modified_gmt", "date_created_gmt"):
            if isinstance(body.get(name), str) and "/batch" not in row["ask"]["path"]:
                made = datetime.fromisoformat(body[name]).replace(tzinfo=UTC).timestamp()
                if abs(made - row["answer"]["at"]) <= SECONDS:
                    return made
    return float(row["answer"]["at"])


def _status_and_headers(
    row: Row, answer: httpx2.Response, masked: Callable[[str], str]
) -> Iterator[str]:
    recorded = row["answer"]
    if answer.status_code != recorded["status"]:
        yield f"status {answer.status_code}, not {recorded['status']}: {answer.text[:200]}"
    for name in ("X-WP-Total", "X-WP-TotalPages", "Link", "Allow", "Location", "Vary",
                 "Cache-Control", "Content-Type", "X-Redirect-By"):  # fmt: skip
        wanted, got = recorded["headers"].get(name), answer.headers.get(name)
        if got is not None and name == "Link" and "api.w.org" in got:
            got = "api"
        if got is not None and name == "Cache-Control":
            got = "no-cache"
        got = None if got is None else masked(got)
        if got != wanted:
            yield f"header {name}: {got!r}, not {wanted!r}"
    sent = answer.headers.get("date")
    if sent and abs(parsedate_to_datetime(sent).timestamp() - _time_of(row)) > 1:
        yield f"header Date: {sent}"


def _length(row: Row, answer: httpx2.Response) -> list[str]:
    """The same JSON is written in the same bytes, escapes and all."""
    recorded = row["answer"]
    text = json.dumps(recorded.get("json"))
    drawn = any(name in text for name in DRAWN) or _drawn_by_lot(row["ask"]["path"])
    wanted = recorded.get("bytes")
    if drawn or wanted in {None, len(answer.content)} or "Content-Encoding" in recorded["headers"]:
        return []
    return [f"length {len(answer.content)}, not {wanted}"]


def compare(where: str, expected: Any, actual: Any) -> Iterator[str]:
    """Every difference, as `path: got, not wanted`."""
    if any(re.search(pattern, where) for pattern in UNSTEADY):
        return
    if type(expected) is not type(actual):
        yield f"{where}: {actual!r} is of another type than {expected!r}"
    elif any(re.search(pattern, where) for pattern in VOLATILE):
        return
    elif isinstance(expected, dict):
        yield from _compare_objects(where, expected, actual)
    elif isinstance(expected, list):
        yield from _compare_lists(where, expected, actual)
    elif not _alike(where, expected, actual):
        yield f"{where}: {actual!r}, not {expected!r}"


def _compare_objects(where: str, expected: Row, actual: Row) -> Iterator[str]:
    for name in expected.keys() | actual.keys():
        if name not in actual:
            yield f"{where}.{name} is missing"
        elif name not in expected:
            yield f"{where}.{name} is too much"
        else:
            yield from compare(f"{where}.{name}", expected[name], actual[name])


def _compare_lists(where: str, expected: list[Any], actual: list[Any]) -> Iterator[str]:
    if where.endswith(".namespaces"):  # plugins register theirs at various moments
        expected, actual = sorted(expected), sorted(actual)
    if len(expected) != len(actual):
        yield f"{where} has {len(actual)} items, not {len(expected)}"
        return
    for place, (one, other) in enumerate(zip(expected, actual, strict=True)):
        yield from compare(f"{where}[{place}]", one, other)


def _alike(where: str, expected: Any, actual: Any) -> bool:
    if re.search(r"\.date_\w+$|_time$", where) and isinstance(expected, str) and "T" in expected:
        apart = datetime.fromisoformat(expected) - datetime.fromisoformat(actual)
        return abs(apart.total_seconds()) <= SECONDS
    if str(expected).isdigit() and int(expected) > LONG_AGO and str(actual).isdigit():
        return abs(int(expected) - int(actual)) <= SECONDS
    return bool(expected == actual)


def read(topic: str) -> list[Any]:
    found: list[Any] = json.loads((DATA / f"{topic}.json").read_text(encoding="utf-8"))
    return found


def new_simulator(at: float, **settings: Any) -> Simulator:
    return Simulator(ShopSettings(home=MAIN, starts_at=at, **settings))
