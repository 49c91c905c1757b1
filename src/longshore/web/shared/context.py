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


@dataclass(frozen=True, slots=True)
class Place:
    """One word of the rail. `count` waits for somebody; `needs` when it needs a decision."""

    url: str
    icon: str
    label: str
    current: bool
    count: int = 0
    needs: bool = False


@dataclass(frozen=True, slots=True)
class Chrome:
    places: tuple[Place, ...]
    checked_at: datetime | None


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The context processor. The rail's counts are read once a page, and only if it is drawn."""
    tenant: Tenant | None = getattr(request, "tenant", None)
    return {"tenant": tenant, "chrome": SimpleLazyObject(lambda: _once(request, tenant))}


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
    here = request.path

    def place(name: str, icon: str, label: str, count: int = 0, *, needs: bool = False) -> Place:
        url = reverse(f"admin:{name}")
        current = here == url if url == "/" else here.startswith(url)
        return Place(url, icon, label, current, count, needs)

    return Chrome(
        (
            place("home", "house", _("Home")),
            place("orders", "shopping-bag", _("Orders"), counts.orders_needing, needs=True),
            place("products", "package-search", _("Products"), counts.to_review),
            place("stock", "boxes", _("Stock")),
            place("vendors", "store", _("Vendors")),
            place("setup", "sliders-horizontal", _("Settings")),
        ),
        counts.checked_at,
    )
