"""The gallery: every part a screen may be made of, in every state, with made-up content; for who
builds screens. Its samples are in `gallery_samples.py`.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from longshore.web.shared import gallery_samples as samples
from longshore.web.shared import icons

COLORS = (
    "paper sheet shade line edge ink-3 ink-2 ink harbor harbor-hi ok wait need stop".split()  # noqa: SIM905 - reads as the list it is
)
LOOKS = (("light", "Light"), ("dark", "Dark"), ("rtl", "Right to left"))
STATES = ("usual", "empty", "loading", "error", "stale", "long")
"""What a part can be in; `long` are texts as long as people really write them."""


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if not (settings.DEBUG or user.is_superuser):
        raise Http404
    look = request.GET.get("look", "")
    chosen = {"theme": look} if look in {"light", "dark"} else {}
    context = {
        **samples.every(),
        "colors": COLORS,
        "names": sorted(icons.NAMES),
        "kinds": ("ok", "wait", "need", "stop", "off"),
        "looks": LOOKS,
        "look": look,
        "rtl": look == "rtl",
        **chosen,
    }
    return render(request, "gallery.html", context)
