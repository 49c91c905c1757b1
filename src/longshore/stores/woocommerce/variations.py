"""Reading variations parent by parent, where a store has no list of all of them."""

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from longshore.domain.pacing import MOST_AT_A_TIME
from longshore.ports.errors import TryLater
from longshore.ports.stores import ScanSlice, Unreadable
from longshore.ports.turns import Turn
from longshore.stores.woocommerce.client import Refused
from longshore.stores.woocommerce.products import UnreadableItem, identity
from longshore.stores.woocommerce.reading import Reader
from longshore.stores.woocommerce.wire import Json

Item = TypeVar("Item")
Convert = Callable[[Json, int | None], Item]
MOST_PARENTS = 50
"""Parents of one part: what is kept in one commit."""


@dataclass(frozen=True, slots=True)
class Children:
    """A product's variations, the store's own count of them, and the time they speak of."""

    rows: Sequence[Json]
    total: int
    true_since: datetime


@dataclass(slots=True)
class _Part(Generic[Item]):
    items: list[Item] = field(default_factory=list[Item])
    unreadable: list[Unreadable] = field(default_factory=list[Unreadable])
    parents: int = 0
    true_since: datetime | None = None


class ParentWalk(Generic[Item]):
    """A walk over the variations of `parents` (ascending). The cursor is the last parent done and
    the counts so far. While one part is kept, the next parents are asked for.
    """

    def __init__(
        self, reader: Reader, fields: str, convert: Convert[Item], parents: Sequence[int]
    ) -> None:
        self._reader = reader
        self._fields = fields
        self._convert = convert
        self._parents = parents
        self._asked: deque[tuple[int, Future[Children]]] = deque()

    def run(self, cursor: str | None, turn: Turn) -> Iterator[ScanSlice[Item]]:
        """Raises TryLater; what was read before was handed over then."""
        done, seen, total = json.loads(cursor) if cursor else (0, 0, 0)
        left = deque(parent for parent in self._parents if parent > done)
        part: _Part[Item] = _Part()
        closed = False
        with ThreadPoolExecutor(MOST_AT_A_TIME, thread_name_prefix="parent") as threads:
            while left or self._asked:
                closed = closed or (turn.over() and bool(part.parents or self._asked))
                self._ask(left, threads, closed=closed)
                if not self._asked:
                    break
                parent, coming = self._asked.popleft()
                try:
                    found = coming.result()
                except TryLater as error:
                    self._drop(error)
                    if part.parents:
                        yield self._handed_over(part, (done, seen, total), more=True)
                    raise
                self._take(parent, found, part)
                done, seen, total = parent, seen + len(found.rows), total + found.total
                more = bool(left or self._asked)
                if more and part.parents >= MOST_PARENTS:
                    yield self._handed_over(part, (done, seen, total), more=True)
                    part = _Part()
        yield self._handed_over(part, (done, seen, total), more=bool(left))

    def _ask(self, left: deque[int], threads: ThreadPoolExecutor, *, closed: bool) -> None:
        while left and not closed and len(self._asked) < self._reader.pace.at_a_time:
            parent = left.popleft()
            together = len(self._asked) + 1
            self._asked.append((parent, threads.submit(self._read, parent, together)))

    def _read(self, parent: int, together: int) -> Children:
        return variations_of(self._reader, self._fields, parent, together)

    def _drop(self, error: TryLater) -> None:
        for _, coming in self._asked:
            coming.cancel()
        self._asked.clear()
        if error.after is not None:
            self._reader.pace.turned_away()
        else:
            self._reader.pace.failed()

    def _take(self, parent: int, found: Children, part: _Part[Item]) -> None:
        part.parents += 1
        part.true_since = min(part.true_since or found.true_since, found.true_since)
        for row in found.rows:
            try:
                part.items.append(self._convert(row, parent))
            except UnreadableItem as problem:
                part.unreadable.append(Unreadable(parent, problem.why))
            except (ValueError, TypeError, ArithmeticError, LookupError) as problem:
                part.unreadable.append(Unreadable(parent, f"unexpected shape ({problem})"))

    def _handed_over(
        self, part: _Part[Item], state: tuple[int, int, int], *, more: bool
    ) -> ScanSlice[Item]:
        _, seen, total = state
        return ScanSlice(
            items=tuple(part.items),
            unreadable=tuple(part.unreadable),
            cursor=json.dumps(state) if more else None,
            seen=seen,
            total=total,
            requested_at=part.true_since or self._reader.waits.now(),
            proven=not more and seen >= total,
        )


def variations_of(reader: Reader, fields: str, parent: int, together: int = 1) -> Children:
    """All variations of one product; one that is gone has none."""
    rows: dict[int, Json] = {}
    total, oldest_s = 0, 0.0
    at = reader.waits.now()
    size = reader.pace.page_size
    for number in range(1000):
        try:
            page = reader.children(parent, fields, number * size, size)
        except Refused as refused:
            if refused.status in {400, 404}:
                return Children((), 0, at)
            raise reader.api.named(refused) from None
        for row in page.rows:
            try:
                rows[identity(row)] = row
            except UnreadableItem:
                rows[-len(rows) - 1] = row
        reader.pace.answered(page.elapsed_s, together, 0)
        oldest_s = max(oldest_s, page.age_s)
        total = page.total if page.total >= 0 else len(rows)
        if len(page.rows) < size:
            break
    return Children(list(rows.values()), total, at - timedelta(seconds=oldest_s))
