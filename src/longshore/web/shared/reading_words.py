"""How shops are read, in words: lanes, intervals and their reasons, load."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import number_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from longshore.storage.queries.reading import DRAWN_FOR, LanePlan, Load, ReadingCard
from longshore.web.shared import charts
from longshore.web.shared.charts import Chart

LANES = {
    "hot": gettext_lazy("Hot products"),
    "poll": gettext_lazy("What changed"),
    "sweep": gettext_lazy("Every product"),
}
FINDS = {
    "hot": gettext_lazy("sold lately, or little left"),
    "poll": gettext_lazy("edits, sales, new products"),
    "sweep": gettext_lazy("what shops do not tell: direct writes, deletions"),
}
BECAUSE = {
    "usual": gettext_lazy("the usual pace"),
    "changing": gettext_lazy("it changes just now"),
    "webhooks_alive": gettext_lazy("the shop tells us of changes itself"),
    "cannot_tell_changes": gettext_lazy("its version cannot say what changed"),
    "slow_host": gettext_lazy("its host is slow"),
    "small": gettext_lazy("it has few products"),
    "stock_by_sweeps": gettext_lazy("only this finds its stock"),
    "drifting": gettext_lazy("changes were found here that nothing told us of"),
    "large_or_slow": gettext_lazy("it is large, or its host slow"),
    "waits_for_proof": gettext_lazy("a held change waits for a second reading"),
}
MINUTE_S, HOUR_S = 60, 3600
SECOND_MS = 1000


@dataclass(frozen=True, slots=True)
class LaneTold:
    name: str
    finds: str
    every: str
    because: str
    due_at: datetime | None


def lane_told(plan: LanePlan) -> LaneTold:
    reasons = [str(BECAUSE.get(code, code.replace("_", " "))) for code in plan.because]
    planned = plan.every_s > 0
    return LaneTold(
        str(LANES[plan.lane]),
        str(FINDS[plan.lane]),
        _("every %(time)s") % {"time": long(plan.every_s)} if planned else _("as soon as it can"),
        ", ".join(reasons),
        plan.due_at if planned else None,
    )


def long(seconds: float) -> str:
    """A stretch of time, rounded: "45 s", "12 min", "3 h"."""
    if seconds < 2 * MINUTE_S:
        return _("%(n)d s") % {"n": round(seconds)}
    if seconds < 2 * HOUR_S:
        return _("%(n)d min") % {"n": round(seconds / MINUTE_S)}
    return _("%(n)d h") % {"n": round(seconds / HOUR_S)}


def load_chart(card: ReadingCard, now: datetime) -> tuple[Chart, str]:
    """Requests of each hour of the last day, and the sentence that says the same."""
    start = now - DRAWN_FOR
    asked = {one.hour: one.requests for one in card.load}
    first = now.replace(minute=0, second=0, microsecond=0)
    hours = [first - timedelta(hours=back) for back in range(24, -1, -1)]
    points = [(hour, asked.get(hour, 0)) for hour in hours]
    words = ngettext(
        "%(n)d request in the last 24 hours, at most %(most)d in an hour.",
        "%(n)d requests in the last 24 hours, at most %(most)d in an hour.",
        sum(asked.values()),
    )
    told = words % {"n": sum(asked.values()), "most": max(asked.values(), default=0)}
    return charts.steps((), points, start, now), told


def answer_chart(card: ReadingCard, now: datetime) -> tuple[Chart, str] | None:
    """How long its host took for an answer, hour by hour, and the sentence that says the same; None
    where nothing was measured. An hour in which it was asked nothing is left open.
    """
    took = [one for one in card.load if one.answer_ms is not None]
    if not took:
        return None
    start, by_hour = now - DRAWN_FOR, {one.hour: one for one in took}
    first = now.replace(minute=0, second=0, microsecond=0)
    hours = [first - timedelta(hours=back) for back in range(24, -1, -1)]
    known = [(hour, by_hour.get(hour)) for hour in hours]
    slowest = [(hour, one.slowest_ms if one else None) for hour, one in known]
    usual = [(hour, one.answer_ms if one else None) for hour, one in known]
    return charts.steps(slowest, usual, start, now), answers_told(took)


def answers_told(took: Sequence[Load]) -> str:
    every = sum(one.requests for one in took)
    usual = sum((one.answer_ms or 0) * one.requests for one in took) / every
    slowest = max(one.slowest_ms or 0 for one in took)
    words = _("An answer took %(usual)s on average in the last 24 hours, the slowest %(slowest)s.")
    return words % {"usual": short(usual), "slowest": short(slowest)}


def short(ms: float) -> str:
    """How long an answer took: "340 ms", "1.2 s"."""
    if ms < SECOND_MS:
        return _("%(n)s ms") % {"n": number_format(round(ms))}
    return _("%(n)s s") % {"n": number_format(ms / SECOND_MS, decimal_pos=1)}


def hours_told(card: ReadingCard) -> list[tuple[datetime, int, str, str]]:
    """The same as a table: (hour, requests, on average, the slowest), the newest first."""
    return [
        (
            one.hour,
            one.requests,
            "" if one.answer_ms is None else short(one.answer_ms),
            "" if one.slowest_ms is None else short(one.slowest_ms),
        )
        for one in reversed(card.load)
    ]


def manners_told(card: ReadingCard) -> str:
    """How hard its host is asked."""
    parts = [
        ngettext("%(n)d page at a time", "%(n)d pages at a time", card.at_a_time)
        % {"n": card.at_a_time}
    ]
    if card.page_size:
        parts.append(_("%(n)d products a page") % {"n": card.page_size})
    if card.page_s:
        parts.append(_("%(n).1f s a page") % {"n": card.page_s})
    return ", ".join(parts)


def paused_told(card: ReadingCard) -> str:
    """Empty unless the shop is left alone now."""
    if card.paused_until is None or card.paused_until <= timezone.now():
        return ""
    at = time_format(timezone.localtime(card.paused_until), "H:i:s")
    return _("Left alone until %(at)s: its host asked for a pause, or failed.") % {"at": at}
