"""A simulated Shopify shop and our adapter for it, joined without a socket."""

from datetime import UTC, datetime

import httpx2

from longshore.stores import shopify
from longshore.stores.http import GuardedClient
from longshore.stores.shopify.client import ShopifyClient
from simulators.shopify import ShopSettings, Simulator


class FixedClock:
    def __init__(self) -> None:
        self.time = datetime.now(UTC)

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()


class Shop:
    """`storefront` talks to `simulator`; `sleeps` holds the waits it asked for."""

    def __init__(
        self, settings: ShopSettings | None = None, *, by_credentials: bool = False
    ) -> None:
        self.simulator = Simulator(settings)
        self.clock = FixedClock()
        self.sleeps: list[float] = []
        made = self.simulator.settings
        self.access = shopify.StorefrontAccess(
            made.domain,
            made.client_id,
            made.client_secret,
            "" if by_credentials else made.token,
            "http://shop.test",
        )
        self.http = GuardedClient(transport=httpx2.WSGITransport(app=self.simulator.app))
        self.tokens = shopify.MemoryTokens()
        self.client = ShopifyClient(
            self.access,
            self.http,
            self.tokens,
            shopify.MemoryBudget(),
            self.clock,
            self.sleeps.append,
        )
        self.storefront = shopify.ShopifyStorefront(self.client)

    @property
    def state(self):
        return self.simulator.parts.state

    def control(self, path: str, **given: object):
        import json

        answer = self.http.request(
            "POST",
            f"http://shop.test/_sim/{path}",
            headers={"Content-Type": "application/json"},
            content=json.dumps(given).encode(),
        )
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    def operations(self) -> list[str]:
        return [entry["operation"] for entry in self.simulator.parts.log]
