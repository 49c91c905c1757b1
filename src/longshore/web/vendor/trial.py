"""The vendor's own button: a test order comes into the shop and goes away again."""

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from longshore import wiring
from longshore.storage.queries.trials import newest_trials
from longshore.web.shared import trial_words
from longshore.web.shared.doing import noted, tell
from longshore.web.shared.tenancy import PageRequest
from longshore.web.shared.trial_steps import trial_steps
from longshore.web.vendor import mine
from longshore.web.vendor.shop import vendor_of


@require_POST
def ask(request: PageRequest) -> HttpResponse:
    vendor = vendor_of(request)
    store = next((one for one in vendor.stores if str(one.id) == request.POST.get("store")), None)
    if store is None:
        raise Http404
    owner, vendor_id = mine.ids(request)
    what = wiring.What("trial_asked", f"vendor:{vendor_id}", vendor.name, vendor_id)
    note = trial_words.note_for(request.tenant.name)
    asked = noted(request, partial(wiring.ask_trial, owner, vendor_id, store.id, note), what)
    tell(request, asked, _("A test order is on its way to your shop."))
    return redirect("vendor:shop")


@require_safe
def steps(request: PageRequest) -> HttpResponse:
    """How far it is; the page of the shop replaces its part with this every 2 s."""
    return trial_steps(request, newest_trials(*mine.ids(request)))
