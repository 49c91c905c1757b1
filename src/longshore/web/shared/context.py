"""What every page shows around its content: the marketplace, the rail, who is signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from longshore.storage.queries.chrome import rail_counts
from longshore.storage.queries.tenants import Tenant
from longshore.web.shared.choices import theme_of


@dataclass(frozen=True, slots=True)
class Place:
    """One word of the rail. `count` waits for somebody, as `waiting` says; `needs` when it needs
    a decision.
    """

    url: str
    icon: str
    label: str
    current: bool
    count: int = 0
    waiting: str = ""
    needs: bool = False


@dataclass(frozen=True, slots=True)
class Chrome:
    places: tuple[Place, ...]
    checked_at: datetime | None


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The context processor. The rail's counts are read once a page, and only if it is drawn."""
    tenant: Tenant | None = getattr(request, "tenant", None)
    return {
        "tenant": tenant,
        "theme": theme_of(request),
        "chrome": SimpleLazyObject(lambda: _once(request, tenant)),
    }


def _once(request: HttpRequest, tenant: Tenant | None) -> Chrome:
    made: Chrome | None = getattr(request, "_chrome", None)
    if made is None:
        made = _chrome(request, tenant)
        request._chrome = made  # type: ignore[attr-defined]  # noqa: SLF001 - our own, kept for one request
    return made


def _chrome(request: HttpRequest, tenant: Tenant | None) -> Chrome:
    if tenant is None or not tenant.operates:
        return Chrome((), None)
    counts = rail_counts(tenant.marketplace_id)
    needing, review = counts.orders_needing, counts.to_review
    places = (
        ("home", "house", _("Home"), 0, ""),
        ("orders", "shopping-bag", _("Orders"), needing, _("need you")),
        ("products", "package-search", _("Products"), review, _("to review")),
        ("stock", "boxes", _("Stock"), 0, ""),
        ("vendors", "store", _("Vendors"), 0, ""),
        ("activity", "history", _("Activity"), 0, ""),
        ("setup", "sliders-horizontal", _("Settings"), 0, ""),
    )
    return Chrome(tuple(_place(request, *place) for place in places), counts.checked_at)


def _place(
    request: HttpRequest, name: str, icon: str, label: str, count: int, waiting: str
) -> Place:
    url = reverse(f"admin:{name}")
    current = request.path.startswith(url if url != "/" else "/needs/") or request.path == url
    return Place(url, icon, label, current, count, waiting, needs=name == "orders")
