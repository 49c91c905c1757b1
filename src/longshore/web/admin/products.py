"""Products: what to review and what is on sale, one product, and what is left out."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from longshore.storage.queries import products as queries
from longshore.storage.queries.problems import problems_about
from longshore.storage.queries.vendors import vendor_names
from longshore.web.admin import actions, params
from longshore.web.shared.product_words import reasons, state_of
from longshore.web.shared.stock_words import state_of as stock_state
from longshore.web.shared.tenancy import PageRequest
from longshore.web.shared.words import advice, sentence, shown

TAB_WORDS = {
    "review": gettext_lazy("To review"),
    "publishing": gettext_lazy("Being published"),
    "published": gettext_lazy("On Shopify"),
    "problem": gettext_lazy("Problem"),
    "unpublished": gettext_lazy("Taken off"),
    "declined": gettext_lazy("Declined"),
    "all": gettext_lazy("All"),
}
AT_ONCE = 50_000
"""More are never decided with one click: the sentence above the button could not be read back."""


@require_safe
def products(request: PageRequest) -> HttpResponse:
    owner = request.tenant.marketplace_id
    state = params.one_of(request, "state", queries.STATES, "review")
    vendor_id, search = params.number(request, "vendor"), params.search(request)
    counts = queries.product_counts(owner, vendor_id)
    page = queries.product_rows(
        owner,
        timezone.now(),
        state=state,
        vendor_id=vendor_id,
        search=search,
        number=params.page(request),
    )
    return render(
        request,
        "admin/products.html",
        {
            "tabs": [(name, words, counts[name], name == state) for name, words in TAB_WORDS.items()],
            "state": state,
            "vendors": vendor_names(owner),
            "vendor_id": vendor_id,
            "search": search,
            "counts": counts,
            "held": counts["review"] - counts["ready"],
            "page": page,
            "rows": [(row, state_of(row), reasons(row)) for row in page.rows],
            "back": request.get_full_path(),
        },
    )


@require_safe
def product(request: PageRequest, listing_id: int) -> HttpResponse:
    owner = request.tenant.marketplace_id
    found = queries.product_page(owner, listing_id, timezone.now())
    if found is None:
        raise Http404
    problems = problems_about(owner, [f"listing:{listing_id}"])
    return render(
        request,
        "admin/product.html",
        {
            "product": found,
            "row": found.row,
            "state": state_of(found.row),
            "reasons": reasons(found.row),
            "problems": [shown(problem) for problem in problems],
            "lines": [(line, stock_state(line), found.prices.get(line.id)) for line in found.lines],
            "back": request.get_full_path(),
        },
    )


@require_safe
def left_out(request: PageRequest) -> HttpResponse:
    owner, vendor_id = request.tenant.marketplace_id, params.number(request, "vendor")
    page = queries.left_out(owner, vendor_id=vendor_id, number=params.page(request))
    rows = [
        (row, sentence(row.reason.code, row.reason.evidence), advice(row.reason.code, row.reason.evidence))
        for row in page.rows
    ]
    return render(
        request,
        "admin/left_out.html",
        {"page": page, "rows": rows, "vendors": vendor_names(owner), "vendor_id": vendor_id},
    )


@require_POST
def decide(request: PageRequest) -> HttpResponse:
    """Approves, declines or takes off what was picked, or all of the list it was picked from."""
    owner, back = request.tenant.marketplace_id, _back(request.POST.get("back", ""))
    ids = _picked(owner, request.POST)
    verb = request.POST.get("do", "")
    if verb not in VERBS or ids is None:
        return HttpResponse(_("Nothing was changed: the form was not complete."), status=400)
    if not ids:
        messages.error(request, _("Nothing was picked. Tick at least one product."))
        return redirect(back)
    result = VERBS[verb](owner, ids, request.user.pk)
    actions.tell(request, result, _told(verb, len(ids) if not isinstance(result, int) else result))
    return redirect(back)


VERBS: dict[str, Callable[[int, Sequence[int], int], object]] = {
    "approve": actions.approve,
    "decline": actions.decline,
    "unpublish": actions.unpublish,
}


def _told(verb: str, count: int) -> str:
    words = {
        "approve": ngettext("%(n)d product approved.", "%(n)d products approved.", count),
        "decline": ngettext("%(n)d product declined.", "%(n)d products declined.", count),
        "unpublish": ngettext(
            "%(n)d product is being taken off Shopify.",
            "%(n)d products are being taken off Shopify.",
            count,
        ),
    }
    return words[verb] % {"n": count}


def _picked(owner: int, post: QueryDict) -> list[int] | None:
    """The ids, None when the form makes no sense."""
    if post.get("all"):
        state, vendor = post.get("state", ""), post.get("vendor", "")
        if state not in queries.STATES or (vendor and not vendor.isdecimal()):
            return None
        search = post.get("q", "").replace("\x00", "").strip()[:200]
        vendor_id = int(vendor) if vendor else None
        found = queries.product_ids(owner, state=state, vendor_id=vendor_id, search=search)
        return found[:AT_ONCE]
    texts = post.getlist("ids")
    if not all(text.isascii() and text.isdigit() and len(text) <= params.LONGEST for text in texts):
        return None
    return [int(text) for text in texts]


def _back(text: str) -> str:
    """Where they came from, if that is one of our own pages."""
    parts = urlsplit(text)
    home = reverse("admin:products")
    return text if not parts.netloc and not parts.scheme and parts.path.startswith(home) else home
