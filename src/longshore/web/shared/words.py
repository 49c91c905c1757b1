"""The words of problems: a finding's sentence, its state, its one button and where that leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from longshore.domain.findings import KINDS
from longshore.storage.queries.problems import Problem, Target
from longshore.web.templatetags.longshore import STATE_ICONS

SUBJECTS = frozenset({"vendor", "product", "order", "host", "line"})
"""Evidence that names who or what is hit: bold in the sentence."""

BUTTONS = {
    "price_needs_currency_rule": gettext_lazy("Set the exchange rate"),
    "price_needs_tax_rule": gettext_lazy("Set the tax rule"),
    "line_without_vendor": gettext_lazy("See the line"),
    "order_refused": gettext_lazy("See why"),
    "order_lines_differ": gettext_lazy("Compare the order"),
    "store_key_refused": gettext_lazy("Enter a new key"),
    "store_key_read_only": gettext_lazy("Enter a new key"),
    "store_unreachable": gettext_lazy("See the fix"),
    "storefront_refused": gettext_lazy("Connect Shopify again"),
    "storefront_scope_missing": gettext_lazy("See the scope"),
    "canceled_but_shipped": gettext_lazy("Decide who pays"),
    "product_unreadable": gettext_lazy("See the product"),
    "silence": gettext_lazy("Check the workers"),
}
BY_TARGET = {
    "vendor": gettext_lazy("Open the vendor"),
    "order": gettext_lazy("Open the order"),
    "listing": gettext_lazy("Open the product"),
    "left_out": gettext_lazy("Show the products"),
    "setup": gettext_lazy("Open settings"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A problem in words. `kind` is stop, need or wait; `sentence` is safe HTML."""

    kind: str
    icon: str
    sentence: SafeString
    more: str
    word: str
    who: str
    advice: str
    since: datetime
    last_seen: datetime
    button: str
    url: str


def shown(problem: Problem) -> Shown:
    kind = kind_of(problem)
    evidence = {"vendor": problem.vendor, **problem.evidence}
    more = problem.count - 1
    return Shown(
        kind=kind,
        icon=STATE_ICONS[kind],
        sentence=sentence(problem.code, evidence),
        more=ngettext("%(count)d more like it.", "%(count)d more like it.", more) % {"count": more}
        if more
        else "",
        word={"stop": _("Stopped"), "need": _("Needs you"), "wait": _("Goes on by itself")}[kind],
        who=_who(problem),
        advice=advice(problem.code, evidence),
        since=problem.first_seen_at,
        last_seen=problem.last_seen_at,
        button=str(BUTTONS.get(problem.code) or BY_TARGET[problem.target.kind]),
        url=url_of(problem.target),
    )


def kind_of(problem: Problem) -> str:
    if not problem.needs_person:
        return "wait"
    return "stop" if problem.severity == "stop" else "need"


def sentence(code: str, evidence: Mapping[str, Any]) -> SafeString:
    """The finding's title with its evidence, escaped, the subject bold."""
    kind = KINDS.get(code)
    if kind is None:
        return format_html(_("A problem this version has no words for: {}."), code)
    return _fill(_(kind.title), evidence, bold=True)


def advice(code: str, evidence: Mapping[str, Any]) -> str:
    """What cures it, as safe HTML."""
    kind = KINDS.get(code)
    return _fill(_(kind.advice), evidence, bold=False) if kind else SafeString("")


def _fill(text: str, evidence: Mapping[str, Any], *, bold: bool) -> SafeString:
    """Every piece is escaped on its own; a missing value shows as an ellipsis, never as an error."""
    parts: list[str] = []
    for literal, name, _spec, _conversion in Formatter().parse(text):
        parts.append(conditional_escape(literal))
        if name is None:
            continue
        value = evidence.get(name)
        told = conditional_escape(str(value) if value not in {None, ""} else "…")
        parts.append(f"<b>{told}</b>" if bold and name in SUBJECTS else told)
    return mark_safe("".join(parts))  # noqa: S308 - each piece was escaped above


def _who(problem: Problem) -> str:
    if problem.severity == "note":
        return _("nothing to do")
    return {
        "vendor": _("%(vendor)s can mend it") % {"vendor": problem.vendor or _("the vendor")},
        "host": _("the vendor's host can mend it"),
        "operator": _("you can mend it"),
    }.get(problem.who, _("nothing to do"))


def url_of(target: Target) -> str:
    """The page on which a problem is mended."""
    match target:
        case Target("vendor", int(number)):
            return reverse("admin:vendor", args=[number])
        case Target("order", int(number)):
            return reverse("admin:order", args=[number])
        case Target("listing", int(number)):
            return reverse("admin:product", args=[number])
        case Target("left_out", number):
            return reverse("admin:left_out") + (f"?vendor={number}" if number else "")
        case _:
            return reverse("admin:setup")
