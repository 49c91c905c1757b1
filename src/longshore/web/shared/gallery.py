"""The gallery: every part a screen may be made of, with made-up content; for who builds screens."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from longshore.web.shared import charts, icons
from longshore.web.shared.words import Shown

COLORS = (
    "paper sheet shade line edge ink-3 ink-2 ink harbor harbor-hi ok wait need stop".split()  # noqa: SIM905 - reads as the list it is
)


class SampleForm(forms.Form):
    """One field of each kind; the second cannot be saved."""

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
        raise forms.ValidationError(
            "This is only the end of the key. Create a new one and copy both values."
        )


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if not (settings.DEBUG or user.is_superuser):
        raise Http404
    form = SampleForm({"buffer": "1", "key": "…3f9a1c2", "place": "each", "notify": "on"})
    now = timezone.now()
    ago = {name: now - timedelta(seconds=s) for name, s in {"s12": 12, "m4": 240}.items()}
    context = {
        "colors": COLORS,
        "names": sorted(icons.NAMES),
        "kinds": ("ok", "wait", "need", "stop", "off"),
        "form": form,
        "problems": _problems(),
        "chart": _chart(),
        "page": SimpleNamespace(number=2, pages=9, previous=1, next=3, total=412),
        **ago,
    }
    return render(request, "gallery.html", context)


def _problems() -> list[Shown]:
    since = timezone.now() - timedelta(minutes=41)

    def one(kind: str, word: str, vendor: str, rest: str, button: str) -> Shown:
        sentence = format_html("<b>{}</b> {}", vendor, rest)
        facts = ("3 orders wait (€214.00)",) if kind == "stop" else ()
        advice = format_html("{}", "Ask the host.")
        return Shown(
            kind, icons.STATES[kind], sentence, "", word, facts, advice, since, button, "#"
        )

    return [
        one("stop", "Stopped", "Blue Fjord Ceramics", "gets no orders.", "See the connection"),
        one("need", "Needs you", "Kopra Coffee", "sells in USD, you in EUR.", "Set the rate"),
        one("wait", "Goes on by itself", "Linden & Loom", "may have #1061.", "Open the order"),
    ]


def _chart() -> charts.Chart:
    end = timezone.now()
    start = end - timedelta(hours=24)

    def at(*hours_and_values: tuple[float, int]) -> list[Any]:
        return [(start + timedelta(hours=hours), value) for hours, value in hours_and_values]

    return charts.steps(
        at((0, 4), (3, 3), (5, 12), (8, 11), (12, 10), (19, 8), (22, 7)),
        at((0, 3), (2.3, 2), (5.2, 11), (7.2, 10), (13, 8), (19.1, 6), (23.8, 4)),
        start,
        end,
    )
