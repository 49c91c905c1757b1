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
"""How far into an answer the JSON may begin."""


class NotJson(ValueError):  # noqa: N818 - an answer, not a mistake
    """The body is no JSON, not even after a notice."""


def decode(body: bytes) -> Any:
    """The JSON in a body. Raises NotJson."""
    text = body.removeprefix(_BOM).strip()
    if text[:1] not in (b"{", b"["):
        text = _after_notice(text)
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotJson(str(error)) from None


def encode(value: object) -> bytes:
    return msgspec.json.encode(value)


def _after_notice(text: bytes) -> bytes:
    """A plugin's PHP notice stands before the JSON and the status stays 200."""
    head = text[:_SEARCHED]
    starts = [at for at in (head.find(b'{"'), head.find(b'[{"'), head.find(b"[]")) if at >= 0]
    if not starts or head[:15].lower().startswith((b"<!doctype", b"<html")):
        raise NotJson("no JSON in the answer")
    return text[min(starts) :]


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
        return value
    if value is None or isinstance(value, bool | list | dict):
        return ""
    return str(value)


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
    return number if number.is_finite() else None


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
