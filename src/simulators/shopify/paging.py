"""Pages of connections with cursors that stay where they are while rows come and go."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any

from simulators.shopify.rows import NotModelled, Refused, Row

LARGEST_PAGE = 250
DEEPEST = 25_000
"""Nobody pages further into a connection (shopify.dev/docs/api/usage/limits)."""
COUNTED = 10_000
Key = Callable[[Row], Any]


def connection(
    rows: Sequence[Row],
    *,
    first: int | None = None,
    after: str | None = None,
    reverse: bool | None = False,
    key: Key | None = None,
    largest: int = LARGEST_PAGE,
    **rest: Any,
) -> Row:
    """A page. With `key` the rows are sorted by it and a cursor says where in that order it stands;
    without it the cursor names a row.
    """
    unknown = [name for name, value in rest.items() if value not in (None, False, [])]
    if unknown:
        raise NotModelled(f"a connection with {sorted(unknown)}")
    if first is None:
        raise Refused("BAD_REQUEST", "you must provide one of first or last")
    if not 0 < first <= largest:
        raise Refused("INVALID_FIELD_ARGUMENTS", f"first must be between 1 and {largest}")
    if key is not None:
        rows = sorted(rows, key=key, reverse=bool(reverse))
    elif reverse:
        rows = rows[::-1]
    start = _after(rows, after, key, reverse=bool(reverse)) if after else 0
    if start >= DEEPEST:
        raise Refused("BAD_REQUEST", f"paging ends after {DEEPEST} objects")
    page = rows[start : start + first]
    end = start + len(page)
    cursors = [_cursor(row, index, key) for index, row in enumerate(page, start)]
    return {
        "nodes": page,
        "cursors": cursors,
        "pageInfo": {
            "hasNextPage": end < len(rows),
            "hasPreviousPage": start > 0,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def whole(rows: Sequence[Row]) -> Row:
    """A connection in a bulk query: everything, and no pages."""
    return {"nodes": rows}


def count(found: int, limit: int | None = COUNTED) -> Row:
    """A Count, which stops counting at its limit."""
    if limit is not None and found > limit:
        return {"count": limit, "precision": "AT_LEAST"}
    return {"count": found, "precision": "EXACT"}


def _cursor(row: Row, index: int, key: Key | None) -> str:
    told = {"last_id": row.get("id", index), "last_value": key(row) if key else index}
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()


def _after(rows: Sequence[Row], cursor: str, key: Key | None, *, reverse: bool) -> int:
    try:
        told: Row = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        last_id, value = told["last_id"], told["last_value"]
    except (ValueError, KeyError, TypeError):
        raise Refused("INVALID_FIELD_ARGUMENTS", f"Invalid cursor: {cursor}") from None
    if key is None:
        index = int(value)
        if 0 <= index < len(rows) and rows[index].get("id", index) == last_id:
            return index + 1
        places = [index for index, row in enumerate(rows) if row.get("id") == last_id]
        return places[0] + 1 if places else index
    place = tuple(value)
    for index, row in enumerate(rows):
        if (key(row) < place) if reverse else (key(row) > place):
            return index
    return len(rows)
