"""A simulated Shopify shop: Admin GraphQL 2026-10 on Shopify's own schema, with state.

In one process::

    from simulators.shopify import Simulator, ShopSettings

    shop = Simulator(ShopSettings(plan="plus"))
    shop.app                              # a WSGI application
    shop.settings.token, .client_id, .client_secret, .domain
    shop.parts.state, .webhooks, .faults, .tokens, .executor.bucket
    shop.parts.state.clock.stop(), .forward(60); shop.settle()

Over a socket: `with serve(shop) as address: ...`, or `python -m simulators.shopify --port 8090`.
Buyers and staff are played through `/_sim/` (see controls/). What is not modelled says so. Which
rules are kept, and where they are known from: rules/, docs/howto/simulated-shopify.md.
"""

from simulators.shopify.settings import ALL_SCOPES, MORE_SCOPES, ShopSettings
from simulators.shopify.simulator import Simulator, serve

__all__ = ["ALL_SCOPES", "MORE_SCOPES", "ShopSettings", "Simulator", "serve"]
