"""The index of the old API: what the shop is, and its routes. Everybody may read it."""

from collections.abc import Sequence

from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.legacy.requests import Answer, Request, chosen
from simulators.woocommerce.legacy.router import Route
from simulators.woocommerce.wire.common import symbol


def index(request: Request, routes: Sequence[Route]) -> Answer:
    shop, speech, rules = request.shop, request.speech, request.rules
    settings = shop.settings
    root = f"{shop.home}/wc-api/{speech.version}"
    store: Json = {
        "name": settings.name,
        "description": "Just another WordPress site",
        "URL": shop.home,
        "wc_version": settings.version.woocommerce,
    }
    if speech.only("v3_says_version"):
        store["version"] = "3.1.0"
    store["routes"] = {one.path: one.described(root) for one in routes}
    meta: Json = {
        "timezone": settings.timezone,
        "currency": settings.currency,
        "currency_format": symbol(settings.currency),
    }
    if rules.says_separators:
        meta |= {
            "currency_position": "left",
            "thousand_separator": ",",
            "decimal_separator": ".",
            "price_num_decimals": 2,
        }
    meta |= {
        "tax_included": settings.prices_include_tax,
        "weight_unit": settings.weight_unit,
        "dimension_unit": settings.dimension_unit,
        "ssl_enabled": False,
        "permalinks_enabled": settings.pretty_permalinks,
    }
    if rules.says_password:
        meta["generate_password"] = rules.default_category
    help_at = rules.docs_of_v1 if speech.version == "v1" else rules.docs
    meta["links"] = {"help": help_at}
    store["meta"] = meta
    return Answer(chosen({"store": store}, ""))
