"""Settings: the Shopify connection, where stock and sales are, the marketplace's clock, mail."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longshore.storage.queries.setup import FrontCard, SetupPage, setup_page
from longshore.web.admin import actions
from longshore.web.admin.forms import ShopifyForm
from longshore.web.admin.setup_forms import InvoiceForm, MailForm, MarketplaceForm, PlacesForm
from longshore.web.shared.stale import is_stale, mark
from longshore.web.shared.tenancy import PageRequest, governs

MARKETPLACE = (
    "name",
    "timezone",
    "hold_minutes",
    "route_authorized",
    "hold_risk",
    "purchase_prices",
    "buyer_email",
    "relay_domain",
    "order_email",
    "notify_buyers",
)


@require_safe
def setup(request: PageRequest) -> HttpResponse:
    return _page(request)


@governs
@require_POST
def shopify(request: PageRequest) -> HttpResponse:
    """Connects or re-connects: reads and checks on Shopify, stores only when all is well."""
    owner = request.tenant.marketplace_id
    form = ShopifyForm(request.POST, auto_id="shopify_%s")
    if form.is_valid():
        front = setup_page(owner).front
        base = front.api_base if front and front.shop_domain == form.cleaned_data["shop"] else ""
        result = actions.connect_storefront(request, form.keys(base))
        if not actions.put_on(form, result):
            done = _("%(shop)s is connected. Nothing was written there.")
            actions.tell(request, result, done % {"shop": form.cleaned_data["shop"]})
            return redirect("admin:setup")
    return _page(request, shopify=form)


@governs
@require_http_methods(["GET", "HEAD", "POST"])
def places(request: PageRequest) -> HttpResponse:
    """Asks Shopify for sales channels and locations (POST `read`), then saves a choice of them."""
    front = setup_page(request.tenant.marketplace_id).front
    if request.method != "POST" or front is None:
        return redirect("admin:setup")
    offered = actions.read_places(request.tenant.marketplace_id)
    if isinstance(offered, actions.Failed):
        actions.tell(request, offered, "")
        return redirect("admin:setup")
    form = _places_form(request, front, offered)
    if form.is_valid():
        return _choose(request, form, offered)
    return render(
        request, "admin/places.html", {"form": form}, status=422 if form.is_bound else 200
    )


def _places_form(request: PageRequest, front: FrontCard, offered: actions.Places) -> PlacesForm:
    publications = [(one.publication_id, one.name) for one in offered.publications]
    layouts = [("per_vendor", _("a location for each vendor, while the plan allows"))]
    layouts += [
        (one.location_id, _("one location for all: %(name)s") % {"name": one.name})
        for one in offered.locations
    ]
    now = "per_vendor" if front.layout == "per_vendor" else front.shared_location_id
    initial = {"publication": front.publication_id, "layout": now}
    data = None if "read" in request.POST else request.POST
    return PlacesForm(publications, layouts, data, initial=initial)


def _choose(request: PageRequest, form: PlacesForm, offered: actions.Places) -> HttpResponse:
    chosen, layout = form.cleaned_data["publication"], form.cleaned_data["layout"]
    names = {one.publication_id: one.name for one in offered.publications}
    per_vendor = layout == "per_vendor"
    # Also with a location for each vendor one is kept: what the plan's limit leaves over shares it.
    spare = offered.locations[0].location_id if offered.locations else ""
    result = actions.choose_places(
        request,
        (chosen, names[chosen]),
        "per_vendor" if per_vendor else "shared",
        spare if per_vendor else layout,
    )
    actions.tell(request, result, _("Saved. It holds from the next publication on."))
    return redirect("admin:setup")


@governs
@require_POST
def marketplace(request: PageRequest) -> HttpResponse:
    form = MarketplaceForm(request.POST, auto_id="marketplace_%s")
    page = setup_page(request.tenant.marketplace_id)
    before = {name: getattr(page, name) for name in MARKETPLACE}
    if form.is_valid() and not is_stale(form, before):
        result = actions.change_marketplace(request, before, form.cleaned_data)
        if not actions.put_on(form, result):
            actions.tell(request, result, _("Saved."), undo=True)
            return redirect("admin:setup")
    return _page(request, marketplace=form)


@governs
@require_POST
def invoice(request: PageRequest) -> HttpResponse:
    """The marketplace's own address; an empty form takes it away."""
    form = InvoiceForm(request.POST, auto_id="invoice_%s")
    page = setup_page(request.tenant.marketplace_id)
    if form.is_valid() and not is_stale(form, _invoice(page)):
        before, after = dict(page.invoice_address), form.kept()
        result = actions.change_marketplace(
            request, {"invoice_address": before}, {"invoice_address": after}
        )
        if not actions.put_on(form, result):
            actions.tell(request, result, _("Saved. It holds from the next order on."), undo=True)
            return redirect("admin:setup")
    return _page(request, invoice=form)


@governs
@require_POST
def mail(request: PageRequest) -> HttpResponse:
    """Sends a test and saves the settings only if it went out."""
    if "remove" in request.POST:
        removed = actions.change_mail(request, "", "")
        actions.tell(request, removed, _("Mail is off. Invitations are links to copy."))
        return redirect("admin:setup")
    form = MailForm(request.POST, auto_id="mail_%s")
    if form.is_valid():
        url, sender, to = (str(form.cleaned_data[name]) for name in ("url", "sender", "to"))
        if not actions.put_on(form, actions.test_mail(url.strip(), sender, to)):
            saved = actions.change_mail(request, url.strip(), sender)
            actions.tell(request, saved, _("A test mail is on its way to %(to)s.") % {"to": to})
            return redirect("admin:setup")
    return _page(request, mail=form)


def _page(request: PageRequest, **bound: forms.Form) -> HttpResponse:
    page = setup_page(request.tenant.marketplace_id)
    context = {
        "page": page,
        "public_url": actions.public_url(),
        "tab": "setup",
        "seen": mark({name: getattr(page, name) for name in MARKETPLACE}),
        "seen_invoice": mark(_invoice(page)),
        "opened": next(iter(bound), ""),
        "zones": sorted(available_timezones()),
        **_unbound(request, page),
        **bound,
    }
    return render(request, "admin/setup.html", context, status=422 if bound else 200)


def _invoice(page: SetupPage) -> dict[str, Any]:
    return {name: page.invoice_address.get(name, "") for name in InvoiceForm.base_fields}


def _unbound(request: PageRequest, page: SetupPage) -> dict[str, Any]:
    front = page.front
    shop = {"shop": front.shop_domain, "client_id": front.client_id} if front else None
    usual = {name: getattr(page, name) for name in MARKETPLACE}
    mail = {"sender": page.mail_from, "to": request.user.email}
    return {
        "shopify": ShopifyForm(initial=shop, auto_id="shopify_%s"),
        "marketplace": MarketplaceForm(initial=usual, auto_id="marketplace_%s"),
        "invoice": InvoiceForm(initial=_invoice(page), auto_id="invoice_%s"),
        "mail": MailForm(initial=mail, auto_id="mail_%s"),
    }
