"""Whose part a vendor's page shows: never anything but the signed-in person's own vendor."""

from django.http import Http404

from longshore.storage.queries.paging import Cursor
from longshore.web.shared.tenancy import PageRequest

LONGEST = 18


def ids(request: PageRequest) -> tuple[int, int]:
    """(marketplace, vendor) of whoever is signed in. Raises Http404 for anybody else."""
    if request.tenant.vendor_id is None:
        raise Http404
    return request.tenant.marketplace_id, request.tenant.vendor_id


def cursor(request: PageRequest) -> Cursor:
    return Cursor(_number(request, "after"), _number(request, "before"))


def text(request: PageRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()[:200]


def _number(request: PageRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    fits = given.isascii() and given.isdigit() and len(given) <= LONGEST
    return int(given) if fits else None
