"""Which routes a shop has: those of its version's generations of the API, and of its plugins.

A generation is a function from the shop to routes. Older ones get their own here, over the same
state; what they share with wc/v3 they take with another namespace.
"""

from collections.abc import Callable

from simulators.woocommerce.rest import (
    facts,
    fulfillments,
    index,
    languages,
    order_parts,
    orders,
    products,
    settings,
    terms,
    tracking,
    variations,
    webhooks,
)
from simulators.woocommerce.rest.collections import Collections
from simulators.woocommerce.rest.router import Route, Router
from simulators.woocommerce.shop import Shop


def _wc_v3(shop: Shop) -> list[Route]:
    collections = Collections(shop)
    return [
        *products.routes(shop, collections),
        *variations.routes(shop, collections),
        *orders.routes(shop),
        *order_parts.routes(shop),
        *webhooks.routes(shop),
        *terms.routes(shop),
        *facts.routes(shop),
        *settings.routes(shop),
    ]


GENERATIONS: dict[str, Callable[[Shop], list[Route]]] = {
    "wc/v3": _wc_v3,
    "wc/v3/fulfillments": fulfillments.routes,
    "wc/v3/variations": lambda shop: variations.whole_shop(shop, Collections(shop), "wc/v3"),
    "wc-analytics": lambda shop: variations.whole_shop(shop, Collections(shop), "wc-analytics"),
}


def router_of(shop: Shop) -> Router:
    found = [route for name in shop.settings.version.apis for route in GENERATIONS[name](shop)]
    return Router([*found, *tracking.routes(shop), *languages.routes(shop), *index.routes(found)])
