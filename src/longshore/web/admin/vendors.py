"""Vendors: the list, a new one, and the connection of its shop."""

from collections.abc import Mapping
from functools import partial

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longshore import wiring
from longshore.storage.queries.paging import SIZE
from longshore.storage.queries.vendors import SORTS, TABS, vendor_names, vendors_page
from longshore.web.admin import actions, list_files, params
from longshore.web.admin.forms import StoreForm, VendorForm
from longshore.web.admin.vendor import vendor_of
from longshore.web.shared.tenancy import PageRequest
from longshore.web.shared.vendor_words import row_more, row_state
from longshore.web.templatetags.longshore import query

TAB_WORDS = {
    "all": gettext_lazy("All"),
    "needing": gettext_lazy("Need you"),
    "down": gettext_lazy("Down"),
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
            "rows": [(row, row_state(row), row_more(row)) for row in page.rows],
            "heads": _heads(tab, sort, search),
            "back": request.get_full_path(),
        },
    )


def _title(counts: Mapping[str, int]) -> str:
    needing = counts["needing"]
    if not needing:
        return _("Vendors")
    return ngettext("%(n)d vendor needs you", "%(n)d vendors need you", needing) % {"n": needing}


HEADS = (
    # (what it sorts by, the column, whether it is a number)
    ("name", gettext_lazy("Vendor"), False),
    ("", gettext_lazy("State"), False),
    ("sale", gettext_lazy("On Shopify"), True),
    ("review", gettext_lazy("To review"), True),
    ("orders", gettext_lazy("Open orders"), True),
    ("late", gettext_lazy("Late"), True),
    ("tracking", gettext_lazy("With tracking"), True),
    ("answered", gettext_lazy("Answered"), True),
)
DECISIONS = frozenset({"pause", "resume", "read"})
FAILURES_TOLD = 3
RISING = frozenset({"name", "tracking", "answered"})
SPARE = frozenset({"sale", "tracking"})
"""Left out where all columns would not fit; the vendor's page has them."""


def _heads(tab: str, sort: str, search: str) -> list[dict[str, object]]:
    """The columns, each a link that sorts by it; `sorted` is what a screen reader says."""
    usual = {"tab": tab, "q": search}
    return [
        {
            "url": query(**usual, sort=name),
            "words": words,
            "num": number,
            "spare": name in SPARE,
            "sorted": ("ascending" if name in RISING else "descending") if name == sort else "",
        }
        for name, words, number in HEADS
    ]


@require_POST
def decide(request: PageRequest) -> HttpResponse:
    """Pauses the picked vendors, puts them back on sale, or has their shops read again."""
    there = actions.back(request.POST.get("back", ""), reverse("admin:vendors"))
    ids = {number for text in request.POST.getlist("ids") if (number := params.digits(text))}
    picked = vendor_names(request.tenant.marketplace_id, sorted(ids)[:SIZE])
    do = request.POST.get("do", "")
    if do not in DECISIONS:
        return HttpResponseBadRequest(_("There is no such decision."))
    if not picked:
        messages.error(request, _("Nothing was picked. Tick at least one vendor."))
        return redirect(there)
    results = [_decided(request, do, one) for one in picked]
    failed = [one for one in results if isinstance(one, actions.Failed)]
    if done := len(results) - len(failed):
        messages.success(request, _done(do, done))
    for one in failed[:FAILURES_TOLD]:
        messages.error(request, one.words)
    return redirect(there)


def _done(do: str, count: int) -> str:
    words = {
        "pause": ngettext(
            "%(n)d vendor is paused: nothing of it is sold.",
            "%(n)d vendors are paused: nothing of them is sold.",
            count,
        ),
        "resume": ngettext("%(n)d vendor is on sale again.", "%(n)d vendors are on sale again.",
                           count),
        "read": ngettext("%(n)d vendor's shop is read again from the beginning.",
                         "%(n)d vendors' shops are read again from the beginning.", count),
    }  # fmt: skip
    return words[do] % {"n": count}


def _decided(request: PageRequest, do: str, vendor: tuple[int, str, bool]) -> object:
    vendor_id, name, active = vendor
    if do == "read":
        owner = request.tenant.marketplace_id
        what = wiring.What("reading_asked", f"vendor:{vendor_id}", name, vendor_id)
        return actions.noted(request, partial(wiring.read_again, owner, vendor_id), what)
    then = {"active": do == "resume"}
    return actions.change_vendor(request, vendor_id, name, {"active": active}, then)


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
