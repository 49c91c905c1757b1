"""The index of the API and of each namespace: what a client can learn without a key."""

from collections.abc import Sequence
from datetime import datetime

from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.plugins import namespaces
from simulators.woocommerce.rest.errors import RestError
from simulators.woocommerce.rest.params import Param, Params
from simulators.woocommerce.rest.requests import Answer, Request, namespace_of
from simulators.woocommerce.rest.router import READ, Endpoint, Route, open_to_all
from simulators.woocommerce.wire.common import choose

CONTEXT: Params = {"context": Param("untyped", default="view")}


def routes(known: Sequence[Route]) -> list[Route]:
    made = Index(known)
    found = [Route("/", (Endpoint(READ, made.whole, open_to_all, CONTEXT),))]
    for name in sorted({_namespace(route) for route in known}):
        args = {"namespace": Param("untyped", default=name), **CONTEXT}
        found.append(Route(f"/{name}", (Endpoint(READ, made.one, open_to_all, args),)))
    found.append(Route("/wp/v2/users/me", (Endpoint(READ, _nobody, open_to_all, CONTEXT),)))
    return found


def _namespace(route: Route) -> str:
    return namespace_of(route.pattern)


def _nobody(_: Request) -> Answer:
    """Consumer keys sign nobody in outside WooCommerce."""
    raise RestError("rest_not_logged_in", "You are not currently logged in.", 401)


class Index:
    def __init__(self, known: Sequence[Route]) -> None:
        self._known = known

    def _routes(self, request: Request, namespace: str = "") -> Json:
        found: Json = {}
        for route in self._known:
            if namespace and _namespace(route) != namespace:
                continue
            shown = self._described(request, route, f"{request.rest_root}{route.pattern}")
            if route.pattern in found:
                found[route.pattern]["endpoints"] += shown["endpoints"]
            else:
                found[route.pattern] = shown
        return found

    def _described(self, request: Request, route: Route, address: str) -> Json:
        body = route.described(address)
        if "_links" in body and not request.version.wp.link_lists:
            body["_links"] = {"self": address}
        return body

    def whole(self, request: Request) -> Answer:
        shop = request.shop
        zone = shop.clock.zone
        offset = datetime.fromtimestamp(shop.clock.now(), zone).utcoffset()
        hours = offset.total_seconds() / 3600 if offset else 0
        settings = shop.settings
        authorize = f"{shop.home}/wp-admin/authorize-application.php"
        wp = settings.version.wp
        body: Json = {"name": settings.name, "description": "", "url": shop.home, "home": shop.home}
        if wp.says_zone:
            body["gmt_offset"] = int(hours) if hours == int(hours) else hours
            body["timezone_string"] = settings.timezone
        if wp.front_page:
            body |= {"page_for_posts": 0, "page_on_front": 0, "show_on_front": "posts"}
        body["namespaces"] = namespaces(settings)
        passwords = {"application-passwords": {"endpoints": {"authorization": authorize}}}
        body["authentication"] = passwords if wp.application_passwords else []
        fields = request.fields
        if not fields or any(name.partition(".")[0] == "routes" for name in fields):
            body["routes"] = self._routes(request)
        if wp.front_page:
            body["site_logo"], body["site_icon"], body["site_icon_url"] = 0, 0, ""
        else:
            body["_links"] = {"help": [{"href": "http://v2.wp-api.org/"}]}
        return Answer(choose(body, fields))

    def one(self, request: Request) -> Answer:
        namespace = request.namespace
        address = f"{request.rest_root}/{namespace}"
        routes = self._routes(request, namespace)
        body: Json = {"namespace": namespace, "routes": routes}
        body["_links"] = {"up": [{"href": f"{request.rest_root}/"}]}
        args = {"namespace": Param("untyped", default=namespace), **CONTEXT}
        own = Route(f"/{namespace}", (Endpoint(READ, self.one, open_to_all, args),))
        body["routes"] = {own.pattern: self._described(request, own, address), **routes}
        return Answer(choose(body, request.fields))
