"""A vendor's orders: the list, one to ship, what cannot be delivered, the packing slip."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from longshore import wiring
from longshore.storage.queries.portal import PartPage, count_to_ship, part_page, parts
from longshore.web.shared import ship_forms
from longshore.web.shared.doing import Failed, doer_of, put_on, tell, together
from longshore.web.shared.packing_slip import address_lines, slip_answer
from longshore.web.shared.tenancy import PageRequest
from longshore.web.vendor import mine


@require_safe
def orders(request: PageRequest) -> HttpResponse:
    owner, vendor_id = mine.ids(request)
    done = request.GET.get("show") == "done"
    page = parts(owner, vendor_id, to_ship=not done, cursor=mine.cursor(request))
    waiting = count_to_ship(owner, vendor_id)
    words = ngettext("%(n)d order to ship", "%(n)d orders to ship", waiting) % {"n": waiting}
    context = {
        "title": words if waiting else _("Nothing to ship"),
        "done": done,
        "page": page,
        "today": timezone.localdate(),
        "tab": "orders",
    }
    return render(request, "vendor/orders.html", context)


def part_of(request: PageRequest, part_id: int) -> PartPage:
    """The order, if it is this vendor's. Raises Http404."""
    owner, vendor_id = mine.ids(request)
    found = part_page(owner, vendor_id, part_id)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def order(request: PageRequest, part_id: int) -> HttpResponse:
    """One order: what is to be packed, and the form that says it was sent."""
    part = part_of(request, part_id)
    form = ship_forms.ParcelForm(part, request.POST if request.method == "POST" else None)
    if form.is_valid():
        left = ship(request, part, form)
        if not put_on(form, left):
            tell(request, left, ship_forms.done_words(part, left))
            return redirect("vendor:order", part_id)
    context = {
        "part": part,
        "form": form,
        "key": form["key"].value() or uuid.uuid4(),
        "address": address_lines(part),
        "carriers": ship_forms.CARRIERS,
        "today": timezone.localdate(),
        "tab": "orders",
    }
    return render(request, "vendor/order.html", context, status=422 if form.is_bound else 200)


def ship(request: PageRequest, part: PartPage, form: ship_forms.ParcelForm) -> int | Failed:
    """How many units are still to be shipped, or why the parcel was not taken."""
    owner, vendor_id = mine.ids(request)
    parcel = form.parcel()

    def act() -> int:
        left = wiring.ship_parcel(owner, vendor_id, part.row.id, parcel)
        after = {"units": sum(parcel.units.values()), "number": parcel.number}
        what = wiring.What(
            "part_shipped", f"part:{part.row.id}", part.row.name, vendor_id, {}, after
        )
        wiring.note_deed(doer_of(request), what)
        return left

    return together(act)


@require_http_methods(["GET", "HEAD", "POST"])
def cannot(request: PageRequest, part_id: int) -> HttpResponse:
    """Tells the marketplace what cannot be delivered; it decides."""
    part = part_of(request, part_id)
    form = ship_forms.CannotForm(part, request.POST if request.method == "POST" else None)
    if form.is_valid():
        owner, vendor_id = mine.ids(request)
        why = form.cleaned_data["why"]

        def act() -> None:
            wiring.cannot_deliver(owner, vendor_id, part_id, form.units(), why)
            after = {"why": why}
            what = wiring.What(
                "part_refused", f"part:{part_id}", part.row.name, vendor_id, {}, after
            )
            wiring.note_deed(doer_of(request), what)

        told = together(act)
        if not put_on(form, told):
            words = _("%(who)s knows and tells you what to do.") % {"who": part.marketplace}
            tell(request, told, words)
            return redirect("vendor:order", part_id)
    context = {"part": part, "form": form, "tab": "orders"}
    return render(request, "vendor/cannot.html", context, status=422 if form.is_bound else 200)


@require_safe
def slip(request: PageRequest, part_id: int) -> HttpResponse:
    return slip_answer(part_of(request, part_id))
