"""A vendor's products: on sale, or why not."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from longshore.storage.queries.portal import SHOWS, NotOnSale, not_on_sale, products_of
from longshore.web.shared.portal_words import reason_words
from longshore.web.shared.tenancy import PageRequest
from longshore.web.vendor import mine

SHOW_WORDS = {
    "all": gettext_lazy("All"),
    "on_sale": gettext_lazy("On sale"),
    "not_on_sale": gettext_lazy("Not on sale"),
}


@require_safe
def products(request: PageRequest) -> HttpResponse:
    owner, vendor_id = mine.ids(request)
    show, search = request.GET.get("show", "all"), mine.text(request, "q")
    show = show if show in SHOWS else "all"
    page = products_of(owner, vendor_id, show=show, search=search, cursor=mine.cursor(request))
    reasons = not_on_sale(owner, vendor_id)
    name = request.tenant.name
    context = {
        "show": show,
        "search": search,
        "shows": [(value, words, value == show) for value, words in SHOW_WORDS.items()],
        "page": page,
        "rows": [
            (row, reason_words(NotOnSale(row.why, 1, ()), name) if row.why else None)
            for row in page.rows
        ],
        "off": sum(reason.count for reason in reasons),
        "tab": "products",
    }
    return render(request, "vendor/products.html", context)
