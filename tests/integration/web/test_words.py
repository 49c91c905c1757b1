"""Times, money, numbers and charts as people read them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from longshore.domain.findings import KINDS
from longshore.domain.tracking import web_address
from longshore.storage.queries.links import first_image, shopify_admin
from longshore.storage.queries.problems import Problem, Target
from longshore.web.shared import charts
from longshore.web.shared.ages import age_tag, age_words, clock_words, day_tag
from longshore.web.shared.amounts import money
from longshore.web.shared.icons import icon
from longshore.web.shared.words import kind_of, sentence, shown
from longshore.web.templatetags.longshore import number, query, with_roles

NOW = datetime(2026, 10, 14, 9, 54, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (0, "0 s ago"),
        (59, "59 s ago"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (3600, "08:54"),
        (86400, "Tue 13 Oct 09:54"),
        (86400 * 300, "18 Dec 2025 09:54"),
        (-40, "in 40 s"),
        (-3000, "in 50 min"),
    ],
)
def test_ages(before: int, told: str):
    assert age_words(NOW - timedelta(seconds=before), NOW) == told


def test_clocks_are_in_the_zone_of_the_page():
    with timezone.override("Asia/Tokyo"):
        assert clock_words(NOW, NOW, seconds=True) == "18:54:12"
        late = NOW + timedelta(hours=6)
        assert clock_words(late, NOW) == "Thu 15 Oct 00:54"
        assert 'title="Wed 14 Oct 2026, 18:54:12 JST"' in age_tag(NOW, NOW)
        assert ">14 Oct</time>" in day_tag(NOW, NOW)


@pytest.mark.parametrize(
    ("language", "amount", "currency", "told"),
    [
        ("en", "1930.5", "EUR", "€1,930.50"),
        ("en", "-3", "USD", "-$3.00"),
        ("en", "1930", "JPY", "¥1,930"),
        ("en", "25.2", "CHF", "25.20\u00a0CHF"),
        ("en", "1.2345", "KWD", "1.235\u00a0KWD"),
        ("de", "1930.5", "EUR", "1.930,50\u00a0€"),
        ("fr", "0.005", "EUR", "0,01\u00a0€"),
    ],
)
def test_money_by_language(language: str, amount: str, currency: str, told: str):
    with translation.override(language):
        assert money(Decimal(amount), currency) == told


def test_nothing_is_a_dash_and_no_zero():
    assert money(None, "EUR") == "–"  # noqa: RUF001 - the dash itself
    assert number(None) == ""
    assert number(0) == "0"
    with translation.override("de"):
        assert number(1930) == "1.930"


def test_addresses_of_shops_are_web_pages_or_nothing():
    assert web_address("https://shop.example") == "https://shop.example"
    for bad in ("javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "//x", "", " http://x"):
        assert web_address(bad) == ""
    assert first_image([[1, "http://shop.example/a.png", ""]]) == ""
    assert first_image([[1, "https://shop.example/a.png", ""]]) == "https://shop.example/a.png"
    assert first_image([]) == ""
    assert shopify_admin("x.myshopify.com", "gid://shopify/Order/7").endswith("/admin/orders/7")
    assert shopify_admin("x.myshopify.com", "gid://shopify/Product/7").endswith("/products/7")
    assert shopify_admin("", "gid://shopify/Order/7") == ""
    assert shopify_admin("x.myshopify.com", "") == ""


def test_a_table_keeps_its_meaning_as_cards():
    told = with_roles("<table><thead><tr><th>A</th></tr></thead><tbody><tr><td>1</td></table>")
    for role in ("table", "rowgroup", "row", "columnheader", "cell"):
        assert f'role="{role}"' in told
    assert with_roles("<title><three><tdx>") == "<title><three><tdx>"


def test_an_icon_nobody_declared_is_found_at_once():
    with pytest.raises(KeyError):
        icon("not-an-icon")


def test_a_query_holds_what_is_set():
    assert query(tab="open", vendor=None, q="") == "?tab=open"
    assert query() == "?"
    assert query(q="a&b=c") == "?q=a%26b%3Dc"


def at(hours: float, value: int):
    return NOW + timedelta(hours=hours), value


def test_a_chart_steps_and_stays_inside():
    chart = charts.steps([at(-1, 4), at(12, 9)], [at(0, 3)], NOW, NOW + timedelta(hours=24))
    assert chart.ticks == (12, 8, 4, 0)
    assert chart.first == "M0.0 160.0H500.0V60.0H1000"
    assert chart.second == "M0.0 180.0H1000"
    assert chart.times[-1] == "now"
    assert len(chart.times) == 5


def test_a_line_ends_where_nothing_is_known_and_begins_again():
    known = [at(0, 4), (NOW + timedelta(hours=6), None), at(12, 8), at(18, 0)]
    chart = charts.steps([], known, NOW, NOW + timedelta(hours=24))
    assert chart.first == ""
    assert chart.second == "M0.0 160.0H250.0M500.0 80.0H750.0V240.0H1000"


def test_days_are_bars_and_todays_is_open():
    first = NOW.date() - timedelta(days=3)
    counts = [(first + timedelta(days=index), count) for index, count in enumerate((3, 0, 12, 6))]
    with translation.override("de"):  # it writes 37,5
        chart = charts.days(counts)
        page = Template("<c-bars :chart='chart' label='x' />").render(Context({"chart": chart}))
    assert chart.ticks == (12, 8, 4, 0)
    assert [(bar.x, bar.y, bar.height, bar.open) for bar in chart.bars] == [
        ("37.5", "180.0", "60.0", False),
        ("287.5", "240.0", "0.0", False),
        ("537.5", "0.0", "240.0", False),
        ("787.5", "120.0", "120.0", True),
    ]
    assert len(chart.times) == 5
    assert "37,5" not in page
    assert charts.days([]).bars == ()


@pytest.mark.parametrize(("highest", "top"), [(0, 3), (3, 3), (12, 12), (13, 15), (118, 120)])
def test_a_charts_axis_holds_the_highest_number(highest: int, top: int):
    chart = charts.steps([at(0, highest)], [], NOW, NOW + timedelta(hours=1))
    assert chart.ticks[0] == top
    assert chart.second == ""


def problem(code: str, severity: str = "stop", who: str = "vendor", **more: object) -> Problem:
    values: dict[str, object] = {
        "evidence": {},
        "vendor_id": 1,
        "vendor": "Saltmarsh <Soap>",
        "count": 3,
        "first_seen_at": NOW,
        "last_seen_at": NOW,
        "target": Target("vendor", 1),
        "stops_shop": True,
        "stake": None,
        **more,
    }
    return Problem(code=code, severity=severity, who=who, **values)


@pytest.mark.parametrize("code", sorted(KINDS))
def test_every_finding_has_a_sentence_and_a_way_on(code: str):
    told = shown(problem(code, KINDS[code].severity, KINDS[code].who))
    assert told.sentence.startswith("<b>Saltmarsh &lt;Soap&gt;</b> gets no orders. ")
    assert "{" not in told.sentence + told.advice
    assert told.button
    assert told.url.startswith("/vendors/1/")
    assert told.more == "2 more like it."


def test_a_problem_nobody_knows_is_told_by_its_code():
    assert "tomorrows_code" in sentence("tomorrows_code", {})


def test_how_bad_a_problem_is():
    assert kind_of(problem("x", "stop", "vendor")) == "stop"
    assert kind_of(problem("x", "warning", "operator")) == "need"
    assert kind_of(problem("x", "stop", "nobody")) == "wait"
    assert kind_of(problem("x", "note", "operator")) == "wait"


@pytest.mark.parametrize("kind", ["ok", "wait", "need", "stop", "off"])
def test_a_state_is_an_icon_and_a_word(kind: str):
    drawn = Template("{% load cotton %}{% cotton state kind=k %}Word{% endcotton %}")
    page = drawn.render(Context({"k": kind}))
    assert f'class="state {kind}"' in page
    assert "<use href=" in page
    assert "Word" in page
