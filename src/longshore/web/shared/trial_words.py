"""A trial order, step by step, in words that a vendor understands."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longshore.domain.trial import TrialOutcome
from longshore.storage.queries.trials import TrialPage
from longshore.web.shared.said import said


class Step(NamedTuple):
    """`kind` as `c-step` has it."""

    kind: str
    words: str
    more: str


class Told(NamedTuple):
    """`kind` of the whole: run, ok, need, stop."""

    kind: str
    title: str
    more: str
    steps: tuple[Step, ...]


STEPS: Mapping[str, tuple[str, Any]] = {
    "sent": ("ok", gettext_lazy("A test order was sent")),
    "waits": ("note", gettext_lazy("The shop could not take it just now; it is tried again")),
    "no_answer": ("note", gettext_lazy("The shop gave no answer; we look whether it is there")),
    "looked": ("ok", gettext_lazy("Looked for it in the shop")),
    "arrived": ("ok", gettext_lazy("The shop took it")),
    "found": ("ok", gettext_lazy("It was found in the shop")),
    "matches": ("ok", gettext_lazy("It stands there exactly as it was sent")),
    "differs": ("note", gettext_lazy("It stands there, but not as it was sent")),
    "read": ("ok", gettext_lazy("Read back from the shop")),
    "canceled": ("ok", gettext_lazy("Canceled again")),
    "stock": ("ok", gettext_lazy("The piece is back in stock")),
    "not_counted": ("ok", gettext_lazy("The shop does not count this product")),
    "unclear": ("note", gettext_lazy("Something was sold at the same moment; please count it")),
    "removed": ("ok", gettext_lazy("Deleted from the shop")),
}
ENDS: Mapping[TrialOutcome, tuple[str, Any, Any]] = {
    TrialOutcome.WELL: (
        "ok",
        gettext_lazy("Orders arrive"),
        gettext_lazy("The test order came, and is away again. Nothing is left of it."),
    ),
    TrialOutcome.DIFFERS: (
        "need",
        gettext_lazy("Orders arrive, but changed"),
        gettext_lazy("Something in the shop changes orders as they come in."),
    ),
    TrialOutcome.NOTHING_TO_ORDER: (
        "need",
        gettext_lazy("There is nothing to order"),
        gettext_lazy("No product with a price is in stock, so there was nothing to try it with."),
    ),
    TrialOutcome.REFUSED: ("stop", gettext_lazy("The shop refused the test order"), ""),
    TrialOutcome.NOT_SENT: (
        "stop",
        gettext_lazy("The shop could not be reached"),
        gettext_lazy("Nothing was sent. Check the shop, then try again."),
    ),
    TrialOutcome.NOT_THERE: (
        "stop",
        gettext_lazy("The test order did not arrive"),
        gettext_lazy("The shop gave no answer and does not have it. Nothing is left of it."),
    ),
    TrialOutcome.STAYS: (
        "stop",
        gettext_lazy("The test order could not be taken away"),
        gettext_lazy("Please delete it in the shop; nothing is to be packed."),
    ),
}


def told(trial: TrialPage) -> Told:
    steps = tuple(_step(one) for one in trial.steps if one["what"] in STEPS)
    if not trial.outcome:
        last = Step("run", _("Under way"), said(trial.why))
        return Told("run", _("A test order is under way"), "", (*steps, last))
    kind, title, more = ENDS[TrialOutcome(trial.outcome)]
    named = _("It is number %(number)s there.") % {"number": trial.number}
    told_more = [str(more), said(trial.why)]
    if trial.outcome == TrialOutcome.STAYS:
        told_more.append(named)
    return Told(kind, str(title), " ".join(one for one in told_more if one), steps)


def _step(step: Mapping[str, Any]) -> Step:
    kind, words = STEPS[str(step["what"])]
    more = ""
    if step.get("number"):
        more = _("as order %(number)s") % {"number": step["number"]}
    elif step["what"] == "stock":
        more = _("%(n)s in stock now") % {"n": step.get("now", 0)}
    elif step.get("why"):
        more = said(str(step["why"]))
    return Step(kind, str(words), more)


def note_for(marketplace: str) -> str:
    """What the order says to whoever sees it in the shop."""
    words = _(
        "Test order from %(name)s: nothing to pack, nothing to ship. It is deleted by itself."
    )
    return words % {"name": marketplace}
