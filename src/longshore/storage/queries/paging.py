"""Long lists in pages: by number where there are few, from row to row where there are many."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet

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

    @property
    def more(self) -> bool:
        return self.pages > 1


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


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of a long list begins: behind the row with the id `after`, or before the row
    with the id `before`. Neither: at the top. `size` rows are wanted.
    """

    after: int | None = None
    before: int | None = None
    size: int = SIZE


TOP = Cursor()


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """A page of a list too long to be counted or jumped in. `older` and `newer` are the ids for
    the next Cursor (None: there is nothing that way); `total` is None where nobody knows it.
    """

    rows: tuple[Row, ...]
    newer: int | None
    older: int | None
    total: int | None

    @property
    def more(self) -> bool:
        return self.older is not None or self.newer is not None


def slice_of(
    rows: QuerySet[Any],
    cursor: Cursor,
    build: Callable[[list[Any]], Iterable[Row]],
    *,
    dress: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows,
    by: str = "",
    total: int | None = None,
    oldest_first: bool = False,
) -> Slice[Row]:
    """One page of `rows`, the newest first: by the column `by` (never null) and the id, or by the
    id alone. With `oldest_first` the other way round: what is `older` in the answer comes after.
    However far down, it costs the same. `dress` adds what is shown, and is asked only for the rows
    of the page: else the database would work it out for all that it sorts.
    """
    back = cursor.before is not None
    pivot = cursor.before if back else cursor.after
    order = [*([by] if by else []), "id"]
    rising = back != oldest_first
    ordered = rows.order_by(*order) if rising else rows.order_by(*(f"-{one}" for one in order))
    if pivot is not None:
        ordered = ordered.filter(_beyond(rows, by, pivot, back=rising))
    size = cursor.size
    ids = list(ordered.values_list("pk", flat=True)[: size + 1])
    more, ids = len(ids) > size, ids[:size]
    if back:
        ids.reverse()
    shown = dress(rows.model._base_manager.all()).in_bulk(ids) if ids else {}  # noqa: SLF001 - Django's own
    found = [shown[pk] for pk in ids if pk in shown]
    return Slice(tuple(build(found)), *_ends(ids, pivot, more=more, back=back), total)


def _ends(
    ids: Sequence[int], pivot: int | None, *, more: bool, back: bool
) -> tuple[int | None, int | None]:
    """The ids of the next cursors, (newer, older)."""
    if not ids:
        return None, None
    first, last = ids[0], ids[-1]
    if back:
        return (first if more else None), last
    return (first if pivot is not None else None), (last if more else None)


def _beyond(rows: QuerySet[Any], by: str, pivot: int, *, back: bool) -> Q:
    """Rows after the pivot in the list's order; all of them where the pivot is gone."""
    way, way_equal = ("gt", "gte") if back else ("lt", "lte")
    if not by:
        return Q(**{f"id__{way}": pivot})
    value = rows.model._base_manager.filter(pk=pivot).values_list(by, flat=True).first()  # noqa: SLF001 - Django's own
    if value is None:
        return Q()
    beside = Q(**{f"{by}__{way}": value}) | Q(**{by: value, f"id__{way}": pivot})
    return Q(**{f"{by}__{way_equal}": value}) & beside
