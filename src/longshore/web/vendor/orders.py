"""A vendor's orders: the list, one to ship, what cannot be delivered, the packing slip."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from longshore.storage.queries.portal import PartPage, count_to_ship, part_page, parts
from longshore.web.shared import shipping
from longshore.web.shared.doing import doer_of
from longshore.web.shared.packing_slip import slip_answer
from longshore.web.shared.pasting import numbers_page
from longshore.web.shared.tenancy import PageRequest
from longshore.web.templatetags.longshore import number
from longshore.web.vendor import mine


@require_safe
def orders(request: PageRequest) -> HttpResponse:
    owner, vendor_id = mine.ids(request)
    done = request.GET.get("show") == "done"
    page = parts(owner, vendor_id, to_ship=not done, cursor=mine.cursor(request))
    waiting = count_to_ship(owner, vendor_id)
    words = ngettext("%(n)s order to ship", "%(n)s orders to ship", waiting)
    context = {
        "title": words % {"n": number(waiting)} if waiting else _("Nothing to ship"),
        "done": done,
        "rising": not done,
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
    return shipping.order_page(request, part_of(request, part_id), doer_of(request))


@require_http_methods(["GET", "HEAD", "POST"])
def cannot(request: PageRequest, part_id: int) -> HttpResponse:
    return shipping.cannot_page(request, part_of(request, part_id), doer_of(request))


@require_http_methods(["GET", "HEAD", "POST"])
def message(request: PageRequest, part_id: int) -> HttpResponse:
    return shipping.message_page(request, part_of(request, part_id), doer_of(request))


@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: PageRequest) -> HttpResponse:
    """Parcel numbers of many orders at once."""
    _owner, vendor_id = mine.ids(request)
    more = {"tab": "orders"}
    return numbers_page(request, "vendor/numbers.html", doer_of(request), vendor_id, more)


@require_safe
def slip(request: PageRequest, part_id: int) -> HttpResponse:
    return slip_answer(part_of(request, part_id))
