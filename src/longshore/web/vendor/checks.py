"""Connecting one's own shop: the address, the doctor live, approval by one click or pasted keys."""

import uuid

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longshore import settings, wiring
from longshore.storage.queries.checks import Check, approved_check, check_of
from longshore.web.shared.check_pages import check_context
from longshore.web.shared.doing import Failed, noted, put_on, tell
from longshore.web.shared.shop_fields import KeysForm, address_field
from longshore.web.shared.tenancy import PageRequest
from longshore.web.vendor import mine
from longshore.web.vendor.shop import vendor_of


class AddressForm(forms.Form):
    url = address_field(gettext_lazy("Address of your shop"))


@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: PageRequest) -> HttpResponse:
    """The second of four steps: which shop it is."""
    vendor = vendor_of(request)
    usual = {"url": vendor.stores[0].url} if vendor.stores else None
    form = AddressForm(request.POST if request.method == "POST" else None, initial=usual)
    if form.is_valid():
        asked = _ask(request, form.cleaned_data["url"])
        if not put_on(form, asked):
            return redirect("vendor:check", asked)
    context = {"vendor": vendor, "form": form, "tab": "shop"}
    return render(request, "vendor/connect.html", context, status=422 if form.is_bound else 200)


@require_POST
def again(request: PageRequest) -> HttpResponse:
    """Sends the doctor to the connected shop with the key it has."""
    owner, _vendor_id = mine.ids(request)
    vendor = vendor_of(request)
    if not vendor.stores:
        return redirect("vendor:connect")
    what = wiring.What("check_asked", f"vendor:{vendor.id}", vendor.name, vendor.id)
    asked = noted(request, lambda: wiring.ask_check(owner, vendor.stores[0].id), what)
    if isinstance(asked, Failed):
        tell(request, asked, "")
        return redirect("vendor:shop")
    return redirect("vendor:check", asked)


@require_safe
def check(request: PageRequest, examination: uuid.UUID) -> HttpResponse:
    """The page; asked by its own script, only the part that changes."""
    return _page(request, _check(request, examination), KeysForm())


@require_POST
def approve(request: PageRequest, examination: uuid.UUID) -> HttpResponse:
    """To the shop's own page, where one click makes the key and sends it to us. A page in between:
    our forms may lead to our own pages only.
    """
    found = _check(request, examination)
    back = request.build_absolute_uri(reverse("vendor:approved", args=[examination]))
    owner, vendor_id = mine.ids(request)
    what = wiring.What("check_asked", f"vendor:{vendor_id}", found.vendor, vendor_id)
    call = lambda: wiring.begin_approval(owner, vendor_id, examination, back)  # noqa: E731 - one call
    there = noted(request, call, what)
    if isinstance(there, Failed):
        tell(request, there, "")
        return redirect("vendor:check", examination)
    return render(request, "vendor/approve.html", {"there": there, "check": found, "tab": "shop"})


@require_safe
def approved(request: PageRequest, examination: uuid.UUID) -> HttpResponse:
    """Where the shop sends its owner back to. The key comes on a way of its own, mostly earlier."""
    found = _check(request, examination)
    if request.GET.get("success") == "0":
        tell(request, Failed(_("You did not approve. Nothing was changed in your shop.")), "")
        return redirect("vendor:check", examination)
    owner, vendor_id = mine.ids(request)
    made = approved_check(owner, vendor_id, examination)
    if made is not None:
        return redirect("vendor:check", made)
    context = {"check": found, "tab": "shop"}
    return render(request, "vendor/approved.html", context)


@require_POST
def keys(request: PageRequest, examination: uuid.UUID) -> HttpResponse:
    """Keys pasted by hand, for a shop that cannot be approved by one click."""
    found, form = _check(request, examination), KeysForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        asked = _ask(request, found.address, data["key"], data["secret"])
        if not put_on(form, asked):
            return redirect("vendor:check", asked)
    return _page(request, found, form, status=422)


def _ask(request: PageRequest, address: str, key: str = "", secret: str = "") -> uuid.UUID | Failed:
    vendor = vendor_of(request)
    what = wiring.What("check_asked", f"vendor:{vendor.id}", vendor.name, vendor.id)
    call = lambda: wiring.ask_examination(vendor.id, address, key, secret)  # noqa: E731 - one call
    return noted(request, call, what)


def _check(request: PageRequest, examination: uuid.UUID) -> Check:
    owner, vendor_id = mine.ids(request)
    found = check_of(owner, examination, vendor_id)
    if found is None:
        raise Http404
    return found


def _page(request: PageRequest, found: Check, form: KeysForm, *, status: int = 200) -> HttpResponse:
    public = settings.load().public_url or ""
    context = {
        **check_context(found, request.tenant.marketplace_id),
        "again": "vendor/_check_again.html",
        "after": "vendor/_check_after.html",
        "here": reverse("vendor:check", args=[found.uuid]),
        "tab": "shop",
        "form": form,
        "one_click": found.approvable and public.startswith("https://"),
        "paste": form.is_bound or not found.approvable,
    }
    name = "_check.html" if request.htmx else "vendor/check.html"
    return render(request, name, context, status=status)
