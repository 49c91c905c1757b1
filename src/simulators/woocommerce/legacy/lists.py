"""What the lists of the old API share: filters, order, pages and the headers that tell of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from simulators.woocommerce.jsonish import Json, as_int, as_text
from simulators.woocommerce.legacy.requests import Answer, Request, denied

PER_PAGE = 10
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page, as many as there are in all, and the headers."""

    rows: Sequence[Any]
    total: int
    headers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Columns:
    """How to read what every kind of row has: epoch seconds, the id, and what can be sorted by."""

    id: Callable[[Any], int]
    created: Callable[[Any], int]
    modified: Callable[[Any], int]
    keys: Mapping[str, Callable[[Any], Any]]


@dataclass(frozen=True, slots=True)
class Collection:
    """A list and its count. `name`: the plural; `found`: what the kind's own filters leave;
    `shown`: a row with the fields that were chosen.
    """

    name: str
    columns: Columns
    found: Callable[[Request], Iterable[Any]]
    shown: Callable[[Request, Any, str], Json]

    def page(self, request: Request) -> Answer:
        """Who may not read them gets none, but is told how many there are."""
        page = page_of(request, self._rows(request), self.columns)
        rows = page.rows if request.trusted else ()
        body = {self.name: [self.shown(request, row, request.fields) for row in rows]}
        return Answer(body, headers=page.headers)

    def count(self, request: Request) -> Answer:
        if not request.trusted:
            raise denied("read", f"{self.name}_count")
        return Answer({"count": len(self._rows(request))})

    def _rows(self, request: Request) -> list[Any]:
        return narrowed(request, self.found(request), self.columns)


def moment(value: object) -> int:
    """A filter's date as an epoch second. A zone is taken for UTC, nonsense for 1970."""
    text = as_text(value).strip().replace(" ", "T")
    for shape in ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"):
        try:
            size = {"%Y-%m-%d": 10, "%Y-%m-%dT%H:%M": 16}.get(shape, 19)
            return int(datetime.strptime(text[:size], shape).replace(tzinfo=UTC).timestamp())
        except ValueError:
            continue
    return 0


def _ids(value: object) -> set[int]:
    return {as_int(one) for one in as_text(value).split(",")}


def narrowed(request: Request, rows: Iterable[Row], columns: Columns) -> list[Row]:
    """What the filters by date and by id leave. Unknown filters are ignored."""
    given = request.filter
    tests: list[Callable[[Any], bool]] = []
    for name, read in (("created_at", columns.created), ("updated_at", columns.modified)):
        if given.get(f"{name}_min"):
            tests.append(_from(read, moment(given[f"{name}_min"])))
        if given.get(f"{name}_max"):
            tests.append(_until(read, moment(given[f"{name}_max"])))
    if request.rules.filters_ids:
        if given.get("in"):
            tests.append(_among(columns.id, _ids(given["in"])))
        if given.get("not_in"):
            without = _among(columns.id, _ids(given["not_in"]))
            tests.append(lambda row: not without(row))
    return [row for row in rows if all(test(row) for test in tests)]


def _from(read: Callable[[Any], int], at: int) -> Callable[[Any], bool]:
    return lambda row: read(row) >= at


def _until(read: Callable[[Any], int], at: int) -> Callable[[Any], bool]:
    return lambda row: read(row) <= at


def _among(read: Callable[[Any], int], ids: set[int]) -> Callable[[Any], bool]:
    return lambda row: read(row) in ids


def page_of(request: Request, rows: Sequence[Row], columns: Columns) -> Page:
    """The asked page, newest first unless asked otherwise, with its headers."""
    given = request.filter
    ordered = _ordered(rows, given, columns)
    size = as_int(given["limit"]) if given.get("limit") else PER_PAGE
    size = size if size == -1 else max(1, abs(size))
    number = abs(as_int(request.query.get("page"), 1)) or 1
    if size == -1:
        part, total, pages = ordered, len(ordered), 0
    else:
        offset = as_int(given["offset"]) if given.get("offset") else (number - 1) * size
        part = ordered[max(0, offset) : max(0, offset) + size]
        # Past the end the shop forgets to count.
        total = len(ordered) if part or not ordered else 0
        pages = -(-total // size)
    return Page(part, total, _headers(request, number, total, pages))


def _ordered(rows: Sequence[Row], given: Json, columns: Columns) -> list[Row]:
    by = as_text(given.get("orderby")) or "date"
    up = as_text(given.get("order")).upper() == "ASC"
    found = sorted(rows, key=columns.id, reverse=not up)
    keys = {"id": columns.id, "date": columns.created, "modified": columns.modified, **columns.keys}
    read = keys.get(by if by == "menu_order" else by.lower())
    return found if read is None else sorted(found, key=read, reverse=not up)


def _headers(request: Request, number: int, total: int, pages: int) -> list[tuple[str, str]]:
    wanted: list[tuple[str, int]] = []
    if number > 1:
        wanted += [("first", 1), ("prev", number - 1)]
    if number + 1 <= pages:
        wanted.append(("next", number + 1))
    if number != pages:
        wanted.append(("last", pages))
    links = [("Link", f'<{_address(request, page)}>; rel="{name}"') for name, page in wanted]
    return [*links, ("X-WC-Total", str(total)), ("X-WC-TotalPages", str(pages))]


def _address(request: Request, page: int) -> str:
    """What was asked with another page; without the port, and with whatever was signed."""
    path, _, query = request.uri.partition("?")
    kept = [part for part in query.split("&") if part and part.partition("=")[0] != "page"]
    home = urlsplit(request.shop.home)
    host, folder = home.hostname, home.path.rstrip("/")
    scheme = "https" if request.secure else "http"
    return unquote(f"{scheme}://{host}{folder}{path}?{'&'.join([*kept, f'page={page}'])}")
