"""Connections of rows: a page for an app, everything for a bulk query; and the usual sort keys."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from simulators.shopify.fields.registry import Context
from simulators.shopify.paging import Key, connection, whole
from simulators.shopify.rows import NotModelled, Row, number
from simulators.shopify.search import Reader, matcher


def page(
    context: Context,
    rows: Sequence[Row],
    *,
    root: bool = False,
    key: Key | None = None,
    **rest: Any,
) -> Row:
    """`root`: a connection at the root of a query, which a bulk query reads in slices."""
    if not context.whole:
        return connection(rows, key=key, **rest)
    if key is not None:
        rows = sorted(rows, key=key)
    if root and context.slice is not None:
        rows = rows[context.slice[0] : context.slice[1]]
    return whole(rows)


def by_time(name: str) -> Key:
    return lambda row: (row[name].timestamp(), number(row["id"]))


def by_text(name: str) -> Key:
    return lambda row: (str(row[name]).casefold(), number(row["id"]))


def sorting(keys: Mapping[str, Key | None], wanted: str | None, default: str) -> Key | None:
    name = wanted or default
    if name not in keys:
        raise NotModelled(f"sorting by {name}")
    return keys[name]


def found(
    context: Context, rows: Sequence[Row], query: str | None, fields: Mapping[str, Reader]
) -> Sequence[Row]:
    """Rows that a search finds. The index lags behind by as much as is set."""
    if not query or not query.strip():
        return rows
    test = matcher(query, fields)
    lag = context.state.settings.search_lag_s
    if lag <= 0:
        return [row for row in rows if test(row)]
    seen = context.state.clock.now() - timedelta(seconds=lag)
    return [row for row in rows if _updated(row) <= seen and test(row)]


def _updated(row: Row) -> datetime:
    return row.get("updatedAt") or row["createdAt"]


def read(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name]


def read_id(row: Row) -> int:
    return number(row["id"])
