"""How hard a store is asked: pages at a time and rows a page, more while its host answers well,
less at once when it does not.
"""

from dataclasses import dataclass

MOST_AT_A_TIME = 4
LARGEST_PAGE = 100
SMALLEST_PAGE = 2
"""Pages of a walk overlap by one row, so a page of one would not move."""
SLOW = 4.0
"""A page this many times slower than one read alone: the host gains nothing from company."""
LONGEST_WAIT_S = 10.0


@dataclass(slots=True)
class Pace:
    """`page_size` is what the doctor found the host to bear."""

    page_size: int = LARGEST_PAGE
    at_a_time: int = 1
    alone_s: float | None = None

    largest: int = LARGEST_PAGE

    def __post_init__(self) -> None:
        self.largest = self.page_size

    @property
    def state(self) -> tuple[int, int, float]:
        """What `resume` takes."""
        return self.at_a_time, self.page_size, self.alone_s or 0.0

    def resume(self, at_a_time: int, page_size: int, alone_s: float) -> None:
        """Goes on at the pace of an earlier slice."""
        self.at_a_time = max(1, min(MOST_AT_A_TIME, at_a_time))
        self.page_size = max(SMALLEST_PAGE, min(self.largest, page_size))
        self.alone_s = alone_s or None

    def answered(self, elapsed_s: float) -> None:
        """A page came: one more at a time, unless company makes each much slower."""
        if self.alone_s is None:
            self.alone_s = max(elapsed_s, 0.02)
        if elapsed_s > SLOW * self.alone_s and self.at_a_time > 1:
            self.at_a_time -= 1
        else:
            self.at_a_time = min(MOST_AT_A_TIME, self.at_a_time + 1)
        self.page_size = min(self.largest, self.page_size + max(1, self.page_size // 4))

    def turned_away(self) -> None:
        """The host asked us to wait: one at a time again."""
        self.at_a_time = 1

    def broke(self) -> None:
        """A page could not be made: alone and half the size, for the host may lack the memory."""
        self.at_a_time = 1
        self.page_size = max(SMALLEST_PAGE, self.page_size // 2)
