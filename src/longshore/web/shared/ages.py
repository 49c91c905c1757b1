"""How times are told: an age while it is short, then the clock, always with the exact time."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

MINUTE = 60
HOUR = 3600


def age_words(at: datetime, now: datetime) -> str:
    """Like "12 s ago", "4 min ago", "09:14" today, "Mon 12 Oct 16:20"; "in 40 s" ahead of now."""
    seconds = int((now - at).total_seconds())
    ahead, seconds = seconds < 0, abs(seconds)
    if seconds < MINUTE:
        text = _("in %(count)d s") if ahead else _("%(count)d s ago")
        return text % {"count": seconds}
    if seconds < HOUR:
        text = _("in %(count)d min") if ahead else _("%(count)d min ago")
        return text % {"count": seconds // MINUTE}
    return clock_words(at, now)


def clock_words(at: datetime, now: datetime, *, seconds: bool = False) -> str:
    """Like "09:14" today, "Mon 12 Oct 16:20" this year, else with its year; in the active zone."""
    local, today = timezone.localtime(at), timezone.localtime(now)
    hour = date_format(local, "H:i:s" if seconds else "H:i")
    if local.date() == today.date():
        return hour
    day = date_format(local, "D j M" if abs(now - at) < timedelta(days=180) else "j M Y")
    return f"{day} {hour}"


def exact(at: datetime) -> str:
    """The moment to the second, with its zone, for a title."""
    return date_format(timezone.localtime(at), "D j M Y, H:i:s T")


def age_tag(at: datetime, now: datetime) -> SafeString:
    """A `<time>` that the page's script keeps true (`data-age`); `data-clock` is what it becomes
    after an hour.
    """
    return format_html(
        '<time datetime="{}" title="{}" data-age data-clock="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        exact(at),
        clock_words(at, now),
        age_words(at, now),
    )


def day_tag(at: datetime, now: datetime) -> SafeString:
    """The day alone, for what happened long ago: "3 Mar", with the year after half a year."""
    near = abs(now - at) < timedelta(days=180)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        exact(at),
        date_format(timezone.localtime(at), "j M" if near else "j M Y"),
    )


def clock_tag(at: datetime, now: datetime, *, seconds: bool = False) -> SafeString:
    """A `<time>` that stands still."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        exact(at),
        clock_words(at, now, seconds=seconds),
    )
