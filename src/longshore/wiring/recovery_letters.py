"""The letter about shops that were away and answer again: how long, and what was caught up. One for
each person and run, however many shops came back; plain and HTML, from the templates mail/back.*.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from longshore import settings
from longshore.domain.outages import together
from longshore.mail import Letter
from longshore.storage.part_times import zone_of
from longshore.storage.repositories import letters, outages
from longshore.storage.repositories.letters import Office
from longshore.storage.repositories.outages import Recovery
from longshore.wiring.letters import hand_over
from longshore.wiring.links import RECOVERIES, link_to
from longshore.wiring.shops import clock


def send_recovery_letters(base: str = "") -> int:
    """Sends what is due; returns how many letters. `base` as in `send_letters`. A mail server that
    takes nothing is tried again at the next run, for a day.
    """
    base, now = base or settings.load().public_url or "", clock.now()
    return sum(_send(office, base, now) for office in letters.post_offices()) if base else 0


class _Reader(NamedTuple):
    """`vendor_id` 0: one of the marketplace's own people."""

    email: str
    vendor_id: int
    choice_id: int
    stopped: bool


def _send(office: Office, base: str, now: datetime) -> int:
    back = outages.recoveries(office.marketplace_id, now)
    readers = list(_readers(office.marketplace_id, {one.vendor_id for one in back}))
    sent, untold = 0, set[int]()
    for reader in readers:
        mine = [one for one in back if _is_for(one, reader)]
        if not mine:
            continue
        letter = letter_about(mine, office, base, reader.vendor_id, reader.choice_id)
        if hand_over(office, reader.email, letter):
            outages.note_told(mine, reader.choice_id)
            sent += 1
        else:
            untold |= {one.store_id for one in mine}
    for one in back:
        if one.store_id not in untold:
            outages.close(one, now)
    return sent


def _is_for(one: Recovery, reader: _Reader) -> bool:
    its = reader.vendor_id in (0, one.vendor_id)
    return its and not reader.stopped and reader.choice_id not in one.told_to


def _readers(marketplace_id: int, vendors: set[int]) -> Iterator[_Reader]:
    if not vendors:
        return
    people = letters.people_of(marketplace_id, vendors)
    choices = letters.choices_of(marketplace_id, people)
    for email, vendor_id in people:
        row = choices[email]
        yield _Reader(email, vendor_id, row.pk, row.recoveries_stopped_at is not None)


def letter_about(
    back: Sequence[Recovery], office: Office, base: str, vendor_id: int, choice_id: int
) -> Letter:
    if vendor_id:
        title, page = _("Your shop answers again"), reverse("vendor:home")
    elif len(back) == 1:
        title, page = _("%(vendor)s's shop answers again") % {"vendor": back[0].vendor}, ""
    else:
        words = ngettext("%(n)d shop answers again", "%(n)d shops answer again", len(back))
        title, page = words % {"n": len(back)}, ""
    stop = link_to(RECOVERIES, choice_id, base)
    with timezone.override(zone_of(office.timezone)):
        rows = [(_name(one, vendor_id), list(_sentences(one))) for one in back]
    context: dict[str, Any] = {
        "title": title,
        "rows": rows,
        "marketplace": office.name,
        "home": base.rstrip("/") + (page or reverse("admin:home")),
        "stop": stop,
    }
    text, html = (render_to_string(f"mail/back.{kind}", context) for kind in ("txt", "html"))
    return Letter(" ".join(f"{office.name}: {title}".split()), text, html, stop)


def _name(one: Recovery, vendor_id: int) -> str:
    return one.shop if vendor_id else f"{one.vendor} ({one.shop})"


def _sentences(one: Recovery) -> Iterator[str]:
    """How long it was away, and what was caught up."""
    first, last = one.outages[0], one.outages[-1]
    facts = {
        "long": _duration(together(one.outages)),
        "begin": _moment(first.began_at),
        "end": _moment(last.ended_at),
        "n": len(one.outages),
    }
    if len(one.outages) == 1:
        yield _("It was away for %(long)s, from %(begin)s to %(end)s.") % facts
    else:
        words = _("It was away %(n)d times, %(long)s in all, between %(begin)s and %(end)s.")
        yield words % facts
    yield from _done(one)


def _done(one: Recovery) -> Iterator[str]:
    done = one.done
    if done.orders_sent:
        yield _counted(
            "%(n)d order that waited was sent.", "%(n)d orders that waited were sent.",
            done.orders_sent,
        )  # fmt: skip
    if done.stock_corrected:
        yield _counted(
            "%(n)d stock number was corrected.", "%(n)d stock numbers were corrected.",
            done.stock_corrected,
        )  # fmt: skip
    if done.waiting:
        yield _counted(
            "%(n)d order still waits and goes out by itself.",
            "%(n)d orders still wait and go out by themselves.",
            done.waiting,
        )
    elif not done.orders_sent:
        yield _("No order had to wait.")
    if not done.stock_corrected:
        yield _("The stock numbers were right.") if done.read else _("Its stock is still read.")


def _counted(one: str, many: str, count: int) -> str:
    return ngettext(one, many, count) % {"n": count}


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j N, H:i")


def _duration(length: timedelta) -> str:
    minutes = max(1, round(length.total_seconds() / 60))
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return _("%(d)d d %(h)d h") % {"d": days, "h": hours}
    if hours:
        return _("%(h)d h %(m)d min") % {"h": hours, "m": minutes % 60}
    return _("%(m)d min") % {"m": minutes}
