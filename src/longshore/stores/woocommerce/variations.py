"""Reading variations: from a collection route where the store has one, else parent by parent."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from longshore.ports.errors import TryLater
from longshore.ports.stores import ScanSlice, Unreadable
from longshore.stores.woocommerce.client import Refused
from longshore.stores.woocommerce.pace import MOST_AT_A_TIME, Pace
from longshore.stores.woocommerce.products import UnreadableItem, identity
from longshore.stores.woocommerce.reading import Reader
from longshore.stores.woocommerce.wire import Json

Item = TypeVar("Item")
Convert = Callable[[Json, int | None], Item]
Rows = tuple[Sequence[Json], int, float]
"""A product's variations, the store's own count of them, seconds of the slowest page."""


def walk_parents(
    reader: Reader,
    fields: str,
    convert: Convert[Item],
    cursor: str | None,
    budget_s: float,
    parents: Sequence[int],
) -> Iterator[ScanSlice[Item]]:
    """A slice of the walk over the variations of `parents` (ascending), parent by parent, as one
    part. The cursor is the last parent done and the counts so far.
    """
    pace, read = reader.pace, partial(variations_of, reader, fields)
    done, seen, total = json.loads(cursor) if cursor else (0, 0, 0)
    asked_at = datetime.now(UTC)
    until = time.monotonic() + budget_s
    left = [parent for parent in parents if parent > done]
    found: list[Item] = []
    unreadable: list[Unreadable] = []
    while left:
        now = left[: pace.at_a_time]
        answers = _read_together(read, now, pace, may_stop=bool(found))
        if answers is None:
            break
        left = left[len(now) :]
        for parent, (rows, count, elapsed_s) in zip(now, answers, strict=True):
            pace.answered(elapsed_s)
            _take(rows, parent, convert, found, unreadable)
            done, seen, total = parent, seen + len(rows), total + count
        if time.monotonic() >= until:
            break
    yield ScanSlice(
        items=tuple(found),
        unreadable=tuple(unreadable),
        cursor=json.dumps([done, seen, total]) if left else None,
        seen=seen,
        total=total,
        requested_at=asked_at,
        proven=not left and seen >= total,
    )


def _read_together(
    read: Callable[[int], Rows], parents: Sequence[int], pace: Pace, *, may_stop: bool
) -> Sequence[Rows] | None:
    """The variations of these parents, asked for at once. When the host turns one away the slice
    ends with what it has (None), or raises when that is nothing.
    """
    with ThreadPoolExecutor(MOST_AT_A_TIME) as threads:
        try:
            return list(threads.map(read, parents))
        except TryLater:
            pace.turned_away()
            if not may_stop:
                raise
            return None


def variations_of(reader: Reader, fields: str, parent: int) -> Rows:
    """All variations of one product; one that is gone has none."""
    rows: dict[int, Json] = {}
    elapsed_s = 0.0
    total = 0
    names, size = reader.dialect.names, reader.pace.page_size
    route = f"{reader.dialect.root}/products/{parent}/variations"
    for number in range(1000):
        params = {
            names.limit: str(size),
            names.offset: str(number * size),
            **names.by_id,
            **names.skip_cache,
            names.fields: fields,
        }
        try:
            page = reader.api.page(route, params)
        except Refused as refused:
            if refused.status in {400, 404}:
                return (), 0, elapsed_s
            raise reader.api.named(refused) from None
        for row in page.rows:
            try:
                rows[identity(row)] = row
            except UnreadableItem:
                rows[-len(rows) - 1] = row
        elapsed_s = max(elapsed_s, page.elapsed_s)
        total = page.total if page.total >= 0 else len(rows)
        if len(page.rows) < size:
            break
    return list(rows.values()), total, elapsed_s


def _take(
    rows: Sequence[Json],
    parent: int,
    convert: Convert[Item],
    found: list[Item],
    unreadable: list[Unreadable],
) -> None:
    for row in rows:
        try:
            found.append(convert(row, parent))
        except UnreadableItem as problem:
            unreadable.append(Unreadable(parent, problem.why))
        except (ValueError, TypeError, ArithmeticError, LookupError) as problem:
            unreadable.append(Unreadable(parent, f"unexpected shape ({problem})"))
