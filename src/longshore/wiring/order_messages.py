"""What a vendor and the marketplace write about an order, and the letter that says so. It does not
repeat the words: they may name the buyer.
"""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from longshore import settings
from longshore.mail import Letter
from longshore.ports.errors import TryLater
from longshore.storage.repositories import order_messages
from longshore.storage.repositories.order_messages import News
from longshore.wiring.letters import hand_over
from longshore.wiring.links import LETTERS, SHIP, link_to
from longshore.wiring.shops import clock

LONGEST_MESSAGE = order_messages.LONGEST


def vendor_writes(marketplace_id: int, vendor_id: int, part_id: int, text: str) -> None:
    """A vendor asks or says something about an order. Raises Rejected."""
    order_messages.vendor_writes(marketplace_id, vendor_id, part_id, text, clock.now())


def write_to_vendor(marketplace_id: int, part_id: int, text: str) -> None:
    """The marketplace asks, says or answers something about an order. Raises Rejected."""
    order_messages.write_to_vendor(marketplace_id, part_id, text, clock.now())


def send_news(part_id: int, base: str = "") -> int:
    """Tells the vendor's people that something was written; returns how many got it. Raises
    TryLater where the mail server takes none.
    """
    base = base or settings.load().public_url or ""
    due = order_messages.due_news(part_id, clock.now()) if base else None
    if due is None:
        return 0
    sent = 0
    for email, choice_id in due.readers:
        sent += hand_over(due.office, email, _letter(due, part_id, choice_id, base))
    if due.readers and not sent:
        raise TryLater("The mail server takes no mail now.")
    return sent


def _letter(due: News, part_id: int, choice_id: int, base: str) -> Letter:
    facts = {"marketplace": due.office.name, "order": due.order}
    stop = link_to(LETTERS, choice_id, base)
    context = {
        "title": _("%(marketplace)s writes about order %(order)s") % facts,
        "marketplace": due.office.name,
        "row": _("Read it and answer") % facts,
        "link": link_to(SHIP, part_id, base),
        "home": base.rstrip("/") + reverse("vendor:home"),
        "stop": stop,
    }
    text, html = (render_to_string(f"mail/news.{kind}", context) for kind in ("txt", "html"))
    return Letter(" ".join(str(context["title"]).split()), text, html, stop)
