"""One product: where it stands and why, field by field what Shopify says and who decided it, and
what a person says of it.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from longshore import wiring
from longshore.storage.queries import products as queries
from longshore.storage.queries.problems import problems_about
from longshore.storage.queries.runs import written_of
from longshore.storage.queries.sources import sources_of
from longshore.storage.queries.stock import lines_of_listing
from longshore.web.admin import actions, params
from longshore.web.admin.product_forms import ContentForm, PriceForm, first_words, source_forms
from longshore.web.shared import field_words
from longshore.web.shared.product_words import reasons, state_of
from longshore.web.shared.stock_words import state_of as stock_state
from longshore.web.shared.tenancy import PageRequest
from longshore.web.shared.words import shown

EDITED = ("title", "vendor", "product_type", "tags", "description")


@require_safe
def product(request: PageRequest, listing_id: int) -> HttpResponse:
    return _page(request, listing_id)


def _page(
    request: PageRequest,
    listing_id: int,
    form: ContentForm | None = None,
    *,
    own_price: PriceForm | None = None,
    typed: QueryDict | None = None,
    failed: actions.Failed | None = None,
) -> HttpResponse:
    """With a form that was sent, the page says what is wrong with it; `typed` are the turns and
    costs of vendors as they were sent, `failed` why nothing came of them.
    """
    owner = request.tenant.marketplace_id
    found = queries.product_page(owner, listing_id, timezone.now())
    why = wiring.explain_listing(owner, listing_id) if found is not None else None
    if found is None or why is None:
        raise Http404
    problems = problems_about(owner, [f"listing:{listing_id}"])
    of_product = [one for one in why.fields if not one.line]
    context = {
        "product": found,
        "row": found.row,
        "state": state_of(found.row),
        "reasons": reasons(found.row),
        "problems": [shown(problem) for problem in problems],
        "lines": _lines(found, why),
        "way": field_words.way(why),
        "stays": why.stays,
        "fields": field_words.fields(of_product),
        "variant_fields": field_words.fields(_of_variants(why)),
        "form": form or ContentForm(initial=_initial(why)),
        "edited": EDITED,
        "own_price": own_price or PriceForm(found.lines),
        **_sources(owner, listing_id, typed, failed),
        "written": _written(owner, listing_id),
        "back": request.get_full_path(),
    }
    bad = form is not None or own_price is not None or typed is not None
    return render(request, "admin/product.html", context, status=422 if bad else 200)


def _lines(found: queries.ProductPage, why: wiring.Explained) -> list[tuple[Any, ...]]:
    """Each stock line with its state, its price as it was worked out, and what it shall say."""
    said = {one.line: one for one in why.fields if one.name == "price" and one.line}
    return [
        (line, stock_state(line), found.prices.get(line.id), said.get(line.id))
        for line in found.lines
    ]


def _written(owner: int, listing_id: int) -> list[tuple[Any, ...]]:
    rows = written_of(owner, listing_id)
    return [(one, field_words.changes(one.before, one.after)) for one in rows]


def _sources(
    owner: int, listing_id: int, typed: QueryDict | None, failed: actions.Failed | None
) -> dict[str, Any]:
    """Who has it, each with the form of its turn and cost."""
    sources = sources_of(owner, listing_id)
    forms = source_forms(sources.rows, typed)
    return {
        "sources": sources,
        "source_rows": list(zip(sources.rows, forms, strict=True)),
        "source_failed": failed.words if failed else "",
    }


def _of_variants(why: wiring.Explained) -> list[wiring.FieldToday]:
    """Values of variants that are not the vendor's, or still to be written."""
    return [one for one in why.fields if one.line and (one.own or one.differs)][:100]


def _initial(why: wiring.Explained) -> dict[str, Any]:
    return first_words({one.name: one.wanted for one in why.fields if not one.line}, EDITED)


# --- what a person says of it ---


@require_POST
def edit(request: PageRequest, listing_id: int) -> HttpResponse:
    """Keeps the words that differ as the marketplace's own."""
    owner = request.tenant.marketplace_id
    why = wiring.explain_listing(owner, listing_id)
    if why is None:
        raise Http404
    form = ContentForm(request.POST)
    if not form.is_valid():
        return _page(request, listing_id, form)
    before = _initial(why)
    after = {name: str(form.cleaned_data[name]).strip() for name in EDITED}
    old, new = actions.different(before, after)
    if new:
        values: dict[str, Any] = {**new}
        if "tags" in new:
            values["tags"] = sorted({tag.strip() for tag in new["tags"].split(",") if tag.strip()})
        call = partial(wiring.edit_listing, owner, listing_id, values, {})
        told = {name: field_words.said(name, one) for name, one in new.items()}
        was = {name: field_words.said(name, one) for name, one in old.items()}
        result = actions.noted(
            request, call, _what(request, "product_edited", listing_id, was, told)
        )
        if actions.put_on(form, result):
            return _page(request, listing_id, form)
        actions.tell(request, result, _("Saved. It is written to Shopify and stays as you said."))
    return redirect("admin:product", listing_id)


@require_POST
def say(request: PageRequest, listing_id: int) -> HttpResponse:
    """One decision about it: `do` says which."""
    owner = request.tenant.marketplace_id
    verb, _colon, detail = request.POST.get("do", "").partition(":")
    if queries.product_name(owner, [listing_id]) == "":
        raise Http404
    if verb in _TYPED:
        return _TYPED[verb](request, listing_id, detail)
    choice = _VERBS.get(verb)
    call = choice[0](request, listing_id, detail) if choice else None
    if choice is None or call is None:
        return HttpResponse(_("Nothing was changed: the form was not complete."), status=400)
    what = _what(request, choice[1], listing_id, {}, {"detail": detail} if detail else {})
    result = actions.noted(request, call, what)
    actions.tell(request, result, str(choice[2]))
    return redirect("admin:product", listing_id)


def _say_source(request: PageRequest, listing_id: int, detail: str) -> HttpResponse:
    """Whose turn it is for one variant, and what one costs there."""
    owner = request.tenant.marketplace_id
    rows = sources_of(owner, listing_id).rows
    forms = dict(zip((str(row.id) for row in rows), source_forms(rows, request.POST), strict=True))
    form = forms.get(detail)
    if form is None:
        return HttpResponse(_("Nothing was changed: the form was not complete."), status=400)
    if not form.is_valid():
        return _page(request, listing_id, typed=request.POST)
    turn, cost = form.cleaned_data["priority"], form.cleaned_data["cost"]
    after = {"priority": turn, "cost": cost}
    what = _what(request, "source_changed", listing_id, {}, after)
    call = partial(wiring.change_source, owner, int(detail), turn, cost)
    result = actions.noted(request, call, what)
    if isinstance(result, actions.Failed):
        return _page(request, listing_id, typed=request.POST, failed=result)
    actions.tell(request, result, _("Saved. The vendor is chosen anew."))
    return redirect("admin:product", listing_id)


def _say_price(request: PageRequest, listing_id: int, _detail: str) -> HttpResponse:
    """A price of the marketplace's own for one variant."""
    owner = request.tenant.marketplace_id
    form = PriceForm(lines_of_listing(owner, listing_id), request.POST)
    if not form.is_valid():
        return _page(request, listing_id, own_price=form)
    line, amount = int(form.cleaned_data["line"]), form.cleaned_data["price"]
    what = _what(request, "product_edited", listing_id, {}, {"price": amount})
    values: Mapping[int, Mapping[str, Any]] = {line: {"price": amount}}
    result = actions.noted(
        request, partial(wiring.edit_listing, owner, listing_id, {}, values), what
    )
    if actions.put_on(form, result):
        return _page(request, listing_id, own_price=form)
    actions.tell(request, result, _("Saved. The price stays as you said."))
    return redirect("admin:product", listing_id)


_TYPED: Mapping[str, Callable[[PageRequest, int, str], HttpResponse]] = {
    "source": _say_source,
    "price": _say_price,
}
"""Decisions with something to type: a mistake comes back beside its field."""

Call = Callable[[], object]
Maker = Callable[[PageRequest, int, str], Call | None]


def _link(request: PageRequest, listing_id: int, _detail: str) -> Call:
    owner = request.tenant.marketplace_id
    return partial(wiring.ask_link, owner, listing_id, "", request.user.pk)


def _another(request: PageRequest, listing_id: int, _detail: str) -> Call:
    return partial(wiring.refuse_link, request.tenant.marketplace_id, listing_id)


def _unlink(request: PageRequest, listing_id: int, _detail: str) -> Call:
    return partial(wiring.ask_unlink, request.tenant.marketplace_id, listing_id)


def _accept(request: PageRequest, listing_id: int, _detail: str) -> Call:
    owner = request.tenant.marketplace_id
    return partial(wiring.decide_held_prices, owner, [listing_id], accept=True)


def _keep(request: PageRequest, listing_id: int, _detail: str) -> Call:
    owner = request.tenant.marketplace_id
    return partial(wiring.decide_held_prices, owner, [listing_id], accept=False)


def _vendors(request: PageRequest, listing_id: int, detail: str) -> Call | None:
    if detail not in field_words.NAMES:
        return None
    return partial(wiring.take_vendors_value, request.tenant.marketplace_id, listing_id, [detail])


def _lock(request: PageRequest, listing_id: int, detail: str) -> Call | None:
    """Keeps what it shall say now, whatever the vendor does from now on."""
    owner = request.tenant.marketplace_id
    why = wiring.explain_listing(owner, listing_id)
    said = {one.name: one.wanted for one in why.fields if not one.line} if why else {}
    if detail not in EDITED or detail not in said:
        return None
    return partial(wiring.edit_listing, owner, listing_id, {detail: said[detail]}, {})


def _bring_back(request: PageRequest, _listing_id: int, detail: str) -> Call | None:
    line = params.digits(detail)
    if line is None:
        return None
    return partial(wiring.bring_back_variant, request.tenant.marketplace_id, line)


def _join(request: PageRequest, listing_id: int, detail: str) -> Call | None:
    """Another vendor's product joins this one."""
    other = params.digits(detail)
    if other is None:
        return None
    return partial(wiring.join_listing, request.tenant.marketplace_id, other, listing_id)


def _leave(request: PageRequest, _listing_id: int, detail: str) -> Call | None:
    other = params.digits(detail)
    if other is None:
        return None
    return partial(wiring.leave_listing, request.tenant.marketplace_id, other)


# By verb: the call, the deed it is noted as, and what the next page tells.
_VERBS: Mapping[str, tuple[Maker, str, Any]] = {
    "link": (
        _link,
        "product_linked",
        gettext_lazy("It is being linked. Price and stock follow, all else there stays."),
    ),
    "another": (
        _another,
        "product_not_linked",
        gettext_lazy("It becomes a product of its own once you approve it."),
    ),
    "unlink": (
        _unlink,
        "product_unlinked",
        gettext_lazy("It is being unlinked. The product on Shopify stays as it is."),
    ),
    "accept": (_accept, "price_accepted", gettext_lazy("The new price goes to Shopify.")),
    "keep": (
        _keep,
        "price_kept",
        gettext_lazy("The old price stays until the vendor changes it again."),
    ),
    "vendors": (
        _vendors,
        "value_given_back",
        gettext_lazy("The vendor decides this field again."),
    ),
    "lock": (
        _lock,
        "product_edited",
        gettext_lazy("Locked: it stays as it is, whatever the vendor does."),
    ),
    "bring_back": (_bring_back, "variant_brought_back", gettext_lazy("It is being made anew.")),
    "join": (
        _join,
        "product_joined",
        gettext_lazy("They are one product now. Whoever your rule chooses sells it."),
    ),
    "leave": (_leave, "product_left", gettext_lazy("It is a product of its own again.")),
}


def _what(
    request: PageRequest,
    kind: str,
    listing_id: int,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> wiring.What:
    name = queries.product_name(request.tenant.marketplace_id, [listing_id])
    return wiring.What(kind, f"listing:{listing_id}", name, before=before, after=after)
