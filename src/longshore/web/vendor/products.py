"""A vendor's products: on sale, or why not; and keeping one in the own shop."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from longshore import wiring
from longshore.storage.queries.portal import KEPT, SHOWS, not_on_sale, products_of
from longshore.web.shared.doing import Failed, doer_of, tell, together
from longshore.web.shared.portal_words import reason_of_one
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
            (
                row,
                reason_of_one(row.why, name) if row.why else None,
                row.why == KEPT,
            )
            for row in page.rows
        ],
        "off": sum(reason.count for reason in reasons),
        "tab": "products",
    }
    return render(request, "vendor/products.html", context)


@require_POST
def offer(request: PageRequest) -> HttpResponse:
    """Keeps one product in the vendor's own shop, or offers it here again."""
    owner, vendor_id = mine.ids(request)
    back, given = "keep" in request.POST, request.POST.get("keep") or request.POST.get("offer", "")
    ids = [int(given)] if given.isascii() and given.isdigit() and len(given) <= mine.LONGEST else []

    def act() -> tuple[str, ...]:
        names = wiring.keep_back(owner, vendor_id, ids, back=back)
        if names:
            kind = "products_excluded" if back else "products_included"
            what = wiring.What(kind, f"vendor:{vendor_id}", ", ".join(names)[:200], vendor_id)
            wiring.note_deed(doer_of(request), what)
        return names

    result = together(act)
    if isinstance(result, Failed):
        raise Http404
    said = _("It stays in your own shop and leaves the sale here.")
    tell(request, result, said if back else _("It is offered here again."))
    return redirect(_list(request))


def _list(request: HttpRequest) -> str:
    """Back to the list as it was; nowhere else."""
    mine_only, there = reverse("vendor:products"), request.POST.get("back", "")
    inside = url_has_allowed_host_and_scheme(there, allowed_hosts=None)
    return there if inside and there.startswith(mine_only) else mine_only
