"""Find: any number, name or SKU, in orders, products and stock."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from longshore.storage.queries.orders import order_rows
from longshore.storage.queries.products import product_rows
from longshore.web.admin import params
from longshore.web.shared.order_words import state_of
from longshore.web.shared.tenancy import PageRequest


@require_safe
def find(request: PageRequest) -> HttpResponse:
    owner, search = request.tenant.marketplace_id, params.search(request)
    if not search:
        return redirect("admin:orders")
    orders = order_rows(owner, tab="all", today=params.today(), search=search)
    products = product_rows(owner, timezone.now(), state="all", search=search)
    if orders.total == 1 and not products.total:
        return redirect("admin:order", orders.rows[0].id)
    if products.total == 1 and not orders.total:
        return redirect("admin:product", products.rows[0].id)
    return render(
        request,
        "admin/find.html",
        {
            "found_for": search,
            "orders": orders,
            "order_rows": [(row, state_of(row)) for row in orders.rows],
            "products": products,
        },
    )
