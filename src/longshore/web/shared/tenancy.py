"""Whose page this is: the marketplace of the person who is signed in, and what they may do.

Pages are closed by default: only the addresses of `OPEN` answer to strangers. What changes
something needs the right to work; views marked with `governs` need the owner's right even to look.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from longshore.domain.access import Right, may
from longshore.storage.queries.tenants import Tenant, tenant_of

OPEN = frozenset(
    {
        "alive",
        "check",
        "gallery",
        "guide",
        "guide_keys",
        "icons",
        "join",
        "letters",
        "reconnect",
        "set_language",
        "ship",
        "ship_cannot",
        "ship_message",
        "ship_slip",
        "sign_in",
        "sign_in_link",
        "theme",
    }
)
"""Names of the addresses outside any namespace that need no membership: they hold nothing private,
or guard themselves; allauth and the API guard their own.
"""
CHOSEN = "longshore_member"
"""The session's key for the membership that was chosen among several."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def governs(view: View) -> View:
    """Marks a view that only owners may see, and use."""
    view.right = Right.GOVERN  # type: ignore[attr-defined]
    return view


def reads(view: View) -> View:
    """Marks a view that changes nothing of the marketplace, whatever its method."""
    view.right = Right.READ  # type: ignore[attr-defined]
    return view


class PageRequest(HttpRequest):
    """A request as the pages get it: somebody is signed in and belongs to a marketplace."""

    user: User
    tenant: Tenant
    htmx: HtmxDetails
    deed_id: int
    """What was just done by it, for taking it back; missing until then."""


class TenantMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        tenant = None
        if request.user.is_authenticated:
            tenant = tenant_of(request.user.pk, request.session.get(CHOSEN))
        request.tenant = tenant  # type: ignore[attr-defined]  # see PageRequest
        if tenant is None:
            return self.get_response(request)
        with timezone.override(tenant.zone):
            return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],  # noqa: ARG002 - Django's signature
        kwargs: dict[str, Any],  # noqa: ARG002
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or view.__module__.startswith("allauth."):
            return None
        if match.namespaces[:1] == ["api"] or (not match.namespaces and match.url_name in OPEN):
            return None
        if not request.user.is_authenticated:
            where = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{resolve_url('account_login')}?{where}")
        return _admit(request, match.namespaces, getattr(view, "right", None))


def _admit(
    request: HttpRequest, namespaces: list[str], marked: Right | None
) -> HttpResponse | None:
    tenant: Tenant | None = request.tenant  # type: ignore[attr-defined]  # see PageRequest
    if tenant is None:
        return render(request, "open/no_marketplace.html", status=403)
    if not namespaces:
        return None
    if namespaces[:1] == ["admin"] and tenant.operates:
        return _admit_admin(request, tenant, marked)
    if namespaces[:1] == ["vendor"] and tenant.vendor_id is not None:
        return None
    if request.path == "/":
        return HttpResponseRedirect(reverse("vendor:home"))
    raise Http404


def _admit_admin(request: HttpRequest, tenant: Tenant, marked: Right | None) -> HttpResponse | None:
    if tenant.lacks_second_step:
        return render(request, "open/second_step.html", status=403)
    needed = marked or (Right.READ if request.method in READING else Right.WORK)
    if may(tenant.role, needed):
        return None
    return render(request, "open/not_allowed.html", {"needed": needed.value}, status=403)
