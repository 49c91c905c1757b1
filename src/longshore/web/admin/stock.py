"""Stock: the list of lines, and one line as a sum with its reasons and its day."""

from dataclasses import replace
from functools import partial

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from longshore import wiring
from longshore.storage.queries.paging import Cursor, Slice
from longshore.storage.queries.stock import (
    SHOWS,
    StockLine,
    stock_counts,
    stock_line_page,
    stock_lines,
)
from longshore.web.admin import actions, list_files, params
from longshore.web.shared.stale import is_stale, mark
from longshore.web.shared.stock_chart import day_of
from longshore.web.shared.stock_words import (
    happened,
    limit_words,
    rule_words,
    state_of,
    store_words,
)
from longshore.web.shared.tenancy import PageRequest

SHOW_WORDS = {
    "": gettext_lazy("All"),
    "to_write": gettext_lazy("To write"),
    "sold_out": gettext_lazy("Sold out"),
    "failed": gettext_lazy("Not written"),
    "limited": gettext_lazy("Held or limited"),
}


@require_safe
def stock(request: PageRequest) -> HttpResponseBase:
    owner = request.tenant.marketplace_id
    show = params.one_of(request, "show", SHOWS, "")
    vendor, search = params.vendor(request), params.search(request)

    def page_at(cursor: Cursor) -> Slice[StockLine]:
        return stock_lines(owner, show=show, vendor_id=vendor.id, search=search, cursor=cursor)

    if params.as_file(request):
        return list_files.stock(request, page_at)
    counts = stock_counts(owner, vendor.id)
    page = page_at(params.cursor(request))
    page = page if search else replace(page, total=counts[show or "all"])
    return render(
        request,
        "admin/stock.html",
        {
            "tabs": [
                (name, words, counts[name or "all"], name == show)
                for name, words in SHOW_WORDS.items()
            ],
            "counts": counts,
            "show": show,
            "kept": params.kept(request, "stock"),
            "vendor": vendor,
            "search": search,
            "page": page,
            "rows": [(line, state_of(line)) for line in page.rows],
        },
    )


class LimitForm(forms.Form):
    """A person's word about one line; `limit_words` says what it does."""

    cap = forms.IntegerField(
        label=gettext_lazy("Show at most"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=gettext_lazy("Empty: all there is. 0 holds it: nothing of it is sold."),
    )
    own_buffer = forms.IntegerField(
        label=gettext_lazy("Buffer of this one"),
        required=False,
        min_value=0,
        max_value=100_000,
        help_text=gettext_lazy("Empty: the vendor's."),
    )


@require_POST
def limit(request: PageRequest, line_id: int) -> HttpResponse:
    """Holds or limits one line, or gives it a buffer of its own; `do` hold and release is one
    click.
    """
    found = stock_line_page(request.tenant.marketplace_id, line_id, timezone.now())
    if found is None:
        raise Http404
    before = _limits(found.line)
    form = LimitForm({**before, **ONE_CLICK.get(request.POST.get("do", ""), request.POST.dict())})
    if not form.is_valid() or is_stale(form, before):
        return _line(request, line_id, form)
    old, new = actions.different(before, form.cleaned_data)
    if new:
        about = f"{found.line.product} {found.line.options}".strip()
        what = wiring.What(
            "stock_limited", f"line:{line_id}", about, found.line.vendor_id, old, new
        )
        said = (form.cleaned_data["cap"], form.cleaned_data["own_buffer"])
        owner, who = request.tenant.marketplace_id, request.user.email
        call = partial(wiring.limit_line, owner, line_id, *said, who)
        result = actions.noted(request, call, what)
        if actions.put_on(form, result):
            return _line(request, line_id, form)
        actions.tell(request, result, _("Saved. Shopify is told within seconds."))
    return redirect("admin:stock_line", line_id)


ONE_CLICK = {"hold": {"cap": "0"}, "release": {"cap": ""}}


def _limits(line: StockLine) -> dict[str, int | None]:
    return {"cap": line.cap, "own_buffer": line.own_buffer}


@require_safe
def line(request: PageRequest, line_id: int) -> HttpResponse:
    return _line(request, line_id)


def _line(request: PageRequest, line_id: int, form: LimitForm | None = None) -> HttpResponse:
    """With a form that was sent, the page says what is wrong with it."""
    now = timezone.now()
    found = stock_line_page(request.tenant.marketplace_id, line_id, now)
    if found is None:
        raise Http404
    return render(
        request,
        "admin/stock_line.html",
        {
            "line": found.line,
            "form": form or LimitForm(initial=_limits(found.line)),
            "seen": mark(_limits(found.line)),
            "effect": limit_words(found.line),
            "state": state_of(found.line),
            "why": rule_words(found.line),
            "store_says": store_words(found.line),
            "reserved": found.reserved,
            "day": day_of(found, now),
            "history": [(event, happened(event)) for event in found.history],
        },
        status=200 if form is None else 422,
    )
