"""Full walks over a collection that lose nothing: ordered by id, overlapping pages, each page
checked to join the one before, and several pages read at a time where the host bears it.

Default paging loses rows (recording paging_stability.json), and a product deleted while we read
moves all later ones to the left. Pages therefore overlap by one item: a page that does not begin at
or before the last id seen leaves a gap, and is read again from further left.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Generic, TypeVar

from longshore.ports.errors import TryLater
from longshore.ports.stores import ScanSlice, Unreadable
from longshore.stores.woocommerce.client import Page
from longshore.stores.woocommerce.products import UnreadableItem, identity
from longshore.stores.woocommerce.wire import Json

Item = TypeVar("Item")

PER_PAGE = 100
STEP = PER_PAGE - 1
BACK = 25
"""How far to the left a gap is looked for; doubled until it is found."""
MOST_AT_A_TIME = 4
SLOW = 4.0
"""A page this many times slower than one read alone: the host gains nothing from company."""
TRIES = 4
LONGEST_WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a walk is: the next offset, the largest id seen, how many distinct ones."""

    offset: int = 0
    last_id: int = 0
    seen: int = 0

    @classmethod
    def read(cls, cursor: str | None) -> "Mark":
        return cls(*json.loads(cursor)) if cursor else cls()

    def __str__(self) -> str:
        return json.dumps([self.offset, self.last_id, self.seen])


class Pace:
    """How many pages to read at a time: one at first, more while the host answers, one again at
    once when it does not.
    """

    def __init__(self) -> None:
        self.at_a_time = 1
        self._alone_s: float | None = None

    def answered(self, elapsed_s: float) -> None:
        if self._alone_s is None:
            self._alone_s = max(elapsed_s, 0.02)
        if elapsed_s > SLOW * self._alone_s and self.at_a_time > 1:
            self.at_a_time -= 1
        else:
            self.at_a_time = min(MOST_AT_A_TIME, self.at_a_time + 1)

    def refused(self) -> None:
        self.at_a_time = 1


class Walk(Generic[Item]):
    """One slice of a walk: `fetch(offset)` reads a page, `convert(row)` makes an item of a row or
    raises UnreadableItem.
    """

    def __init__(
        self,
        fetch: Callable[[int], Page],
        convert: Callable[[Json], Item],
        pace: Pace,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._fetch = fetch
        self._convert = convert
        self._pace = pace
        self._sleep = sleep
        self._items: list[Item] = []
        self._unreadable: list[Unreadable] = []
        self._waiting: deque[tuple[int, Future[Page]]] = deque()
        self._back = BACK

    def run(self, cursor: str | None, budget_s: float) -> ScanSlice[Item]:
        """Reads until the time is used up or the walk ends."""
        mark = Mark.read(cursor)
        asked_at = datetime.now(UTC)
        until = time.monotonic() + budget_s
        total, ended = 0, False
        with ThreadPoolExecutor(MOST_AT_A_TIME, thread_name_prefix="page") as threads:
            while not ended and (time.monotonic() < until or not self._progressed):
                page = self._next(threads, mark, total, until)
                total = page.total
                mark, joined = self._join(mark, page)
                ended = joined and len(page.rows) < PER_PAGE
            self._drop()
        return ScanSlice(
            items=tuple(self._items),
            unreadable=tuple(self._unreadable),
            cursor=None if ended else str(mark),
            seen=mark.seen,
            total=total if total >= 0 else mark.seen,
            requested_at=asked_at,
            proven=ended and mark.seen >= total,
        )

    @property
    def _progressed(self) -> bool:
        return bool(self._items or self._unreadable)

    def _next(self, threads: ThreadPoolExecutor, mark: Mark, total: int, until: float) -> Page:
        """The page at the mark; further ones are asked for meanwhile."""
        for attempt in range(TRIES):
            self._ask(threads, mark, total, until)
            _, future = self._waiting.popleft()
            try:
                page = future.result()
            except TryLater as error:
                self._pace.refused()
                self._drop()
                if attempt == TRIES - 1 or (error.after or 0) > LONGEST_WAIT_S:
                    raise
                self._sleep(error.after if error.after is not None else 0.5 * 2**attempt)
                continue
            self._pace.answered(page.elapsed_s)
            return page
        raise AssertionError("unreachable")

    def _ask(self, threads: ThreadPoolExecutor, mark: Mark, total: int, until: float) -> None:
        if self._waiting and self._waiting[0][0] != mark.offset:
            self._drop()
        offset = self._waiting[-1][0] + STEP if self._waiting else mark.offset
        late = time.monotonic() >= until
        while len(self._waiting) < self._pace.at_a_time:
            if self._waiting and (late or offset >= total - 1):
                return
            self._waiting.append((offset, threads.submit(self._fetch, offset)))
            offset += STEP

    def _drop(self) -> None:
        """Forgets the pages asked for ahead."""
        for _, future in self._waiting:
            future.cancel()
        self._waiting.clear()

    def _join(self, mark: Mark, page: Page) -> tuple[Mark, bool]:
        """Takes what is new from a page that joins the walk; else steps back to the left."""
        rows = self._sorted(page.rows)
        if mark.offset and (not rows or rows[0][0] > mark.last_id):
            back = replace(mark, offset=max(0, mark.offset - self._back))
            self._back *= 2
            return back, False
        self._back = BACK
        fresh = [(number, row) for number, row in rows if number > mark.last_id]
        for number, row in fresh:
            self._take(number, row)
        last = fresh[-1][0] if fresh else mark.last_id
        return Mark(mark.offset + STEP, last, mark.seen + len(fresh)), True

    def _sorted(self, rows: Sequence[Json]) -> list[tuple[int, Json]]:
        numbered: list[tuple[int, Json]] = []
        for row in rows:
            try:
                numbered.append((identity(row), row))
            except UnreadableItem as problem:
                self._unreadable.append(Unreadable(problem.product_id, problem.why))
        return sorted(numbered, key=lambda pair: pair[0])

    def _take(self, number: int, row: Json) -> None:
        try:
            self._items.append(self._convert(row))
        except UnreadableItem as problem:
            self._unreadable.append(Unreadable(number, problem.why))
        except (ValueError, TypeError, ArithmeticError, LookupError) as problem:
            # A shape nobody foresaw: this one item waits, the page goes on.
            self._unreadable.append(Unreadable(number, f"unexpected shape ({problem})"))
