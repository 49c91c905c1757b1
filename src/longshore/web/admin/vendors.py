"""Vendors: who they are, how their shops are connected, and the switches that hold for each."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longshore.storage.queries.problems import open_problems
from longshore.storage.queries.vendors import VendorPage, vendor_page, vendor_rows
from longshore.web.admin import actions
from longshore.web.admin.forms import InviteForm, StoreForm, SwitchesForm, VendorForm
from longshore.web.shared.accounts import mail_row, send_hub_mail
from longshore.web.shared.invitations import invite_vendor
from longshore.web.shared.tenancy import PageRequest
from longshore.web.shared.words import shown


@require_safe
def vendors(request: PageRequest) -> HttpResponse:
    rows = vendor_rows(request.tenant.marketplace_id)
    stopped = sum(row.state == "broken" for row in rows)
    return render(request, "admin/vendors.html", {"rows": rows, "stopped": stopped})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PageRequest) -> HttpResponse:
    form = VendorForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        made = actions.add_vendor(request.tenant.marketplace_id, data["name"], data["email"])
        if isinstance(made, int):
            return redirect("admin:vendor_connect", made)
        actions.put_on(form, made)
    return render(
        request, "admin/vendor_add.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: PageRequest, vendor_id: int) -> HttpResponse:
    vendor = _vendor(request, vendor_id)
    form = StoreForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        made = actions.connect_store(vendor_id, data["url"], data["key"], data["secret"])
        if isinstance(made, int):
            done = _("The shop is connected. Its products are being read.")
            actions.tell(request, made, done)
            return redirect("admin:vendor", vendor_id)
        actions.put_on(form, made)
    return render(
        request,
        "admin/vendor_connect.html",
        {"vendor": vendor, "form": form},
        status=422 if form.is_bound else 200,
    )


@require_safe
def vendor(request: PageRequest, vendor_id: int) -> HttpResponse:
    found = _vendor(request, vendor_id)
    return _page(request, found, _switches(found))


@require_safe
def scan(request: PageRequest, vendor_id: int) -> HttpResponse:
    """How far reading the shop is; the vendor's page replaces its part with this every 2 s."""
    return render(request, "admin/_scan.html", {"vendor": _vendor(request, vendor_id)})


@require_POST
def switches(request: PageRequest, vendor_id: int) -> HttpResponse:
    found = _vendor(request, vendor_id)
    form = SwitchesForm(request.POST)
    if form.is_valid():
        result = actions.change_vendor(vendor_id, **form.cleaned_data)
        if not actions.put_on(form, result):
            done = _("Saved. Stock and prices of %(vendor)s are worked out anew.")
            actions.tell(request, result, done % {"vendor": found.name})
            return redirect("admin:vendor", vendor_id)
    return _page(request, found, form, status=422)


@require_POST
def invite(request: PageRequest, vendor_id: int) -> HttpResponse:
    """Makes a link that is shown once, and mails it where a mail server is set."""
    found = _vendor(request, vendor_id)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, _switches(found), invite=form, status=422)
    owner, email = request.tenant.marketplace_id, form.cleaned_data["email"]
    base = actions.public_url() or request.build_absolute_uri("/")
    link = actions.attempt(lambda: invite_vendor(owner, vendor_id, email, base))
    if isinstance(link, actions.Failed):
        actions.put_on(form, link)
        return _page(request, found, _switches(found), invite=form, status=422)
    mailed = mail_row() is not None and send_hub_mail(
        email,
        _("Your shop at %(marketplace)s") % {"marketplace": request.tenant.name},
        _("Open this link to see your orders. It works once, for 3 days.\n\n%(link)s\n")
        % {"link": link},
    )
    return render(
        request,
        "admin/vendor_invited.html",
        {"vendor": found, "link": link, "email": email, "mailed": mailed},
    )


def _vendor(request: PageRequest, vendor_id: int) -> VendorPage:
    found = vendor_page(request.tenant.marketplace_id, vendor_id)
    if found is None:
        raise Http404
    return found


def _switches(vendor: VendorPage) -> SwitchesForm:
    names = ("buffer", "sell_backorders", "auto_approve", "active", "rate", "tax_factor")
    return SwitchesForm(initial={name: getattr(vendor, name) for name in names})


def _page(
    request: PageRequest,
    vendor: VendorPage,
    switches: SwitchesForm,
    *,
    invite: InviteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    problems = open_problems(request.tenant.marketplace_id, vendor.id)
    context = {
        "vendor": vendor,
        "switches": switches,
        "invite": invite or InviteForm(initial={"email": vendor.email}),
        "problems": [shown(problem) for problem in problems.rows],
    }
    return render(request, "admin/vendor.html", context, status=status)
