"""A change that is held because it is too large: what it would do, and one click to decide."""

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from longshore import wiring
from longshore.storage.queries.held import HeldPage, held_page, held_rows
from longshore.web.admin import actions, list_files, params
from longshore.web.shared.tenancy import PageRequest
from longshore.web.templatetags.longshore import number

TITLES = {
    "vanished": gettext_lazy("%(vendor)s: %(n)s of %(total)s products have gone"),
    "sold_out": gettext_lazy("%(vendor)s: %(n)s of %(total)s variants are at zero"),
    "prices": gettext_lazy("%(vendor)s: %(n)s of %(total)s prices have moved far"),
    "answers": gettext_lazy("%(vendor)s: its shop answers what makes no sense"),
}
BY_ITSELF = {
    "vanished": gettext_lazy(
        "They stay on sale until the shop has them again, or every full reading of 24 hours misses"
        " them."
    ),
    "sold_out": gettext_lazy(
        "What sold lately is at zero already. The rest follows when a full reading at least 15"
        " minutes later says the same, or goes on when the shop has stock again."
    ),
    "prices": gettext_lazy("The old prices stay until the shop says others, or you decide."),
    "answers": gettext_lazy("The last good values stay until the shop answers well again."),
}


@require_safe
def held(request: PageRequest, brake_id: int) -> HttpResponseBase:
    owner = request.tenant.marketplace_id
    found = held_page(owner, brake_id)
    if found is None:
        raise Http404
    if params.as_file(request):
        told = partial(_value, found)
        return list_files.held(request, partial(held_rows, owner, brake_id), told)
    page = held_rows(owner, brake_id, params.cursor(request))
    context = {
        "held": found,
        "title": _title(found),
        "by_itself": BY_ITSELF[found.kind],
        "page": page,
        "rows": [(row, _value(found, row.was), _value(found, row.says)) for row in page.rows],
    }
    return render(request, "admin/held.html", context)


def _title(found: HeldPage) -> str:
    words = {"vendor": found.vendor, "n": number(found.count), "total": number(found.total)}
    return str(TITLES[found.kind]) % words


def _value(found: HeldPage, values: Any) -> str:
    """What was, or what the store says, of one thing."""
    if found.kind == "vanished":
        if values.get("absent"):
            return _("gone")
        return _("hidden") if values else _("on sale")
    if found.kind == "sold_out":
        if values.get("tracked"):
            return number(values.get("quantity") or 0)
        return _("in stock") if values.get("stock_status") == "instock" else _("not in stock")
    price, sale = values.get("regular_price"), values.get("sale_price")
    told = str(price) if price is not None else _("none")
    return (
        told if sale is None else _("%(price)s, on sale %(sale)s") % {"price": told, "sale": sale}
    )


@require_POST
def settle(request: PageRequest, brake_id: int) -> HttpResponse:
    """Applies it or ignores it."""
    owner, user_id = request.tenant.marketplace_id, request.user.pk
    found = held_page(owner, brake_id)
    if found is None:
        raise Http404
    applies = request.POST.get("do") == "apply"
    if not applies and request.POST.get("do") != "ignore":
        return HttpResponse(_("Nothing was changed: the form was not complete."), status=400)
    verb = wiring.apply_brake if applies else wiring.ignore_brake
    kind = "held_applied" if applies else "held_ignored"
    what = wiring.What(kind, f"vendor:{found.vendor_id}", found.vendor, found.vendor_id)
    done = actions.noted(request, partial(verb, owner, brake_id, user_id), what)
    count = done if isinstance(done, int) else 0
    told = ngettext("%(n)s change is in force.", "%(n)s changes are in force.", count)
    if not applies:
        told = ngettext(
            "%(n)s change is ignored until the shop says something else.",
            "%(n)s changes are ignored until the shop says something else.",
            count,
        )
    actions.tell(request, done, told % {"n": number(count)})
    return redirect("admin:held", brake_id)
