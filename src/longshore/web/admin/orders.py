"""Orders: the list that finds any number, and one order with what happened to it."""

from dataclasses import replace
from functools import partial

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longshore import wiring
from longshore.storage.queries.order import OrderPage, order_page
from longshore.storage.queries.order_tabs import TABS, order_counts
from longshore.storage.queries.orders import Wanted, order_names, order_rows
from longshore.storage.queries.paging import SIZE
from longshore.storage.queries.problems import problems_about
from longshore.web.admin import actions, list_files, params
from longshore.web.admin.order_parts import carriers_of
from longshore.web.shared.order_words import (
    LEFT_OUT,
    PAYMENTS,
    chip_state,
    part_state,
    state_of,
    told,
    waits,
)
from longshore.web.shared.pasting import numbers_page
from longshore.web.shared.tenancy import PageRequest
from longshore.web.shared.words import shown
from longshore.web.templatetags.longshore import number as number_of

FAILURES_TOLD = 3
TAB_WORDS = {
    "open": gettext_lazy("Open"),
    "needing": gettext_lazy("Need you"),
    "to_ship": gettext_lazy("To ship"),
    "waiting": gettext_lazy("Not sent"),
    "shipped": gettext_lazy("Shipped"),
    "canceled": gettext_lazy("Canceled"),
    "all": gettext_lazy("All"),
    "today": gettext_lazy("Today"),
}


@require_safe
def orders(request: PageRequest) -> HttpResponseBase:
    owner, today = request.tenant.marketplace_id, params.today()
    search, vendor = params.search(request), params.vendor(request)
    day = params.day(request)
    tab = params.one_of(request, "tab", TABS, "all" if search or day else "open")
    wanted = Wanted(tab, today, vendor.id, search, day)
    page_at = partial(order_rows, owner, wanted)
    if params.as_file(request):
        return list_files.orders(request, page_at)
    counts = order_counts(owner, today, vendor.id)
    page = page_at(params.cursor(request))
    page = page if search or day else replace(page, total=counts[tab])
    return render(
        request,
        "admin/orders.html",
        {
            "tabs": [
                (name, TAB_WORDS[name], counts[name], name == tab)
                for name in TABS
                if name != "today" or tab == "today"
            ],
            "tab": tab,
            "counts": counts,
            "kept": params.kept(request, "orders"),
            "search": search,
            "day": day,
            "back": request.get_full_path(),
            "pickable": tab == "waiting" and request.tenant.may_work,
            "vendor": vendor,
            "page": page,
            "rows": [
                (row, state_of(row), [(part, chip_state(part)) for part in row.parts])
                for row in page.rows
            ],
        },
    )


@require_safe
def order(request: PageRequest, order_id: int) -> HttpResponse:
    return _page(request, _order(request, order_id))


def _page(request: PageRequest, found: OrderPage, note: "NoteForm | None" = None) -> HttpResponse:
    """With a note that could not be kept, the page says why."""
    owner = request.tenant.marketplace_id
    return render(
        request,
        "admin/order.html",
        {
            "order": found,
            "note": note or NoteForm(),
            "parts": [(part, part_state(part), carriers_of(part)) for part in found.parts],
            "carriers": wiring.SHOPIFY_CARRIERS,
            "payment": PAYMENTS.get(found.payment, found.payment),
            "left_out": [
                ([line], LEFT_OUT.get(line.left_out, line.left_out)) for line in found.left_out
            ],
            "events": [(event, told(event)) for event in found.events],
            "problems": [shown(problem) for problem in problems_about(owner, found.subjects)],
            "may_choose": found.may_choose and request.tenant.may_work,
            "waits": waits(found.waits_for)
            if found.routing == "waiting" or found.held_for_risk
            else "",
        },
        status=200 if note is None else 422,
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("A note for your team"),
        max_length=1_000,
        help_text=gettext_lazy("It stands in the timeline; no vendor and no buyer sees it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@require_POST
def note(request: PageRequest, order_id: int) -> HttpResponse:
    found, form = _order(request, order_id), NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    owner, text = request.tenant.marketplace_id, form.cleaned_data["text"]
    call = partial(wiring.note_order, owner, order_id, text, request.user.email)
    what = wiring.What("order_noted", f"order:{order_id}", found.name)
    result = actions.noted(request, call, what)
    if actions.put_on(form, result):
        return _page(request, found, form)
    actions.tell(request, result, _("Noted."))
    return redirect("admin:order", order_id)


@require_POST
def route(request: PageRequest, order_id: int) -> HttpResponse:
    """Sends an order by hand that waits because it is from before going live."""
    found = _order(request, order_id)
    done = _("Order %(name)s goes to its vendors now.") % {"name": found.name}
    sent = actions.route_by_hand(request, order_id, found.name)
    actions.tell(request, sent, done)
    return redirect("admin:order", order_id)


@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: PageRequest) -> HttpResponse:
    """Parcel numbers of many orders at once, of any vendor."""
    more = {"show_vendor": True}
    return numbers_page(request, "admin/numbers.html", actions.doer_of(request), None, more)


RISK = {
    # what the button says: (use case, the deed's kind, what is said when it is done)
    "send": (
        wiring.send_risky_order,
        "order_sent",
        gettext_lazy("Order %(name)s goes on in spite of the warning."),
    ),
    "leave_out": (
        wiring.leave_out_order,
        "order_left_out",
        gettext_lazy("No vendor gets order %(name)s. Cancel or refund it on Shopify."),
    ),
}


@require_POST
def answer_risk(request: PageRequest, order_id: int) -> HttpResponse:
    """`do` says whether an order of which Shopify warns is sent or left out."""
    found = _order(request, order_id)
    if request.POST.get("do") not in RISK:
        return HttpResponseBadRequest(_("There is no such decision."))
    call, kind, done = RISK[request.POST["do"]]
    what = wiring.What(kind, f"order:{order_id}", found.name)
    owner = request.tenant.marketplace_id
    result = actions.noted(request, partial(call, owner, order_id), what)
    actions.tell(request, result, str(done) % {"name": found.name})
    return redirect("admin:order", order_id)


@require_POST
def route_many(request: PageRequest) -> HttpResponse:
    """Sends the picked orders of one page that wait; each stands for itself."""
    owner = request.tenant.marketplace_id
    there = actions.back(request.POST.get("back", ""), reverse("admin:orders"))
    ids = {number for text in request.POST.getlist("ids") if (number := params.digits(text))}
    picked = order_names(owner, sorted(ids)[:SIZE])
    if not picked:
        messages.error(request, _("Nothing was picked. Tick at least one order."))
        return redirect(there)
    results = [actions.route_by_hand(request, number, name) for number, name in picked]
    failed = [one for one in results if isinstance(one, actions.Failed)]
    if done := len(results) - len(failed):
        words = ngettext("%(n)s order goes to its vendors now.", "%(n)s orders go to their vendors"
                         " now.", done)  # fmt: skip
        messages.success(request, words % {"n": number_of(done)})
    for one in failed[:FAILURES_TOLD]:
        messages.error(request, one.words)
    return redirect(there)


def _order(request: PageRequest, order_id: int) -> OrderPage:
    found = order_page(request.tenant.marketplace_id, order_id)
    if found is None:
        raise Http404
    return found
