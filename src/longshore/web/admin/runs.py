"""What is written to Shopify, run by run; stopping it, and taking a run back."""

from functools import partial

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from longshore import wiring
from longshore.storage.queries.runs import (
    RunRow,
    Written,
    publishing,
    run_row,
    run_rows,
    written_in,
)
from longshore.web.admin import actions, list_files, params
from longshore.web.shared import field_words
from longshore.web.shared.state import State
from longshore.web.shared.tenancy import PageRequest
from longshore.web.templatetags.longshore import number

STEPS = {
    "set": gettext_lazy("written whole"),
    "content": gettext_lazy("texts"),
    "variants": gettext_lazy("variants"),
    "tags_add": gettext_lazy("tags added"),
    "tags_remove": gettext_lazy("tags removed"),
    "metafields": gettext_lazy("metafields"),
    "publish": gettext_lazy("put on sale"),
    "unpublish": gettext_lazy("taken off sale"),
    "link": gettext_lazy("linked"),
    "unlink": gettext_lazy("unlinked"),
}
OUTCOMES = {
    "sent": ("wait", gettext_lazy("Not known yet")),
    "done": ("ok", gettext_lazy("Done")),
    "refused": ("stop", gettext_lazy("Refused")),
    "later": ("wait", gettext_lazy("Tried again later")),
    "not_sent": ("off", gettext_lazy("Not sent")),
}
CAUSES = {
    "": gettext_lazy("Changes of vendors, rules and people"),
    "undo": gettext_lazy("A run was taken back"),
    "link": gettext_lazy("Products were linked"),
}


@require_safe
def runs(request: PageRequest) -> HttpResponseBase:
    page_at = partial(run_rows, request.tenant.marketplace_id)
    if params.as_file(request):
        words = lambda row: (counted(row), cause(row), state_of(row).word)  # noqa: E731 - one call
        return list_files.runs(request, page_at, words)
    page = page_at(params.cursor(request))
    rows = [(row, cause(row), counted(row), state_of(row)) for row in page.rows]
    context = {"page": page, "rows": rows, "publishing": publishing(request.tenant.marketplace_id)}
    return render(request, "admin/runs.html", context)


@require_safe
def progress(request: PageRequest) -> HttpResponse:
    """How far writing is; pages replace their part with this every few seconds."""
    found = publishing(request.tenant.marketplace_id)
    return render(request, "admin/_publishing.html", {"publishing": found})


@require_POST
def move(request: PageRequest) -> HttpResponse:
    """Stops writing to Shopify, or lets it go on."""
    owner, on = request.tenant.marketplace_id, request.POST.get("do") == "go_on"
    call = wiring.go_on_publishing if on else wiring.stop_publishing
    kind = "publishing_resumed" if on else "publishing_stopped"
    done = actions.noted(request, partial(call, owner), wiring.What(kind, f"marketplace:{owner}"))
    told = _("It goes on.") if on else _("Stopped. What was on its way is finished.")
    actions.tell(request, done, told)
    return redirect(actions.back(request.POST.get("back", ""), reverse("admin:runs")))


@require_safe
def run(request: PageRequest, run_id: int) -> HttpResponseBase:
    owner = request.tenant.marketplace_id
    found = run_row(owner, run_id)
    if found is None:
        raise Http404
    if params.as_file(request):
        return list_files.writes(request, partial(written_in, owner, run_id))
    page = written_in(owner, run_id, params.cursor(request))
    context = {
        "run": found,
        "cause": cause(found),
        "counted": counted(found),
        "state": state_of(found),
        "page": page,
        "rows": [
            (
                one,
                str(STEPS.get(one.step, one.step)),
                outcome(one),
                field_words.changes(one.before, one.after),
            )
            for one in page.rows
        ],
    }
    return render(request, "admin/run.html", context)


@require_POST
def undo(request: PageRequest, run_id: int) -> HttpResponse:
    owner = request.tenant.marketplace_id
    if run_row(owner, run_id) is None:
        raise Http404
    what = wiring.What("run_undone", f"run:{run_id}")
    call = partial(wiring.undo_run, owner, run_id, request.user.pk)
    done = actions.noted(request, call, what)
    count = done if isinstance(done, int) else 0
    told = ngettext(
        "Taken back: %(n)s product goes back to what it was.",
        "Taken back: %(n)s products go back to what they were.",
        count,
    )
    actions.tell(request, done, told % {"n": number(count)})
    return redirect("admin:run", run_id)


def cause(row: RunRow) -> str:
    return str(CAUSES.get(row.cause, row.cause))


def counted(row: RunRow) -> str:
    """What became of the listings, in words."""
    told = {
        "created": ngettext("%(n)s made", "%(n)s made", row.counts.get("created", 0)),
        "changed": ngettext("%(n)s changed", "%(n)s changed", row.counts.get("changed", 0)),
        "on": ngettext("%(n)s put on sale", "%(n)s put on sale", row.counts.get("on", 0)),
        "off": ngettext("%(n)s taken off", "%(n)s taken off", row.counts.get("off", 0)),
        "refused": ngettext("%(n)s refused", "%(n)s refused", row.counts.get("refused", 0)),
    }
    parts = [words % {"n": number(row.counts[name])} for name, words in told.items()
             if row.counts.get(name)]  # fmt: skip
    return ", ".join(parts) or _("nothing was written")


def state_of(row: RunRow) -> State:
    if row.undone_at is not None:
        return State("off", _("Taken back"))
    if row.finished_at is None:
        return State("wait", _("Going on"))
    return State("ok", _("Written"))


def outcome(one: Written) -> State:
    kind, words = OUTCOMES[one.outcome]
    return State(kind, str(words))
