"""One-time links: how the first owner, and later the vendors' people, get their accounts."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from longshore import settings
from longshore.ports.errors import NeedsOperator
from longshore.storage.models import Marketplace, Membership, OneTimeLink, Role
from longshore.storage.tokens import digest_of, new_token

LIVES = timedelta(days=3)
"""A link that was forgotten in a chat is dead by the end of the week."""


class Refused(Enum):
    """Why a link opens nothing."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that may be used now. `known`: the address has an account already; then a link made
    in the terminal may set its password, any other wants them to sign in.
    """

    link_id: int
    email: str
    role: str
    marketplace: str
    vendor: str
    known: bool
    from_terminal: bool

    @property
    def sets_password(self) -> bool:
        return not self.known or self.from_terminal


def invite_owner(email: str, *, marketplace: str = "", base_url: str = "") -> str:
    """A one-time link (absolute) with which `email` becomes an owner, or sets a new password.

    `marketplace` is made when it does not exist; without a name the only one there is counts, and
    before the first the link's page asks for a name. `base_url` defaults to the public address.
    Raises NeedsOperator for a malformed address, or when a name is needed.
    """
    email = _address(email)
    row = _marketplace(marketplace)
    return _link(email, Role.OWNER, row.pk if row else None, None, base_url, from_terminal=True)


def invite_vendor(marketplace_id: int, vendor_id: int, email: str, base_url: str = "") -> str:
    """A one-time link with which `email` may see one vendor's part. Raises NeedsOperator."""
    return _link(_address(email), Role.VENDOR, marketplace_id, vendor_id, base_url)


def invite_staff(marketplace_id: int, email: str, role: str, base_url: str = "") -> str:
    """A one-time link with which `email` joins a marketplace in that role. Raises NeedsOperator."""
    if role not in {Role.OWNER, Role.OPERATOR, Role.READER}:
        raise NeedsOperator("Choose one of the roles.")
    return _link(_address(email), Role(role), marketplace_id, None, base_url)


def open_link(token: str) -> Invitation | Refused:
    """What a link offers, without using it."""
    link = OneTimeLink.objects.filter(digest=digest_of(token)).first()
    return _offer(link)


@transaction.atomic
def accept(
    token: str, *, password: str = "", marketplace: str = "", signed_in: int | None = None
) -> User | Refused:
    """Uses the link: makes the account (its address counts as verified), or sets the password a
    terminal link allows, and joins. `signed_in` is the id of whoever is signed in; an account
    that exists and whose password the link may not set joins only when it is theirs.
    """
    link = OneTimeLink.objects.select_for_update().filter(digest=digest_of(token)).first()
    offer = _offer(link)
    if isinstance(offer, Refused):
        return offer
    assert link is not None  # noqa: S101 - an offer has a link
    user = User.objects.filter(email__iexact=link.email).first()
    if user is not None and not offer.sets_password:
        if user.pk != signed_in:
            return Refused.UNKNOWN
    else:
        user = _account(user, link.email, password)
    owner = link.marketplace_id or Marketplace.objects.create(name=marketplace).pk
    Membership.objects.get_or_create(
        user=user,
        marketplace_id=owner,
        vendor=link.vendor,
        defaults={"role": link.role},
    )
    OneTimeLink.objects.filter(pk=link.pk).update(used_at=timezone.now())
    return user


def _account(user: User | None, email: str, password: str) -> User:
    user = user or User(username=email, email=email)
    user.set_password(password)
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    return user


def _offer(link: OneTimeLink | None) -> Invitation | Refused:
    if link is None:
        return Refused.UNKNOWN
    if link.used_at is not None:
        return Refused.USED
    if link.expires_at <= timezone.now():
        return Refused.EXPIRED
    return Invitation(
        link_id=link.pk,
        email=link.email,
        role=link.role,
        marketplace=link.marketplace.name if link.marketplace else "",
        vendor=link.vendor.name if link.vendor else "",
        known=User.objects.filter(email__iexact=link.email).exists(),
        from_terminal=link.from_terminal,
    )


def _link(
    email: str,
    role: Role,
    marketplace_id: int | None,
    vendor_id: int | None,
    base_url: str,
    *,
    from_terminal: bool = False,
) -> str:
    token = new_token()
    OneTimeLink.objects.create(
        digest=digest_of(token),
        marketplace_id=marketplace_id,
        vendor_id=vendor_id,
        role=role,
        email=email,
        from_terminal=from_terminal,
        expires_at=timezone.now() + LIVES,
    )
    base = base_url or settings.load().public_url or "http://127.0.0.1:8000"
    return base.rstrip("/") + reverse("join", args=[token])


def _address(email: str) -> str:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise NeedsOperator(
            f"{email!r} is no e-mail address. Write it like you@example.org."
        ) from None
    return email


def _marketplace(name: str) -> Marketplace | None:
    if name:
        return Marketplace.objects.get_or_create(name=name)[0]
    rows = list(Marketplace.objects.order_by("id")[:2])
    if len(rows) > 1:
        raise NeedsOperator("There are several marketplaces. Name one with --marketplace.")
    return rows[0] if rows else None
