"""Buyers' data: how long it is kept, what there is about one of them, and its end. For owners."""

import json

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from longshore import wiring
from longshore.storage.queries.setup import setup_page
from longshore.web.admin import actions
from longshore.web.shared.tenancy import PageRequest, governs

KEPT = ("keep_buyer_days",)


class KeepForm(forms.Form):
    keep_buyer_days = forms.IntegerField(
        label=gettext_lazy("Days after an order is closed"),
        min_value=1,
        max_value=3650,
        help_text=gettext_lazy("Then name, address, e-mail and notes are erased here."),
    )


class BuyerForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail of the buyer"))


@governs
@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request: PageRequest) -> HttpResponse:
    """How long buyers' data is kept."""
    page = setup_page(request.tenant.marketplace_id)
    before = {"keep_buyer_days": page.keep_buyer_days}
    form = KeepForm(request.POST if request.method == "POST" else None, initial=before)
    if form.is_valid():
        result = actions.change_marketplace(request, before, form.cleaned_data)
        if not actions.put_on(form, result):
            actions.tell(request, result, _("Saved."), undo=True)
            return redirect("admin:privacy")
    return _page(request, form, BuyerForm())


@governs
@require_POST
def buyer(request: PageRequest) -> HttpResponse:
    """Hands out what is kept about one buyer, or erases it."""
    owner = request.tenant.marketplace_id
    form = BuyerForm(request.POST)
    if not form.is_valid():
        initial = {"keep_buyer_days": setup_page(owner).keep_buyer_days}
        return _page(request, KeepForm(initial=initial), form)
    email = form.cleaned_data["email"]
    if "erase" in request.POST:
        return _erase(request, email)
    answer = HttpResponse(
        json.dumps(wiring.export_buyer(owner, email), ensure_ascii=False, indent=2),
        content_type="application/json",
    )
    answer["Content-Disposition"] = 'attachment; filename="buyer.json"'
    return answer


def _erase(request: PageRequest, email: str) -> HttpResponse:
    """What was done is noted without whom it was about."""

    def act() -> wiring.Erased:
        done = wiring.erase_buyer(request.tenant.marketplace_id, email)
        after = {"orders": done.erased, "waiting": done.waiting}
        wiring.note_deed(
            actions.doer_of(request), wiring.What("buyer_erased", "buyer", after=after)
        )
        return done

    done = actions.together(act)
    words = ""
    if isinstance(done, wiring.Erased):
        words = ngettext(
            "%(n)d order no longer names its buyer.",
            "%(n)d orders no longer name their buyer.",
            done.erased,
        ) % {"n": done.erased}
        if done.waiting:
            later = ngettext(
                "%(n)d open one follows once it is closed.",
                "%(n)d open ones follow once they are closed.",
                done.waiting,
            )
            words += " " + later % {"n": done.waiting}
    actions.tell(request, done, words)
    return redirect("admin:privacy")


def _page(request: PageRequest, keep: forms.Form, one: forms.Form) -> HttpResponse:
    bound = keep.is_bound or one.is_bound
    context = {"keep": keep, "buyer": one, "tab": "privacy"}
    return render(request, "admin/privacy.html", context, status=422 if bound else 200)
