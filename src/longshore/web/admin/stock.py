"""Stock: the list of lines, and one line as a sum with its reasons and its day."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from longshore.storage.queries.stock import SHOWS, stock_counts, stock_line_page, stock_lines
from longshore.web.admin import params
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
def stock(request: PageRequest) -> HttpResponse:
    owner = request.tenant.marketplace_id
    show = params.one_of(request, "show", SHOWS, "")
    vendor, search = params.vendor(request), params.search(request)
    counts = stock_counts(owner, vendor.id)
    page = stock_lines(
        owner,
        show=show,
        vendor_id=vendor.id,
        search=search,
        cursor=params.cursor(request),
        total=counts[show or "all"],
    )
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
