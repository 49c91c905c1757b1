"""Shipping an order, for whoever may: the vendor's person who is signed in, or who has the link."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from longshore import wiring
from longshore.storage.queries.portal import PartPage
from longshore.web.shared import ship_forms
from longshore.web.shared.doing import Failed, put_on, together
from longshore.web.shared.packing_slip import address_lines


def order_page(
    request: HttpRequest, part: PartPage, doer: wiring.Doer, *, by_link: bool = False
) -> HttpResponse:
    """What is to be packed, and the form that says it was sent; later the one for its number."""
    if part.lacks_number:
        return _number_page(request, part, doer, by_link=by_link)
    form = ship_forms.ParcelForm(part, request.POST if request.method == "POST" else None)
    if form.is_valid():
        left = _ship(part, doer, form)
        if not put_on(form, left):
            messages.success(request, ship_forms.done_words(part, left))
            return redirect(request.path)
    context = {
        **_context(part, by_link=by_link),
        "form": form,
        "key": form["key"].value() or uuid.uuid4(),
    }
    return render(request, "vendor/order.html", context, status=422 if form.is_bound else 200)


def _context(part: PartPage, *, by_link: bool) -> dict[str, object]:
    return {
        "part": part,
        "address": address_lines(part),
        "carriers": ship_forms.CARRIERS,
        "today": timezone.localdate(),
        "by_link": by_link,
        "tab": "orders",
    }


def _number_page(
    request: HttpRequest, part: PartPage, doer: wiring.Doer, *, by_link: bool
) -> HttpResponse:
    """It was sent without a number, and that can be named still."""
    form = ship_forms.NumberForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        numbered = _number(part, doer, form)
        if not put_on(form, numbered):
            told = _("Thank you. %(who)s and the buyer have the number.")
            messages.success(request, told % {"who": part.marketplace})
            return redirect(request.path)
    context = {**_context(part, by_link=by_link), "number_form": form}
    return render(request, "vendor/order.html", context, status=422 if form.is_bound else 200)


def _number(
    part: PartPage, doer: wiring.Doer, form: ship_forms.NumberForm
) -> wiring.Numbered | Failed:
    vendor_id, part_id = part.vendor_id, part.row.id
    number = " ".join(form.cleaned_data["number"].split())
    carrier = form.cleaned_data["carrier"].strip()

    def act() -> wiring.Numbered:
        found = wiring.give_numbers(doer.marketplace_id, vendor_id, part_id, [number], carrier)
        after = {"number": number, "carrier": carrier}
        subject = f"part:{part_id}"
        what = wiring.What("numbers_given", subject, part.row.name, vendor_id, {}, after)
        wiring.note_deed(doer, what)
        return found

    return together(act)


def _ship(part: PartPage, doer: wiring.Doer, form: ship_forms.ParcelForm) -> int | Failed:
    """How many units are still to be shipped, or why the parcel was not taken."""
    parcel, vendor_id = form.parcel(), part.vendor_id

    def act() -> int:
        left = wiring.ship_parcel(doer.marketplace_id, vendor_id, part.row.id, parcel)
        after = {"units": sum(parcel.units.values()), "number": parcel.number}
        subject = f"part:{part.row.id}"
        what = wiring.What("part_shipped", subject, part.row.name, vendor_id, {}, after)
        wiring.note_deed(doer, what)
        return left

    return together(act)


def cannot_page(
    request: HttpRequest, part: PartPage, doer: wiring.Doer, *, by_link: bool = False
) -> HttpResponse:
    """Tells the marketplace what cannot be delivered; it decides."""
    form = ship_forms.CannotForm(part, request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = _tell(part, doer, form)
        if not put_on(form, told):
            words = _("%(who)s knows and tells you what to do.")
            messages.success(request, words % {"who": part.marketplace})
            return redirect("../")
    context = {"part": part, "form": form, "by_link": by_link, "tab": "orders"}
    return render(request, "vendor/cannot.html", context, status=422 if form.is_bound else 200)


def _tell(part: PartPage, doer: wiring.Doer, form: ship_forms.CannotForm) -> Failed | None:
    vendor_id, part_id, why = part.vendor_id, part.row.id, form.cleaned_data["why"]

    def act() -> None:
        wiring.cannot_deliver(doer.marketplace_id, vendor_id, part_id, form.units(), why)
        subject = f"part:{part_id}"
        what = wiring.What("part_refused", subject, part.row.name, vendor_id, {}, {"why": why})
        wiring.note_deed(doer, what)

    return together(act)


def message_page(
    request: HttpRequest, part: PartPage, doer: wiring.Doer, *, by_link: bool = False
) -> HttpResponse:
    """What was written about the order, and a form to write more."""
    form = ship_forms.MessageForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        written = _write(part, doer, form.cleaned_data["text"])
        if not put_on(form, written):
            words = _("%(who)s has your message. The answer shows with the order.")
            messages.success(request, words % {"who": part.marketplace})
            return redirect("../")
    context = {"part": part, "form": form, "by_link": by_link, "tab": "orders"}
    return render(request, "vendor/message.html", context, status=422 if form.is_bound else 200)


def _write(part: PartPage, doer: wiring.Doer, text: str) -> Failed | None:
    vendor_id, part_id = part.vendor_id, part.row.id

    def act() -> None:
        wiring.vendor_writes(doer.marketplace_id, vendor_id, part_id, text)
        what = wiring.What("order_written", f"part:{part_id}", part.row.name, vendor_id)
        wiring.note_deed(doer, what)

    return together(act)
