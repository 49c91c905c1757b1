"""Activity: who did what, with what was before and after."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from longshore.storage.queries.activity import Done
from longshore.storage.queries.activity import activity as read
from longshore.storage.queries.paging import Cursor, Slice
from longshore.web.admin import params
from longshore.web.shared.deed_words import KINDS, told
from longshore.web.shared.table_files import as_file, every_row
from longshore.web.shared.tenancy import PageRequest


@require_safe
def activity(request: PageRequest) -> HttpResponseBase:
    owner, vendor = request.tenant.marketplace_id, params.vendor(request)
    who, kind = params.text(request.GET, "who"), params.one_of(request, "kind", list(KINDS), "")
    subject = params.text(request.GET, "subject")

    def page_at(cursor: Cursor) -> Slice[Done]:
        return read(
            owner,
            vendor_id=vendor.id,
            who=who,
            kind=kind,
            subject=subject,
            cursor=cursor,
        )

    if params.as_file(request):
        return _file(request, page_at)
    page = page_at(params.cursor(request))
    context = {
        "kept": params.kept(request, "activity"),
        "vendor": vendor,
        "who": who,
        "kind": kind,
        "kinds": _kinds(),
        "subject": subject,
        "page": page,
        "rows": [(done, told(done)) for done in page.rows],
    }
    return render(request, "admin/activity.html", context)


def _kinds() -> list[tuple[str, str]]:
    """What can be asked for, by its words: "changed … settings"."""
    told = ((name, str(words).replace("{about}", "…")) for name, (_icon, words) in KINDS.items())
    return sorted(told, key=lambda one: one[1].casefold())


def _file(request: PageRequest, page_at: Callable[[Cursor], Slice[Done]]) -> HttpResponseBase:
    head = [_("When"), _("Who"), _("What"), _("About"), _("Setting"), _("Before"), _("After")]

    def rows() -> params.Lines:
        for done in every_row(page_at):
            first = [done.at, done.who, done.kind, done.about]
            for change in done.changes or [None]:
                if change is None:
                    yield [*first, "", "", ""]
                else:
                    yield [*first, change.name, change.before, change.after]

    return as_file(request, "activity", head, rows())
