"""A link with which a vendor connects its shop again: shown once, and mailed where that can be."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from longshore import wiring
from longshore.web.admin import actions
from longshore.web.admin.vendor import vendor_of
from longshore.web.shared.accounts import mail_row, send_hub_mail
from longshore.web.shared.tenancy import PageRequest


@require_POST
def make(request: PageRequest, vendor_id: int) -> HttpResponse:
    owner, vendor = request.tenant.marketplace_id, vendor_of(request, vendor_id)
    chosen = request.POST.get("store") or (str(vendor.stores[0].id) if vendor.stores else "")
    store = next((one for one in vendor.stores if str(one.id) == chosen), None)
    if store is None:
        raise Http404
    what = wiring.What("reconnect_link_made", f"vendor:{vendor_id}", vendor.name, vendor_id)
    token = actions.noted(request, lambda: wiring.make_reconnect_link(owner, store.id), what)
    if isinstance(token, actions.Failed):
        actions.tell(request, token, "")
        return redirect("admin:vendor", vendor_id)
    base = actions.public_url() or request.build_absolute_uri("/")
    link = base.rstrip("/") + reverse("reconnect", args=[token])
    mailed = mail_row() is not None and bool(vendor.email) and _mail(request, vendor.email, link)
    context = {"vendor": vendor, "store": store, "link": link, "mailed": mailed}
    return render(request, "admin/reconnect_link.html", context)


def _mail(request: PageRequest, to: str, link: str) -> bool:
    name = {"marketplace": request.tenant.name, "link": link}
    return send_hub_mail(
        to,
        _("Connect your shop to %(marketplace)s again") % name,
        _("Your shop does not let %(marketplace)s in any more, so your orders wait. Open this link"
          " to connect it again; you need no password. It works once, for 7 days.\n\n%(link)s\n")
        % name,
    )  # fmt: skip
