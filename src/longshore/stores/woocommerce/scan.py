"""Full walks over a collection that lose nothing: ordered by id, overlapping pages, each page
checked to join the one before, and several pages read at a time where the host bears it.

Default paging loses rows (recording paging_stability.json), and a product deleted while we read
moves all later ones to the left. Pages therefore overlap by one item: a page that does not begin at
or before the last id seen leaves a gap, and is read again from further left.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Generic, TypeVar

from longshore.ports.errors import TryLater
from longshore.ports.stores import ScanSlice, Unreadable
from longshore.stores.woocommerce.client import Page
from longshore.stores.woocommerce.pace import LONGEST_WAIT_S, MOST_AT_A_TIME, SMALLEST_PAGE, Pace
from longshore.stores.woocommerce.products import UnreadableItem, identity
from longshore.stores.woocommerce.wire import Json

Item = TypeVar("Item")
Fetch = Callable[[int, int], Page]
"""(offset, limit) -> the page"""
SingleOut = Callable[[int, int], tuple[Page, Mapping[int, str]]]
"""(offset, limit) -> the same rows read one by one; of those that break the shop only the id, and
why
"""

BACK = 25
"""How far to the left a gap is looked for; doubled until it is found."""
TRIES = 4


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page on its way."""

    offset: int
    limit: int
    page: Future[Page]


class Walk(Generic[Item]):
    """One slice of a walk. `convert` makes the items of a row or raises UnreadableItem;
    `single_out` is asked when a page breaks the shop however small it is.
    """

    def __init__(
        self,
        fetch: Fetch,
        convert: Callable[[Json], Iterable[Item]],
        pace: Pace,
        single_out: SingleOut | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._fetch = fetch
        self._convert = convert
        self._pace = pace
        self._single_out = single_out
        self._sleep = sleep
        self._items: list[Item] = []
        self._unreadable: list[Unreadable] = []
        self._broken: dict[int, str] = {}
        self._waiting: deque[_Asked] = deque()
        self._back = BACK
        self._progressed = False

    def run(self, cursor: str | None, budget_s: float) -> ScanSlice[Item]:
        """Reads until the time is used up or the walk ends."""
        mark = Mark.read(cursor)
        asked_at = datetime.now(UTC)
        until = time.monotonic() + budget_s
        total, ended = 0, False
        with ThreadPoolExecutor(MOST_AT_A_TIME, thread_name_prefix="page") as threads:
            while not ended and (time.monotonic() < until or not self._progressed):
                page, limit = self._next(threads, mark, total, until)
                total = page.total
                mark, joined = self._join(mark, page, limit)
                ended = joined and len(page.rows) < limit
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

    def _next(
        self, threads: ThreadPoolExecutor, mark: Mark, total: int, until: float
    ) -> tuple[Page, int]:
        """The page at the mark and the size asked for; further ones are asked for meanwhile."""
        problem: TryLater | None = None
        for attempt in range(TRIES):
            self._ask(threads, mark, total, until)
            asked = self._waiting.popleft()
            try:
                page = asked.page.result()
            except TryLater as error:
                problem = error
                self._drop()
                self._slow_down(error, attempt)
                continue
            self._pace.answered(page.elapsed_s)
            return page, asked.limit
        if self._single_out is None or problem is None or problem.after is not None:
            raise problem or AssertionError
        page, broken = self._single_out(mark.offset, SMALLEST_PAGE)
        self._broken |= broken
        return page, SMALLEST_PAGE

    def _slow_down(self, error: TryLater, attempt: int) -> None:
        """Waits before the next try. Raises the error where the host wants a long pause."""
        if error.after is not None:
            self._pace.turned_away()
            if attempt == TRIES - 1 or error.after > LONGEST_WAIT_S:
                raise error
            self._sleep(error.after)
            return
        while attempt == TRIES - 2 and self._pace.page_size > SMALLEST_PAGE:
            self._pace.broke()  # the last try is with the smallest page
        self._pace.broke()
        self._sleep(0.5 * 2**attempt)

    def _ask(self, threads: ThreadPoolExecutor, mark: Mark, total: int, until: float) -> None:
        if self._waiting and self._waiting[0].offset != mark.offset:
            self._drop()
        last = self._waiting[-1] if self._waiting else None
        offset = last.offset + last.limit - 1 if last else mark.offset
        late = time.monotonic() >= until
        while len(self._waiting) < self._pace.at_a_time:
            if self._waiting and (late or offset >= total - 1):
                return
            limit = self._pace.page_size
            page = threads.submit(self._fetch, offset, limit)
            self._waiting.append(_Asked(offset, limit, page))
            offset += limit - 1

    def _drop(self) -> None:
        """Forgets the pages asked for ahead."""
        for asked in self._waiting:
            asked.page.cancel()
        self._waiting.clear()

    def _join(self, mark: Mark, page: Page, limit: int) -> tuple[Mark, bool]:
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
        self._progressed = self._progressed or bool(fresh) or not rows
        last = fresh[-1][0] if fresh else mark.last_id
        return Mark(mark.offset + limit - 1, last, mark.seen + len(fresh)), True

    def _sorted(self, rows: Sequence[Json]) -> list[tuple[int, Json]]:
        numbered: list[tuple[int, Json]] = []
        for row in rows:
            try:
                numbered.append((identity(row), row))
            except UnreadableItem as problem:
                self._unreadable.append(Unreadable(problem.product_id, problem.why))
        return sorted(numbered, key=lambda pair: pair[0])

    def _take(self, number: int, row: Json) -> None:
        if number in self._broken:
            self._unreadable.append(Unreadable(number, self._broken[number]))
            return
        try:
            self._items += self._convert(row)
        except UnreadableItem as problem:
            self._unreadable.append(Unreadable(number, problem.why))
        except (ValueError, TypeError, ArithmeticError, LookupError) as problem:
            # A shape nobody foresaw: this one item waits, the page goes on.
            self._unreadable.append(Unreadable(number, f"unexpected shape ({problem})"))
