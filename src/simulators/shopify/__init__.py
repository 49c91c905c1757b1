"""A simulated Shopify shop: Admin GraphQL 2026-10 on Shopify's own schema, with state.

In one process::

    from simulators.shopify import Simulator, ShopSettings

    shop = Simulator(ShopSettings(plan="plus"))
    shop.app                              # a WSGI application
    shop.settings.token, .client_id, .client_secret, .domain
    shop.parts.state, .webhooks, .faults, .tokens, .executor.bucket

Over a socket: `with serve(shop) as address: ...`, or `python -m simulators.shopify --port 8090`.
Buyers and staff are played through `/_sim/` (see controls.py). What is not modelled says so.
"""

from simulators.shopify.simulator import Simulator, serve
from simulators.shopify.state import ShopSettings

__all__ = ["ShopSettings", "Simulator", "serve"]
