"""Routes of the two shipment tracking plugins: the official one and Advanced Shipment Tracking."""

import json
import re
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

from simulators.woocommerce.jsonish import Json, as_text
from simulators.woocommerce.orders import Order
from simulators.woocommerce.plugins import ADVANCED, OFFICIAL, tracking_plugin
from simulators.woocommerce.rest.errors import RestError
from simulators.woocommerce.rest.params import Param, Params
from simulators.woocommerce.rest.requests import Answer, Request
from simulators.woocommerce.rest.router import READ, WRITE, Endpoint, Route, needs
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.texts import slug_of
from simulators.woocommerce.wire.common import choose, links

NAMESPACES = {
    OFFICIAL: ("wc-shipment-tracking/v3", "wc/v1", "wc/v2"),
    ADVANCED: ("wc-ast/v3", "wc-shipment-tracking/v3", "wc/v1", "wc/v2", "wc/v3"),
}
BODY: Params = {
    "tracking_provider": Param(),
    "custom_tracking_provider": Param(),
    "custom_tracking_link": Param(),
    "tracking_number": Param(required=True),
    "date_shipped": Param(),
    "status_shipped": Param("mixed"),
}
ORDER: Params = {"order_id": Param("integer")}
ID = r"(?P<id>[a-fA-F0-9]{0,32})"
METHODS = ("GET", "DELETE")


@cache
def providers() -> dict[str, dict[str, str]]:
    """Country -> name -> address of a parcel, `%1$s` standing for its number."""
    path = files("simulators.woocommerce").joinpath("data/tracking_providers.json")
    found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def routes(shop: Shop) -> list[Route]:
    plugin = tracking_plugin(shop.settings)
    return [
        route for namespace in NAMESPACES.get(plugin, ()) for route in _routes(plugin, namespace)
    ]


def _routes(plugin: str, namespace: str) -> list[Route]:
    base = f"/{namespace}/orders/(?P<order_id>[\\d]+)/shipment-trackings"
    made = TrackingRoutes(advanced=plugin == ADVANCED)
    return [
        Route(
            base,
            (
                Endpoint(READ, made.page, needs("view"), ORDER),
                Endpoint(WRITE, made.create, needs("create"), {**ORDER, **BODY}),
            ),
        ),
        Route(f"{base}/providers", (Endpoint(READ, made.providers, needs("view"), ORDER),)),
        Route(
            f"{base}/{ID}",
            (
                Endpoint(READ, made.get, needs("view_one"), ORDER),
                Endpoint(("DELETE",), made.delete, needs("delete"), ORDER),
            ),
        ),
    ]


def _order(request: Request) -> Order:
    order = request.shop.orders.get(request.id("order_id"))
    if order is None:
        raise RestError("woocommerce_rest_order_invalid_id", "Invalid order ID.", 404)
    return order


class TrackingRoutes:
    def __init__(self, *, advanced: bool) -> None:
        self._advanced = advanced

    def page(self, request: Request) -> Answer:
        order = _order(request)
        found = [self._shown(request, order, one) for one in request.shop.trackings.of(order)]
        return Answer(choose(found, request.fields))

    def providers(self, _: Request) -> Answer:
        """Advanced Shipment Tracking has none before somebody chose some."""
        return Answer([] if self._advanced else providers())

    def get(self, request: Request) -> Answer:
        order, entry = self._entry(request)
        return Answer(self._shown(request, order, entry))

    def delete(self, request: Request) -> Answer:
        order, entry = self._entry(request)
        shown = self._shown(request, order, entry)
        trackings = request.shop.trackings
        trackings.write(order, [one for one in trackings.of(order) if one != entry])
        return Answer(shown)

    def create(self, request: Request) -> Answer:
        order, given, shop = _order(request), request.params, request.shop
        number = as_text(given["tracking_number"])
        make = self._advanced_entry if self._advanced else self._official_entry
        entry = make(request, order, given, number)
        shop.trackings.write(order, [*shop.trackings.of(order), entry])
        if self._advanced:
            shop.add_note(order, f"Order was shipped with  and tracking number is: {number}")
            if as_text(given.get("status_shipped")) == "1":
                shop.set_order_status(order.id, "completed")
        answer = Answer(self._shown(request, order, entry), 201)
        # A quirk as recorded: the hash read as a number.
        place = int((re.match(r"\d*", entry["tracking_id"]) or [""])[0] or 0)
        answer.headers["Location"] = f"{self._base(request, order)}/{place}"
        return answer

    def _entry(self, request: Request) -> tuple[Order, Json]:
        order = _order(request)
        for entry in request.shop.trackings.of(order):
            if entry["tracking_id"] == request.path["id"]:
                return order, entry
        message = "Invalid shipment tracking ID."
        raise RestError("woocommerce_rest_order_shipment_tracking_invalid_id", message, 404)

    def _official_entry(self, request: Request, order: Order, given: Json, number: str) -> Json:
        """What was not given is null, and the provider a slug."""
        return {
            "tracking_provider": slug_of(as_text(given.get("tracking_provider"))),
            "custom_tracking_provider": given.get("custom_tracking_provider"),
            "custom_tracking_link": given.get("custom_tracking_link"),
            "tracking_number": number,
            "date_shipped": _shipped(request.shop, given),
            "tracking_id": request.shop.trackings.new_id(order, number),
        }

    def _advanced_entry(self, request: Request, order: Order, given: Json, number: str) -> Json:
        provider = given.get("tracking_provider") or given.get("custom_tracking_provider")
        return {
            "tracking_provider": as_text(provider),
            "custom_tracking_provider": "",
            "custom_tracking_link": as_text(given.get("custom_tracking_link")),
            "tracking_number": number,
            "tracking_product_code": "",
            "source": "REST_API",
            "date_shipped": _shipped(request.shop, given),
            "status_shipped": as_text(given.get("status_shipped")),
            "tracking_id": request.shop.trackings.new_id(order, number),
            "user_id": 1,
        }

    def _base(self, request: Request, order: Order) -> str:
        return f"{request.root}/orders/{order.id}/shipment-trackings"

    def _shown(self, request: Request, order: Order, entry: Json) -> Json:
        provider, link = "", as_text(entry["custom_tracking_link"])
        if not self._advanced:
            provider = as_text(entry["custom_tracking_provider"])
            known = _known(as_text(entry["tracking_provider"]))
            if not provider and known is not None:
                provider, link = known[0], known[1].replace("%1$s", entry["tracking_number"])
        path = f"orders/{order.id}/shipment-trackings/{entry['tracking_id']}"
        day = datetime.fromtimestamp(int(entry["date_shipped"]), UTC).strftime("%Y-%m-%d")
        return {
            "tracking_id": entry["tracking_id"],
            "tracking_provider": provider,
            "tracking_link": link,
            "tracking_number": entry["tracking_number"],
            "date_shipped": day,
            "_links": links(request.root, path, METHODS, f"orders/{order.id}"),
        }


def _known(slug: str) -> tuple[str, str] | None:
    for group in providers().values():
        for name, link in group.items():
            if slug_of(name) == slug:
                return name, link
    return None


def _shipped(shop: Shop, given: Json) -> str | int:
    """A date that was given is kept as text, the time of now as a number: both are seen."""
    if not given.get("date_shipped"):
        return shop.clock.second()
    day = datetime.strptime(as_text(given["date_shipped"]), "%Y-%m-%d").replace(tzinfo=UTC)
    return str(int(day.timestamp()))
