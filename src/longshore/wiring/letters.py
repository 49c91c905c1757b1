"""The daily letter: what is late, to the vendor who can mend it and to the marketplace. Plain and
HTML, from the templates mail/late.*; one click in it ends it.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from longshore import settings
from longshore.mail import Letter, mail_server, send_letter
from longshore.ports.errors import LongshoreError
from longshore.storage.part_times import zone_of
from longshore.storage.repositories import letters
from longshore.storage.repositories.letters import Late, Office, Post, Recipient
from longshore.wiring.links import LETTERS, SHIP, link_to
from longshore.wiring.shops import clock

log = structlog.get_logger(__name__)
MORNING = 7
"""The hour of a marketplace's day from which letters go out."""


def send_letters(base: str = "") -> int:
    """Sends what is due; returns how many letters. `base` is where the hub is reached, by default
    its public address. Without one there are no links, and nobody could end the letters: then none
    is sent.
    """
    base, now, sent = base or settings.load().public_url or "", clock.now(), 0
    if not base:
        return 0
    for office in letters.post_offices():
        if now.astimezone(zone_of(office.timezone)).hour >= MORNING:
            sent += _send(letters.due_post(office, now), base)
    return sent


def _send(post: Post, base: str) -> int:
    """A mail server that does not take one letter is asked again in an hour."""
    sent = 0
    office = post.office
    for recipient in post.recipients:
        if hand_over(office, recipient.email, letter_to(recipient, office.name, base)):
            letters.note_sent(recipient.choice_id, clock.now())
            sent += 1
    return sent


def hand_over(office: Office, email: str, letter: Letter) -> bool:
    """Whether the marketplace's mail server took the letter; its failure is logged."""
    try:
        server, ca = mail_server(office.mail_url), settings.load().ca_bundle
        send_letter(server, office.mail_from, email, letter, ca=ca)
    except LongshoreError as error:
        log.warning("letter_failed", marketplace=office.marketplace_id, why=type(error).__name__)
        return False
    return True


def letter_to(recipient: Recipient, marketplace: str, base: str) -> Letter:
    count = len(recipient.late) + recipient.more
    words = ngettext("%(n)d order is late", "%(n)d orders are late", count) % {"n": count}
    stop = link_to(LETTERS, recipient.choice_id, base)
    home = base.rstrip("/") + (
        reverse("vendor:home") if recipient.vendor else reverse("admin:needs")
    )
    context: dict[str, Any] = {
        "title": words,
        "marketplace": marketplace,
        "vendor": recipient.vendor,
        "rows": _rows(recipient, base),
        "more": recipient.more,
        "home": home,
        "stop": stop,
    }
    subject = f"{marketplace}: {words}"
    text, html = (render_to_string(f"mail/late.{kind}", context) for kind in ("txt", "html"))
    return Letter(" ".join(subject.split()), text, html, stop)


def _rows(recipient: Recipient, base: str) -> Sequence[tuple[str, str]]:
    """(sentence, link) of each late order: the vendor ships by it, without a password."""
    return [
        (_sentence(one, recipient.vendor), link_to(SHIP, one.part_id, base))
        if recipient.vendor
        else (_sentence(one, ""), "")
        for one in recipient.late
    ]


def _sentence(late: Late, vendor: str) -> str:
    order = late.evidence.get("order", "")
    days = int(late.evidence.get("days") or 0)
    facts = {"order": order, "n": days, "hours": late.evidence.get("hours") or 0}
    if late.code == "late_to_accept":
        words = _("%(order)s is not in the shop after %(hours)s hours.")
    elif late.code == "late_to_ship":
        words = ngettext("%(order)s is %(n)d day late.", "%(order)s is %(n)d days late.", days)
    else:
        words = _("%(order)s was shipped without a parcel number.")
    said = words % facts
    return said if vendor else f"{late.evidence.get('vendor', '')}: {said}"


letter_choice = letters.letter_choice
LetterKind = letters.LetterKind


def choose_letters(choice_id: int, kind: LetterKind, *, stop: bool) -> None:
    letters.choose_letters(choice_id, kind, clock.now(), stop=stop)
