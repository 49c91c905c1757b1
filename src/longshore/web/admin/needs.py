"""The inbox of what waits for a person: cause by cause, and all of one cause at once."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from longshore import wiring
from longshore.domain.findings import KINDS
from longshore.storage.queries.needs import OF, need_rows, subjects_of
from longshore.storage.queries.needs import needs as read
from longshore.web.admin import actions, list_files, params
from longshore.web.admin.need_actions import ACTIONS, Action
from longshore.web.shared.need_words import told
from longshore.web.shared.tenancy import PageRequest
from longshore.web.shared.words import advice, shown


@require_safe
def needs(request: PageRequest) -> HttpResponseBase:
    found = read(request.tenant.marketplace_id)
    of = params.one_of(request, "of", list(OF), "")
    if of:
        found = tuple(need for need in found if need.code in OF[of])
    if params.as_file(request):
        return list_files.causes(request, found)
    count = len(found)
    title = _("All is well")
    if count:
        words = ngettext("%(count)d cause needs you", "%(count)d causes need you", count)
        title = words % {"count": count}
    title = _("None of this kind") if of and not count else title
    context = {"title": title, "of": of, "rows": [(need, told(need)) for need in found]}
    return render(request, "admin/needs.html", context)


@require_safe
def cause(request: PageRequest, code: str) -> HttpResponseBase:
    if code not in KINDS:
        raise Http404
    vendor = params.vendor(request)
    page_at = partial(need_rows, request.tenant.marketplace_id, code, vendor.id)
    if params.as_file(request):
        return list_files.needs(request, page_at)
    page = page_at(params.cursor(request))
    rows = [(row, shown(row.problem)) for row in page.rows]
    context = {
        "code": code,
        "vendor": vendor,
        "page": page,
        "rows": rows,
        "title": rows[0][1].sentence if len(rows) == 1 else _title(code),
        "advice": advice(code, page.rows[0].problem.evidence) if page.rows else "",
        "back": request.get_full_path(),
        "knowable": any(row.problem.knowable for row in page.rows),
        "actions": _offered(code) if request.tenant.may_work else (),
    }
    return render(request, "admin/need.html", context)


def _offered(code: str) -> list[tuple[str, object]]:
    return [(name, action.label) for name, action in ACTIONS.get(code, {}).items()]


def _title(code: str) -> str:
    """The cause without its subjects."""
    text = KINDS[code].title
    for name in ("vendor", "product", "order", "host", "line"):
        text = text.replace("{" + name + "}", "…")
    return _(KINDS[code].title) if "{" not in KINDS[code].title else text


@require_POST
def settle(request: PageRequest) -> HttpResponse:
    """A person settled it outside, or lives with it: closed until the cause is seen again."""
    ids = [params.digits(text) for text in request.POST.getlist("ids")]
    there = actions.back(request.POST.get("back", ""), reverse("admin:needs"))
    if None in ids:
        return HttpResponse(_("Nothing was changed: the form was not complete."), status=400)
    picked = [one for one in ids if one is not None]
    if not picked:
        messages.error(request, _("Nothing was picked. Tick at least one."))
        return redirect(there)
    owner, about = request.tenant.marketplace_id, params.text(request.POST, "about")

    def act() -> int:
        done = wiring.settle_findings(owner, picked, request.user.pk)
        if done:
            after = {"count": len(done), "ids": list(done)}
            what = wiring.What("finding_settled", "findings", about, after=after)
            wiring.note_deed(actions.doer_of(request), what)
        return len(done)

    done = actions.together(act)
    count = done if isinstance(done, int) else 0
    words = ngettext("%(n)d is settled.", "%(n)d are settled.", count) % {"n": count}
    actions.tell(request, done, words)
    return redirect(there)


@require_POST
def apply(request: PageRequest, code: str) -> HttpResponse:
    """Does one of the cause's actions for all that are picked; each stands for itself."""
    action = ACTIONS.get(code, {}).get(request.POST.get("do", ""))
    if action is None:
        raise Http404
    owner = request.tenant.marketplace_id
    ids = [number for text in request.POST.getlist("ids") if (number := params.digits(text))]
    there = actions.back(request.POST.get("back", ""), reverse("admin:needs"))
    subjects = [number for kind, number in subjects_of(owner, code, ids) if kind == action.kind]
    if not subjects:
        messages.error(request, _("Nothing was picked. Tick at least one."))
        return redirect(there)
    results = [_apply(request, code, action, number) for number in subjects]
    failed = [one for one in results if isinstance(one, actions.Failed)]
    done = len(results) - len(failed)
    if done:
        words = ngettext("%(n)d is on its way.", "%(n)d are on their way.", done) % {"n": done}
        messages.success(request, words)
    if failed:
        words = ngettext("%(n)d could not be done.", "%(n)d could not be done.", len(failed))
        messages.error(request, f"{words % {'n': len(failed)}} {failed[0].words}")
    return redirect(there)


def _apply(request: PageRequest, code: str, action: Action, number: int) -> object:
    owner = request.tenant.marketplace_id
    about = f"{_title(code)} {action.label}"
    what = wiring.What("need_applied", f"{action.kind}:{number}", about)
    return actions.noted(request, lambda: action.call(owner, number), what)
