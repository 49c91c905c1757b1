"""Find: any number, name or SKU, in orders, products and vendors."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from longshore.storage.queries.orders import Wanted, order_rows
from longshore.storage.queries.products import product_rows
from longshore.storage.queries.vendors import vendors_page
from longshore.web.admin import params
from longshore.web.shared import order_words, product_words, vendor_words
from longshore.web.shared.tenancy import PageRequest


@require_safe
def find(request: PageRequest) -> HttpResponse:
    """Goes straight to the only thing found; lists what was found otherwise."""
    owner, search = request.tenant.marketplace_id, params.search(request)
    if not search:
        return redirect("admin:orders")
    orders = order_rows(owner, Wanted("all", params.today(), search=search))
    products = product_rows(owner, timezone.now(), state="all", search=search)
    vendors = vendors_page(owner, search=search).page
    found = [
        *(("order", order.id) for order in orders.rows),
        *(("product", product.id) for product in products.rows),
        *(("vendor", vendor.id) for vendor in vendors.rows),
    ]
    if len(found) == 1:
        return redirect(f"admin:{found[0][0]}", found[0][1])
    return render(
        request,
        "admin/find.html",
        {
            "found_for": search,
            "nothing": not found,
            "orders": orders,
            "order_rows": [(row, order_words.state_of(row)) for row in orders.rows],
            "products": products,
            "product_rows": [(row, product_words.state_of(row)) for row in products.rows],
            "vendors": vendors,
            "vendor_rows": [(row, vendor_words.row_state(row)) for row in vendors.rows],
        },
    )
