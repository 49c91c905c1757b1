"""What holds for every answer of the API: errors are problem details also where the framework makes
them, bodies are of a bounded size, and a key sees how many requests it has left.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from longshore import wiring
from longshore.web.api.problems import MEDIA, problem

PREFIX = "/api/v1/"
FIRST_ERROR = 400
DETAILS = {
    400: "The request cannot be read.",
    405: "This address takes another method; Allow says which.",
}


class ApiEdge:
    """Answers for the API's addresses only; everything else passes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        response = _too_large(request) or _shaped(self.get_response(request))
        program = getattr(request, "program", None)
        if isinstance(program, wiring.Program):
            response["RateLimit-Limit"] = str(wiring.requests_a_window())
            response["RateLimit-Remaining"] = str(program.left)
            response["RateLimit-Reset"] = str(program.ends_s)
        return response


def _too_large(request: HttpRequest) -> HttpResponse | None:
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if most is not None and size > most:
        return problem(413, f"A body has at most {most} bytes.")
    return None


def _shaped(response: HttpResponse) -> HttpResponse:
    """The framework's own error in the shape of ours, its headers kept."""
    told = response.get("Content-Type", "")
    if response.status_code < FIRST_ERROR or told.startswith(MEDIA):
        return response
    made = problem(response.status_code, DETAILS.get(response.status_code, response.reason_phrase))
    if "Allow" in response:
        made["Allow"] = response["Allow"]
    return made
