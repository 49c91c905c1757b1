"""Who is signed in: the marketplace, the role, and the clock and currency pages use."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Case, IntegerField, OuterRef, Subquery, Value, When

from longshore.storage.models import Membership, Role, Storefront


@dataclass(frozen=True, slots=True)
class Tenant:
    """`vendor_id` is set for a vendor's people and names the only vendor they see. `currency` is
    the storefront's, "" before one is connected.
    """

    marketplace_id: int
    name: str
    zone: ZoneInfo
    role: str
    vendor_id: int | None
    currency: str
    live_since: datetime | None

    @property
    def operates(self) -> bool:
        """Whether they see the whole marketplace."""
        return self.role in {Role.OWNER, Role.ADMIN}


def tenant_of(user_id: int) -> Tenant | None:
    """The strongest membership of a person, None for somebody who belongs nowhere."""
    rank = Case(
        When(role=Role.OWNER, then=Value(0)),
        When(role=Role.ADMIN, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    currency = Storefront.objects.filter(marketplace_id=OuterRef("marketplace_id"))
    found = (
        Membership.objects.filter(user_id=user_id)
        .select_related("marketplace")
        .annotate(rank=rank, currency=Subquery(currency.values("currency")[:1]))
        .order_by("rank", "id")
        .first()
    )
    if found is None:
        return None
    return Tenant(
        marketplace_id=found.marketplace_id,
        name=found.marketplace.name,
        zone=zone_of(found.marketplace.timezone),
        role=found.role,
        vendor_id=found.vendor_id,
        currency=found.currency or "",
        live_since=found.marketplace.live_since,
    )


def zone_of(name: str) -> ZoneInfo:
    """The named time zone, UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
