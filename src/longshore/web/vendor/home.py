"""What a vendor's person sees first: what to ship, and what is on sale or why it is not."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from longshore.storage.queries.orders import orders_of_vendor
from longshore.storage.queries.portal import not_on_sale
from longshore.storage.queries.problems import open_problems
from longshore.storage.queries.vendor import VendorPage, vendor_page
from longshore.web.shared.portal_words import reason_words, trouble
from longshore.web.shared.tenancy import PageRequest


@require_safe
def home(request: PageRequest) -> HttpResponse:
    owner, vendor_id = request.tenant.marketplace_id, request.tenant.vendor_id
    vendor = vendor_page(owner, vendor_id) if vendor_id is not None else None
    if vendor is None:
        raise Http404
    problems = open_problems(owner, vendor.id).rows
    return render(
        request,
        "vendor/home.html",
        {
            "vendor": vendor,
            "title": _title(vendor),
            "troubles": [told for problem in problems if (told := trouble(problem))],
            "to_ship": orders_of_vendor(owner, vendor.id, to_ship=True),
            "sent": orders_of_vendor(owner, vendor.id, to_ship=False, limit=3),
            "reasons": [
                (reason, reason_words(reason, request.tenant.name))
                for reason in not_on_sale(owner, vendor.id)
            ],
            "all_products": vendor.products + vendor.left_out,
        },
    )


def _title(vendor: VendorPage) -> str:
    if not vendor.to_ship:
        return _("Nothing to ship")
    words = ngettext("%(n)d order to ship", "%(n)d orders to ship", vendor.to_ship)
    return words % {"n": vendor.to_ship}
