"""Plays the recorded requests of the old API on a simulated shop, and brings the answers into one
form: ids by the name of what made them, dates and addresses by a word.
"""

import base64
import hashlib
import hmac
import itertools
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from simulators.woocommerce import ApiKey, ShopSettings, Simulator
from simulators.woocommerce.exchange import Exchange, Reply
from simulators.woocommerce.versions import version_of

DATA = Path(__file__).parent / "data"
EMPTY = DATA / "empty_shop.json"
HOME = "http://shop.test"
BARE = ("v1", "v2")
MADE = ("product", "order", "webhook", "order_refund")
NAMED = ("id", "parent_id", "product_id", "variation_id", "order_number", "number")
NOWHERE = 999999
PLACEHOLDER = "images/placeholder.png"


def script(api: str) -> list[dict[str, Any]]:
    return json.loads((DATA / f"script_{api}.json").read_text("utf-8"))


def recorded(version: str, api: str) -> dict[str, dict[str, Any]]:
    """Answers of a real shop by the row's name; a body too long to be kept is missing."""
    return json.loads((DATA / f"wc{version}_{api}.json").read_text("utf-8"))


def enc(text: str) -> str:
    return quote(text, safe="~")


class Player:
    """One shop, empty at first. `names`: id -> the name of what made it."""

    def __init__(self, version: str, api: str) -> None:
        settings = ShopSettings(
            home=HOME,
            name=f"Vendor {version}",
            version=version_of(version),
            data=EMPTY,
            timezone="Europe/Berlin",
            prices_include_tax=False,
            hpos=False,
            legacy_api=True,
        )
        self.api = api
        self.simulator = Simulator(settings)
        self.simulator.deliveries.send = lambda *_: 200
        shop = self.simulator.shop
        self.keys = {
            "read_write": shop.keys[0],
            "read": shop.add_key("read"),
            "write": shop.add_key("write"),
        }
        self.names: dict[int, str] = {}
        self._ids: dict[str, int] = {}
        self._nonces = (f"nonce-{number}" for number in itertools.count())
        self._nonce = ""

    def play(self, row: dict[str, Any]) -> tuple[Reply, Any]:
        """The answer, and its body in the form that is compared."""
        settings, twists = self.simulator.settings, row.get("twists", ())
        settings.pretty_permalinks = "plain" not in twists
        settings.legacy_api = "switched off" not in twists
        reply = self.simulator.app.answer(self._exchange(row, twists))
        body = _decoded(reply.body)
        self._learn(row, reply, body)
        return reply, self.plain(body)

    def _filled(self, text: str) -> str:
        def fill(match: re.Match[str]) -> str:
            return str(self._ids[match[1]]) if match[1] in self._ids else match[0]

        return re.sub(r"\{(\w+)\}", fill, text)

    def _exchange(self, row: dict[str, Any], twists: Any) -> Exchange:
        path, _, query = self._filled(row["path"]).partition("?")
        pairs = parse_qsl(query, keep_blank_values=True)
        key = self.keys[row.get("key", "read_write")]
        name = "ck_" + "0" * 40 if "unknown key" in twists else key.key
        secret = "cs_" + "0" * 40 if "wrong secret" in twists else key.secret
        headers = {"user-agent": "client/1", "host": "shop.test"}
        content = self._content(row.get("body"))
        auth = row["auth"]
        if auth.startswith("basic"):
            pair = base64.b64encode(f"{name}:{secret}".encode()).decode()
            headers["authorization"] = f"Basic {pair}"
        elif auth == "qs_https":
            pairs += [("consumer_key", name), ("consumer_secret", secret)]
        elif auth == "oauth":
            pairs = self._signed(row, path, pairs, ApiKey(name, secret), twists)
        joined = "&".join(f"{enc(n)}={enc(v)}" for n, v in pairs)
        uri = f"{path}?{joined}" if joined else path
        return Exchange(row["method"], uri, headers, content, auth.endswith("_https"))

    def _content(self, body: Any) -> bytes:
        if body is None:
            return b""
        if isinstance(body, str):
            return body.encode()
        if body == {"products": "101 times"}:
            body = {"products": [{"id": "{product_create_simple_managed}"}] * 101}
        text = re.sub(r'"(\{\w+\})"', r"\1", json.dumps(body))
        return self._filled(text).encode()

    def _signed(
        self,
        row: dict[str, Any],
        path: str,
        pairs: list[tuple[str, str]],
        key: ApiKey,
        twists: Any,
    ) -> list[tuple[str, str]]:
        now = self.simulator.shop.clock.second()
        if "nonce again" not in twists:
            self._nonce = next(self._nonces)
        method = next((one for one in ("PLAINTEXT", "HMAC-SHA256") if one in twists), "HMAC-SHA1")
        every = [
            *pairs,
            ("oauth_consumer_key", key.key),
            ("oauth_timestamp", str(now - 3600 if "stale" in twists else now)),
            ("oauth_nonce", self._nonce),
            ("oauth_signature_method", method),
        ]
        given = dict(pairs)
        if "as pretty" in twists:
            path = f"/wc-api/v{given['wc-api-version']}{given['wc-api-route']}"
        home = "http://other.test" if "signed for another host" in twists else HOME
        verb = "PUT" if "signed as PUT" in twists else row["method"]
        joined = "&".join(f"{n}={v}" for n, v in sorted((enc(n), enc(v)) for n, v in every))
        base = "&".join((verb, enc(home + path), enc(joined)))
        bare = (self.api in BARE) != ("wrong ampersand" in twists)
        secret = key.secret if bare else f"{key.secret}&"
        digest = hashlib.sha256 if method == "HMAC-SHA256" else hashlib.sha1
        made = base64.b64encode(hmac.new(secret.encode(), base.encode(), digest).digest()).decode()
        every.append(("oauth_signature", "AAAA" if "bad signature" in twists else made))
        return every if "unsorted" in twists else sorted(every)

    def _learn(self, row: dict[str, Any], reply: Reply, body: Any) -> None:
        """What a row made is called after it."""
        if row["method"] != "POST" or reply.status not in (200, 201) or not isinstance(body, dict):
            return
        made = next((body[kind] for kind in MADE if isinstance(body.get(kind), dict)), {})
        name = re.sub(r"\W+", "_", row["name"])
        parts = [("", made), *((f"_v{n}", one) for n, one in enumerate(made.get("variations", ())))]
        for end, one in parts:
            if "id" in one and one["id"] not in self.names:
                self._ids[name + end] = one["id"]
                if "webhook" not in body:
                    self.names[one["id"]] = name + end
        for number, one in enumerate(made.get("line_items", ())):
            self._ids[f"{name}_l{number}"] = one["id"]

    def plain(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: self.plain(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return self._list(value, key)
        if isinstance(value, str):
            return self._text(value, key)
        if isinstance(value, int) and not isinstance(value, bool) and key in NAMED:
            return self._named(value, key)
        return value

    def _list(self, value: list[Any], key: str) -> Any:
        if key == "related_ids":
            return f"{len(value)} of them"
        if len(value) == 1 and PLACEHOLDER in str(value):
            return "PLACEHOLDER"
        return [self.plain(one, key) for one in value]

    def _named(self, value: int, key: str) -> Any:
        if key == "order_number":
            return "OTHER"
        if value in self.names:
            return f"{{{self.names[value]}}}"
        return "OTHER" if key == "id" and 0 < value < NOWHERE else value

    def _text(self, text: str, key: str) -> str:
        text = re.sub(r"https?://shop\.test", "HOME", text)
        text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "DATE", text)
        if key == "order_key":
            return "KEY"
        if text.isdecimal() and key in NAMED and int(text) in self.names:
            return f"'{{{self.names[int(text)]}}}'"
        if text.isdecimal() and key == "id":
            return "OTHER"
        text = re.sub(r"Webhook created on .*", "Webhook created on DAY", text)
        return re.sub(r"(?<=[/#])\d+(?=[/]|$)", self._by_name, text)

    def _by_name(self, match: re.Match[str]) -> str:
        number = int(match[0])
        return f"{{{self.names[number]}}}" if number in self.names else match[0]


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")[:200]


def differences(where: str, real: Any, ours: Any) -> list[str]:
    if isinstance(real, dict) and isinstance(ours, dict):
        found = [f"{where}.{name} is missing" for name in real.keys() - ours.keys()]
        found += [f"{where}.{name} is too much" for name in ours.keys() - real.keys()]
        for name in real.keys() & ours.keys():
            found += differences(f"{where}.{name}", real[name], ours[name])
        return found
    if isinstance(real, list) and isinstance(ours, list):
        found = [] if len(real) == len(ours) else [f"{where}: {len(ours)} items, not {len(real)}"]
        for place, pair in enumerate(zip(real, ours, strict=False)):
            found += differences(f"{where}[{place}]", *pair)
        return found
    return [] if real == ours else [f"{where}: {ours!r}, not {real!r}"]


def hold_to_recording(
    recording: str,
    player: Player,
    rows: Iterable[dict[str, Any]],
    answers: Mapping[str, dict[str, Any]],
    deviations: Iterable[Any],
) -> None:
    """Plays the rows. Fails on a difference that no deviation explains, and on a deviation of this
    recording that explains none.
    """
    allowed = [one for one in deviations if recording in one.recordings]
    used: set[str] = set()
    wrong: list[str] = []
    for row in rows:
        reply, body = player.play(row)
        for line in _against(answers[row["name"]], reply, body):
            known = [one for one in allowed if one.fits(row["name"], line)]
            used |= {one.why for one in known}
            wrong += [] if known else [f"{row['name']}{line}"]
    assert wrong == []
    assert used == {one.why for one in allowed}


def _against(real: dict[str, Any], reply: Reply, body: Any) -> list[str]:
    """`real`: status, and where they were kept headers, how many rows (`count`), the body whole or
    `some` of its fields.
    """
    if reply.status != real["status"]:
        return [f": {reply.status}, not {real['status']}"]
    found: list[str] = []
    if "count" in real and len(body) != real["count"]:
        found.append(f": {len(body)} rows, not {real['count']}")
    if "body" in real:
        shown = _narrowed(real["body"], body) if "some" in real else body
        found += differences("", real["body"], shown)
    for name, value in real.get("headers", {}).items():
        if reply.header(name) != value:
            found.append(f".{name}: {reply.header(name)}, not {value}")
    return found


def _narrowed(pattern: Any, body: Any) -> Any:
    """Of an object the fields that were kept, of a list each row's."""
    if isinstance(pattern, dict) and isinstance(body, dict):
        return {n: _narrowed(pattern[n], one) for n, one in body.items() if n in pattern}
    if isinstance(pattern, list) and isinstance(body, list) and len(pattern) == len(body):
        return [_narrowed(*pair) for pair in zip(pattern, body, strict=True)]
    return body
