"""Settings: the Shopify connection, where stock and sales are, the marketplace's clock, mail."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longshore.storage.queries.setup import SetupPage, setup_page
from longshore.web.admin import actions
from longshore.web.admin.forms import MailForm, MarketplaceForm, PlacesForm, ShopifyForm
from longshore.web.shared.tenancy import PageRequest


@require_safe
def setup(request: PageRequest) -> HttpResponse:
    return _page(request)


@require_POST
def shopify(request: PageRequest) -> HttpResponse:
    """Connects or re-connects: reads and checks on Shopify, stores only when all is well."""
    owner = request.tenant.marketplace_id
    form = ShopifyForm(request.POST)
    if form.is_valid():
        front = setup_page(owner).front
        base = front.api_base if front and front.shop_domain == form.cleaned_data["shop"] else ""
        result = actions.connect_storefront(owner, form.keys(base))
        if not actions.put_on(form, result):
            done = _("%(shop)s is connected. Nothing was written there.")
            actions.tell(request, result, done % {"shop": form.cleaned_data["shop"]})
            return redirect("admin:setup")
    return _page(request, shopify=form)


@require_http_methods(["GET", "HEAD", "POST"])
def places(request: PageRequest) -> HttpResponse:
    """Asks Shopify for sales channels and locations (POST `read`), then saves a choice of them."""
    owner = request.tenant.marketplace_id
    page = setup_page(owner)
    if request.method != "POST" or page.front is None:
        return redirect("admin:setup")
    offered = actions.read_places(owner)
    if isinstance(offered, actions.Failed):
        actions.tell(request, offered, "")
        return redirect("admin:setup")
    publications = [(one.publication_id, one.name) for one in offered.publications]
    layouts = [("per_vendor", _("a location for each vendor, while the plan allows"))]
    layouts += [
        (one.location_id, _("one location for all: %(name)s") % {"name": one.name})
        for one in offered.locations
    ]
    front = page.front
    now = "per_vendor" if front.layout == "per_vendor" else front.shared_location_id
    initial = {"publication": front.publication_id, "layout": now}
    reading = "read" in request.POST
    form = PlacesForm(publications, layouts, None if reading else request.POST, initial=initial)
    if form.is_valid():
        return _choose(request, form, dict(publications), offered)
    return render(
        request, "admin/places.html", {"form": form}, status=422 if form.is_bound else 200
    )


def _choose(
    request: PageRequest, form: PlacesForm, names: dict[str, str], offered: actions.Places
) -> HttpResponse:
    chosen, layout = form.cleaned_data["publication"], form.cleaned_data["layout"]
    per_vendor = layout == "per_vendor"
    # Also with a location for each vendor one is kept: what the plan's limit leaves over shares it.
    spare = offered.locations[0].location_id if offered.locations else ""
    result = actions.choose_places(
        request.tenant.marketplace_id,
        (chosen, names[chosen]),
        "per_vendor" if per_vendor else "shared",
        spare if per_vendor else layout,
    )
    actions.tell(request, result, _("Saved. It holds from the next publication on."))
    return redirect("admin:setup")


@require_POST
def marketplace(request: PageRequest) -> HttpResponse:
    form = MarketplaceForm(request.POST)
    if form.is_valid():
        result = actions.change_marketplace(request.tenant.marketplace_id, **form.cleaned_data)
        if not actions.put_on(form, result):
            actions.tell(request, result, _("Saved."))
            return redirect("admin:setup")
    return _page(request, marketplace=form)


@require_POST
def mail(request: PageRequest) -> HttpResponse:
    """Sends a test and saves the settings only if it went out."""
    owner = request.tenant.marketplace_id
    if "remove" in request.POST:
        actions.change_marketplace(owner, mail_url="", mail_from="")
        actions.tell(request, None, _("Mail is off. Invitations are links to copy."))
        return redirect("admin:setup")
    form = MailForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        url = data["url"].strip()
        if not url:
            form.add_error("url", _("Give the server, with its password: it is not shown again."))
        elif not actions.put_on(form, actions.test_mail(url, data["sender"], data["to"])):
            saved = actions.change_marketplace(owner, mail_url=url, mail_from=data["sender"])
            actions.tell(request, saved, _("A test mail is on its way to %(to)s.") % {"to": data["to"]})
            return redirect("admin:setup")
    return _page(request, mail=form)


def _page(request: PageRequest, **bound: forms.Form) -> HttpResponse:
    owner = request.tenant.marketplace_id
    page = setup_page(owner)
    used: dict[str, Any] = {**_unbound(request, page), **bound}
    context = {
        "page": page,
        "public_url": actions.public_url(),
        "opened": next(iter(bound), ""),
        **used,
    }
    return render(request, "admin/setup.html", context, status=422 if bound else 200)


def _unbound(request: PageRequest, page: SetupPage) -> dict[str, forms.Form]:
    front = page.front
    shop = {"shop": front.shop_domain, "client_id": front.client_id} if front else None
    names = ("name", "timezone", "purchase_prices", "share_buyer_email", "notify_buyers")
    return {
        "shopify": ShopifyForm(initial=shop),
        "marketplace": MarketplaceForm(initial={name: getattr(page, name) for name in names}),
        "mail": MailForm(
            initial={"sender": page.mail_from, "to": request.user.email},
        ),
    }
