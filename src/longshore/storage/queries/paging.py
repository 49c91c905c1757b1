"""Long lists in pages."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

Row = TypeVar("Row")
SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """`number` counts from 1 and is at most `pages`; `total` rows are in the whole list."""

    rows: tuple[Row, ...]
    number: int
    pages: int
    total: int

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1


def page_of(
    rows: QuerySet[Any], number: int, build: Callable[[list[Any]], Iterable[Row]], size: int = SIZE
) -> Page[Row]:
    """One page of an ordered query; `build` turns its rows into what the page shows. A number
    beyond the end is the last page.
    """
    total = rows.count()
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    start = (number - 1) * size
    return Page(tuple(build(list(rows[start : start + size]))), number, pages, total)
