"""Which routes a shop has: those of its version's generations of the API, and of its plugins.

A generation is a function from the shop to routes. wc/v1, wc/v2 and wc/v3 are the same functions
over what `wire/generations.py` says of each.
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
from simulators.woocommerce.wire.generations import GENERATIONS as KNOWN
from simulators.woocommerce.wire.generations import Generation


def _generation(generation: Generation) -> Callable[[Shop], list[Route]]:
    def made(shop: Shop) -> list[Route]:
        collections = Collections(shop)
        found = [
            *products.routes(shop, collections, generation),
            *variations.routes(shop, collections, generation),
            *orders.routes(shop, generation),
            *order_parts.routes(shop, generation),
            *webhooks.routes(shop, generation),
            *terms.routes(shop, generation),
            *facts.routes(shop, generation),
        ]
        return [*found, *settings.routes(shop, generation)] if generation.facts else found

    return made


GENERATIONS: dict[str, Callable[[Shop], list[Route]]] = {
    **{name: _generation(one) for name, one in KNOWN.items()},
    "wc/v3/fulfillments": fulfillments.routes,
    "wc/v3/variations": lambda shop: variations.whole_shop(shop, Collections(shop), "wc/v3"),
    "wc-analytics": lambda shop: variations.whole_shop(shop, Collections(shop), "wc-analytics"),
}


def router_of(shop: Shop) -> Router:
    found = [route for name in shop.settings.version.apis for route in GENERATIONS[name](shop)]
    return Router([*found, *tracking.routes(shop), *languages.routes(shop), *index.routes(found)])
