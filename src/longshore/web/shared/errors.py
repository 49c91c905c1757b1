"""Pages for what went wrong: what is so, why, and the next step."""

import secrets
import sys

import structlog
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from psycopg.errors import UndefinedColumn, UndefinedTable

log = structlog.get_logger(__name__)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "open/not_found.html", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What no browser sends by itself; a form that holds too much is told so. The address may be
    what is wrong, so the page is drawn without the request.
    """
    log.warning("request_refused", path=request.path, why=type(exception).__name__)
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return HttpResponse(render_to_string("open/too_large.html"), status=413)
    return HttpResponse(render_to_string("open/bad_request.html"), status=400)


def closed(_request: HttpRequest, **_words: str) -> HttpResponse:
    """In the place of a library's page that the hub does not offer."""
    raise Http404


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "open/forbidden.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Drawn without the request: what failed may be the person's marketplace itself. The number on
    the page finds the line in the log. Tables of another version are an upgrade, not a fault.
    """
    if _other_tables(sys.exc_info()[1]):
        log.error("tables_differ", path=request.path)
        answer = HttpResponse(render_to_string("open/upgrading.html"), status=503)
        answer["Retry-After"] = "30"
        return answer
    number = secrets.token_hex(4)
    log.error("page_failed", number=number, path=request.path, exc_info=sys.exc_info()[1])
    return HttpResponse(render_to_string("open/failed.html", {"number": number}), status=500)


def _other_tables(error: BaseException | None) -> bool:
    """Whether a page asked for a table or a column that the database does not have."""
    return isinstance(getattr(error, "__cause__", None), UndefinedTable | UndefinedColumn)
