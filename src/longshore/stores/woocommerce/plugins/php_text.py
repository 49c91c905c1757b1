"""PHP's own notation of values, as some plugins leave it in a text (php.net/serialize): arrays,
texts, numbers. Objects are not made, and nothing is run.
"""

DEEPEST = 12
MOST = 5_000


class _BrokenError(ValueError):
    pass


def read(text: str) -> object | None:
    """The array in a text, None where it holds none. A list stays an object with numbered keys."""
    if not text.startswith("a:"):
        return None
    data = text.encode()
    try:
        value, _ = _value(data, 0, 0)
    except (_BrokenError, ValueError, UnicodeDecodeError, IndexError):
        return None
    return value


def _value(data: bytes, at: int, depth: int) -> tuple[object, int]:
    if depth > DEEPEST:
        raise _BrokenError
    kind = data[at : at + 1]
    if kind == b"N":
        return None, at + 2
    if kind == b"s":
        return _text(data, at)
    if kind == b"a":
        return _array(data, at, depth)
    end = data.index(b";", at)
    written = data[at + 2 : end].decode("ascii")
    if kind == b"i":
        return int(written), end + 1
    if kind == b"d":
        return float(written), end + 1
    if kind == b"b":
        return written == "1", end + 1
    raise _BrokenError


def _text(data: bytes, at: int) -> tuple[str, int]:
    """A text: s:<bytes>:"<text>"; and where it ends."""
    colon = data.index(b":", at + 2)
    begin = colon + 2
    end = begin + int(data[at + 2 : colon])
    if data[end : end + 2] != b'";':
        raise _BrokenError
    return data[begin:end].decode(), end + 2


def _array(data: bytes, at: int, depth: int) -> tuple[dict[str, object], int]:
    """An array: a:<count>:{<key><value>...}, and where it ends."""
    colon = data.index(b":", at + 2)
    count = int(data[at + 2 : colon])
    if not 0 <= count <= MOST:
        raise _BrokenError
    found: dict[str, object] = {}
    at = colon + 2
    for _ in range(count):
        key, at = _value(data, at, depth + 1)
        found[str(key)], at = _value(data, at, depth + 1)
    if data[at : at + 1] != b"}":
        raise _BrokenError
    return found, at + 1
