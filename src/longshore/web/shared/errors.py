"""Pages for what went wrong: what is so, why, and the next step."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "open/not_found.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return render(request, "open/forbidden.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Drawn without the request: what failed may be the person's marketplace itself."""
    return HttpResponse(render_to_string("open/failed.html"), status=500)
