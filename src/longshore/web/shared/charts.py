"""Charts as numbers: two step lines over one stretch of time, ready to be drawn as SVG."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

WIDTH, HEIGHT = 1000, 240
GRID_LINES = 4
MARKS = 4


@dataclass(frozen=True, slots=True)
class Chart:
    """`first` and `second` are SVG paths, "" where nothing is known; `ticks` from top to bottom."""

    first: str
    second: str
    grid: tuple[float, ...]
    ticks: tuple[int, ...]
    times: tuple[str, ...]
    width: int = WIDTH
    height: int = HEIGHT


Points = Sequence[tuple[datetime, int]]
"""What a number was from a time on, in order; the first may lie before the drawn stretch."""


def steps(first: Points, second: Points, start: datetime, end: datetime) -> Chart:
    """Two numbers over the time from `start` to `end`. They jump, so their lines do."""
    step = _step(max((value for _at, value in (*first, *second)), default=0))
    top = step * (GRID_LINES - 1)
    return Chart(
        first=_path(first, start, end, top),
        second=_path(second, start, end, top),
        grid=tuple(HEIGHT * index / (GRID_LINES - 1) for index in range(GRID_LINES)),
        ticks=tuple(top - step * index for index in range(GRID_LINES)),
        times=tuple(_times(start, end)),
    )


def _step(highest: int) -> int:
    """The distance of the grid's lines: 1, 2, 4, 5 or 10 times a power of ten."""
    needed = max(1, -(-highest // (GRID_LINES - 1)))
    power = 1
    while True:
        for factor in (1, 2, 4, 5, 10):
            if factor * power >= needed:
                return factor * power
        power *= 10


def _path(points: Points, start: datetime, end: datetime, top: int) -> str:
    if not points:
        return ""
    whole = (end - start) / timedelta(seconds=1)
    drawn: list[str] = []
    for at, value in points:
        x = min(max((at - start) / timedelta(seconds=1) / whole, 0), 1) * WIDTH
        y = HEIGHT - min(max(value, 0), top) / top * HEIGHT
        drawn.append(f"H{x:.1f}V{y:.1f}" if drawn else f"M{x:.1f} {y:.1f}")
    return "".join(drawn) + f"H{WIDTH}"


def _times(start: datetime, end: datetime) -> Iterable[str]:
    for index in range(MARKS):
        at = timezone.localtime(start + (end - start) * index / MARKS)
        yield date_format(at, "D H:i") if index == 0 else date_format(at, "H:i")
    yield _("now")
