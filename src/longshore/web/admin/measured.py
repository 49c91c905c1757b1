"""What stands behind two numbers of home: how long orders take, and what the sweeps found wrong."""

from functools import partial

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from longshore.storage.queries.pace import MOST, Paces, paces
from longshore.storage.queries.sweeps import mended, swept
from longshore.web.admin import list_files, params
from longshore.web.shared.tenancy import PageRequest
from longshore.web.templatetags.longshore import number


@require_safe
def pace(request: PageRequest) -> HttpResponseBase:
    """From when we first saw an order to when the vendor's shop had it, of 7 days."""
    found = paces(request.tenant.marketplace_id, timezone.now())
    if params.as_file(request):
        return list_files.pace(request, found.slowest)
    context = {"title": _pace_title(found), "paces": found, "most": MOST}
    return render(request, "admin/pace.html", context)


def _pace_title(found: Paces) -> str:
    if found.every is None:
        return _("No order was sent in 7 days")
    words = {"usual": f"{found.every.usual_s:.1f}", "slow": f"{found.every.slow_s:.1f}"}
    return _("Orders take %(usual)s s; 5 in 100 take more than %(slow)s s") % words


@require_safe
def checks(request: PageRequest) -> HttpResponseBase:
    """The last sweep of each shop, and the stock lines that were mended by sweeps in a day."""
    owner, now, vendor = request.tenant.marketplace_id, timezone.now(), params.vendor(request)
    page_at = partial(mended, owner, now, vendor.id)
    if params.as_file(request):
        return list_files.mended(request, page_at)
    last = swept(owner, now)
    words = ngettext(
        "%(n)s product was wrong in the last checks",
        "%(n)s products were wrong in the last checks",
        last.wrong,
    )
    context = {
        "title": words % {"n": number(last.wrong)} if last.shops else _("No shop was checked yet"),
        "last": last,
        "vendor": vendor,
        "page": page_at(params.cursor(request)),
    }
    return render(request, "admin/checks.html", context)
