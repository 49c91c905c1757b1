"""What every body shares: JSON as PHP writes it, links, money, the choice of fields."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from simulators.woocommerce.jsonish import Json, as_list, as_object

HINTS = re.compile(rb',"targetHints":{"allow":\[[A-Z",]*\]}')
ITEM_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Rendered:
    """JSON already written."""

    text: bytes


def php_json(value: Any) -> bytes:
    """As `wp_json_encode`: ASCII only, slashes escaped. Signatures are made over these bytes."""
    if isinstance(value, Rendered):
        return value.text
    text = json.dumps(value, separators=(",", ":"))
    return text.replace("/", "\\/").encode()


def without_hints(text: bytes) -> bytes:
    """JSON of links as before WordPress told verbs in them (6.7)."""
    return HINTS.sub(b"", text)


def rendered_list(items: Iterable[bytes]) -> Rendered:
    return Rendered(b"[" + b",".join(items) + b"]")


@cache
def currencies() -> dict[str, tuple[str, str]]:
    """Code -> (name, symbol as an HTML entity)."""
    text = files("simulators.woocommerce").joinpath("data/currencies.json").read_text("utf-8")
    return {code: (pair[0], pair[1]) for code, pair in json.loads(text).items()}


def symbol(currency: str) -> str:
    return currencies().get(currency, (currency, currency))[1]


def links(root: str, path: str, methods: Sequence[str] | None = ITEM_METHODS, up: str = "") -> Json:
    """`root`: the address of the API. `path`: of the item, its collection is one step up."""
    item: Json = {"href": f"{root}/{path}"}
    if methods is not None:
        item["targetHints"] = {"allow": list(methods)}
    found: Json = {
        "self": [item],
        "collection": [{"href": f"{root}/{path.rpartition('/')[0]}"}],
    }
    if up:
        found["up"] = [{"href": f"{root}/{up}"}]
    return found


def money(cents: int) -> str:
    """Cents with two decimals, as orders print amounts."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def plain_number(value: float) -> int | float:
    """A JSON number without needless decimals: 10, 94.99."""
    return int(value) if value == int(value) else value


def choose(body: Any, fields: Sequence[str]) -> Any:
    """`_fields` over a body that is at hand: names, with dots for what lies deeper. Of a list each
    item is chosen from.
    """
    if not fields:
        return body
    if isinstance(body, list):
        return [choose(item, fields) for item in as_list(body)]
    wanted: dict[str, list[str]] = {}
    for name in fields:
        head, _, rest = name.partition(".")
        wanted.setdefault(head, []).append(rest)
    source = as_object(body)
    return {
        name: source[name] if "" in deeper else choose(source[name], deeper)
        for name, deeper in wanted.items()
        if name in source
    }


def split_fields(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(item).strip() for item in as_list(value))
    return tuple(name.strip() for name in str(value or "").split(",") if name.strip())
