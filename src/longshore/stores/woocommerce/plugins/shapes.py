"""The shapes in which plugins keep things: lists as objects with numbered keys, JSON or PHP's own
notation inside a text, numbers as text, several numbers in one. Nothing here raises.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import unescape

import msgspec

from longshore.domain.parcel_numbers import carrier_of
from longshore.domain.tracking import web_address
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import php_text
from longshore.stores.woocommerce.wire import Json

LONGEST_TEXT = 200_000
LONGEST_FIELD = 2_000
LONGEST_NUMBER = 80
BETWEEN = ", "
MOST_IN_ONE = 20
MOST = 200
"""Entries of one order that are looked at."""
_NO_NUMBER = frozenset({"0", "null", "none", "n/a", "na", "-", "false", "true", "array"})
_UNIX_END = 2**33


def opened(value: object) -> object:
    """What a value holds, where it is a text that holds something."""
    for _ in range(2):  # some plugins write JSON, which another layer serializes
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            return value
        text = value.strip()
        if text[:1] in {"[", "{"}:
            try:
                return msgspec.json.decode(text)
            except (msgspec.DecodeError, RecursionError):
                return value
        read = php_text.read(text)
        if read is None:
            return value
        value = read
    return value


def entries(value: object) -> Sequence[Json]:
    """The objects of a list, of an object with numbered (or any) keys, or the one object."""
    held = opened(value)
    found = wire.mapping(held)
    if not found:
        return tuple(wire.items(held))[:MOST]
    inside = wire.items(list(found.values()))
    if inside and (len(inside) == len(found) or all(key.isdigit() for key in found)):
        return tuple(inside)[:MOST]
    return (found,)


def keyed(value: object) -> Sequence[tuple[str, Json]]:
    """The objects of an object, each with its key."""
    found = wire.mapping(opened(value))
    return [(key, wire.mapping(one)) for key, one in found.items() if wire.mapping(one)][:MOST]


def number(value: object) -> str:
    """A parcel's number as text, "" for what is none. Several that somebody wrote into one field
    stay one text, parted by BETWEEN; the chain makes parcels of them.
    """
    return BETWEEN.join(_parted(value)[:MOST_IN_ONE])


def numbers(value: object) -> Sequence[str]:
    """Each once: of a list, of an object, or of a text that parts them by commas or lines."""
    return tuple(dict.fromkeys(_numbers(opened(value))))[:MOST]


def _numbers(held: object) -> Iterator[str]:
    inside = wire.values(list(wire.mapping(held).values())) or wire.values(held)
    for one in inside:
        if not isinstance(one, list | dict):
            yield from _numbers(one)
    yield from _parted(held)


def _parted(value: object) -> Sequence[str]:
    text = wire.text(value)[:LONGEST_FIELD]
    if "<" in text:  # a link around the number, or lines parted by <br>
        text = unescape(re.sub(r"<[^>]*>?", "\n", text))
    found = (_number(part) for part in re.split(r"[,;|\n]", text))
    return tuple(dict.fromkeys(one for one in found if one))


def _number(text: str) -> str:
    text = " ".join("".join(mark for mark in text if mark.isprintable() or mark.isspace()).split())
    if "://" in text:  # a link alone: what in it can only be a number
        return next((word for word in re.split(r"[^A-Za-z0-9]", text) if carrier_of(word)), "")
    if not text or len(text) > LONGEST_NUMBER or text.casefold() in _NO_NUMBER:
        return ""
    return text if any(mark.isalnum() for mark in text) else ""


def link(value: object) -> str:
    """A web address, "" for anything else: what a browser would run or what leads nowhere."""
    return web_address(wire.text(value).strip())


def filled_in(template: object, parcel: str) -> str:
    """A carrier's address with the number at its place; "" where it has no place for one."""
    text = wire.text(template)
    for place in ("{tracking_number}", "%1$s", "%s", "{number}", "[tracking_number]"):
        if place in text:
            return link(text.replace(place, parcel))
    return ""


def moment(value: object) -> datetime | None:
    """A unix time as text or number, or a date as text; UTC where no zone is said."""
    seconds = wire.decimal(value)
    if seconds is not None:
        whole = int(seconds)
        return datetime.fromtimestamp(whole, UTC) if 0 < whole < _UNIX_END else None
    return wire.moment(value)


def metas(row: Json, key: str) -> Sequence[object]:
    """The values of all entries with this key, of an order or of one of its lines."""
    return [one.get("value") for one in wire.items(row.get("meta_data")) if one.get("key") == key]


def meta(row: Json, *keys: str) -> object:
    """The last value that is not empty under the first of the keys that has one."""
    for key in keys:
        for value in reversed(metas(row, key)):
            if value not in (None, "", False, [], {}):
                return value
    return None


def quantities(
    rows: Sequence[Json], item: Sequence[str], units: Sequence[str]
) -> tuple[tuple[int, int], ...]:
    """(line item id, quantity) of the goods inside a parcel; both are looked for under names."""
    found: dict[int, int] = {}
    for row in rows:
        line = next((n for name in item if (n := wire.integer(row.get(name)))), None)
        count = next((n for name in units if (n := wire.integer(row.get(name)))), None)
        if line and count and count > 0:
            found[line] = found.get(line, 0) + count
    return tuple(found.items())
