"""Orders of the last weeks, day by day: the chart, the sentence that says the same, the table."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from longshore.web.shared import charts
from longshore.web.shared.charts import Bars
from longshore.web.templatetags.longshore import number


class Weeks(NamedTuple):
    """`rows`: (day, its words, orders), the newest first."""

    chart: Bars
    words: str
    rows: list[tuple[date, str, int]]


def weeks_of(days: Sequence[tuple[date, int]]) -> Weeks | None:
    """`days` with the oldest first; None while no day had an order."""
    total = sum(count for _day, count in days)
    if not total:
        return None
    best, most = max(days, key=lambda one: one[1])
    words = ngettext(
        "%(n)s order in %(days)s days; the most, %(most)s, on %(day)s.",
        "%(n)s orders in %(days)s days; the most, %(most)s, on %(day)s.",
        total,
    ) % {"n": number(total), "days": len(days), "most": number(most), "day": day_words(best)}
    rows = [(day, day_words(day), count) for day, count in reversed(days)]
    rows[0] = (rows[0][0], _("Today, so far"), rows[0][2])
    return Weeks(charts.days(days), words, rows)


def day_words(day: date) -> str:
    return date_format(day, "D j M")
