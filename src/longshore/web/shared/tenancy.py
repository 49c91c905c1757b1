"""Whose page this is: the marketplace of the person who is signed in, and what they may see.

Pages are closed by default: only the addresses of `OPEN` answer to strangers.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from longshore.storage.queries.tenants import Tenant, tenant_of

OPEN = frozenset({"alive", "gallery", "icons", "join"})
"""Names of the addresses outside any namespace that need no membership: they hold nothing private,
or guard themselves; allauth guards its own.
"""


class PageRequest(HttpRequest):
    """A request as the pages get it: somebody is signed in and belongs to a marketplace."""

    user: User
    tenant: Tenant
    htmx: HtmxDetails


class TenantMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        tenant = tenant_of(request.user.pk) if request.user.is_authenticated else None
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
        if not match.namespaces and match.url_name in OPEN:
            return None
        if not request.user.is_authenticated:
            where = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{resolve_url('account_login')}?{where}")
        return _admit(request, match.namespaces)


def _admit(request: HttpRequest, namespaces: list[str]) -> HttpResponse | None:
    tenant: Tenant | None = request.tenant  # type: ignore[attr-defined]  # see PageRequest
    if tenant is None:
        return render(request, "open/no_marketplace.html", status=403)
    if namespaces[:1] == ["admin"] and tenant.operates:
        return None
    if namespaces[:1] == ["vendor"] and tenant.vendor_id is not None:
        return None
    if request.path == "/":
        return HttpResponseRedirect(reverse("vendor:home"))
    raise Http404
