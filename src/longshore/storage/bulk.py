"""Bulk writes: COPY into a temporary table, then one merge that writes only what differs."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper


def fill(
    cursor: CursorWrapper,
    table: str,
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Fills the temporary `table` (name, SQL type) anew with `rows`. It lives as long as the
    current transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A temporary table needs a transaction.")
    shape = ", ".join(f"{name} {kind}" for name, kind in columns)
    names = ", ".join(name for name, _ in columns)
    cursor.execute(f"DROP TABLE IF EXISTS {table}")
    cursor.execute(f"CREATE TEMPORARY TABLE {table} ({shape}) ON COMMIT DROP")
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(f"ANALYZE {table}")


def assignments(columns: Iterable[str], source: str) -> str:
    """As in: a = source.a, b = source.b."""
    return ", ".join(f"{name} = {source}.{name}" for name in columns)


def listed(columns: Iterable[str], source: str) -> str:
    """As in: source.a, source.b."""
    return ", ".join(f"{source}.{name}" for name in columns)
