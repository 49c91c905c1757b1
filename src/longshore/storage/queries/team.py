"""The people of a marketplace, open invitations, and programs' keys."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator

from longshore.domain.access import strength
from longshore.storage.models import ApiToken, Membership, OneTimeLink
from longshore.storage.queries.tenants import SECOND_STEPS


@dataclass(frozen=True, slots=True)
class Person:
    """`two_steps`: signs in with a second step. `last_seen`: the last sign-in, None before it."""

    member_id: int
    email: str
    role: str
    two_steps: bool
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class Invited:
    """A link that was not used yet."""

    email: str
    role: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Key:
    """A program's key; `begin` is all of it that is still known."""

    id: int
    name: str
    begin: str
    scopes: tuple[str, ...]
    made_by: str
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


def people(marketplace_id: int, vendor_id: int | None = None) -> tuple[Person, ...]:
    """The marketplace's own people, or those of one of its vendors; the strongest first."""
    rows = Membership.objects.filter(marketplace_id=marketplace_id, vendor=vendor_id)
    members = list(rows.select_related("user").order_by("id"))
    ids = [row.user_id for row in members]
    steps = Authenticator.objects.filter(user_id__in=ids, type__in=SECOND_STEPS)
    safe = set(steps.values_list("user_id", flat=True))
    found = [
        Person(row.pk, row.user.email, row.role, row.user_id in safe, row.user.last_login)
        for row in members
    ]
    return tuple(sorted(found, key=lambda one: -strength(one.role)))


def invited(
    marketplace_id: int, now: datetime, vendor_id: int | None = None
) -> tuple[Invited, ...]:
    rows = OneTimeLink.objects.filter(
        marketplace_id=marketplace_id, vendor=vendor_id, used_at=None, expires_at__gt=now
    )
    found = rows.order_by("-id").values_list("email", "role", "expires_at")
    return tuple(Invited(*row) for row in found[:50])


def api_keys(marketplace_id: int) -> tuple[Key, ...]:
    """Those in use first, then the newest of the revoked ones."""
    rows = ApiToken.objects.filter(marketplace_id=marketplace_id).select_related("made_by")
    found = [
        Key(
            id=row.pk,
            name=row.name,
            begin=row.begin,
            scopes=tuple(row.scopes),
            made_by=row.made_by.email if row.made_by else "",
            created_at=row.created_at,
            used_at=row.used_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )
        for row in rows.order_by("-id")[:200]
    ]
    return tuple(sorted(found, key=lambda key: key.revoked_at is not None))
