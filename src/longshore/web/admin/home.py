"""Home answers one question: is anything wrong, and what do I do?"""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from longshore.storage.queries.home import numbers, pulses
from longshore.storage.queries.problems import Problems, last_quiet, open_problems
from longshore.web.admin import params
from longshore.web.shared.tenancy import PageRequest
from longshore.web.shared.words import shown


@require_safe
def home(request: PageRequest) -> HttpResponse:
    owner = request.tenant.marketplace_id
    now = timezone.now()
    problems = open_problems(owner)
    rows = [shown(problem) for problem in problems.rows]
    shops = pulses(owner)
    return render(
        request,
        "admin/home.html",
        {
            "title": _title(problems, connected=bool(shops)),
            "problems": [row for row, p in zip(rows, problems.rows, strict=True) if p.severity != "note"],
            "notes": [row for row, p in zip(rows, problems.rows, strict=True) if p.severity == "note"],
            "more": problems.more,
            "quiet_since": None if problems.needing else last_quiet(owner),
            "numbers": numbers(owner, params.today(), now),
            "shops": shops,
            "has_storefront": any(shop.vendor_id is None for shop in shops),
            "has_store": any(shop.vendor_id is not None for shop in shops),
        },
    )


def _title(problems: Problems, *, connected: bool) -> str:
    if not connected:
        return _("Connect your shops to begin")
    count = problems.needing
    if not count:
        return _("All is well")
    return ngettext("%(count)d thing needs you", "%(count)d things need you", count) % {
        "count": count
    }
