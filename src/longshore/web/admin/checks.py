"""The doctor's visit at a vendor's shop, followed live."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from longshore import wiring
from longshore.storage.queries.checks import check_of
from longshore.web.admin import actions
from longshore.web.admin.vendor import vendor_of
from longshore.web.shared.check_pages import check_context
from longshore.web.shared.tenancy import PageRequest


@require_safe
def check(request: PageRequest, vendor_id: int, examination: uuid.UUID) -> HttpResponse:
    """The page; asked by its own script, only the part that changes."""
    found = check_of(request.tenant.marketplace_id, examination, vendor_id)
    if found is None:
        raise Http404
    context = {
        **check_context(found, request.tenant.marketplace_id),
        "again": "admin/_check_again.html",
        "after": "admin/_check_after.html",
        "here": request.path,
    }
    return render(request, "_check.html" if request.htmx else "admin/check.html", context)


@require_POST
def check_again(request: PageRequest, vendor_id: int) -> HttpResponse:
    """Sends the doctor to the vendor's shop with the key it has."""
    vendor = vendor_of(request, vendor_id)
    asked = request.POST.get("store", "")
    stores = [store.id for store in vendor.stores if str(store.id) == asked or not asked]
    if not stores:
        return redirect("admin:vendor_connect", vendor_id)
    owner = request.tenant.marketplace_id
    what = wiring.What("check_asked", f"vendor:{vendor_id}", vendor.name, vendor_id)
    made = actions.noted(request, lambda: wiring.ask_check(owner, stores[0]), what)
    if not isinstance(made, uuid.UUID):
        actions.tell(request, made, _("The shop is being checked."))
        return redirect("admin:vendor", vendor_id)
    return redirect("admin:vendor_check", vendor_id, made)
