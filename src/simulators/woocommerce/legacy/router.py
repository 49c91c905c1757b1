"""Routes of the old API: how a request finds its own, and how the index describes them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.legacy.requests import Answer, LegacyError, Request

READ, MAKE = ("HEAD", "GET"), ("POST",)
EDIT = ("POST", "PUT", "PATCH")
DROP = ("DELETE",)
METHODS = ("HEAD", "GET", "POST", "PUT", "PATCH", "DELETE")
Work = Callable[[Request], Answer]
_PLACE = re.compile(r"<(\w+)>")
_NUMBERS = ("id", "order_id", "webhook_id", "attribute_id")


@dataclass(frozen=True, slots=True)
class Endpoint:
    methods: tuple[str, ...]
    run: Work
    takes_data: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """`path` as the index prints it: `/orders/<order_id>/notes`."""

    path: str
    endpoints: tuple[Endpoint, ...]

    def described(self, root: str) -> Json:
        """In the order of the source: what a route takes is noted method by method."""
        body: Json = {}
        plain = "<" not in self.path
        for method in METHODS:
            for one in self.endpoints:
                if method in one.methods:
                    body.setdefault("supports", []).append(method)
                if one.takes_data:
                    body["accepts_data"] = True
                if plain:
                    body["meta"] = {"self": f"{root}{self.path}"}
        return body


def get(path: str, run: Work) -> Route:
    return Route(path, (Endpoint(READ, run),))


def listed(path: str, read: Work, make: Work) -> Route:
    return Route(path, (Endpoint(READ, read), Endpoint(MAKE, make, takes_data=True)))


def item(path: str, read: Work, edit: Work, drop: Work) -> Route:
    ends = (Endpoint(READ, read), Endpoint(EDIT, edit, takes_data=True), Endpoint(DROP, drop))
    return Route(path, ends)


def bulk(path: str, run: Work) -> Route:
    return Route(path, (Endpoint(EDIT, run, takes_data=True),))


def unsimulated(_: Request) -> Answer:
    """A route of the real shop that no test of ours needs: it is in the index, and says no more."""
    raise LegacyError("not_simulated", "This route is not simulated", 501)


class Router:
    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self._compiled = [(re.compile(_pattern(one.path), re.IGNORECASE), one) for one in routes]

    def run(self, request: Request, path: str) -> Answer:
        """Raises LegacyError."""
        method = "GET" if request.method == "HEAD" else request.method
        if method not in METHODS:
            raise LegacyError("unsupported_method", "Unsupported request method", 400)
        for pattern, route in self._compiled:
            match = pattern.fullmatch(path)
            if match is None:
                continue
            for endpoint in route.endpoints:
                if method in endpoint.methods:
                    request.path = match.groupdict()
                    return _run(request, endpoint)
        message = "No route was found matching the URL and request method"
        raise LegacyError("no_route", message, 404)


def _run(request: Request, endpoint: Endpoint) -> Answer:
    if endpoint.takes_data and request.data is None:
        raise LegacyError("missing_callback_param", "Missing parameter data", 400)
    return endpoint.run(request)


def _pattern(path: str) -> str:
    def place(match: re.Match[str]) -> str:
        kind = r"\d+" if match[1] in _NUMBERS else r"[^/]+"
        return f"(?P<{match[1]}>{kind})"

    return _PLACE.sub(place, path)
