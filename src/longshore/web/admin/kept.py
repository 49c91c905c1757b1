"""Lists that a person keeps for another day."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from longshore import wiring
from longshore.web.admin import actions, params
from longshore.web.shared.tenancy import PageRequest, reads

PAGES = ("orders", "products", "left_out", "stock", "vendors", "activity")


@reads
@require_POST
def keep(request: PageRequest) -> HttpResponse:
    """Readers keep lists too: it changes nothing but what they see."""
    page, query = request.POST.get("page", ""), params.text(request.POST, "query", 500)
    if page not in PAGES:
        return redirect("admin:home")
    owner, name = request.tenant.marketplace_id, params.text(request.POST, "name")
    kept = actions.attempt(lambda: wiring.save_filter(owner, request.user.pk, page, name, query))
    actions.tell(request, kept, _("Kept as “%(name)s”.") % {"name": name})
    return redirect(f"{reverse(f'admin:{page}')}?{query}")


@reads
@require_POST
def drop(request: PageRequest, filter_id: int) -> HttpResponse:
    if not wiring.drop_filter(request.tenant.marketplace_id, request.user.pk, filter_id):
        raise Http404
    page = request.POST.get("page", "")
    return redirect(f"admin:{page}" if page in PAGES else "admin:home")
