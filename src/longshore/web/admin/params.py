"""What a page's address says, read leniently: a wrong value is the usual one, never an error."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.http.request import QueryDict
from django.utils import timezone

from longshore.storage.queries.paging import Cursor
from longshore.storage.queries.vendors import VendorChoice, vendor_choice
from longshore.web.shared.tenancy import PageRequest

Lines = Iterator[Sequence[Any]]
"""Rows of a file."""
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


def vendor(request: PageRequest) -> VendorChoice:
    """Whose part of a list is asked for."""
    return vendor_choice(request.tenant.marketplace_id, text(request.GET, "vendor"))


def one_of(request: PageRequest, name: str, choices: Sequence[str], usual: str) -> str:
    text = request.GET.get(name, "")
    return text if text in choices else usual


def search(request: PageRequest) -> str:
    """What somebody looks for."""
    return text(request.GET, "q")


def text(data: QueryDict, name: str) -> str:
    """A short text; PostgreSQL takes no NUL."""
    return data.get(name, "").replace("\x00", "").strip()[:200]


def today() -> datetime:
    """Midnight in the marketplace's zone."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
