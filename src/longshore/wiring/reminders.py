"""The letter that reminds a vendor of one order, asked for by a person of the marketplace; from the
templates of the daily letter.
"""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from longshore import settings
from longshore.mail import Letter
from longshore.ports.errors import NeedsOperator, TryLater
from longshore.storage.repositories import reminders
from longshore.storage.repositories.reminders import Reminder
from longshore.wiring.letters import hand_over
from longshore.wiring.links import LETTERS, SHIP, link_to
from longshore.wiring.shops import clock


def ask_reminder(marketplace_id: int, part_id: int) -> None:
    """Asks for the letter, in the caller's transaction. Raises Rejected, and NeedsOperator where it
    cannot be sent.
    """
    if not settings.load().public_url:
        raise NeedsOperator("Letters hold links: set LONGSHORE_PUBLIC_URL first.")
    reminders.ask_reminder(marketplace_id, part_id, clock.now())


def send_reminder(part_id: int, base: str = "") -> int:
    """Sends it to the vendor's people; returns how many got it. Raises TryLater where the mail
    server takes none; it is given up when the reminder is a day old, or the order shipped.
    """
    base = base or settings.load().public_url or ""
    due = reminders.due_reminder(part_id, clock.now()) if base else None
    if due is None:
        return 0
    sent = 0
    for email, choice_id in due.readers:
        sent += hand_over(due.office, email, letter_for(due, part_id, choice_id, base))
    if due.readers and not sent:
        raise TryLater("The mail server takes no mail now.")
    return sent


def letter_for(due: Reminder, part_id: int, choice_id: int, base: str) -> Letter:
    facts = {"marketplace": due.office.name, "order": due.order}
    if due.shipped:
        words = _("%(marketplace)s asks for the parcel number of %(order)s")
        row = _("%(order)s was shipped without a parcel number.")
    else:
        words = _("%(marketplace)s asks for order %(order)s")
        row = _("%(order)s is not shipped yet.")
    stop = link_to(LETTERS, choice_id, base)
    context = {
        "title": words % facts,
        "marketplace": due.office.name,
        "vendor": due.vendor,
        "rows": [(row % facts, link_to(SHIP, part_id, base))],
        "more": 0,
        "home": base.rstrip("/") + reverse("vendor:home"),
        "stop": stop,
    }
    text, html = (render_to_string(f"mail/late.{kind}", context) for kind in ("txt", "html"))
    return Letter(" ".join(str(context["title"]).split()), text, html, stop)
