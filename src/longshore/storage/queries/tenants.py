"""Who is signed in: the marketplace, the role, and the clock and currency pages use."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Subquery

from longshore.domain.access import Right, may, strength
from longshore.storage.models import Membership, Storefront

MOST = 50
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class Choice:
    """Another marketplace, or another vendor's part, that the same person may see."""

    member_id: int
    name: str
    vendor: str


@dataclass(frozen=True, slots=True)
class Tenant:
    """`vendor_id` is set for a vendor's people and names the only vendor they see. `currency` is
    the storefront's, "" before one is connected. `others`: where else the person belongs.
    """

    marketplace_id: int
    name: str
    zone: ZoneInfo
    role: str
    vendor_id: int | None
    vendor: str
    currency: str
    live_since: datetime | None
    others: tuple[Choice, ...]
    lacks_second_step: bool
    """The marketplace wants a second step of its team, and this person has none."""

    @property
    def operates(self) -> bool:
        """Whether they see the whole marketplace."""
        return may(self.role, Right.READ)

    @property
    def may_work(self) -> bool:
        return may(self.role, Right.WORK)

    @property
    def may_govern(self) -> bool:
        return may(self.role, Right.GOVERN)


def tenant_of(user_id: int, chosen: int | None = None) -> Tenant | None:
    """Where a person works: the membership they chose, else the strongest; None for somebody who
    belongs nowhere.
    """
    currency = Storefront.objects.filter(marketplace_id=OuterRef("marketplace_id"))
    steps = Authenticator.objects.filter(user_id=user_id, type__in=SECOND_STEPS)
    rows = (
        Membership.objects.filter(user_id=user_id)
        .select_related("marketplace", "vendor")
        .annotate(currency=Subquery(currency.values("currency")[:1]), safe=Exists(steps))
        .order_by("id")
    )
    mine = sorted(rows[:MOST], key=lambda row: (row.pk != chosen, -strength(row.role), row.pk))
    if not mine:
        return None
    found, *others = mine
    return Tenant(
        marketplace_id=found.marketplace_id,
        name=found.marketplace.name,
        zone=zone_of(found.marketplace.timezone),
        role=found.role,
        vendor_id=found.vendor_id,
        vendor=found.vendor.name if found.vendor else "",
        currency=found.currency or "",
        live_since=found.marketplace.live_since,
        lacks_second_step=found.marketplace.second_step and not found.safe,
        others=tuple(
            Choice(row.pk, row.marketplace.name, row.vendor.name if row.vendor else "")
            for row in sorted(others, key=lambda row: row.marketplace.name)
        ),
    )


def zone_of(name: str) -> ZoneInfo:
    """The named time zone, UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
