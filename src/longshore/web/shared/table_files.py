"""Lists as files for a spreadsheet: streamed row by row, and harmless when opened there."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.http import StreamingHttpResponse
from django.utils import timezone

from longshore.storage.queries.paging import Cursor, Slice
from longshore.web.shared.tenancy import PageRequest

Row = TypeVar("Row")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the begin of a formula."""
AT_ONCE = 1000
MARK = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""


class _Line:
    """Takes what the csv writer writes and hands it on."""

    def write(self, text: str) -> str:
        return text


def as_file(
    request: PageRequest, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A CSV file; times are in the marketplace's zone."""
    answer = StreamingHttpResponse(
        _lines(request, [str(word) for word in head], rows), content_type="text/csv; charset=utf-8"
    )
    today = timezone.localdate().isoformat()
    answer["Content-Disposition"] = f'attachment; filename="{name}-{today}.csv"'
    return answer


def _lines(
    request: PageRequest, head: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[str]:
    writer: Any = csv.writer(_Line())
    yield MARK + writer.writerow(head)
    with timezone.override(request.tenant.zone):  # the middleware's has ended by now
        for row in rows:
            yield writer.writerow([cell(value) for value in row])


def cell(value: Any) -> str | int | Decimal:
    """A value as a spreadsheet may have it: what somebody typed never runs as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | Decimal):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
    text = str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def every_row(page: Callable[[Cursor], Slice[Row]]) -> Iterator[Row]:
    """All rows of a long list, page by page; nothing is held but one page."""
    cursor = Cursor(size=AT_ONCE)
    while True:
        found = page(cursor)
        yield from found.rows
        if found.older is None:
            return
        cursor = Cursor(after=found.older, size=AT_ONCE)
