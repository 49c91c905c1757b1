"""The guide to the keys: where to click, with a picture for each step."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from longshore.web.guide.eras import BY_SLUG, ERAS


@require_safe
def keys(request: HttpRequest, era: str = "today") -> HttpResponse:
    chosen = BY_SLUG.get(era)
    if chosen is None:
        raise Http404
    return render(request, "guide/keys.html", {"eras": ERAS, "era": chosen})
