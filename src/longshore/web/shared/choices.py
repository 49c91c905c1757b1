"""What a person chooses for themselves: the theme, and which marketplace they look at."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from longshore.web.shared.tenancy import CHOSEN, PageRequest

THEMES = ("system", "light", "dark")
COOKIE = "theme"
YEAR_S = 365 * 24 * 3600


@require_POST
def theme(request: PageRequest) -> HttpResponse:
    """Kept in a cookie, so that also the sign-in page has it, and pages come in it at once."""
    chosen = request.POST.get("theme", "")
    answer = redirect(_back(request))
    if chosen in THEMES:
        answer.set_cookie(
            COOKIE,
            chosen,
            max_age=YEAR_S,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return answer


@require_POST
def switch(request: PageRequest) -> HttpResponse:
    """Another marketplace, or another vendor's part, of the same person."""
    asked = request.POST.get("member", "")
    for other in request.tenant.others:
        if str(other.member_id) == asked:
            request.session[CHOSEN] = other.member_id
            break
    return redirect("/")


def theme_of(request: HttpRequest) -> str:
    """Light or dark, "" where the system decides."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in {"light", "dark"} else ""


def _back(request: PageRequest) -> str:
    """Where they came from, if that is a page of ours."""
    came = request.POST.get("back", "")
    ours = url_has_allowed_host_and_scheme(came, {request.get_host()}, request.is_secure())
    return came if ours and came.startswith("/") else "/"
