"""One vendor: how its shop is connected, its settings with their effect, and its people."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longshore import wiring
from longshore.storage.queries.activity import activity
from longshore.storage.queries.checks import visits
from longshore.storage.queries.figures import figures
from longshore.storage.queries.home import lately
from longshore.storage.queries.problems import open_problems
from longshore.storage.queries.trials import newest_trials
from longshore.storage.queries.vendor import VendorPage, vendor_page
from longshore.web.admin import actions, params
from longshore.web.admin.effects import effects
from longshore.web.admin.forms import InviteForm, VendorSettingsForm
from longshore.web.shared import check_words, deed_words, trial_words
from longshore.web.shared.accounts import mail_row, send_hub_mail
from longshore.web.shared.invitations import invite_vendor
from longshore.web.shared.order_words import brief
from longshore.web.shared.stale import is_stale, mark
from longshore.web.shared.tenancy import PageRequest
from longshore.web.shared.vendor_words import (
    clock_words,
    figure_words,
    health_words,
    limits_words,
    signing_words,
    state_of,
)
from longshore.web.shared.words import Shown, shown
from longshore.wiring.links import CHECK, link_to

SETTINGS = (
    "name",
    "email",
    "buffer",
    "sell_backorders",
    "auto_approve",
    "drafts_first",
    "rate",
    "rate_days",
    "tax_factor",
    "ship_days",
    "labels_ship",
    "when_silent",
    "silent_hours",
    "countries",
    "holiday_from",
    "holiday_until",
)


def vendor_of(request: PageRequest, vendor_id: int) -> VendorPage:
    """The vendor, if it is of this marketplace. Raises Http404."""
    found = vendor_page(request.tenant.marketplace_id, vendor_id)
    if found is None:
        raise Http404
    return found


@require_safe
def vendor(request: PageRequest, vendor_id: int) -> HttpResponse:
    owner, found = request.tenant.marketplace_id, vendor_of(request, vendor_id)
    form = VendorSettingsForm(initial=_initial(found))
    trials = newest_trials(owner, vendor_id)
    return render(
        request,
        "admin/vendor.html",
        {
            **top_of(found, "connection"),
            **_problems(request, vendor_id),
            "stores": [
                (
                    store,
                    health_words(store.state),
                    signing_words(store),
                    clock_words(store),
                    limits_words(store),
                    trial := trials.get(store.id),
                    trial_words.told(trial) if trial else None,
                    reverse("admin:vendor_trial_steps", args=[vendor_id]),
                )
                for store in found.stores
            ],
            "effects": effects(form, found),
            "figures": figure_words(figures(owner, vendor_id, wiring.clock.now())),
            "check_link": link_to(CHECK, vendor_id, request.build_absolute_uri("/")),
            "lately": [(event, brief(event)) for event in lately(owner, vendor_id)],
        },
    )


def _problems(request: PageRequest, vendor_id: int) -> dict[str, list[Shown]]:
    """What needs somebody, and notes; none leads to the page it stands on."""
    found = open_problems(request.tenant.marketplace_id, vendor_id).rows
    told = [(row.is_note, shown(row)) for row in found]
    here = [
        (note, replace(row, button="") if row.url == request.path else row) for note, row in told
    ]
    return {
        "problems": [row for note, row in here if not note],
        "notes": [row for note, row in here if note],
    }


@require_POST
def pause(request: PageRequest, vendor_id: int) -> HttpResponse:
    """Takes all of a vendor's goods off sale, or puts them back; open orders go on."""
    found = vendor_of(request, vendor_id)
    active = "resume" in request.POST
    now, then = {"active": found.active}, {"active": active}
    done = _("%(name)s is on sale again.") if active else _("%(name)s is paused: nothing is sold.")
    result = actions.change_vendor(request, vendor_id, found.name, now, then)
    actions.tell(request, result, done % {"name": found.name}, undo=True)
    return redirect("admin:vendor", vendor_id)


@require_POST
def choose(request: PageRequest, vendor_id: int) -> HttpResponse:
    """Decides about one store: its import language, or whether it is the shop we know."""
    found = vendor_of(request, vendor_id)
    store = next((one for one in found.stores if str(one.id) == request.POST.get("store")), None)
    if store is None:
        raise Http404
    owner = request.tenant.marketplace_id
    what = wiring.What("catalog_chosen", f"vendor:{vendor_id}", found.name, vendor_id)
    if "language" in request.POST:
        language = params.text(request.POST, "language", 20)
        old, new = {"language": store.import_language}, {"language": language}
        what = wiring.What("vendor_changed", f"store:{store.id}", found.name, vendor_id, old, new)
        call = partial(wiring.choose_language, owner, store.id, language)
    elif "currency" in request.POST:
        currency = params.text(request.POST, "currency", 3).strip().upper()
        old, new = {"currency": store.currency}, {"currency": currency}
        what = wiring.What("vendor_changed", f"store:{store.id}", found.name, vendor_id, old, new)
        call = partial(wiring.state_currency, owner, store.id, currency)
    elif "forget_tracking" in request.POST:
        what = wiring.What("tracking_forgotten", f"vendor:{vendor_id}", found.name, vendor_id)
        call = partial(wiring.forget_tracking, owner, store.id)
    elif "forget_status" in request.POST:
        status = params.text(request.POST, "forget_status", 60)
        before = {status: store.status_meanings.get(status, "")}
        about = f"vendor:{vendor_id}"
        what = wiring.What("status_forgotten", about, found.name, vendor_id, before)
        call = partial(wiring.forget_status_meaning, owner, store.id, status)
    else:
        call = partial(wiring.choose_catalog, owner, store.id, same="same" in request.POST)
    result = actions.noted(request, call, what)
    actions.tell(request, result, _("Saved. What depends on it is worked out anew."))
    return redirect("admin:vendor", vendor_id)


@require_safe
def history(request: PageRequest, vendor_id: int) -> HttpResponse:
    """What people changed at this vendor, and the doctor's visits."""
    owner, found = request.tenant.marketplace_id, vendor_of(request, vendor_id)
    page = activity(owner, vendor_id=vendor_id, cursor=params.cursor(request))
    context = {
        **top_of(found, "history"),
        "page": page,
        "rows": [(done, deed_words.told(done)) for done in page.rows],
        "visits": [(visit, check_words.state_of(visit)) for visit in visits(owner, vendor_id)],
    }
    return render(request, "admin/vendor_history.html", context)


@require_safe
def scan(request: PageRequest, vendor_id: int) -> HttpResponse:
    """How far reading the shop is; the vendor's page replaces its part with this every 2 s."""
    return render(request, "admin/_scan.html", {"vendor": vendor_of(request, vendor_id)})


@require_POST
def move_scan(request: PageRequest, vendor_id: int) -> HttpResponse:
    """Stops the full reading of the vendor's shops, or begins one."""
    owner, found = request.tenant.marketplace_id, vendor_of(request, vendor_id)
    on = request.POST.get("do") == "read"
    call = wiring.read_again if on else wiring.stop_import
    what = wiring.What(
        "reading_asked" if on else "reading_stopped", f"vendor:{vendor_id}", found.name, vendor_id
    )
    done = actions.noted(request, partial(call, owner, vendor_id), what)
    told = _("It is read again from the beginning.") if on else _("Stopped. What was read is kept.")
    actions.tell(request, done, told)
    return redirect("admin:vendor", vendor_id)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: PageRequest, vendor_id: int) -> HttpResponse:
    found = vendor_of(request, vendor_id)
    bound = request.method == "POST"
    form = VendorSettingsForm(request.POST if bound else None, initial=_initial(found))
    before = _initial(found)
    if form.is_valid() and not is_stale(form, before):
        result = actions.change_vendor(request, vendor_id, found.name, before, form.cleaned_data)
        if not actions.put_on(form, result):
            actions.tell(
                request, result, _("Saved. What depends on it is worked out anew."), undo=True
            )
            return redirect("admin:vendor_settings", vendor_id)
    return _settings(request, found, form, status=422 if bound else 200)


@require_safe
def tell_effects(request: PageRequest, vendor_id: int) -> HttpResponse:
    """What the typed settings would do; nothing is saved."""
    found = vendor_of(request, vendor_id)
    told = effects(VendorSettingsForm(request.GET), found)
    return render(request, "admin/_effects.html", {"effects": told})


@require_POST
def invite(request: PageRequest, vendor_id: int) -> HttpResponse:
    """Makes a link that is shown once, and mails it where a mail server is set."""
    found = vendor_of(request, vendor_id)
    form = InviteForm(request.POST, auto_id="invite_%s")
    if form.is_valid():
        owner, email = request.tenant.marketplace_id, form.cleaned_data["email"]
        base = actions.public_url() or request.build_absolute_uri("/")
        link = actions.attempt(lambda: invite_vendor(owner, vendor_id, email, base))
        if not actions.put_on(form, link):
            return _invited(request, found, email, str(link))
    usual = VendorSettingsForm(initial=_initial(found))
    return _settings(request, found, usual, invite=form, status=422)


def _invited(request: PageRequest, vendor: VendorPage, email: str, link: str) -> HttpResponse:
    mailed = mail_row() is not None and send_hub_mail(
        email,
        _("Your shop at %(marketplace)s") % {"marketplace": request.tenant.name},
        _("Open this link to see your orders. It works once, for 3 days.\n\n%(link)s\n")
        % {"link": link},
    )
    context = {"vendor": vendor, "link": link, "email": email, "mailed": mailed}
    return render(request, "admin/invited.html", context)


def _initial(vendor: VendorPage) -> dict[str, Any]:
    return {name: getattr(vendor, name) for name in SETTINGS} | {"rate_still_right": False}


def top_of(vendor: VendorPage, tab: str) -> dict[str, Any]:
    """What all pages of a vendor have above."""
    return {"vendor": vendor, "state": state_of(vendor.state), "tab": tab}


def _settings(
    request: PageRequest,
    vendor: VendorPage,
    form: VendorSettingsForm,
    *,
    invite: InviteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **top_of(vendor, "settings"),
        "form": form,
        "seen": mark(_initial(vendor)),
        "effects": effects(form, vendor),
        "invite": invite or InviteForm(initial={"email": vendor.email}, auto_id="invite_%s"),
    }
    return render(request, "admin/vendor_settings.html", context, status=status)
