"""Small words for templates: times, money, icons and numbers."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlencode

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import _render_icon

from longshore.domain.money import minor_digits
from longshore.web.shared import ages

register = template.Library()

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩"}
STATE_ICONS = {
    "ok": "circle-check",
    "wait": "clock",
    "need": "triangle-alert",
    "stop": "octagon-x",
    "off": "circle-pause",
}


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A lucide icon of the text's size; screen readers pass over it."""
    return SafeString(
        _render_icon(str(name), 17, **{"class": f"i {extra}".strip(), "aria-hidden": "true"})
    )


@register.simple_tag
def state_icon(kind: str) -> SafeString:
    return icon(STATE_ICONS[kind])


@register.simple_tag
def age(at: datetime | None) -> str:
    """How long ago, kept true by the script; "never" for None."""
    if at is None:
        from django.utils.translation import gettext

        return gettext("never")
    return ages.age_tag(at, timezone.now())


@register.simple_tag
def clock(at: datetime | None, seconds: bool = False) -> str:  # noqa: FBT001, FBT002 - a template's word
    return "" if at is None else ages.clock_tag(at, timezone.now(), seconds=seconds)


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """"€25.20", or "25.20 CHF" where the sign is not known to everybody."""
    if amount is None:
        return "–"
    step = Decimal(1).scaleb(-minor_digits(currency))
    text = intcomma(str(amount.quantize(step, rounding=ROUND_HALF_UP)))
    sign = SIGNS.get(currency)
    if sign is None:
        return f"{text} {currency}".strip()
    return f"-{sign}{text[1:]}" if text.startswith("-") else f"{sign}{text}"


@register.simple_tag
def query(**values: object) -> str:
    """A query string of the values that are set, "" when none is."""
    kept = {name: str(value) for name, value in values.items() if value not in {None, ""}}
    return f"?{urlencode(kept)}" if kept else ""
