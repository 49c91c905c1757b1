"""Charts as numbers, ready to be drawn as SVG: two step lines over one stretch of time, and a bar
for each day. Places in a drawing are texts with a point: a template would write 80,5 in German.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

WIDTH, HEIGHT = 1000, 240
GRID_LINES = 4
MARKS = 4
GAP = 0.3
"""Of a day's width, what is left free between two bars."""


@dataclass(frozen=True, slots=True)
class Chart:
    """`first` and `second` are SVG paths, "" where nothing is known; `ticks` from top to bottom."""

    first: str
    second: str
    grid: tuple[str, ...]
    ticks: tuple[int, ...]
    times: tuple[str, ...]
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle, in the drawing's own units; `open`: its day is not over."""

    x: str
    y: str
    width: str
    height: str
    open: bool


@dataclass(frozen=True, slots=True)
class Bars:
    bars: tuple[Bar, ...]
    grid: tuple[str, ...]
    ticks: tuple[int, ...]
    times: tuple[str, ...]
    width: int = WIDTH
    height: int = HEIGHT


Points = Sequence[tuple[datetime, int | None]]
"""What a number was from a time on, in order; the first may lie before the drawn stretch. None: it
was not known, and nothing is drawn.
"""


def steps(first: Points, second: Points, start: datetime, end: datetime) -> Chart:
    """Two numbers over the time from `start` to `end`. They jump, so their lines do."""
    known = [value for _at, value in (*first, *second) if value is not None]
    top = _step(max(known, default=0)) * (GRID_LINES - 1)
    return Chart(
        first=_path(first, start, end, top),
        second=_path(second, start, end, top),
        grid=_grid(),
        ticks=_ticks(top),
        times=tuple(_times(start, end)),
    )


def days(counts: Sequence[tuple[date, int]]) -> Bars:
    """A bar for each day, the oldest first; the last one is today, which is not over."""
    top = _step(max((count for _day, count in counts), default=0)) * (GRID_LINES - 1)
    each = WIDTH / max(len(counts), 1)
    bars = tuple(
        Bar(
            x=f"{each * (index + GAP / 2):.1f}",
            y=f"{HEIGHT - HEIGHT * count / top:.1f}",
            width=f"{each * (1 - GAP):.1f}",
            height=f"{HEIGHT * count / top:.1f}",
            open=index == len(counts) - 1,
        )
        for index, (_day, count) in enumerate(counts)
    )
    marks = [counts[len(counts) * index // MARKS][0] for index in range(MARKS)] if counts else []
    times = (*(date_format(day, "j M") for day in marks), _("today"))
    return Bars(bars, _grid(), _ticks(top), times)


def _grid() -> tuple[str, ...]:
    return tuple(f"{HEIGHT * index / (GRID_LINES - 1):.1f}" for index in range(GRID_LINES))


def _ticks(top: int) -> tuple[int, ...]:
    return tuple(top - top // (GRID_LINES - 1) * index for index in range(GRID_LINES))


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
    """A line that ends where the number is not known, and goes on where it is again."""
    whole = (end - start) / timedelta(seconds=1)
    drawn: list[str] = []
    on = False
    for at, value in points:
        x = min(max((at - start) / timedelta(seconds=1) / whole, 0), 1) * WIDTH
        if value is None:
            drawn += [f"H{x:.1f}"] if on else []
            on = False
            continue
        y = HEIGHT - min(max(value, 0), top) / top * HEIGHT
        drawn.append(f"H{x:.1f}V{y:.1f}" if on else f"M{x:.1f} {y:.1f}")
        on = True
    return "".join(drawn) + (f"H{WIDTH}" if on else "")


def _times(start: datetime, end: datetime) -> Iterable[str]:
    for index in range(MARKS):
        at = timezone.localtime(start + (end - start) * index / MARKS)
        yield date_format(at, "D H:i") if index == 0 else date_format(at, "H:i")
    yield _("now")
