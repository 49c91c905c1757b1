"""The smallest view there is: whether the web server answers. It asks nobody."""

from django.http import HttpRequest, HttpResponse


def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")
