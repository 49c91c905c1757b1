"""Taking back what was just done, where it can be."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from longshore import wiring
from longshore.storage.queries.activity import deed
from longshore.web.admin import actions
from longshore.web.shared.tenancy import PageRequest

GOVERNED = frozenset({"role_changed", "marketplace_changed"})
"""Whoever may not do it may not take it back."""


@require_POST
def undo(request: PageRequest, deed_id: int) -> HttpResponse:
    owner = request.tenant.marketplace_id
    found = deed(owner, deed_id)
    if found is None or (found.kind in GOVERNED and not request.tenant.may_govern):
        raise Http404
    doer = actions.doer_of(request)
    done = actions.together(lambda: wiring.undo_deed(doer, deed_id))
    actions.tell(request, done, _("Taken back."))
    return redirect(actions.back(request.POST.get("back", ""), "/activity/"))
