"""Small words for templates: icons, times, money, numbers."""

import re
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from longshore.web.shared import ages, amounts, icons, plugin_words
from longshore.web.shared import said as sentences
from longshore.web.shared.countries import country_name

register = template.Library()

_TAGS = re.compile(r"<(table|thead|tbody|tr|th|td)(?=[\s>])")
_ROLES = {
    "table": "table",
    "thead": "rowgroup",
    "tbody": "rowgroup",
    "tr": "row",
    "th": "columnheader",
    "td": "cell",
}


SHEETS = ("base", "shell", "open", "parts", "notices", "time", "forms", "tables", "screens")
"""The stylesheet, one file a layer or less."""


@register.simple_tag
def stylesheets() -> SafeString:
    paths = ((static(f"longshore/css/{name}.css"),) for name in SHEETS)
    return format_html_join("\n  ", '<link rel="stylesheet" href="{}">', paths)


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    return icons.icon(name, extra)


@register.filter
def said(text: str) -> str:
    """A sentence that was stored, in the reader's language."""
    return sentences.said(text or "")


@register.simple_tag
def state_icon(kind: str) -> SafeString:
    return icons.icon(icons.STATES[kind])


@register.simple_tag
def age(at: datetime | None) -> str:
    """How long ago, kept true by the script; "never" for None."""
    return gettext("never") if at is None else ages.age_tag(at, timezone.now())


@register.simple_tag
def clock(at: datetime | None, seconds: bool = False) -> str:  # noqa: FBT001, FBT002 - a template's word
    return "" if at is None else ages.clock_tag(at, timezone.now(), seconds=seconds)


@register.simple_tag
def day(at: datetime | None) -> str:
    return "" if at is None else ages.day_tag(at, timezone.now())


@register.simple_tag
def can_mail() -> bool:
    """Whether the hub has a mail server, so that a page promises no letter that never comes."""
    from longshore.web.shared.accounts import mail_row

    return mail_row() is not None


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """A field's control, without the placeholder that libraries give it: its label says that."""
    return field.as_widget(attrs={**field.build_widget_attrs({}), "placeholder": False})


@register.filter
def device(user_agent: str) -> str:
    from longshore.web.shared.devices import device_words

    return device_words(user_agent)


@register.filter
def language_plugins(folders: frozenset[str]) -> list[str]:
    return plugin_words.language_plugins(folders)


@register.filter
def tracking_plugins(folders: frozenset[str]) -> list[str]:
    return plugin_words.tracking_plugins(folders)


@register.filter
def country(code: str | None) -> str:
    """A country's name in the reader's language."""
    return country_name(code or "")


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    return amounts.money(amount, currency)


@register.filter
def amount(text: str | None) -> Decimal | None:
    """A field's amount, which it keeps as a text."""
    return Decimal(text) if text else None


@register.filter
def number(value: float | None) -> str:
    """1,930 as this language writes it."""
    return "" if value is None else number_format(value, use_l10n=True, force_grouping=True)


@register.simple_tag
def query(**values: object) -> str:
    """A query string of the values that are set; "?" alone resets them all."""
    kept = {name: str(value) for name, value in values.items() if value not in {None, ""}}
    return f"?{urlencode(kept)}"


@register.filter
def undo_of(tags: str | None) -> int | None:
    """The deed that a message offers to take back."""
    number = (tags or "").partition("undo-")[2].partition(" ")[0]
    return int(number) if number.isdigit() else None


@register.filter
def with_roles(html: str) -> SafeString:
    """Gives a table's parts their roles: laid out as cards on a phone, browsers forget them.
    What people typed is escaped by then and holds no tags.
    """
    return SafeString(_TAGS.sub(lambda tag: f'{tag[0]} role="{_ROLES[tag[1]]}"', html))
