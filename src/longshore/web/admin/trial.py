"""The button that has a test order placed in a vendor's shop, and what came of it."""

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from longshore import wiring
from longshore.storage.queries.trials import newest_trials
from longshore.web.admin import actions
from longshore.web.admin.vendor import vendor_of
from longshore.web.shared import trial_words
from longshore.web.shared.tenancy import PageRequest
from longshore.web.shared.trial_steps import trial_steps


@require_POST
def ask(request: PageRequest, vendor_id: int) -> HttpResponse:
    """Asks for one; the one that is under way already counts."""
    found = vendor_of(request, vendor_id)
    store = next((one for one in found.stores if str(one.id) == request.POST.get("store")), None)
    if store is None:
        raise Http404
    owner = request.tenant.marketplace_id
    what = wiring.What("trial_asked", f"vendor:{vendor_id}", found.name, vendor_id)
    note = trial_words.note_for(request.tenant.name)
    call = partial(wiring.ask_trial, owner, vendor_id, store.id, note)
    done = _("A test order is on its way to %(name)s. It is taken away again by itself.")
    actions.tell(request, actions.noted(request, call, what), done % {"name": found.name})
    return redirect("admin:vendor", vendor_id)


@require_safe
def steps(request: PageRequest, vendor_id: int) -> HttpResponse:
    """How far the one of the named store is; the vendor's page replaces its part with this every
    2 s.
    """
    vendor_of(request, vendor_id)
    return trial_steps(request, newest_trials(request.tenant.marketplace_id, vendor_id))
