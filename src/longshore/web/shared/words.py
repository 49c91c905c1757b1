"""The words of problems: a finding's sentence, its state, its one button and where that leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from longshore.domain.findings import KINDS
from longshore.storage.queries.problems import AtStake, Problem
from longshore.web.shared.ages import clock_words
from longshore.web.shared.amounts import money
from longshore.web.shared.countries import country_name
from longshore.web.shared.icons import STATES
from longshore.web.shared.said import said

SUBJECTS = frozenset({"vendor", "product", "order", "host", "line"})
"""Evidence that names who or what is hit: bold in the sentence."""

BUTTONS = {
    "price_needs_currency_rule": gettext_lazy("Set the exchange rate"),
    "price_needs_tax_rule": gettext_lazy("Set the tax rule"),
    "price_currency_unknown": gettext_lazy("State the currency"),
    "rate_old": gettext_lazy("Renew the exchange rate"),
    "line_without_vendor": gettext_lazy("See the line"),
    "order_refused": gettext_lazy("See why"),
    "order_lines_differ": gettext_lazy("Compare the order"),
    "storefront_refused": gettext_lazy("Connect Shopify again"),
    "storefront_scope_missing": gettext_lazy("See the scope"),
    "canceled_but_shipped": gettext_lazy("Decide who pays"),
    "product_unreadable": gettext_lazy("See the product"),
    "silence": gettext_lazy("Check the workers"),
    "held_vanished": gettext_lazy("Compare and decide"),
    "held_sold_out": gettext_lazy("Compare and decide"),
    "held_prices": gettext_lazy("Compare and decide"),
    "held_answers": gettext_lazy("See what it answers"),
}
HELD = frozenset({"held_vanished", "held_sold_out", "held_prices", "held_answers"})
KIND_WORDS = {
    "stop": gettext_lazy("Stopped"),
    "need": gettext_lazy("Needs you"),
    "wait": gettext_lazy("Goes on by itself"),
}
BY_TARGET = {
    "vendor": gettext_lazy("Open the vendor"),
    "order": gettext_lazy("Open the order"),
    "listing": gettext_lazy("Open the product"),
    "left_out": gettext_lazy("Show the products"),
    "setup": gettext_lazy("Open settings"),
}
NEW_KEY = frozenset({"store_key_refused", "store_key_read_only", "D01", "D34", "D37", "D39", "D40"})
"""Mended by a new key. Codes with a D are verdicts of the connection doctor."""
PRICE_RULES = frozenset({"price_needs_currency_rule", "price_needs_tax_rule", "rate_old"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A problem in words. `kind` is stop, need or wait; `sentence` and `advice` are safe HTML."""

    kind: str
    icon: str
    sentence: SafeString
    more: str
    word: str
    facts: tuple[str, ...]
    advice: SafeString
    since: datetime
    button: str
    url: str
    id: int = 0
    """Of the finding, where a person may say that they know of it."""


def shown(problem: Problem) -> Shown:
    kind = kind_of(problem)
    whom = _whom(problem)
    evidence = {"vendor": problem.vendor, **problem.evidence}
    more = problem.count - 1
    more_words = ngettext("%(count)d more like it.", "%(count)d more like it.", more)
    return Shown(
        kind=kind,
        icon=STATES[kind],
        sentence=whom + sentence(problem.code, evidence, named=bool(whom)),
        more=more_words % {"count": more} if more else "",
        word=_("You know") if problem.known_at is not None else str(KIND_WORDS[kind]),
        facts=tuple(_facts(problem)),
        advice=advice(problem.code, evidence),
        since=problem.first_seen_at,
        button=_button(problem),
        url=url_of(problem),
        id=problem.id if problem.knowable and problem.needs_person and not more else 0,
    )


def _button(problem: Problem) -> str:
    if problem.code in NEW_KEY:
        return _("Enter a new key")
    usual = _("See the connection") if problem.stops_shop else BY_TARGET[problem.target.kind]
    return str(BUTTONS.get(problem.code) or usual)


def kind_of(problem: Problem) -> str:
    if not problem.needs_person:
        return "wait"
    return "stop" if problem.severity == "stop" else "need"


def _whom(problem: Problem) -> SafeString:
    """An operator asks first whom it hits; a shop's finding itself only says what is so."""
    if not problem.stops_shop or not problem.vendor:
        return SafeString("")
    hit = fill(_("{vendor} gets no orders."), {"vendor": problem.vendor}, bold=True)
    return hit + SafeString(" ")


def sentence(code: str, evidence: Mapping[str, Any], *, named: bool = False) -> SafeString:
    """The finding's title with its evidence, escaped, the subject bold. A shop is called by its
    vendor's name, its host second, where the name is known and was not `named` just before.
    """
    kind = KINDS.get(code)
    if kind is None:
        return format_html(_("A problem this version has no words for: {}."), code)
    text = _(kind.title)
    names = evidence.get("vendor") and evidence.get("host") and "{vendor}" not in text
    if names and not named:
        text = text.replace("{host}", "{vendor} ({shop})", 1)
        evidence = {**evidence, "shop": evidence["host"]}
    return fill(text, evidence, bold=True)


def advice(code: str, evidence: Mapping[str, Any]) -> SafeString:
    """What cures it, as safe HTML."""
    kind = KINDS.get(code)
    return fill(_(kind.advice), evidence, bold=False) if kind else SafeString("")


def fill(text: str, evidence: Mapping[str, Any], *, bold: bool) -> SafeString:
    """Every piece is escaped on its own; a missing value shows as an ellipsis, not as an error."""
    parts: list[str] = []
    for literal, name, _spec, _conversion in Formatter().parse(text):
        parts.append(conditional_escape(literal))
        if name is None:
            continue
        value = evidence.get(name)
        if name == "country" and isinstance(value, str):
            value = country_name(value)
        told = conditional_escape(said(str(value)) if value not in {None, ""} else "…")
        parts.append(f"<b>{told}</b>" if bold and name in SUBJECTS else told)
    return mark_safe("".join(parts))  # noqa: S308 - each piece was escaped above


def _facts(problem: Problem) -> list[str]:
    """What it costs meanwhile, and who can mend it where that is not the reader."""
    found = [_stake(problem.stake)] if problem.stake else []
    if problem.needs_person:
        who = {
            "vendor": _("%(vendor)s can mend it") % {"vendor": problem.vendor or _("the vendor")},
            "host": _("the vendor's host can mend it"),
        }
        found += [who[problem.who]] if problem.who in who else []
    return found


def _stake(stake: AtStake) -> str:
    waits = ngettext("%(n)d order waits", "%(n)d orders wait", stake.orders) % {"n": stake.orders}
    since = clock_words(stake.oldest_at, timezone.now())
    told = _("%(orders)s, the oldest from %(at)s") % {"orders": waits, "at": since}
    return told if stake.worth is None else f"{told} ({money(stake.worth, stake.currency)})"


def url_of(problem: Problem) -> str:
    """The page on which a problem is mended."""
    target = problem.target
    if problem.code in HELD and problem.evidence.get("brake"):
        return reverse("admin:held", args=[problem.evidence["brake"]])
    if target.kind == "left_out":
        return reverse("admin:left_out") + (f"?vendor={target.id}" if target.id else "")
    name = _page_of(problem)
    return reverse(f"admin:{name}", args=[target.id]) if target.id else reverse("admin:setup")


def _page_of(problem: Problem) -> str:
    if problem.target.kind == "vendor" and problem.code in NEW_KEY:
        return "vendor_connect"
    if problem.target.kind == "vendor" and problem.code in PRICE_RULES:
        return "vendor_settings"
    return {"listing": "product"}.get(problem.target.kind, problem.target.kind)
