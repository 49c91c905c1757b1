"""The page behind a link for a new key: a shop's owner connects it again without a password. It
knows one shop, and is dead once a key works.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from longshore import settings, wiring
from longshore.storage.queries.checks import approved_check, check_of
from longshore.storage.queries.reconnecting import LinkedStore, linked_store
from longshore.web.shared.check_pages import check_context
from longshore.web.shared.doing import Failed, attempt, put_on, together
from longshore.web.shared.shop_fields import KeysForm


@require_http_methods(["GET", "HEAD", "POST"])
def reconnect(request: HttpRequest, token: str) -> HttpResponse:
    store = linked_store(token, timezone.now())
    if store is None:
        raise Http404
    with timezone.override(store.zone):
        if request.method != "POST":
            return _back(request, store, token) or _page(request, store, token, KeysForm())
        if not store.open:
            return _page(request, store, token, KeysForm(), status=410)
        if "look" in request.POST:
            attempt(lambda: wiring.ask_by_link(token))
            return redirect("reconnect", token)
        if "approve" in request.POST:
            return _to_shop(request, store, token)
        return _try_keys(request, store, token)


def _try_keys(request: HttpRequest, store: LinkedStore, token: str) -> HttpResponse:
    form = KeysForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data

        def act() -> None:
            wiring.ask_by_link(token, data["key"], data["secret"])
            _note(store)

        if not put_on(form, together(act)):
            return redirect("reconnect", token)
    return _page(request, store, token, form, status=422)


def _to_shop(request: HttpRequest, store: LinkedStore, token: str) -> HttpResponse:
    """To the shop's own page, where one click makes the key and sends it to us."""
    back = request.build_absolute_uri(reverse("reconnect", args=[token]))
    visit = store.examination
    there: Any = Failed(_("Look at the shop first."))
    if visit is not None:
        there = attempt(
            lambda: wiring.begin_approval(store.marketplace_id, store.vendor_id, visit, back)
        )
    if isinstance(there, Failed):
        form = KeysForm(request.POST)
        form.errors.clear()
        put_on(form, there)
        return _page(request, store, token, form, status=422)
    check = check_of(store.marketplace_id, visit, store.vendor_id) if visit else None
    context = {"store": store, "there": there, "check": check}
    return render(request, "open/reconnect_there.html", context)


def _back(request: HttpRequest, store: LinkedStore, token: str) -> HttpResponse | None:
    """The shop sends its owner back here; the key comes on a way of its own, mostly earlier."""
    if request.GET.get("success") != "1" or store.examination is None or not store.open:
        return None
    made = approved_check(store.marketplace_id, store.vendor_id, store.examination)
    if made is None:
        return render(request, "open/reconnect_waits.html", {"store": store, "token": token})

    def act() -> None:
        wiring.follow_by_link(token, made)
        _note(store)

    together(act)
    return redirect("reconnect", token)


def _note(store: LinkedStore) -> None:
    doer = wiring.Doer(store.marketplace_id, None, _("%(name)s, by link") % {"name": store.vendor})
    subject = f"vendor:{store.vendor_id}"
    wiring.note_deed(doer, wiring.What("key_given", subject, store.vendor, store.vendor_id))


def _page(
    request: HttpRequest, store: LinkedStore, token: str, form: KeysForm, *, status: int = 200
) -> HttpResponse:
    public = settings.load().public_url or ""
    check = (
        check_of(store.marketplace_id, store.examination, store.vendor_id)
        if store.examination
        else None
    )
    context: dict[str, Any] = {
        "store": store,
        "form": form,
        "here": reverse("reconnect", args=[token]),
        "again": "open/_reconnect_keys.html",
        "after": "open/_reconnect_after.html",
        "by_click": public.startswith("https://"),
        "one_click": public.startswith("https://") and check is not None and check.approvable,
    }
    if check is not None:
        context |= check_context(check, store.marketplace_id)
    asked = request.headers.get("HX-Request") == "true" and check is not None
    name = "_check.html" if asked else "open/reconnect.html"
    return render(request, name, context, status=status)
