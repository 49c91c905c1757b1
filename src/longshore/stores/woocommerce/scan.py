"""Full walks over a collection that lose nothing: ordered by id, overlapping pages, each page
checked to join the one before, and further pages on their way while one is worked on.

Default paging loses rows (recording paging_stability.json), and a product deleted while we read
moves all later ones to the left. Pages therefore overlap by one item: a page that does not begin at
or before the last id seen leaves a gap, and is read again from further left.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar

from longshore.ports.errors import TryLater
from longshore.ports.stores import ScanSlice, Unreadable
from longshore.stores.woocommerce.ahead import Asked, Fetch, PagesAhead
from longshore.stores.woocommerce.client import Page
from longshore.stores.woocommerce.pace import LONGEST_WAIT_S, SMALLEST_PAGE, Pace
from longshore.stores.woocommerce.products import UnreadableItem, identity
from longshore.stores.woocommerce.wire import Json

Item = TypeVar("Item")
SingleOut = Callable[[int, int], tuple[Page, Mapping[int, str]]]
"""(offset, limit) -> the same rows read one by one; of those that break the shop only the id, and
why
"""

BACK = 25
"""How far to the left a gap is looked for; doubled until it is found."""
TRIES = 4
MOST_PAGES = 8
"""Pages of one part: what is kept in one commit."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a walk is: the next offset, the largest id seen, how many distinct ones; and what the
    next slice need not find anew, the store's count and the pace it had.
    """

    offset: int = 0
    last_id: int = 0
    seen: int = 0
    total: int | None = None
    pace: tuple[int, int, float] | None = None

    @classmethod
    def read(cls, cursor: str | None) -> "Mark":
        if not cursor:
            return cls()
        offset, last_id, seen, total, pace = json.loads(cursor)
        return cls(offset, last_id, seen, total, tuple(pace) if pace else None)

    def __str__(self) -> str:
        return json.dumps([self.offset, self.last_id, self.seen, self.total, self.pace])


@dataclass(slots=True)
class _Part(Generic[Item]):
    """What was taken since the last part was handed over."""

    items: list[Item]
    unreadable: list[Unreadable]
    pages: int = 0
    asked_at: datetime | None = None


class Walk(Generic[Item]):
    """One slice of a walk, handed over in parts. `convert` makes the items of a row or raises
    UnreadableItem; `single_out` is asked when a page breaks the shop however small it is.
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
        self._part: _Part[Item] = _Part([], [])
        self._broken: dict[int, str] = {}
        self._back = BACK

    def run(self, cursor: str | None, budget_s: float) -> Iterator[ScanSlice[Item]]:
        """Reads until the time is used up or the walk ends. While the caller keeps a part, further
        pages come in.
        """
        mark = Mark.read(cursor)
        if mark.pace is not None:
            self._pace.resume(*mark.pace)
        until = time.monotonic() + budget_s
        with PagesAhead(self._fetch, self._pace, until, mark.total) as ahead:
            ended = False
            while not ended:
                asked, page = self._next(ahead, mark)
                mark, joined = self._join(mark, page, asked)
                ended = joined and _is_last(asked, page)
                over = ahead.over(mark.offset) and bool(self._part.pages)
                waits = not ahead.ready(mark.offset) or self._part.pages >= MOST_PAGES
                if ended or over or (waits and self._part.items):
                    yield self._handed_over(mark, page.total, ended=ended)
                if over:
                    return

    def _handed_over(self, mark: Mark, total: int, *, ended: bool) -> ScanSlice[Item]:
        part, self._part = self._part, _Part([], [])
        if part.asked_at is None:
            raise AssertionError("a part without a page")
        return ScanSlice(
            items=tuple(part.items),
            unreadable=tuple(part.unreadable),
            cursor=None if ended else str(replace(mark, total=total, pace=self._pace.state)),
            seen=mark.seen,
            total=total if total >= 0 else mark.seen,
            requested_at=part.asked_at,
            proven=ended and mark.seen >= total,
        )

    def _next(self, ahead: PagesAhead, mark: Mark) -> tuple[Asked, Page]:
        """The page at the mark. Raises TryLater when the shop does not give it."""
        asked = ahead.at(mark.offset)
        for attempt in range(TRIES):
            try:
                return asked, asked.page.result()
            except TryLater as error:
                if attempt == TRIES - 1 and (error.after or self._single_out is None):
                    raise
                ahead.forget()
                self._slow_down(error, attempt)
            asked = ahead.at(mark.offset)
        if self._single_out is None:
            raise AssertionError("unreachable")
        page, broken = self._single_out(mark.offset, SMALLEST_PAGE)
        self._broken |= broken
        return replace(asked, limit=SMALLEST_PAGE), page

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

    def _join(self, mark: Mark, page: Page, asked: Asked) -> tuple[Mark, bool]:
        """Takes what is new from a page that joins the walk; else steps back to the left."""
        rows = self._sorted(page.rows)
        part = self._part
        part.pages += 1
        part.asked_at = min(part.asked_at or asked.at, asked.at)
        if mark.offset and (not rows or rows[0][0] > mark.last_id):
            back = replace(mark, offset=max(0, mark.offset - self._back))
            self._back *= 2
            return back, False
        self._back = BACK
        fresh = [(number, row) for number, row in rows if number > mark.last_id]
        for number, row in fresh:
            self._take(number, row)
        last = fresh[-1][0] if fresh else mark.last_id
        return Mark(mark.offset + asked.limit - 1, last, mark.seen + len(fresh)), True

    def _sorted(self, rows: Sequence[Json]) -> list[tuple[int, Json]]:
        numbered: list[tuple[int, Json]] = []
        for row in rows:
            try:
                numbered.append((identity(row), row))
            except UnreadableItem as problem:
                self._part.unreadable.append(Unreadable(problem.product_id, problem.why))
        return sorted(numbered, key=lambda pair: pair[0])

    def _take(self, number: int, row: Json) -> None:
        unreadable = self._part.unreadable
        if number in self._broken:
            unreadable.append(Unreadable(number, self._broken[number]))
            return
        try:
            self._part.items += self._convert(row)
        except UnreadableItem as problem:
            unreadable.append(Unreadable(number, problem.why))
        except (ValueError, TypeError, ArithmeticError, LookupError) as problem:
            # A shape nobody foresaw: this one item waits, the page goes on.
            unreadable.append(Unreadable(number, f"unexpected shape ({problem})"))


def _is_last(asked: Asked, page: Page) -> bool:
    """Whether nothing comes after this page, by its own length or by the count it came with."""
    count = len(page.rows)
    return count < asked.limit or 0 <= page.total <= asked.offset + count
