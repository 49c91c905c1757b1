"""Routes that tell what the shop is: system status, currency, counts."""

import json
from collections import Counter
from copy import deepcopy
from functools import cache
from importlib.resources import files

from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.orders import STATUS_NAMES
from simulators.woocommerce.plugins import active_plugins
from simulators.woocommerce.rest.errors import RestError
from simulators.woocommerce.rest.requests import Answer, Request
from simulators.woocommerce.rest.router import READ, WRITE, Endpoint, Route, Work, needs
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.wire.common import choose, currencies, links, symbol
from simulators.woocommerce.wire.generations import WC_V3, Generation

KINDS = (
    ("external", "External/Affiliate product"),
    ("grouped", "Grouped product"),
    ("simple", "Simple product"),
    ("variable", "Variable product"),
)


def routes(_: Shop, generation: Generation = WC_V3) -> list[Route]:
    base = f"/{generation.namespace}"

    def read(path: str, work: Work, *more: Endpoint) -> Route:
        return Route(f"{base}/{path}", (Endpoint(READ, work, needs("view")), *more))

    closed = Endpoint(WRITE, not_simulated, needs("create"))

    found = [read("taxes", nothing, closed), read("coupons", nothing, closed)]
    if generation.facts:
        found += [
            read("system_status", system_status),
            read("payment_gateways", gateways),
            read("shipping/zones", zones, closed),
        ]
    if generation is WC_V3:
        found += [
            read("data/currencies", all_currencies),
            read("data/currencies/current", current_currency),
            read("reports/products/totals", product_totals),
            read("reports/orders/totals", order_totals),
        ]
    return found


@cache
def _recorded_status() -> Json:
    path = files("simulators.woocommerce").joinpath("data/system_status.json")
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


def system_status(request: Request) -> Answer:
    shop = request.shop
    version, settings = shop.settings.version, shop.settings
    hpos = settings.hpos and version.hpos
    body = deepcopy(_recorded_status())
    body["environment"] |= {
        "home_url": shop.home,
        "site_url": shop.home,
        "version": version.woocommerce,
        "wp_version": version.wordpress,
        "php_version": version.php,
        "language": settings.language,
    }
    body["database"]["wc_database_version"] = version.woocommerce
    body["active_plugins"] = active_plugins(settings)
    active = {plugin["plugin"] for plugin in body["active_plugins"]}
    body["inactive_plugins"] = [p for p in body["inactive_plugins"] if p["plugin"] not in active]
    body["settings"] |= {
        "currency": settings.currency,
        "currency_symbol": symbol(settings.currency),
        "HPOS_enabled": hpos,
    }
    if not hpos:
        body["settings"]["order_datastore"] = "WC_Order_Data_Store_CPT"
        body["settings"]["enabled_features"].remove("custom_order_tables")
    body["settings"]["enabled_features"] += [
        name for name in settings.features if name in version.features
    ]
    body["security"]["secure_connection"] = shop.home.startswith("https://")
    counts = {"product": shop.catalog.product_ids, "product_variation": shop.catalog.variation_ids}
    for row in body["post_type_counts"]:
        if row["type"] in counts:
            row["count"] = str(len(counts[row["type"]]))
    return Answer(choose(body, request.fields))


def all_currencies(request: Request) -> Answer:
    return Answer([_currency(request, code) for code in currencies()])


def current_currency(request: Request) -> Answer:
    return Answer(_currency(request, request.shop.settings.currency))


def _currency(request: Request, code: str) -> Json:
    name = currencies().get(code, (code, code))[0]
    path = f"data/currencies/{code}"
    shown = links(request.root, path, ("GET",))
    return {"code": code, "name": name, "symbol": symbol(code), "_links": shown}


def product_totals(request: Request) -> Answer:
    """Counts what is public."""
    rows = request.shop.catalog.products()
    counts = Counter(row.kind for row in rows if row.status == "publish")
    return Answer([{"slug": kind, "name": name, "total": counts[kind]} for kind, name in KINDS])


def order_totals(request: Request) -> Answer:
    counts = Counter(order.status for order in request.shop.orders.values())
    names = {**STATUS_NAMES, **request.shop.settings.statuses}
    return Answer(
        [{"slug": slug, "name": name, "total": counts[slug]} for slug, name in names.items()]
    )


def gateways(request: Request) -> Answer:
    rows = [{"id": name, "enabled": name != "cheque"} for name in ("bacs", "cheque", "cod")]
    answer = Answer(choose(rows, request.fields))
    answer.headers = {"X-WP-Total": "3", "X-WP-TotalPages": "1"}
    return answer


def zones(request: Request) -> Answer:
    name = "Locations not covered by your other zones"
    shown = links(request.root, "shipping/zones/0")
    shown["describedby"] = [{"href": f"{request.root}/shipping/zones/0/locations"}]
    answer = Answer([{"id": 0, "name": name, "order": 0, "_links": shown}])
    answer.headers = {"X-WP-Total": "1", "X-WP-TotalPages": "1"}
    return answer


def not_simulated(_: Request) -> Answer:
    raise RestError("not_simulated", "The simulated shop does not do this.", 501)


def nothing(_: Request) -> Answer:
    """Taxes and coupons: there are none."""
    answer = Answer([])
    answer.headers = {"X-WP-Total": "0", "X-WP-TotalPages": "0"}
    return answer
