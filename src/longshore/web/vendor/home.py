"""What a vendor's person sees: the shop's connection and the newest orders."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from longshore.storage.queries.orders import orders_of_vendor
from longshore.storage.queries.vendors import vendor_page
from longshore.web.shared.order_words import state_of
from longshore.web.shared.tenancy import PageRequest


@require_safe
def home(request: PageRequest) -> HttpResponse:
    owner, vendor_id = request.tenant.marketplace_id, request.tenant.vendor_id
    vendor = vendor_page(owner, vendor_id) if vendor_id is not None else None
    if vendor is None:
        raise Http404
    rows = orders_of_vendor(owner, vendor.id)
    orders = [(row, state_of(row, vendor_only=True)) for row in rows]
    return render(request, "vendor/home.html", {"vendor": vendor, "orders": orders})
