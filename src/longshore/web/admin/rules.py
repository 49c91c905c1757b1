"""The marketplace's rules: which products come in, what their words become, what they cost, and how
a product is written. Each is previewed on the goods that are there before it is saved.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longshore import wiring
from longshore.storage.queries import rules as queries
from longshore.web.admin import actions, params
from longshore.web.admin.rule_forms import (
    FORMS,
    PolicyForm,
    RuleForm,
    policy_initial,
    rule_initial,
)
from longshore.web.shared import row_ids, rule_words  # noqa: F401 - row_ids registers <id:...>
from longshore.web.shared.stale import is_stale, mark
from longshore.web.shared.table_files import as_file
from longshore.web.shared.tenancy import PageRequest

PREVIEW = "preview"


def addresses() -> list[URLPattern]:
    """Each kind of rule has its own, so that rows of one are never taken for another's."""
    found: list[URLPattern] = [
        path("products/rules/texts/", policy, name="policy"),
        path("products/rules/texts/<id:vendor_id>/", policy, name="policy_of"),
    ]
    for kind in FORMS:
        one, own = kind.removesuffix("s"), {"kind": kind}
        base, row = f"products/rules/{kind}/", f"products/rules/{kind}/<id:{one}_id>/"
        found += [
            path(base, rules, own, name=kind),
            path(f"{base}add/", rule, own, name=f"{one}_add"),
            path(row, rule, own, name=one),
            path(f"{row}move/", move, own, name=f"{one}_move"),
            path(f"{row}remove/", remove, own, name=f"{one}_remove"),
        ]
    return found


@require_safe
def rules(request: PageRequest, kind: str) -> HttpResponseBase:
    owner = request.tenant.marketplace_id
    rows = queries.rule_rows(owner, kind)
    if params.as_file(request):
        return _file(request, kind, rows)
    context = {
        **_top(owner, kind),
        "rows": [(row, rule_words.sentence(kind, row.values)) for row in rows],
    }
    return render(request, "admin/rules.html", context)


def _file(request: PageRequest, kind: str, rows: Iterable[queries.RuleRow]) -> HttpResponseBase:
    head = [_("Rule"), _("Name"), _("For"), _("State")]
    told = (
        [
            strip_tags(rule_words.sentence(kind, row.values)),
            row.name,
            row.vendor or _("every vendor"),
            _("In use") if row.active else _("Not in use"),
        ]
        for row in rows
    )
    return as_file(request, kind, head, told)


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: PageRequest, kind: str, **row: int) -> HttpResponse:
    owner, rule_id = request.tenant.marketplace_id, next(iter(row.values()), None)
    found = queries.rule_row(owner, kind, rule_id) if rule_id is not None else None
    if rule_id is not None and found is None:
        raise Http404
    before = rule_initial(kind, found.values) if found else {}
    if found:
        before["vendor_id"] = found.vendor_id
    bound = request.method == "POST"
    form = FORMS[kind](request.POST if bound else None, queries.vendor_names(owner), initial=before)
    preview, saved = None, False
    if bound and form.is_valid() and not is_stale(form, before):
        if request.POST.get("do") == PREVIEW:
            preview = _previewed(form, owner, kind, rule_id)
        else:
            saved = _saved(request, form, kind, rule_id)
    if saved:
        return redirect(f"admin:{kind}")
    context = {
        **_top(owner, kind),
        "form": form,
        "row": found,
        "seen": mark(before),
        "title": rule_words.sentence(kind, found.values) if found else _("A new rule"),
        "preview": preview,
    }
    status = 422 if bound and form.errors else 200
    return render(request, "admin/rule.html", context, status=status)


def _previewed(
    form: RuleForm, owner: int, kind: str, rule_id: int | None
) -> rule_words.Previewed | None:
    call = partial(wiring.preview_rule, owner, wiring.RuleKind(kind), rule_id, form.values())
    found = actions.attempt(call)
    if actions.put_on(form, found) or not isinstance(found, wiring.RulesPreview):
        return None
    return rule_words.previewed(found)


def _saved(request: PageRequest, form: RuleForm, kind: str, rule_id: int | None) -> bool:
    owner, values = request.tenant.marketplace_id, form.values()
    about = values["name"] or rule_words.sentence(kind, _whole(values))
    call = partial(wiring.save_rule, owner, wiring.RuleKind(kind), rule_id, values)
    what = wiring.What("rule_saved", f"{kind}:{rule_id or 0}", about, values["vendor_id"])
    done = actions.noted(request, call, what)
    if actions.put_on(form, done):
        return False
    actions.tell(request, done, _("Saved. What depends on it is worked out anew."))
    return True


def _whole(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"category": "", "tag": "", "at_least": None, "below": None, "ending": None, **values}


@require_POST
def move(request: PageRequest, kind: str, **row: int) -> HttpResponse:
    return _changed(request, kind, next(iter(row.values())), "rule_moved")


@require_POST
def remove(request: PageRequest, kind: str, **row: int) -> HttpResponse:
    return _changed(request, kind, next(iter(row.values())), "rule_removed")


def _changed(request: PageRequest, kind: str, rule_id: int, deed: str) -> HttpResponse:
    owner, of = request.tenant.marketplace_id, wiring.RuleKind(kind)
    found = queries.rule_row(owner, kind, rule_id)
    if found is None:
        raise Http404
    call = partial(wiring.remove_rule, owner, of, rule_id)
    told = _("Removed. What depended on it is worked out anew.")
    if deed == "rule_moved":
        call = partial(wiring.move_rule, owner, of, rule_id, up="up" in request.POST)
        told = _("Moved. The first rule that fits decides.")
    about = found.name or rule_words.sentence(kind, found.values)
    result = actions.noted(
        request, call, wiring.What(deed, f"{kind}:{rule_id}", about, found.vendor_id)
    )
    actions.tell(request, result, told)
    return redirect(f"admin:{kind}")


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: PageRequest, vendor_id: int | None = None) -> HttpResponse:
    owner = request.tenant.marketplace_id
    found = queries.policy_row(owner, vendor_id)
    if found is None:
        raise Http404
    before = policy_initial(found.values)
    bound = request.method == "POST"
    form = PolicyForm(request.POST if bound else None, initial=before)
    preview, saved = None, False
    if bound and form.is_valid():
        if request.POST.get("do") == PREVIEW:
            call = partial(wiring.preview_policy, owner, vendor_id, form.values())
            made = actions.attempt(call)
            if not actions.put_on(form, made) and isinstance(made, wiring.RulesPreview):
                preview = rule_words.previewed(made)
        else:
            saved = _policy_saved(request, form, vendor_id, found.vendor)
    if saved:
        return redirect("admin:policy_of", vendor_id) if vendor_id else redirect("admin:policy")
    context = {
        **_top(owner, "texts"),
        "form": form,
        "policy": found,
        "preview": preview,
        "vendors": queries.vendor_names(owner),
        "differ": queries.policies_that_differ(owner),
    }
    status = 422 if bound and form.errors else 200
    return render(request, "admin/policy.html", context, status=status)


def _policy_saved(
    request: PageRequest, form: PolicyForm, vendor_id: int | None, about: str
) -> bool:
    owner = request.tenant.marketplace_id
    call = partial(wiring.save_policy, owner, vendor_id, form.values())
    subject = f"vendor:{vendor_id}" if vendor_id else f"marketplace:{owner}"
    what = wiring.What("policy_saved", subject, about, vendor_id)
    done = actions.noted(request, call, what)
    if actions.put_on(form, done):
        return False
    actions.tell(request, done, _("Saved. What depends on it is worked out anew."))
    return True


def _top(owner: int, tab: str) -> dict[str, Any]:
    counts = queries.rule_counts(owner)
    tabs = [(kind, words, counts[kind]) for kind, words in rule_words.KINDS.items()]
    return {"tab": tab, "tabs": tabs, "kind_words": rule_words.KINDS.get(tab, "")}
