"""The doctor's visit in words: each step as a claim, and the one cause with its cure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longshore.domain.findings import KINDS
from longshore.domain.verdicts import VERDICTS
from longshore.storage.queries.checks import Check, CheckStep, Found
from longshore.web.shared.state import State
from longshore.web.shared.words import fill

PUBLIC: Mapping[str, Any] = {
    "address": gettext_lazy("Your shop is found"),
    "REST API": gettext_lazy("WordPress and WooCommerce answer"),
    "versions": gettext_lazy("We know what this WooCommerce can do"),
}
WITH_KEY: Mapping[str, Any] = {
    "keys as typed": gettext_lazy("The key is whole"),
    **PUBLIC,
    "key": gettext_lazy("No visitor can see orders, and your key exists"),
    "sign-in": gettext_lazy("Your key is accepted"),
    "pages and counts": gettext_lazy("Products come complete"),
    "rights": gettext_lazy("Orders may be written"),
    "facts": gettext_lazy("Currency, taxes and stock settings are known"),
}
"""The steps in their order, as claims."""
MAY_BE_LEFT_OUT = frozenset({"versions", "notices"})


class Shown(NamedTuple):
    """One line: kind todo, run, ok, note or stop; `more` is what was found."""

    kind: str
    words: str
    more: SafeString
    seconds: float | None


def steps_of(check: Check) -> list[Shown]:
    """What was done, what is being done, what is still to do."""
    every = WITH_KEY if check.with_key else PUBLIC
    ended = {step.name: step for step in check.steps}
    shown = [_ended(step, every) for step in check.steps]
    if check.done:
        return shown
    left = [name for name in every if name not in ended and not _passed(name, list(every), ended)]
    for index, name in enumerate(left):
        kind = "run" if index == 0 and not check.waiting else "todo"
        shown.append(Shown(kind, str(every[name]), SafeString(""), None))
    return shown


def _passed(name: str, order: list[str], ended: Mapping[str, CheckStep]) -> bool:
    """Left out on this shop: something after it ended already."""
    return any(later in ended for later in order[order.index(name) + 1 :])


def _ended(step: CheckStep, every: Mapping[str, Any]) -> Shown:
    words = str(every.get(step.name) or step.name)
    if step.found is None:
        return Shown("ok", words, SafeString(""), step.seconds)
    verdict = VERDICTS.get(step.found.code)
    stops = verdict is None or verdict.stops
    return Shown("stop" if stops else "note", words, _seen(step.found), step.seconds)


def _seen(found: Found) -> SafeString:
    kind = KINDS.get(found.code)
    return fill(_(kind.title), found.evidence, bold=False) if kind else SafeString(found.code)


@dataclass(frozen=True, slots=True)
class Cause:
    """The one cause: what was seen, what it means, what to do, and the text for the host."""

    code: str
    seen: SafeString
    means: SafeString
    do: SafeString
    host: SafeString
    stops: bool


def cause_of(found: Found) -> Cause:
    verdict = VERDICTS.get(found.code)
    if verdict is not None:
        seen, means, do, host = verdict.seen, verdict.means, verdict.do, verdict.host
        stops = verdict.stops
    else:
        kind = KINDS.get(found.code)
        seen, do = (kind.title, kind.advice) if kind else (found.code, "")
        means, host, stops = "", "", True

    def say(text: str) -> SafeString:
        return fill(_(text), found.evidence, bold=False) if text else SafeString("")

    return Cause(found.code, say(seen), say(means), say(do), say(host), stops)


def causes_of(check: Check) -> tuple[Cause | None, list[Cause]]:
    """The decisive cause (None where nothing keeps the shop from being connected), and notes."""
    told = [cause_of(found) for found in check.findings]
    decisive = check.outcome in {"needs_somebody", "different", "taken"} and told
    if decisive:
        return told[0], told[1:]
    return None, told


def title_of(check: Check) -> str:
    """The answer to what the person came to ask."""
    if not check.done:
        return _("Checking the shop")
    titles = {
        "ready": _("The shop can be reached"),
        "connected": _("Connected and well"),
        "taken": _("This shop is connected already"),
        "different": _("This is not the shop we know"),
        "dismissed": _("Another shop answers there"),
    }
    return titles.get(check.outcome, _("Not connected yet"))


def state_of(check: Check) -> State:
    if not check.done:
        return State("wait", _("Being checked"))
    if check.outcome in {"ready", "connected"}:
        return State("ok", _("Well"))
    return State("stop", _("Stopped"))
