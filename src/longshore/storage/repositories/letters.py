"""Who gets letters, and what the daily one of what is late says; in a few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from longshore.domain.deadlines import CODES
from longshore.storage.models import (
    LetterChoice,
    Marketplace,
    Membership,
    OpenFinding,
    Role,
    Vendor,
)

ONCE_IN = timedelta(hours=20)
MOST = 50
"""Late orders that one letter names; more are counted."""


@dataclass(frozen=True, slots=True)
class Late:
    code: str
    evidence: Mapping[str, str | int | None]
    part_id: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Recipient:
    """`vendor`: whose part the letter is about, "" for the marketplace's own people."""

    choice_id: int
    email: str
    vendor: str
    late: tuple[Late, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Office:
    """A marketplace that can send mail."""

    marketplace_id: int
    name: str
    timezone: str
    mail_url: str = field(repr=False)
    mail_from: str


@dataclass(frozen=True, slots=True)
class Post:
    """What one marketplace has to send."""

    office: Office
    recipients: tuple[Recipient, ...]


def post_offices() -> Sequence[Office]:
    return [_office(row) for row in Marketplace.objects.exclude(mail_url="").order_by("pk")]


def post_office(marketplace_id: int) -> Office | None:
    """None where no mail server is set."""
    row = Marketplace.objects.filter(pk=marketplace_id).exclude(mail_url="").first()
    return _office(row) if row is not None else None


def _office(row: Marketplace) -> Office:
    url = row.mail_url.reveal() if row.mail_url else ""
    return Office(row.pk, row.name, row.timezone, url, row.mail_from)


def due_post(office: Office, now: datetime) -> Post:
    """Letters to those who did not get one lately, did not stop them, and have something late."""
    marketplace_id = office.marketplace_id
    late = _late(marketplace_id)
    people = people_of(marketplace_id, set(late))
    choices = choices_of(marketplace_id, people)
    found = []
    for (email, vendor_id), vendor in people.items():
        choice = choices[email]
        rested = choice.sent_at is None or now - choice.sent_at >= ONCE_IN
        mine = late.get(vendor_id, []) if vendor_id else [x for rows in late.values() for x in rows]
        if mine and rested and choice.stopped_at is None:
            mine = sorted(mine, key=lambda one: one.since)
            more = max(0, len(mine) - MOST)
            found.append(Recipient(choice.pk, email, vendor, tuple(mine[:MOST]), more))
    return Post(office, tuple(found))


def _late(marketplace_id: int) -> dict[int, list[Late]]:
    rows = OpenFinding.objects.filter(
        marketplace_id=marketplace_id, code__in=CODES, resolved_at=None, vendor_id__isnull=False
    )
    found: dict[int, list[Late]] = {}
    names = ("vendor_id", "code", "evidence", "subject", "first_seen_at")
    for vendor_id, code, evidence, subject, since in rows.order_by("pk").values_list(*names):
        part = int(subject.partition(":")[2])
        found.setdefault(vendor_id or 0, []).append(Late(code, evidence, part, since))
    return found


def people_of(marketplace_id: int, vendors: set[int]) -> dict[tuple[str, int], str]:
    """(address, vendor or 0 for the marketplace's own people) -> the vendor's name. A vendor whose
    people have no account yet gets it at the address that is noted for it.
    """
    rows = Membership.objects.filter(marketplace_id=marketplace_id).select_related("user", "vendor")
    found: dict[tuple[str, int], str] = {}
    for row in rows.order_by("pk"):
        email = row.user.email.strip().lower()
        if row.role in (Role.OWNER, Role.OPERATOR):
            found[email, 0] = ""
        elif row.vendor is not None and row.vendor.pk in vendors:
            found[email, row.vendor.pk] = row.vendor.name
    reached = {vendor_id for _, vendor_id in found}
    without = Vendor.objects.filter(marketplace_id=marketplace_id, pk__in=vendors - reached)
    for vendor in without.exclude(email=""):
        found[vendor.email.strip().lower(), vendor.pk] = vendor.name
    return {place: name for place, name in found.items() if place[0]}


def choices_of(
    marketplace_id: int, people: Mapping[tuple[str, int], str]
) -> Mapping[str, LetterChoice]:
    emails = {email for email, _ in people}
    made = [LetterChoice(marketplace_id=marketplace_id, email=email) for email in sorted(emails)]
    LetterChoice.objects.bulk_create(made, ignore_conflicts=True)
    rows = LetterChoice.objects.filter(marketplace_id=marketplace_id, email__in=emails)
    return {row.email: row for row in rows}


def note_sent(choice_id: int, at: datetime) -> None:
    LetterChoice.objects.filter(pk=choice_id).update(sent_at=at)


class LetterKind(StrEnum):
    """What letters there are that one click ends, each for itself."""

    LATE = "late"
    RECOVERIES = "recoveries"


_STOPPED = {
    LetterKind.LATE: "stopped_at",
    LetterKind.RECOVERIES: "recoveries_stopped_at",
}


def letter_choice(choice_id: int, kind: LetterKind) -> tuple[str, bool] | None:
    """(marketplace, whether letters were stopped), None when there is no such choice."""
    row = LetterChoice.objects.select_related("marketplace").filter(pk=choice_id).first()
    return None if row is None else (row.marketplace.name, getattr(row, _STOPPED[kind]) is not None)


def choose_letters(choice_id: int, kind: LetterKind, at: datetime, *, stop: bool) -> None:
    LetterChoice.objects.filter(pk=choice_id).update(**{_STOPPED[kind]: at if stop else None})
