"""How a vendor's orders are placed in its shop: the choices, and an example of what they do."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from longshore.domain.placing_policy import PlacingPolicy, policy_of
from longshore.storage.queries.placing import PlacingPage, placing_page
from longshore.web.admin import actions
from longshore.web.admin.order_parts import MEANINGS
from longshore.web.admin.placing_example import told
from longshore.web.admin.placing_forms import PlacingForm, typed
from longshore.web.admin.vendor import top_of, vendor_of
from longshore.web.shared.stale import is_stale, mark
from longshore.web.shared.tenancy import PageRequest


@require_http_methods(["GET", "HEAD", "POST"])
def placing(request: PageRequest, vendor_id: int) -> HttpResponse:
    vendor = vendor_of(request, vendor_id)
    page = placing_page(request.tenant.marketplace_id, vendor_id)
    before = policy_of(page.placing)
    bound = request.method == "POST"
    form = PlacingForm(page, request.POST if bound else None, initial=typed(before))
    if form.is_valid() and not is_stale(form, typed(before)):
        old, new = {"placing": before.as_row()}, {"placing": form.policy().as_row()}
        result = actions.change_vendor(request, vendor_id, vendor.name, old, new)
        if not actions.put_on(form, result):
            actions.tell(request, result, _("Saved. It holds from the next order on."), undo=True)
            return redirect("admin:vendor_placing", vendor_id)
    context = {
        **top_of(vendor, "placing"),
        "form": form,
        "page": page,
        "seen": mark(typed(before)),
        "meanings": [(store, raw, MEANINGS[meant]) for store, raw, meant in page.meanings],
        **_example(form, page, before),
    }
    return render(request, "admin/vendor_placing.html", context, status=422 if bound else 200)


@require_safe
def example(request: PageRequest, vendor_id: int) -> HttpResponse:
    """What the typed choices would do to an order; nothing is saved."""
    vendor_of(request, vendor_id)
    page = placing_page(request.tenant.marketplace_id, vendor_id)
    form = PlacingForm(page, request.GET)
    context = {"vendor_id": vendor_id, **_example(form, page, policy_of(page.placing))}
    return render(request, "admin/_placing_example.html", context)


def _example(form: PlacingForm, page: PlacingPage, kept: PlacingPolicy) -> dict[str, Any]:
    """Of what was typed where it makes sense, else of what is kept."""
    fits = form.is_bound and form.is_valid()
    policy = form.policy() if fits else kept
    return {"example": told(policy, page), "unclear": form.is_bound and not fits}
