"""Where somebody is signed in and was seen last, and signing out there."""

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from longshore.web.shared.tenancy import PageRequest

SEEN = "longshore_seen"
"""The session's key for when it was noted last, in seconds."""
NOTED_AFTER_S = 600
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The first that a browser names is it: most name their forebears too."""
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


class SeenMiddleware:
    """Notes every ten minutes that a session is in use: each request would be a write."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now().timestamp()
        if request.user.is_authenticated and request.session.get(SEEN, 0) < now - NOTED_AFTER_S:
            UserSession.objects.create_from_request(request)
            request.session[SEEN] = now
        return self.get_response(request)


@require_POST
def end(request: PageRequest, session_id: int) -> HttpResponse:
    """One's own sessions only; another's does not exist."""
    row = UserSession.objects.filter(user=request.user, pk=session_id).first()
    if row is None:
        raise Http404
    row.end()
    return redirect("usersessions_list")


def device_words(user_agent: str) -> str:
    """Firefox on Windows; what a browser says of itself is long, and mostly about others."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or user_agent[:60] or _("A program without a name")
