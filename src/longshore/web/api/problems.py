"""What went wrong, as problem details (RFC 9457): the same shape for every error."""

import secrets
from http import HTTPStatus
from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from longshore.ports.errors import LongshoreError
from longshore.web.shared.said import said

log = structlog.get_logger(__name__)

MEDIA = "application/problem+json"
TITLES = {
    400: "The request cannot be read",
    401: "The key opens nothing",
    403: "The key may not do this",
    404: "There is no such thing",
    405: "The address does not take this method",
    409: "It cannot be done now",
    412: "It was changed meanwhile",
    413: "The body is too large",
    415: "The body is of another kind",
    422: "The request makes no sense",
    429: "Too many requests",
    500: "The fault is ours",
}


class Wrong(Schema):
    """One value that makes no sense: where it stands, and why."""

    where: str
    why: str


class Problem(Schema):
    """`type` is about:blank, `title` and `status` say the kind, `detail` this very case."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[Wrong] = Field(default_factory=list)


class TooMany(Exception):  # noqa: N818 - an answer, not a mistake
    """More requests than a key may make; `wait_s` until the next one."""

    def __init__(self, wait_s: int) -> None:
        super().__init__()
        self.wait_s = wait_s


def problem(status: int, detail: str, errors: list[Wrong] | None = None) -> HttpResponse:
    body = Problem(
        title=TITLES.get(status) or HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=errors or [],
    )
    answer = HttpResponse(body.model_dump_json(), status=status, content_type=MEDIA)
    if status == 401:  # noqa: PLR2004 - HTTP's own number
        answer["WWW-Authenticate"] = 'Bearer realm="longshore"'
    return answer


def register(api: NinjaAPI) -> None:
    """Every error of the API in the one shape."""

    @api.exception_handler(ValidationError)
    def invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        found = [_wrong(one) for one in error.errors]
        return problem(422, "Some values do not fit; see errors.", found)

    @api.exception_handler(AuthenticationError)
    def unknown_key(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        return problem(401, "Send a key as: Authorization: Bearer lsk_...")

    @api.exception_handler(Http404)
    def missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
        return problem(404, "There is none with this id in your marketplace.")

    @api.exception_handler(TooMany)
    def too_many(_request: HttpRequest, error: TooMany) -> HttpResponse:
        answer = problem(429, f"Wait {error.wait_s} s.")
        answer["Retry-After"] = str(error.wait_s)
        return answer

    @api.exception_handler(HttpError)
    def refused(_request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))

    @api.exception_handler(LongshoreError)
    def not_now(_request: HttpRequest, error: LongshoreError) -> HttpResponse:
        return problem(409, said(error.person))

    @api.exception_handler(Exception)
    def failed(request: HttpRequest, error: Exception) -> HttpResponse:
        """The number finds the line in the log, as on the page of our own failures."""
        number = secrets.token_hex(4)
        log.error("api_failed", number=number, path=request.path, exc_info=error)
        return problem(500, f"Report it with the number {number}.")


def _wrong(error: dict[str, Any]) -> Wrong:
    where = ".".join(str(part) for part in error.get("loc", ()))
    return Wrong(where=where, why=str(error.get("msg", "")))
