"""Full walks over a collection that lose nothing: ordered by id, overlapping pages, each page
checked to join the one before, and further pages on their way while one is worked on.

Default paging loses rows (recording paging_stability.json), and a product deleted while we read
moves all later ones to the left. Pages therefore overlap by one item: a page that does not begin at
or before the last id seen leaves a gap, which is read for itself before the page is taken.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from longshore.domain.pacing import SMALLEST_PAGE, Pace
from longshore.ports.errors import TryLater
from longshore.ports.stores import ScanSlice, Unreadable
from longshore.ports.turns import Turn
from longshore.stores.woocommerce.ahead import Asked, Fetch, PagesAhead
from longshore.stores.woocommerce.client import Page
from longshore.stores.woocommerce.products import UnreadableItem, identity
from longshore.stores.woocommerce.wire import Json

Item = TypeVar("Item")

BACK = 25
"""How far to the left a gap is looked for; doubled until it is found."""
TRIES = 8
"""With the page halved from the third on, so that the smallest is tried before rows are singled
out.
"""
BUSY_TRIES = 4
PAUSE_S = 0.5
LONGEST_PAUSE_S = 4.0
"""Before the second try; doubled with each."""
LONGEST_WAIT_S = 10.0
"""A host that wants a longer pause is left alone; the walk goes on later."""
TRYING = timedelta(seconds=75)
"""After so long without the page another visit tries on, at the size and patience reached: with the
last try this is two minutes, in which people hear of a shop that takes requests and never answers.
"""
MOST_PAGES = 4
"""Pages of one part: what is kept in one commit."""


@dataclass(frozen=True, slots=True)
class Singled:
    """Rows read one by one from an offset on, up to a good one behind those that break the shop.
    `places`: how many were looked at; `broken`: of which, with what is known of each.
    """

    page: Page
    places: int
    broken: tuple[Unreadable, ...]


SingleOut = Callable[[int], Singled]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a walk is: the next offset, the largest id seen, how many distinct ones; and the
    store's own count at that time.
    """

    offset: int = 0
    last_id: int = 0
    seen: int = 0
    total: int | None = None

    @classmethod
    def read(cls, cursor: str | None) -> "Mark":
        return cls(*json.loads(cursor)) if cursor else cls()

    def __str__(self) -> str:
        return json.dumps([self.offset, self.last_id, self.seen, self.total])


@dataclass(slots=True)
class _Part(Generic[Item]):
    """What was taken since the last part was handed over. `true_since`: the oldest of its pages.
    `bridged`: how far a gap was read, should the shop fail in its middle.
    """

    items: list[Item]
    unreadable: list[Unreadable]
    pages: int = 0
    true_since: datetime | None = None
    bridged: Mark | None = None


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Waits:
    """How a walk tells the time and waits; replaced in tests."""

    now: Callable[[], datetime] = _utc_now
    sleep: Callable[[float], None] = time.sleep


class Walk(Generic[Item]):
    """One slice of a walk, handed over in parts. `convert` makes the items of a row or raises
    UnreadableItem; `single_out` is asked when a page breaks the shop however small it is.
    """

    def __init__(
        self,
        fetch: Fetch,
        convert: Callable[[Json], Iterable[Item]],
        pace: Pace,
        single_out: SingleOut,
        waits: Waits,
    ) -> None:
        self._fetch = fetch
        self._convert = convert
        self._pace = pace
        self._single_out = single_out
        self._waits = waits
        self._part: _Part[Item] = _Part([], [])
        self._calm = 0

    def run(self, cursor: str | None, turn: Turn) -> Iterator[ScanSlice[Item]]:
        """Reads until the turn is over or the walk ends. While the caller keeps a part, further
        pages come in. Raises TryLater; what was read before was handed over then.
        """
        mark = Mark.read(cursor)
        with PagesAhead(self._fetch, self._pace, mark.total, self._waits.now) as ahead:
            ended = drained = False
            while not (ended or drained):
                if turn.over():
                    ahead.close()
                try:
                    asked, page = self._next(ahead, mark)
                    mark = self._taken(mark, asked, page)
                except TryLater:
                    if self._part.pages:
                        yield self._handed_over(self._part.bridged or mark, ended=False)
                    raise
                ended = _is_last(asked, page)
                drained = ahead.drained(mark.offset)
                waits = not ahead.ready(mark.offset) or self._part.pages >= MOST_PAGES
                if ended or drained or (waits and self._part.items):
                    yield self._handed_over(mark, ended=ended)

    def _handed_over(self, mark: Mark, *, ended: bool) -> ScanSlice[Item]:
        part, self._part = self._part, _Part([], [])
        if part.true_since is None:
            raise AssertionError("a part without a page")
        total = -1 if mark.total is None else mark.total
        return ScanSlice(
            items=tuple(part.items),
            unreadable=tuple(part.unreadable),
            cursor=None if ended else str(mark),
            seen=mark.seen,
            total=total if total >= 0 else mark.seen,
            requested_at=part.true_since,
            proven=ended and mark.seen >= total >= 0,
        )

    # --- getting a page ---

    def _next(self, ahead: PagesAhead, mark: Mark) -> tuple[Asked, Page]:
        """The page at the mark. Raises TryLater when the shop does not give it."""
        began = self._waits.now()
        asked = ahead.at(mark.offset)
        for attempt in range(TRIES):
            try:
                return asked, asked.page.result()
            except TryLater as error:
                long = self._waits.now() - began >= TRYING
                if long and asked.limit <= SMALLEST_PAGE:
                    break
                # Several were under way when the host failed; for those we have waited already.
                if asked.number > self._calm:
                    self._slow_down(error, attempt, last=long)
                    self._calm = ahead.asked
                elif long:
                    raise
            if self._pace.page_size >= asked.limit:
                asked = ahead.again(asked)
            else:
                ahead.forget()
                asked = ahead.at(mark.offset)
        ahead.forget()
        singled = self._single_out(mark.offset)
        self._pace.innocent()
        self._part.unreadable += singled.broken
        return replace(asked, limit=singled.places), singled.page

    def _slow_down(self, error: TryLater, attempt: int, *, last: bool) -> None:
        """Waits before the next try. Raises the error of a host that wants us to wait longer, and
        after the `last` try. One that is busy is not helped by smaller pages; one that breaks may
        be.
        """
        pause_s = min(LONGEST_PAUSE_S, PAUSE_S * 2.0**attempt)
        if error.after is not None or is_busy(error):
            self._pace.turned_away()
            pause_s = pause_s if error.after is None else error.after
            if attempt >= BUSY_TRIES - 1 or pause_s > LONGEST_WAIT_S:
                raise error
        elif attempt == 0 and not self._pace.failing:
            self._pace.failed()
        else:
            self._pace.broke()
        if last:
            raise error
        self._waits.sleep(pause_s)

    # --- taking it ---

    def _taken(self, mark: Mark, asked: Asked, page: Page) -> Mark:
        """Takes what is new from a page, and before it what lies in a gap."""
        rows = self._sorted(page.rows)
        if mark.offset and (not rows or rows[0][0] > mark.last_id):
            mark = self._bridged(mark, rows[0][0] if rows else None)
        self._part.pages += 1
        mark = self._fresh(mark, rows, asked.true_since(page))
        broken = asked.limit - len(page.rows) if page.singled else 0
        self._part.bridged = None
        return Mark(mark.offset + asked.limit - 1, mark.last_id, mark.seen + broken, page.total)

    def _bridged(self, mark: Mark, first: int | None) -> Mark:
        """Reads the gap before a page that begins with the id `first` (None: it is empty)."""
        back, place = BACK, max(0, mark.offset - BACK)
        while True:
            limit = max(2, min(self._pace.page_size, mark.offset + 1 - place))
            at = self._waits.now()
            page = self._fetch(place, limit)
            rows = self._sorted(page.rows)
            if place and not (rows and rows[0][0] <= mark.last_id):
                place = max(0, place - back)
                back *= 2
                continue
            before = [pair for pair in rows if first is None or pair[0] < first]
            mark = self._fresh(mark, before, Asked.at_time(at, page))
            self._part.bridged = mark
            if len(before) < len(rows) or len(rows) < limit:
                return mark
            place += limit - 1

    def _fresh(self, mark: Mark, rows: Sequence[tuple[int, Json]], since: datetime) -> Mark:
        part = self._part
        part.true_since = min(part.true_since or since, since)
        fresh = [(number, row) for number, row in rows if number > mark.last_id]
        for number, row in fresh:
            self._take(number, row)
        last = fresh[-1][0] if fresh else mark.last_id
        return replace(mark, last_id=last, seen=mark.seen + len(fresh))

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
        try:
            self._part.items += self._convert(row)
        except UnreadableItem as problem:
            unreadable.append(Unreadable(number, problem.why))
        except (ValueError, TypeError, ArithmeticError, LookupError) as problem:
            # A shape nobody foresaw: this one item waits, the page goes on.
            unreadable.append(Unreadable(number, f"unexpected shape ({problem})"))


def _is_last(asked: Asked, page: Page) -> bool:
    """Whether nothing comes after this page, by its own length or by the count it came with."""
    count = asked.limit if page.singled else len(page.rows)
    return count < asked.limit or 0 <= page.total <= asked.offset + count


def is_busy(error: TryLater) -> bool:
    """Whether the host asked us to wait."""
    return error.finding is not None and error.finding.code == "store_slow_down"
