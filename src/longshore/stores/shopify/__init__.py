"""How Shopify talks: Admin GraphQL 2026-10 behind the port `Storefront`."""

from longshore.ports.clock import Clock
from longshore.stores.http import GuardedClient
from longshore.stores.shopify import webhooks
from longshore.stores.shopify.access import MemoryTokens, StorefrontAccess, TokenStore
from longshore.stores.shopify.client import ShopifyClient
from longshore.stores.shopify.storefront import ShopifyStorefront
from longshore.stores.shopify.throttle import MemoryBudget, SharedBudget

__all__ = [
    "MemoryBudget",
    "MemoryTokens",
    "ShopifyStorefront",
    "StorefrontAccess",
    "connect",
    "webhooks",
]


def connect(
    access: StorefrontAccess,
    client: GuardedClient,
    tokens: TokenStore,
    budget: SharedBudget,
    clock: Clock,
) -> ShopifyStorefront:
    """A storefront to talk to; nothing is sent yet."""
    return ShopifyStorefront(ShopifyClient(access, client, tokens, budget, clock))
