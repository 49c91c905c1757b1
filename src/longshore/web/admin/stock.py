"""Stock: the list of lines, and one line as a sum with its reasons and its day."""

from dataclasses import replace

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from longshore.storage.queries.paging import Cursor, Slice
from longshore.storage.queries.stock import (
    SHOWS,
    StockLine,
    stock_counts,
    stock_line_page,
    stock_lines,
)
from longshore.web.admin import list_files, params
from longshore.web.shared.stock_chart import day_of
from longshore.web.shared.stock_words import happened, rule_words, state_of, store_words
from longshore.web.shared.tenancy import PageRequest

SHOW_WORDS = {
    "": gettext_lazy("All"),
    "to_write": gettext_lazy("To write"),
    "sold_out": gettext_lazy("Sold out"),
    "failed": gettext_lazy("Not written"),
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


@require_safe
def line(request: PageRequest, line_id: int) -> HttpResponse:
    now = timezone.now()
    found = stock_line_page(request.tenant.marketplace_id, line_id, now)
    if found is None:
        raise Http404
    return render(
        request,
        "admin/stock_line.html",
        {
            "line": found.line,
            "state": state_of(found.line),
            "why": rule_words(found.line),
            "store_says": store_words(found.line),
            "reserved": found.reserved,
            "day": day_of(found, now),
            "history": [(event, happened(event)) for event in found.history],
        },
    )
