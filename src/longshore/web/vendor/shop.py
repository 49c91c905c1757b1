"""A vendor's own shop as we see it, and what the vendor decides about it."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from longshore.storage.queries.checks import last_check
from longshore.storage.queries.problems import open_problems
from longshore.storage.queries.trials import newest_trials
from longshore.storage.queries.vendor import VendorPage, vendor_page
from longshore.web.shared import trial_words
from longshore.web.shared.doing import change_vendor, put_on, tell
from longshore.web.shared.portal_words import trouble
from longshore.web.shared.tenancy import PageRequest
from longshore.web.vendor import mine

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SettingsForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail for letters"),
        required=False,
        help_text=gettext_lazy("The marketplace writes to it about orders and your shop."),
    )
    buffer = forms.IntegerField(
        label=gettext_lazy("Keep back from sale"),
        min_value=0,
        max_value=100_000,
        help_text=gettext_lazy("With 2, of 7 pieces in your shop 5 are on sale here."),
    )


class HolidayForm(forms.Form):
    holiday_from = forms.DateField(label=gettext_lazy("First day"), required=False, widget=DAY)
    holiday_until = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=DAY)

    def clean(self) -> None:
        first, last = (self.cleaned_data.get(name) for name in ("holiday_from", "holiday_until"))
        if first and last and last < first:
            self.add_error("holiday_until", _("This is before the first day."))


def vendor_of(request: PageRequest) -> VendorPage:
    owner, vendor_id = mine.ids(request)
    found = vendor_page(owner, vendor_id)
    if found is None:
        raise Http404
    return found


@require_safe
def shop(request: PageRequest) -> HttpResponse:
    return _page(request, vendor_of(request))


@require_POST
def settings(request: PageRequest) -> HttpResponse:
    vendor, form = vendor_of(request), SettingsForm(request.POST)
    if form.is_valid() and _save(request, vendor, form):
        return redirect("vendor:shop")
    return _page(request, vendor, settings=form)


@require_POST
def holiday(request: PageRequest) -> HttpResponse:
    vendor = vendor_of(request)
    given = {} if "end" in request.POST else request.POST
    form = HolidayForm(given)
    if form.is_valid() and _save(request, vendor, form):
        return redirect("vendor:shop")
    return _page(request, vendor, holiday=form)


def _save(request: PageRequest, vendor: VendorPage, form: forms.Form) -> bool:
    before = {name: getattr(vendor, name) for name in form.cleaned_data}
    saved = change_vendor(request, vendor.id, vendor.name, before, form.cleaned_data)
    return not put_on(form, saved) and tell(request, saved, _("Saved."))


def _trials(owner: int, vendor: VendorPage) -> list[tuple[Any, ...]]:
    """(store, its newest test order, that in words, where its steps are)."""
    found = newest_trials(owner, vendor.id)
    return [
        (
            store,
            trial := found.get(store.id),
            trial_words.told(trial) if trial else None,
            reverse("vendor:trial_steps"),
        )
        for store in vendor.stores
    ]


def _page(request: PageRequest, vendor: VendorPage, **bound: forms.Form) -> HttpResponse:
    owner, vendor_id = mine.ids(request)
    usual = {name: getattr(vendor, name) for name in SettingsForm.base_fields}
    dates = {name: getattr(vendor, name) for name in HolidayForm.base_fields}
    problems = open_problems(owner, vendor_id).rows
    context: dict[str, Any] = {
        "vendor": vendor,
        "last": last_check(owner, vendor_id),
        "troubles": [told for problem in problems if (told := trouble(problem))],
        "settings": SettingsForm(initial=usual),
        "holiday": HolidayForm(initial=dates),
        "trials": _trials(owner, vendor),
        "tab": "shop",
        **bound,
    }
    return render(request, "vendor/shop.html", context, status=422 if bound else 200)
