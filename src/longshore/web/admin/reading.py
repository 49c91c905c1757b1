"""How a vendor's shops are read: the lanes, the load, and the limits people set."""

from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from longshore import wiring
from longshore.storage.queries.reading import ReadingCard, reading_cards
from longshore.storage.queries.vendor import VendorPage
from longshore.web.admin import actions, params
from longshore.web.admin.vendor import top_of, vendor_of
from longshore.web.shared import reading_words
from longshore.web.shared.stale import is_stale, mark
from longshore.web.shared.tenancy import PageRequest

HOURS = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
LIMITS = ("quiet_from", "quiet_to", "most_requests_an_hour")


class MannersForm(forms.Form):
    """When a shop is spared all but orders and hot products, and how much it may be asked."""

    quiet_from = forms.TimeField(label=gettext_lazy("Quiet from"), required=False, widget=HOURS)
    quiet_to = forms.TimeField(label=gettext_lazy("Quiet to"), required=False, widget=HOURS)
    most_requests_an_hour = forms.IntegerField(
        label=gettext_lazy("At most so many requests an hour"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=gettext_lazy("0: no limit. Orders and hot products are read all the same."),
    )

    def clean_most_requests_an_hour(self) -> int:
        return self.cleaned_data["most_requests_an_hour"] or 0


@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: PageRequest, vendor_id: int) -> HttpResponse:
    """Shows how it is, and takes new limits of one shop."""
    found = vendor_of(request, vendor_id)
    cards = _cards(request, vendor_id)
    bad: tuple[int, MannersForm] | None = None
    if request.method == "POST":
        card = _chosen(request, cards)
        form = MannersForm(request.POST, auto_id=f"s{card.store_id}_%s")
        if form.is_valid() and not is_stale(form, _initial(card)):
            result = _save(request, found, card, form.cleaned_data)
            if not actions.put_on(form, result):
                actions.tell(request, result, _("Saved. It holds from the next visit on."))
                return redirect("admin:vendor_reading", vendor_id)
        bad = (card.store_id, form)
    context = {**top_of(found, "reading"), "shops": [_shop(one, bad) for one in cards]}
    return render(request, "admin/vendor_reading.html", context, status=422 if bad else 200)


def _cards(request: PageRequest, vendor_id: int) -> tuple[ReadingCard, ...]:
    return reading_cards(request.tenant.marketplace_id, vendor_id, timezone.now())


def _chosen(request: PageRequest, cards: tuple[ReadingCard, ...]) -> ReadingCard:
    number = params.digits(request.POST.get("store", ""))
    card = next((one for one in cards if one.store_id == number), None)
    if card is None:
        raise Http404
    return card


def _initial(card: ReadingCard) -> dict[str, Any]:
    return {
        "quiet_from": card.quiet_from,
        "quiet_to": card.quiet_to,
        "most_requests_an_hour": card.most_an_hour,
    }


def _save(
    request: PageRequest, vendor: VendorPage, card: ReadingCard, typed: dict[str, Any]
) -> object:
    owner, old = request.tenant.marketplace_id, _initial(card)
    new = {name: typed[name] for name in LIMITS}
    if new == old:
        return None
    kept = [{name: str(value or "") for name, value in one.items()} for one in (old, new)]
    what = wiring.What("manners_changed", f"vendor:{vendor.id}", vendor.name, vendor.id, *kept)
    call = partial(wiring.change_manners, owner, card.store_id, **new)
    return actions.noted(request, call, what)


def _shop(card: ReadingCard, bad: tuple[int, MannersForm] | None) -> dict[str, Any]:
    """What the page shows of one shop."""
    initial = _initial(card)
    form = MannersForm(initial=initial, auto_id=f"s{card.store_id}_%s")
    if bad is not None and bad[0] == card.store_id:
        form = bad[1]
    chart, load = reading_words.load_chart(card, timezone.now())
    return {
        "card": card,
        "form": form,
        "seen": mark(initial),
        "lanes": [reading_words.lane_told(one) for one in card.lanes],
        "chart": chart,
        "load": load,
        "answers": reading_words.answer_chart(card, timezone.now()),
        "hours": reading_words.hours_told(card),
        "manners": reading_words.manners_told(card),
        "paused": reading_words.paused_told(card),
    }
