"""Vendors: the list, a new one, and the connection of its shop."""

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from longshore import wiring
from longshore.storage.queries.vendors import SORTS, TABS, vendors_page
from longshore.web.admin import actions, list_files, params
from longshore.web.admin.forms import StoreForm, VendorForm
from longshore.web.admin.vendor import vendor_of
from longshore.web.shared.tenancy import PageRequest
from longshore.web.shared.vendor_words import row_state

TAB_WORDS = {
    "all": gettext_lazy("All"),
    "needing": gettext_lazy("Need you"),
    "live": gettext_lazy("On sale"),
    "starting": gettext_lazy("Starting"),
    "paused": gettext_lazy("Paused"),
}


@require_safe
def vendors(request: PageRequest) -> HttpResponseBase:
    owner, search = request.tenant.marketplace_id, params.search(request)
    tab = params.one_of(request, "tab", TABS, "all")
    sort = params.one_of(request, "sort", SORTS, "")
    if params.as_file(request):
        return list_files.vendors(request, tab=tab, search=search)
    found = vendors_page(owner, tab=tab, sort=sort, search=search, number=params.page(request))
    counts, page = found.counts, found.page
    return render(
        request,
        "admin/vendors.html",
        {
            "title": _title(counts),
            "tabs": [(name, TAB_WORDS[name], counts[name], name == tab) for name in TABS],
            "tab": tab,
            "sort": sort,
            "kept": params.kept(request, "vendors"),
            "search": search,
            "counts": counts,
            "page": page,
            "rows": [(row, row_state(row)) for row in page.rows],
        },
    )


def _title(counts: Mapping[str, int]) -> str:
    needing = counts["needing"]
    if not needing:
        return _("Vendors")
    return ngettext("%(n)d vendor needs you", "%(n)d vendors need you", needing) % {"n": needing}


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PageRequest) -> HttpResponse:
    form = VendorForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        made = actions.add_vendor(request, data["name"], data["email"])
        if isinstance(made, int):
            return redirect("admin:vendor_connect", made)
        actions.put_on(form, made)
    return render(
        request, "admin/vendor_add.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: PageRequest, vendor_id: int) -> HttpResponse:
    vendor = vendor_of(request, vendor_id)
    usual = {"url": vendor.stores[0].url} if len(vendor.stores) == 1 else None
    form = StoreForm(request.POST if request.method == "POST" else None, initial=usual)
    if form.is_valid():
        data = form.cleaned_data
        what = wiring.What("check_asked", f"vendor:{vendor_id}", vendor.name, vendor_id)
        typed = (data["url"], data["key"], data["secret"])
        made = actions.noted(request, lambda: wiring.ask_examination(vendor_id, *typed), what)
        if not actions.put_on(form, made):
            return redirect("admin:vendor_check", vendor_id, made)
    return render(
        request,
        "admin/vendor_connect.html",
        {"vendor": vendor, "form": form},
        status=422 if form.is_bound else 200,
    )
