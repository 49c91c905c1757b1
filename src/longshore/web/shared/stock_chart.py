"""A stock line's last day as a chart, and the sentence that says the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from longshore.storage.queries.stock import DRAWN_FOR, StockHappening, StockLinePage
from longshore.web.shared import charts
from longshore.web.shared.charts import Chart

ON_SHOPIFY = frozenset({"sale", "write"})


@dataclass(frozen=True, slots=True)
class Day:
    chart: Chart
    words: str


def day_of(page: StockLinePage, now: datetime) -> Day | None:
    """None where there is no number to draw: the vendor does not count the line."""
    line, start = page.line, now - DRAWN_FOR
    if not line.store_tracked or line.store_quantity is None:
        return None
    readings = [one for one in page.drawn if one.kind == "reading"]
    shown = [one for one in page.drawn if one.kind in ON_SHOPIFY]
    vendor = list(_points(readings, start, line.store_quantity))
    shopify = list(_points(shown, start, line.known_quantity if line.known_tracked else None))
    words = _("In the last 24 hours the vendor's number went from %(a)s to %(b)s.") % {
        "a": vendor[0][1],
        "b": vendor[-1][1],
    }
    if shopify:
        more = _("What Shopify shows went from %(a)s to %(b)s.")
        words = f"{words} {more % {'a': shopify[0][1], 'b': shopify[-1][1]}}"
    return Day(charts.steps(vendor, shopify, start, now), words)


def _points(
    events: list[StockHappening], start: datetime, now: int | None
) -> Iterable[tuple[datetime, int]]:
    """From what was before the first event on; without an event, what is now was all the time."""
    begin = events[0].before if events else now
    if begin is not None:
        yield start, begin
    for event in events:
        if event.after is not None:
            yield event.at, event.after
