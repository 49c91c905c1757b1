"""What the gallery's parts show: made-up content, usual and extreme."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html

from longshore.web.shared import charts, icons
from longshore.web.shared.words import Shown

LONG_NAME = "Handthrown Stoneware & Reactive Glaze Workshop of the Outer Harbor, Ltd."
LONG_TEXT = (
    "A text as long as people really write them: glazed by hand, safe in ovens and dishwashers,"
    " Donaudampfschifffahrtsgesellschaftskapitän and all, with a number such as 00370722581014402."
)
HEBREW = "כלי חרס מהנמל החיצון"


class SampleForm(forms.Form):
    """One field of each kind."""

    buffer = forms.IntegerField(
        label="Stock buffer", help_text="With 7 at the vendor, Shopify shows 6."
    )
    key = forms.CharField(label="Consumer key", widget=forms.TextInput)
    place = forms.ChoiceField(
        label="Stock stands at",
        choices=[("each", "a location for each vendor"), ("one", "one location for all")],
        widget=forms.RadioSelect,
    )
    notify = forms.BooleanField(
        label="Tell the buyer when it ships", help_text="Shopify sends the mail."
    )

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not key.startswith("ck_"):
            raise forms.ValidationError(
                "This is only the end of the key. Create a new one and copy both values."
            )
        return key


class ParcelForm(forms.Form):
    """Counted goods: some, more than there are, none."""

    some = forms.IntegerField(max_value=3)
    many = forms.IntegerField(max_value=1)
    none = forms.IntegerField(max_value=3)


def every() -> dict[str, Any]:
    now = timezone.now()
    ago = {"s12": 12, "m4": 240, "days": 3 * 24 * 3600}
    whole = {"buffer": "1", "key": "ck_fake", "place": "each", "notify": "on"}
    return {
        "form": SampleForm(whole, auto_id="f_%s"),
        "wrong": SampleForm({**whole, "buffer": "-", "key": "…3f9a1c2"}, auto_id="w_%s"),
        "blank": SampleForm(auto_id="b_%s"),
        "lengthy": SampleForm({**whole, "key": f"ck_{LONG_TEXT}"}, auto_id="l_%s"),
        "parcel": ParcelForm({"some": "2", "many": "7", "none": "0"}),
        "few": SimpleNamespace(few=[(1, "Linden & Loom"), (2, LONG_NAME)], id=1, name=""),
        "kept": _kept(),
        "problems": _problems(),
        "long_problems": [_problem("need", "Needs you", LONG_NAME, LONG_TEXT, "Compare all")],
        "chart": _chart(),
        "gap": _gap(),
        "bars": charts.days(_days(1)),
        "many_bars": charts.days(_days(700)),
        "page": SimpleNamespace(number=2, pages=9, previous=1, next=3, total=412),
        "slice": SimpleNamespace(more=True, newer=7, older=5, total=200_000),
        "picture": static("longshore/mark.svg"),
        "long_name": LONG_NAME,
        "long_text": LONG_TEXT,
        "hebrew": HEBREW,
        **{name: now - timedelta(seconds=seconds) for name, seconds in ago.items()},
    }


def _kept() -> SimpleNamespace:
    one = SimpleNamespace(id=1, name="To ship", query="tab=to_ship")
    two = SimpleNamespace(id=2, name=LONG_NAME[:60], query="vendor=7")
    return SimpleNamespace(page="orders", filters=(one, two), query="tab=to_ship")


def _problem(kind: str, word: str, vendor: str, rest: str, button: str) -> Shown:
    sentence = format_html("<b>{}</b> {}", vendor, rest)
    facts = ("3 orders wait (€214.00)",) if kind == "stop" else ()
    since = timezone.now() - timedelta(minutes=41)
    advice = format_html("{}", "Ask the host.")
    return Shown(kind, icons.STATES[kind], sentence, "", word, facts, advice, since, button, "#")


def _problems() -> list[Shown]:
    return [
        _problem("stop", "Stopped", "Blue Fjord Ceramics", "gets no orders.", "See the connection"),
        _problem("need", "Needs you", "Kopra Coffee", "sells in USD, you in EUR.", "Set the rate"),
        _problem("wait", "Goes on by itself", "Linden & Loom", "may have #1061.", "Open the order"),
    ]


def _points(*hours_and_values: tuple[float, int | None]) -> list[Any]:
    start = timezone.now() - timedelta(hours=24)
    return [(start + timedelta(hours=hours), value) for hours, value in hours_and_values]


def _chart() -> charts.Chart:
    end = timezone.now()
    return charts.steps(
        _points((0, 4), (3, 3), (5, 12), (8, 11), (12, 10), (19, 8), (22, 7)),
        _points((0, 3), (2.3, 2), (5.2, 11), (7.2, 10), (13, 8), (19.1, 6), (23.8, 4)),
        end - timedelta(hours=24),
        end,
    )


def _gap() -> charts.Chart:
    end = timezone.now()
    return charts.steps(
        _points((0, 900), (5, None), (13, 1400), (18, 800)),
        _points((0, 340), (5, None), (13, 420), (18, 310)),
        end - timedelta(hours=24),
        end,
    )


def _days(times: int) -> list[Any]:
    """Four weeks with quiet Sundays."""
    today = timezone.localdate()
    counts = [(11, 14, 12, 17, 21, 9, 3)[index % 7] + index // 5 for index in range(28)]
    return [
        (today - timedelta(days=27 - index), count * times) for index, count in enumerate(counts)
    ]
