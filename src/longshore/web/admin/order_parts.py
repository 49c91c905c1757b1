"""What a person decides about one vendor's part of an order."""

from collections.abc import Callable, Mapping
from functools import partial

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from longshore import wiring
from longshore.domain.orders import StatusMeaning
from longshore.domain.placing import Conflict
from longshore.storage.queries.order import OrderPage, Part, order_page
from longshore.web.admin import actions
from longshore.web.shared.tenancy import PageRequest


def _settle(how: Conflict, marketplace_id: int, part_id: int) -> None:
    wiring.settle_conflict(marketplace_id, part_id, how)


Decision = Callable[[int, int], object]
DECISIONS: Mapping[str, tuple[Decision, str, object]] = {
    # what the button says: (use case, the deed's kind, what is said when it is done)
    "send_again": (
        wiring.send_part_again,
        "part_sent_again",
        gettext_lazy("%(vendor)s: we look for it in their shop first, then it is sent."),
    ),
    "remind": (
        wiring.ask_reminder,
        "vendor_reminded",
        gettext_lazy("%(vendor)s gets a mail with a link to ship it, no password needed."),
    ),
    "as_it_is": (
        wiring.send_part_as_it_is,
        "part_sent_as_it_is",
        gettext_lazy("%(vendor)s gets it as it is."),
    ),
    "give_up": (
        wiring.give_up_part,
        "part_given_up",
        gettext_lazy("%(vendor)s's part is given up. Refund the buyer on Shopify."),
    ),
    **{
        how.value: (
            partial(_settle, how),
            "conflict_settled",
            gettext_lazy("Decided about %(vendor)s's parcel; its tracking stays."),
        )
        for how in Conflict
        if how is not Conflict.OPEN
    },
}


TAUGHT = {
    "number": gettext_lazy("parcel number"),
    "carrier": gettext_lazy("carrier"),
    "link": gettext_lazy("link"),
}


@require_POST
def teach(request: PageRequest, order_id: int) -> HttpResponse:
    """A click on a field of the vendor's order: it holds the parcel's number, carrier or link."""
    owner = request.tenant.marketplace_id
    part = _asked(request, order_id)[1]
    meaning = next((one for one in TAUGHT if one in request.POST), "")
    if not meaning:
        raise Http404
    key = request.POST[meaning][:255]
    after = {str(TAUGHT[meaning]): key}
    about = f"vendor:{part.vendor_id}"
    what = wiring.What("tracking_taught", about, part.vendor, part.vendor_id, after=after)
    call = partial(wiring.teach_tracking, owner, part.id, key, meaning)
    done = _("Understood: all orders of %(vendor)s are read that way from now on.")
    actions.tell(request, actions.noted(request, call, what), done % {"vendor": part.vendor})
    return redirect("admin:order", order_id)


MEANINGS = {
    StatusMeaning.IN_PROGRESS.value: gettext_lazy("being packed"),
    StatusMeaning.SHIPPED.value: gettext_lazy("shipped"),
    StatusMeaning.CANCELED.value: gettext_lazy("canceled"),
    StatusMeaning.REFUSED.value: gettext_lazy("refused by the vendor"),
}


@require_POST
def mean(request: PageRequest, order_id: int) -> HttpResponse:
    """Says what a status of the vendor's own stands for; it is remembered for its shop."""
    owner = request.tenant.marketplace_id
    part = _asked(request, order_id)[1]
    status, meaning = request.POST.get("status", "")[:60], request.POST.get("meaning", "")
    if meaning not in MEANINGS:
        return HttpResponseBadRequest(_("There is no such decision."))
    after = {status: str(MEANINGS[meaning])}
    about = f"vendor:{part.vendor_id}"
    what = wiring.What("status_understood", about, part.vendor, part.vendor_id, after=after)
    chosen = StatusMeaning(meaning)
    call = partial(wiring.choose_status_meaning, owner, part.id, status, chosen)
    done = _("Understood: %(status)s means that at %(vendor)s from now on.")
    words = done % {"vendor": part.vendor, "status": status}
    actions.tell(request, actions.noted(request, call, what), words)
    return redirect("admin:order", order_id)


def carriers_of(part: Part) -> list[tuple[str, str]]:
    """(what the vendor's shop calls it, what was said about it) of each carrier that Shopify does
    not know, or that somebody named.
    """
    found: dict[str, str] = {}
    for one in part.parcels:
        known = wiring.carrier_on_shopify(one.carrier, one.number, one.url, one.country)[1]
        if one.carrier and one.number and (one.company or not known):
            found.setdefault(one.carrier, one.company)
    return list(found.items())


@require_POST
def name_carrier(request: PageRequest, order_id: int) -> HttpResponse:
    """`said` is told to Shopify as `name` from now on: of this vendor, or of `everywhere`."""
    owner = request.tenant.marketplace_id
    part = _asked(request, order_id)[1]
    said, name = request.POST.get("said", "")[:200], request.POST.get("name", "")[:100]
    everywhere = "everywhere" in request.POST
    what = wiring.What("carrier_named", f"vendor:{part.vendor_id}", part.vendor, part.vendor_id,
                       after={said: name})  # fmt: skip
    call = partial(wiring.name_carrier, owner, part.id, said, name, everywhere=everywhere)
    done = (
        _("%(said)s is %(name)s on Shopify from now on.")
        if name.strip()
        else _("%(said)s is told to Shopify as the vendor's shop writes it.")
    )
    words = {"said": said, "name": name.strip()}
    actions.tell(request, actions.noted(request, call, what), done % words)
    return redirect("admin:order", order_id)


@require_POST
def write(request: PageRequest, order_id: int) -> HttpResponse:
    """A message to the vendor about its part."""
    owner = request.tenant.marketplace_id
    found, part = _asked(request, order_id)
    text = request.POST.get("text", "")
    about = f"{found.name}, {part.vendor}"
    what = wiring.What("order_written", f"order:{order_id}", about, part.vendor_id)
    call = partial(wiring.write_to_vendor, owner, part.id, text)
    done = _("%(vendor)s sees it with the order.") % {"vendor": part.vendor}
    actions.tell(request, actions.noted(request, call, what), done)
    return redirect("admin:order", order_id)


@require_POST
def decide(request: PageRequest, order_id: int) -> HttpResponse:
    """`do` names the decision, `part` the vendor's part."""
    owner = request.tenant.marketplace_id
    found, part = _asked(request, order_id)
    if request.POST.get("do") not in DECISIONS:
        return HttpResponseBadRequest(_("There is no such decision."))
    call, kind, done = DECISIONS[request.POST["do"]]
    about = f"{found.name}, {part.vendor}"
    what = wiring.What(kind, f"order:{order_id}", about, part.vendor_id)
    result = actions.noted(request, partial(call, owner, part.id), what)
    actions.tell(request, result, str(done) % {"vendor": part.vendor})
    return redirect("admin:order", order_id)


def _asked(request: PageRequest, order_id: int) -> tuple[OrderPage, Part]:
    """The order, and the part of it that is named. Raises Http404."""
    found = order_page(request.tenant.marketplace_id, order_id)
    named = request.POST.get("part", "")
    part = next((one for one in found.parts if str(one.id) == named), None) if found else None
    if found is None or part is None:
        raise Http404
    return found, part
