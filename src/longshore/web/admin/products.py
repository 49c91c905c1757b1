"""Products: what to review and what is on sale, one product, and what is left out."""

from dataclasses import replace
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from longshore import wiring
from longshore.ports.ledger.listings import Decided
from longshore.storage.queries import products as queries
from longshore.storage.queries.paging import Cursor, Slice
from longshore.storage.queries.problems import problems_with_code
from longshore.storage.queries.review import review_preview
from longshore.storage.queries.runs import publishing
from longshore.web.admin import actions, list_files, params
from longshore.web.shared import review_words
from longshore.web.shared.product_words import reasons, state_of
from longshore.web.shared.tenancy import PageRequest
from longshore.web.shared.words import advice, sentence, shown
from longshore.web.templatetags.longshore import number

TAB_WORDS = {
    "new": gettext_lazy("New"),
    "problem": gettext_lazy("Problem"),
    "changed": gettext_lazy("Changed"),
    "published": gettext_lazy("On Shopify"),
    "unpublished": gettext_lazy("Taken off"),
    "declined": gettext_lazy("Declined"),
    "all": gettext_lazy("All"),
}
AT_ONCE = 50_000
"""More are never decided with one click: the sentence above the button could not be read back."""


@require_safe
def products(request: PageRequest) -> HttpResponseBase:
    owner = request.tenant.marketplace_id
    vendor, search = params.vendor(request), params.search(request)
    state = params.one_of(request, "state", queries.STATES, "new")

    def page_at(cursor: Cursor) -> Slice[queries.ProductRow]:
        now = timezone.now()
        return queries.product_rows(
            owner, now, state=state, vendor_id=vendor.id, search=search, cursor=cursor
        )

    if params.as_file(request):
        return list_files.products(request, page_at)
    counts = queries.product_counts(owner, vendor.id)
    page = page_at(params.cursor(request))
    page = page if search else replace(page, total=counts[state])
    approving = review_preview(owner, vendor.id)
    return render(
        request,
        "admin/products.html",
        {
            "title": _title(counts),
            "tabs": [
                (name, words, counts[name], name == state) for name, words in TAB_WORDS.items()
            ],
            "state": state,
            "kept": params.kept(request, "products"),
            "publishing": publishing(owner),
            "vendor": vendor,
            "search": search,
            "counts": counts,
            "approving": review_words.sentence(approving),
            "skipped": review_words.why_skipped(approving),
            "page": page,
            "rows": [(row, state_of(row), reasons(row)) for row in page.rows],
            "back": request.get_full_path(),
        },
    )


def _title(counts: dict[str, int]) -> str:
    waiting = counts["new"] + counts["held"]
    if not waiting:
        return _("Everything is reviewed") if counts["all"] else _("Products")
    words = ngettext("%(n)s product to review", "%(n)s products to review", waiting)
    return words % {"n": number(waiting)}


@require_safe
def left_out(request: PageRequest) -> HttpResponseBase:
    owner, vendor = request.tenant.marketplace_id, params.vendor(request)

    def page_at(cursor: Cursor) -> Slice[queries.LeftOut]:
        return queries.left_out(owner, vendor_id=vendor.id, cursor=cursor)

    if params.as_file(request):
        return list_files.left_out(request, page_at)
    page = page_at(params.cursor(request))
    rows = [
        (
            row,
            sentence(row.reason.code, row.reason.evidence),
            advice(row.reason.code, row.reason.evidence),
        )
        for row in page.rows
    ]
    words = ngettext("%(n)s product left out", "%(n)s products left out", page.total or 0)
    return render(
        request,
        "admin/left_out.html",
        {
            "title": words % {"n": number(page.total)},
            "unreadable": [
                shown(problem)
                for problem in problems_with_code(owner, "product_unreadable", vendor.id)
            ],
            "page": page,
            "rows": rows,
            "kept": params.kept(request, "left_out"),
            "vendor": vendor,
        },
    )


@require_POST
def decide(request: PageRequest) -> HttpResponse:
    """Approves, declines or takes off what was picked, or all of the list it was picked from."""
    owner, back = request.tenant.marketplace_id, _back(request.POST.get("back", ""))
    verb, _of, extent = request.POST.get("do", "").partition("-")
    ids = _listed(owner, request.POST) if extent == "all" else _picked(request.POST)
    if verb not in VERBS or ids is None:
        return HttpResponse(_("Nothing was changed: the form was not complete."), status=400)
    if not ids:
        messages.error(request, _("Nothing was picked. Tick at least one product."))
        return redirect(back)
    call, kind = VERBS[verb]
    result = actions.decide(request, call, kind, ids, queries.product_name(owner, ids))
    done = _told(verb, result) if isinstance(result, Decided) else ""
    actions.tell(request, result, done)
    return redirect(back)


VERBS: dict[str, tuple[actions.Verb, str]] = {
    "approve": (wiring.approve_listings, "listings_approved"),
    "draft": (wiring.approve_as_drafts, "listings_drafted"),
    "decline": (wiring.decline_listings, "listings_declined"),
    "unpublish": (wiring.unpublish_listings, "listings_taken_off"),
    "link": (wiring.link_listings, "listings_linked"),
}


def _told(verb: str, result: Decided) -> str:
    count, skipped = len(result.done), len(result.waiting)
    words = {
        "approve": ngettext("%(n)s product approved.", "%(n)s products approved.", count),
        "draft": ngettext(
            "%(n)s product goes on Shopify as a draft.",
            "%(n)s products go on Shopify as drafts.",
            count,
        ),
        "decline": ngettext("%(n)s product declined.", "%(n)s products declined.", count),
        "unpublish": ngettext(
            "%(n)s product is being taken off Shopify.",
            "%(n)s products are being taken off Shopify.",
            count,
        ),
        "link": ngettext("%(n)s product is linked.", "%(n)s products are linked.", count),
    }
    told = words[verb] % {"n": number(count)}
    if not skipped:
        return told
    more = ngettext(
        "%(n)s has a problem and stays as it is.",
        "%(n)s have a problem and stay as they are.",
        skipped,
    )
    return f"{told} {more % {'n': number(skipped)}}"


def _listed(owner: int, post: QueryDict) -> list[int] | None:
    """All ids of the list a person saw, None when the form makes no sense."""
    state, vendor = post.get("state", ""), post.get("vendor", "")
    if state not in queries.STATES or (vendor and params.digits(vendor) is None):
        return None
    found = queries.product_ids(
        owner, state=state, vendor_id=params.digits(vendor), search=params.text(post, "q")
    )
    return found[:AT_ONCE]


def _picked(post: QueryDict) -> list[int] | None:
    """The ticked ids, None when the form makes no sense."""
    ids = [params.digits(text) for text in post.getlist("ids")]
    return None if None in ids else [one for one in ids if one is not None]


def _back(text: str) -> str:
    """Where they came from, if that is one of our own pages."""
    parts = urlsplit(text)
    home = reverse("admin:products")
    ours = not parts.netloc and not parts.scheme and parts.path.startswith(home)
    return text if ours else home
