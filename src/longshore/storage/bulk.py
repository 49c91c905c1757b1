"""Bulk writes: COPY into a temporary table, then one merge that writes only what differs."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import JSONField, Model


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


def update_rows(
    model: type[Model], names: Sequence[str], rows: Iterable[Model], *, cursor: CursorWrapper
) -> None:
    """Writes these fields of rows that are there already, as `bulk_update` does, for thousands."""
    fields = [model._meta.get_field(name) for name in names]  # noqa: SLF001 - Django's own name
    shape = [("id", "bigint")]
    shape += [(str(one.column), str(one.db_type(connection))) for one in fields]  # type: ignore[union-attr]
    table = f"changed_{model._meta.db_table}"  # noqa: SLF001
    prepared = (
        (row.pk, *(_stored(one, getattr(row, one.attname)) for one in fields))  # type: ignore[union-attr]
        for row in rows
    )
    fill(cursor, table, shape, prepared)
    columns = [column for column, _ in shape[1:]]
    cursor.execute(
        f"UPDATE {model._meta.db_table} t SET {assignments(columns, 'c')}"  # noqa: S608, SLF001
        f" FROM {table} c WHERE t.id = c.id"
    )


def _stored(field: Any, value: Any) -> Any:
    return json.dumps(value) if isinstance(field, JSONField) else value
