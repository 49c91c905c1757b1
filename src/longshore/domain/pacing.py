"""What is true about asking a vendor's host: as many pages at a time as it gains from, as many rows
a page as it bears, less at once when it suffers, more again slowly.

A shop on shared hosting has one to four PHP processes: beyond them requests only wait in line, in
front of the shop's own visitors. So company must pay: one more at a time only where the pages a
second grow by it.
"""

from dataclasses import dataclass, field

MOST_AT_A_TIME = 4
LARGEST_PAGE = 100
SMALLEST_PAGE = 2
"""Pages of a walk overlap by one row, so a page of one would not move."""
WORTH = 1.05
"""One more at a time must bring so many times the pages a second. A host with too few processes for
it brings 1.0, one with enough 1.33 and more.
"""
EASY_S = 2.0
"""A host that needs longer for a page does not get larger ones."""
HARD_S = 10.0
"""A page that takes longer is halved: the host is near its own limits."""
LOOK_AGAIN_AFTER = 40
"""Good pages after which one more at a time, that was too much, is tried once more."""
LARGER_AFTER = 200
"""The same for pages that broke: trying costs a page or two that do not come."""
PATIENCE_S = 15.0
PATIENCE = 20.0
"""A page that takes so many times its usual seconds (and this long at least) does not come."""
_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class PaceState:
    """What is remembered of a host between two visits. `page_size` 0: nothing is known yet.
    `page_s`: seconds of a page asked for alone, 0.0 while unknown. `most` and `bearable` are the
    pages at a time and the rows a page that it was found to bear. `failing`: pages in a row that
    did not come, so that a later visit goes on with the patience and the size of this one.
    """

    at_a_time: int = 1
    page_size: int = 0
    page_s: float = 0.0
    most: int = MOST_AT_A_TIME
    bearable: int = LARGEST_PAGE
    failing: int = 0


@dataclass(slots=True)
class Pace:
    """`largest` is the page that the doctor found the host to bear."""

    largest: int = LARGEST_PAGE
    at_a_time: int = 1
    page_size: int = 0
    most: int = MOST_AT_A_TIME
    bearable: int = LARGEST_PAGE
    page_s: dict[int, float] = field(default_factory=dict[int, float])
    """Seconds of a page by how many were on their way together, smoothed."""
    failing: int = 0
    """Pages in a row that did not come."""
    _at_level: int = 0
    _good: int = 0
    _whole: int = 0

    def __post_init__(self) -> None:
        self.page_size = self.page_size or self.largest

    @classmethod
    def after(cls, state: PaceState, largest: int) -> "Pace":
        """Goes on as an earlier visit ended."""
        size = max(SMALLEST_PAGE, min(largest, state.page_size or largest))
        most = max(1, min(MOST_AT_A_TIME, state.most))
        return cls(
            largest=largest,
            at_a_time=max(1, min(most, state.at_a_time)),
            page_size=size,
            most=most,
            bearable=max(SMALLEST_PAGE, state.bearable),
            page_s={1: state.page_s} if state.page_s > 0 else {},
            failing=max(0, state.failing),
        )

    @property
    def state(self) -> PaceState:
        alone = self.page_s.get(1, 0.0)
        return PaceState(
            self.at_a_time, self.page_size, alone, self.most, self.bearable, self.failing
        )

    def patience_s(self, most: float) -> float:
        """How long to wait for a page, at most `most`; longer after each that did not come, so that
        a host that became slow is not given up.
        """
        usual = max(self.page_s.values(), default=0.0)
        if not usual:
            return most
        return min(most, max(PATIENCE_S, PATIENCE * usual) * 2.0 ** min(self.failing, 10))

    def answered(self, elapsed_s: float, together: int, rows: int | None = None) -> None:
        """A page came that was asked for as one of `together`. `rows`: how many it was asked for,
        None for a page of the present size.
        """
        level = max(1, min(MOST_AT_A_TIME, together))
        before = self.page_s.get(level)
        smooth = elapsed_s if before is None else before + _WEIGHT * (elapsed_s - before)
        self.page_s[level] = max(smooth, 0.001)
        self._good += 1
        self._whole += 1
        self.failing = 0
        self._at_level += level == self.at_a_time
        self._try_again()
        self._fit_company()
        self._fit_page(elapsed_s, self.page_size if rows is None else rows)

    def turned_away(self) -> None:
        """The host asked us to wait: one at a time again."""
        self._alone()

    def failed(self) -> None:
        """A page did not come, perhaps by chance: the next try is alone and as large."""
        self.failing += 1
        self._alone()

    def broke(self) -> None:
        """A page did not come again: half the size, for the host may lack the memory for it."""
        self.failing += 1
        self._alone()
        self._halve()

    def innocent(self) -> None:
        """One row broke every page it was on, however small: the pages were not too large."""
        self.failing = 0
        self.bearable = self.page_size = self.largest

    def _alone(self) -> None:
        self.most = max(1, self.at_a_time - 1) if self.at_a_time > 1 else self.most
        self._go_to(1)
        self._good = 0

    def _halve(self) -> None:
        self.bearable = max(SMALLEST_PAGE, self.page_size - 1)
        self.page_size = max(SMALLEST_PAGE, self.page_size // 2)
        self.page_s.clear()
        self._good = self._whole = 0

    def _try_again(self) -> None:
        if self._good >= LOOK_AGAIN_AFTER:
            self._good = 0
            if self.most < MOST_AT_A_TIME:
                self.most += 1
                self.page_s.pop(self.most, None)
        if self._whole >= LARGER_AFTER:
            self._whole = 0
            self.bearable = min(self.largest, self.bearable + max(1, self.bearable // 4))

    def _fit_company(self) -> None:
        """Twice as many at a time while that pays, one less where it did not."""
        now = self.at_a_time
        if self._at_level < now:
            return
        before = max((level for level in self.page_s if level < now), default=None)
        if before is not None and now in self.page_s and not self._pays(before, now):
            self.most = now - 1
            self.page_s.pop(now)
            self._go_to(now - 1)
            self._good = 0
        elif now < self.most:
            self._go_to(min(self.most, now * 2))

    def _pays(self, before: int, now: int) -> bool:
        """Whether the last one adds to what one less would bring, at the seconds known of it or of
        fewer.
        """
        one_less = (now - 1) / self.page_s[before]
        return now / self.page_s[now] >= WORTH * one_less

    def _fit_page(self, elapsed_s: float, rows: int) -> None:
        """Pages asked for at another size say only what holds for this size all the more."""
        limit = min(self.largest, self.bearable)
        if elapsed_s > HARD_S and rows <= self.page_size:
            self._halve()
        elif elapsed_s <= EASY_S and self.page_size <= rows and self.page_size < limit:
            self.page_size = min(limit, self.page_size + max(1, self.page_size // 4))

    def _go_to(self, level: int) -> None:
        self.at_a_time = level
        self._at_level = 0
