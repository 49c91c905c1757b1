"""What a vendor's person sees first: what to ship, and what is on sale or why it is not; before the
shop is connected, the four steps to there.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from longshore.storage.queries.checks import Check, Reading, last_check, reading_of
from longshore.storage.queries.paging import Cursor
from longshore.storage.queries.portal import not_on_sale, parts, parts_to_ship
from longshore.storage.queries.problems import open_problems
from longshore.storage.queries.vendor import VendorPage
from longshore.web.shared.portal_words import reason_words, trouble
from longshore.web.shared.tenancy import PageRequest
from longshore.web.templatetags.longshore import number
from longshore.web.vendor import mine
from longshore.web.vendor.shop import vendor_of


@require_safe
def home(request: PageRequest) -> HttpResponse:
    owner, vendor_id = mine.ids(request)
    vendor = vendor_of(request)
    steps = _steps(vendor, owner)
    to_ship = parts_to_ship(owner, vendor_id)
    problems = open_problems(owner, vendor_id).rows
    reasons = not_on_sale(owner, vendor_id)
    context: dict[str, Any] = {
        "vendor": vendor,
        "title": _title(vendor, steps),
        "steps": steps,
        "troubles": [told for problem in problems if (told := trouble(problem))],
        "to_ship": to_ship,
        "today": timezone.localdate(),
        "sent": parts(owner, vendor_id, to_ship=False, cursor=Cursor(size=3)).rows
        if not steps
        else (),
        "reasons": [(reason, reason_words(reason, request.tenant.name)) for reason in reasons],
        "all_products": vendor.products + vendor.left_out,
        "tab": "home",
    }
    return render(request, "vendor/home.html", context)


def _title(vendor: VendorPage, steps: list[tuple[str, str, str, str]]) -> str:
    if vendor.to_ship:
        words = ngettext("%(n)s order to ship", "%(n)s orders to ship", vendor.to_ship)
        return words % {"n": number(vendor.to_ship)}
    return _("Connect your shop in 4 steps") if steps else _("Nothing to ship")


def _steps(vendor: VendorPage, owner: int) -> list[tuple[str, str, str, str]]:
    """(kind, words, more, address) of the way to the first order; none once it was gone."""
    if vendor.stores and not vendor.scanning:
        return []
    last, reading = last_check(owner, vendor.id), reading_of(owner, vendor.id)
    connected = bool(vendor.stores)
    known = connected or (last is not None and last.outcome == "ready")
    found = [
        ("ok", _("You are signed in"), "", ""),
        ("ok" if known else "next", _("Your shop is found"), _("We look, nothing is changed."), ""),
        (
            "ok" if connected else "next" if known else "todo",
            _("You approve the connection"),
            _("One click in WooCommerce, or a pasted key."),
            "",
        ),
        ("next" if connected else "todo", _("Your products are read"), _reading(reading), ""),
    ]
    where = _where(last, connected=connected, known=known)
    return [(k, w, m, where if k == "next" and not connected else "") for k, w, m, _u in found]


def _where(last: Check | None, *, connected: bool, known: bool) -> str:
    if known and not connected and last is not None:
        return reverse("vendor:check", args=[last.uuid])
    return reverse("vendor:connect")


def _reading(reading: Reading | None) -> str:
    if reading is None:
        return _("It begins by itself.")
    if reading.total is None:
        return _("%(seen)s so far") % {"seen": number(reading.seen)}
    told = {"seen": number(reading.seen), "total": number(reading.total)}
    return _("%(seen)s of %(total)s") % told
