"""Who sends what: the choice for an order line that no vendor has, and what is remembered of it."""

from functools import partial

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longshore import wiring
from longshore.storage.queries import rules as rule_queries
from longshore.storage.queries import senders as queries
from longshore.web.admin import actions, params
from longshore.web.shared import rule_words
from longshore.web.shared.table_files import as_file
from longshore.web.shared.tenancy import PageRequest

OWN = "own"


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: PageRequest, order_id: int, order_line_id: int) -> HttpResponse:
    """Finds the vendor's goods behind a line; POST `variant` chooses them, or "own"."""
    owner = request.tenant.marketplace_id
    line = queries.open_line(owner, order_id, order_line_id)
    if line is None:
        raise Http404
    if request.method == "POST":
        return _chosen(request, line)
    search = params.search(request) if "q" in request.GET else line.sku or line.title
    context = {"line": line, "search": search, "rows": queries.candidates(owner, search)}
    return render(request, "admin/choose_sender.html", context)


def _chosen(request: PageRequest, line: queries.OpenLine) -> HttpResponse:
    owner = request.tenant.marketplace_id
    said = request.POST.get("variant", "")
    variant_id = params.digits(said)
    if variant_id is None and said != OWN:
        return HttpResponse(_("Nothing was changed: the form was not complete."), status=400)
    remember = line.may_remember and "remember" in request.POST
    after = {"goods": line.title, "remembered": remember}
    kind = "sender_chosen" if variant_id is not None else "sent_by_us"
    what = wiring.What(kind, f"order:{line.order_id}", line.order, after=after)
    call = partial(wiring.choose_sender, owner, line.id, variant_id, remember=remember)
    done = actions.noted(request, call, what)
    count = done if isinstance(done, int) else 0
    words = _("Chosen for this order.")
    if remember:
        words = ngettext(
            "Chosen, and remembered: later orders go by themselves.",
            "Chosen, and remembered: %(n)d orders go now, later ones by themselves.",
            count,
        ) % {"n": count}
    actions.tell(request, done, words)
    return redirect("admin:order", line.order_id)


@require_safe
def senders(request: PageRequest) -> HttpResponseBase:
    owner = request.tenant.marketplace_id
    rows = queries.chosen_senders(owner)
    if params.as_file(request):
        head = [_("On Shopify"), _("Sent by"), _("Product"), _("Chosen")]
        told = ([row.title, row.vendor, row.product, row.made_at] for row in rows)
        return as_file(request, "senders", head, told)
    counts = rule_queries.rule_counts(owner)
    context = {
        "tab": "senders",
        "tabs": [(kind, words, counts[kind]) for kind, words in rule_words.KINDS.items()],
        "rows": rows,
    }
    return render(request, "admin/senders.html", context)


@require_POST
def forget(request: PageRequest, choice_id: int) -> HttpResponse:
    owner = request.tenant.marketplace_id
    found = queries.chosen_sender(owner, choice_id)
    if found is None:
        raise Http404
    what = wiring.What("sender_forgotten", "senders", found.title, found.vendor_id)
    done = actions.noted(request, partial(wiring.forget_sender, owner, choice_id), what)
    actions.tell(request, done, _("Forgotten. The next order with it waits for your choice."))
    return redirect("admin:senders")
