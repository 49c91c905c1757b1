"""Reading what stores really send: numbers as text, text as numbers, false for an empty list, a
byte order mark or a PHP notice before the JSON.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast

import msgspec

Json = Mapping[str, Any]
_BOM = b"\xef\xbb\xbf"
_SEARCHED = 20_000
"""How far into an answer the JSON may begin, and how far from its end it may end."""
_JUNK_AFTER = (
    (b"<!--", b"-->"),
    (b"<script", b"</script>"),
    (b"<br />\n<b>", b"<br />"),
)
"""How what cache plugins and PHP write after the data begins and ends."""


MOST_DIGITS = 18
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""The last one: brackets without end."""


class NotJson(ValueError):  # noqa: N818 - an answer, not a mistake
    """The body is no JSON, not even after a notice."""


def decode(body: bytes, *, cut_off_end: bool = True) -> Any:
    """The JSON in a body. Raises NotJson. `cut_off_end` False: nothing may stand after it, as
    in the answer to a write, which must not be guessed at.
    """
    text = body.removeprefix(_BOM).strip()
    if text[:1] not in (b"{", b"["):
        text = _after_notice(text)
    try:
        return msgspec.json.decode(text)
    except _UNREADABLE as error:
        whole = text[: _end_of(text)] if cut_off_end else text
        if len(whole) == len(text):
            raise NotJson(str(error)) from None
    try:
        return msgspec.json.decode(whole)
    except _UNREADABLE as error:
        raise NotJson(str(error)) from None


def junk_in(body: bytes) -> bytes:
    """What stands before or after the JSON of a body that `decode` takes."""
    text = body.removeprefix(_BOM).strip()
    start = 0 if text[:1] in (b"{", b"[") else len(text) - len(_after_notice(text))
    return text[:start].strip() or text[_end_of(text) :].strip()


def encode(value: object) -> bytes:
    return msgspec.json.encode(value)


def _after_notice(text: bytes) -> bytes:
    """A plugin's PHP notice stands before the JSON and the status stays 200."""
    head = text[:_SEARCHED]
    starts = [at for at in (head.find(b'{"'), head.find(b'[{"'), head.find(b"[]")) if at >= 0]
    if not starts or head[:15].lower().startswith((b"<!doctype", b"<html")):
        raise NotJson("no JSON in the answer")
    return text[min(starts) :]


def _end_of(text: bytes) -> int:
    """Where the JSON ends, when nothing but known junk follows it; else the end of the text."""
    end = len(text)
    while end and text[end - 1 : end] not in (b"}", b"]"):
        begins = [
            text.rfind(opening, max(0, len(text) - _SEARCHED), end)
            for opening, closing in _JUNK_AFTER
            if text.endswith(closing, 0, end)
        ]
        start = max(begins, default=-1)
        if start <= 0:
            return len(text)
        end = len(text[:start].rstrip())
    return end


def mapping(value: object) -> Json:
    """An object, {} for anything else (PHP sends [] for an empty one)."""
    return cast("Json", value) if isinstance(value, dict) else {}


def values(value: object) -> Sequence[object]:
    """A list, () for anything else."""
    return cast("list[object]", value) if isinstance(value, list) else ()


def items(value: object) -> Sequence[Json]:
    """The objects of a list, () for anything else (false, null, "")."""
    return [cast("Json", one) for one in values(value) if isinstance(one, dict)]


def text(value: object) -> str:
    if isinstance(value, str):
        return value.replace("\x00", "")  # PostgreSQL takes none
    if value is None or isinstance(value, bool | list | dict):
        return ""
    return str(value)


def readable(value: str) -> str:
    """On one line, without what nobody can see and PostgreSQL does not take."""
    if value.isprintable():
        return value.strip()
    return " ".join("".join(m if m.isprintable() else " " for m in value).split())


def integer(value: object) -> int | None:
    """A whole number, floored; None where there is none."""
    number = decimal(value)
    if number is None:
        return None
    return int(number.to_integral_value("ROUND_FLOOR"))


def decimal(value: object) -> Decimal | None:
    """An exact number from a number or its text; a lone decimal comma is understood."""
    if value is None or isinstance(value, bool):
        return None
    if not isinstance(value, int | float | str):
        return None
    written = str(value).strip()
    if "," in written and "." not in written:
        written = written.replace(",", ".")
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    # A row holds no more, and "1e999999999" as an integer would take all memory.
    return number if number.is_finite() and number.adjusted() <= MOST_DIGITS else None


def flag(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in {"yes", "true", "1", "on"}
    return bool(value)


def moment(value: object) -> datetime | None:
    """A time of a `..._gmt` field: written without a zone, meant as UTC."""
    if not isinstance(value, str) or not value or value.startswith("0000"):
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
