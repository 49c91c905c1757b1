"""What a page's address says, read leniently: a wrong value is the usual one, never an error."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http.request import QueryDict
from django.utils import timezone

from longshore.storage.queries.paging import Cursor
from longshore.storage.queries.saved import Kept, kept_filters
from longshore.storage.queries.vendors import VendorChoice, vendor_choice
from longshore.web.shared.tenancy import PageRequest

Lines = Iterator[Sequence[Any]]
"""Rows of a file."""
YEARS = range(2000, 2200)
"""Of days that a list may be narrowed to: no zone leads out of the calendar there."""
LONGEST = 18  # digits of an id that fits PostgreSQL's bigint


def digits(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None


def number(request: PageRequest, name: str) -> int | None:
    return digits(request.GET.get(name, ""))


def page(request: PageRequest) -> int:
    return number(request, "page") or 1


def cursor(request: PageRequest) -> Cursor:
    """Where a long list goes on."""
    return Cursor(number(request, "after"), number(request, "before"))


def as_file(request: PageRequest) -> bool:
    """Whether the list is wanted as a file."""
    return request.GET.get("as") == "csv"


@dataclass(frozen=True, slots=True)
class KeptLists:
    """What a person kept of a list's filters, and the query that would be kept now."""

    page: str
    filters: tuple[Kept, ...]
    query: str


def kept(request: PageRequest, page_name: str) -> KeptLists:
    given = request.GET.copy()
    for name in ("after", "before", "page", "as"):
        given.pop(name, None)
    owner = request.tenant.marketplace_id
    return KeptLists(
        page_name, kept_filters(owner, request.user.pk, page_name), given.urlencode()[:500]
    )


def vendor(request: PageRequest) -> VendorChoice:
    """Whose part of a list is asked for."""
    return vendor_choice(request.tenant.marketplace_id, text(request.GET, "vendor"))


def one_of(request: PageRequest, name: str, choices: Sequence[str], usual: str) -> str:
    text = request.GET.get(name, "")
    return text if text in choices else usual


def search(request: PageRequest) -> str:
    """What somebody looks for."""
    return text(request.GET, "q")


def text(data: QueryDict, name: str, longest: int = 200) -> str:
    """A short text; PostgreSQL takes no NUL."""
    return data.get(name, "").replace("\x00", "").strip()[:longest]


def day(request: PageRequest) -> datetime | None:
    """Midnight of the day a list is narrowed to, in the marketplace's zone."""
    try:
        found = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None
    if found.year not in YEARS:
        return None
    return today().replace(year=found.year, month=found.month, day=found.day)


def today() -> datetime:
    """Midnight in the marketplace's zone."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
