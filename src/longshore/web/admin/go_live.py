"""Going live: what the first run will do, said before it is done."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from longshore.storage.queries.setup import setup_page
from longshore.web.admin import actions
from longshore.web.shared.tenancy import PageRequest


@require_http_methods(["GET", "HEAD", "POST"])
def go_live(request: PageRequest) -> HttpResponse:
    owner = request.tenant.marketplace_id
    if request.method == "POST":
        done = _("You are live. New orders go to their vendors from now on.")
        actions.tell(request, actions.go_live(request), done)
        return redirect("admin:home")
    preview = actions.go_live_preview(owner)
    failed = preview if isinstance(preview, actions.Failed) else None
    return render(
        request,
        "admin/go_live.html",
        {
            "preview": None if failed else preview,
            "failed": failed,
            "has_storefront": setup_page(owner).front is not None,
        },
    )
