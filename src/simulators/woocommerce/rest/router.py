"""Routes and how a request finds its own; the order in which WordPress checks things."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.rest.errors import RestError, denied
from simulators.woocommerce.rest.params import Params, check
from simulators.woocommerce.rest.requests import Answer, Request, namespace_of

READ, WRITE = ("GET",), ("POST",)
EDIT = ("POST", "PUT", "PATCH")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
Work = Callable[[Request], Answer]
Guard = Callable[[Request], RestError | None]


def needs(what: str) -> Guard:
    """Only who manages the shop; `what`: see `errors.denied`."""
    return lambda request: None if request.trusted else denied(what, stranger=request.key is None)


def open_to_all(_: Request) -> RestError | None:
    return None


@dataclass(frozen=True, slots=True)
class Endpoint:
    methods: tuple[str, ...]
    run: Work
    guard: Guard
    params: Params = field(default_factory=dict[str, "object"])  # pyright: ignore[reportAssignmentType] - empty


@dataclass(frozen=True, slots=True)
class Route:
    r"""`pattern` as WordPress writes it, with groups such as `(?P<id>[\d]+)`."""

    pattern: str
    endpoints: tuple[Endpoint, ...]

    @property
    def methods(self) -> list[str]:
        found = [method for one in self.endpoints for method in one.methods]
        return [method for method in METHODS if method in found]

    def described(self, address: str) -> Json:
        """As the index prints it."""
        body: Json = {
            "namespace": namespace_of(self.pattern),
            "methods": self.methods,
            "endpoints": [
                {
                    "methods": list(one.methods),
                    "args": {name: param.described() for name, param in one.params.items()},
                }
                for one in self.endpoints
            ],
        }
        if "(?P<" not in self.pattern:
            body["_links"] = {"self": [{"href": address}]}
        return body


class Router:
    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self._compiled = [(re.compile(route.pattern), route) for route in self.routes]

    def find(self, path: str) -> list[tuple[Route, dict[str, str]]]:
        """Every route of that path: several may share one pattern."""
        found: list[tuple[Route, dict[str, str]]] = []
        for pattern, route in self._compiled:
            match = pattern.fullmatch(path)
            if match is not None:
                found.append((route, match.groupdict()))
        return found


def endpoint_of(
    found: Sequence[tuple[Route, dict[str, str]]], method: str
) -> tuple[Route, Endpoint, dict[str, str]] | None:
    for route, groups in found:
        for endpoint in route.endpoints:
            if method in endpoint.methods:
                return route, endpoint, groups
    return None


def allowed(request: Request, route: Route) -> str:
    """The Allow header: methods that this key might use here. None at all without rights."""
    methods = [
        method for one in route.endpoints for method in one.methods if one.guard(request) is None
    ]
    return ", ".join(method for method in METHODS if method in methods)


def run(request: Request, endpoint: Endpoint) -> Answer:
    """Parameters are checked before rights: a stranger learns that per_page is too big."""
    given = {**request.query, **request.body, **request.path}
    checked = check(endpoint.params, given, request.version.wp)
    request.params, request.declared = checked, endpoint.params
    request.query = {
        name: checked[name] if name in endpoint.params else value
        for name, value in request.query.items()
    }
    problem = endpoint.guard(request)
    if problem is not None:
        raise problem
    return endpoint.run(request)
