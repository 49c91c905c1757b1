"""Pages for what went wrong: what is so, why, and the next step."""

import secrets
import sys

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

log = structlog.get_logger(__name__)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "open/not_found.html", status=404)


def closed(_request: HttpRequest, **_words: str) -> HttpResponse:
    """In the place of a library's page that the hub does not offer."""
    raise Http404


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "open/forbidden.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Drawn without the request: what failed may be the person's marketplace itself. The number on
    the page finds the line in the log.
    """
    number = secrets.token_hex(4)
    log.error("page_failed", number=number, path=request.path, exc_info=sys.exc_info()[1])
    return HttpResponse(render_to_string("open/failed.html", {"number": number}), status=500)
