"""Pages behind a link without a password: a vendor ships an order, or sees what keeps the shop from
being connected. Whoever holds the link may do that one thing, and see no more than it needs.
"""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from longshore import wiring
from longshore.storage.queries.checks import last_check
from longshore.storage.queries.portal import PartPage, part_of_link, vendor_of_link
from longshore.web.shared import shipping
from longshore.web.shared.check_pages import check_context
from longshore.web.shared.doing import attempt
from longshore.web.shared.packing_slip import slip_answer
from longshore.wiring.links import CHECK, SHIP, named_by

AGAIN_AFTER = timedelta(seconds=10)
"""A shop is not asked more often, however often the button is pressed."""


def _part(token: str) -> tuple[PartPage, wiring.Doer]:
    number = named_by(SHIP, token)
    found = part_of_link(number) if number is not None else None
    if found is None:
        raise Http404
    page, marketplace_id = found
    return page, wiring.Doer(marketplace_id, None, _("%(name)s, by link") % {"name": page.vendor})


@require_http_methods(["GET", "HEAD", "POST"])
def ship(request: HttpRequest, token: str) -> HttpResponse:
    part, doer = _part(token)
    with timezone.override(part.zone):
        return shipping.order_page(request, part, doer, by_link=True)


@require_http_methods(["GET", "HEAD", "POST"])
def cannot(request: HttpRequest, token: str) -> HttpResponse:
    part, doer = _part(token)
    with timezone.override(part.zone):
        return shipping.cannot_page(request, part, doer, by_link=True)


@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, token: str) -> HttpResponse:
    part, doer = _part(token)
    with timezone.override(part.zone):
        return shipping.message_page(request, part, doer, by_link=True)


@require_safe
def slip(_request: HttpRequest, token: str) -> HttpResponse:
    part, _doer = _part(token)
    with timezone.override(part.zone):
        return slip_answer(part)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, token: str) -> HttpResponse:
    """The newest visit to the vendor's shop; a button sends the doctor again."""
    number = named_by(CHECK, token)
    vendor = vendor_of_link(number) if number is not None else None
    if vendor is None:
        raise Http404
    last = last_check(vendor.marketplace_id, vendor.id)
    fresh = last is not None and timezone.now() - last.asked_at < AGAIN_AFTER
    if request.method == "POST":
        if not fresh and vendor.store_id is not None:
            store_id = vendor.store_id
            attempt(lambda: wiring.ask_check(vendor.marketplace_id, store_id))
        return redirect("check", token)
    context = {
        "vendor": vendor,
        "here": reverse("check", args=[token]),
        "again": "open/_check_again.html",
        "after": "open/_check_after.html",
        "check": last,
    }
    if last is not None:
        context |= check_context(last, vendor.marketplace_id)
    asked = request.headers.get("HX-Request") == "true" and last is not None
    with timezone.override(vendor.zone):
        return render(request, "_check.html" if asked else "open/check.html", context)
