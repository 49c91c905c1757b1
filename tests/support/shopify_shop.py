"""A simulated Shopify shop: joined to our adapter without a socket (`Shop`), or spoken to bare
(`Wire`), as anybody would who knows nothing of the hub.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx2
from werkzeug.test import Client

from longshore.stores import shopify
from longshore.stores.http import GuardedClient
from longshore.stores.shopify.client import ShopifyClient
from simulators.shopify import MORE_SCOPES, ShopSettings, Simulator


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


def naive(rule: str) -> Callable[[Any], Any]:
    """Marks a test that plays somebody who does not know this rule (simulators.shopify.rules)."""

    def mark(test: Any) -> Any:
        test.rule = rule
        return test

    return mark


HUB_NAMESPACE, HUB_KEY = "$app:hub", "source"
READY_S = 5.0


class Wire:
    """Raw GraphQL to a shop whose clock stands still. `sent` holds the webhooks that were
    delivered; `hears` answers them.
    """

    def __init__(self, **settings: Any) -> None:
        given = {"scopes": MORE_SCOPES, "bucket": 1e9, **settings}
        self.sent: list[tuple[str, bytes, Mapping[str, str]]] = []
        self.hears: Callable[[str], int | str] = lambda _uri: 200
        self.simulator = Simulator(ShopSettings(**given), self._receive)
        self.state.clock.stop()
        self.client = Client(self.simulator.app)

    @property
    def state(self):
        return self.simulator.parts.state

    @property
    def place(self) -> str:
        """The shop's first location."""
        return next(iter(self.state.locations))

    def _receive(self, uri: str, body: bytes, headers: Mapping[str, str]) -> int | str:
        self.sent.append((uri, body, dict(headers)))
        return self.hears(uri)

    def close(self) -> None:
        assert self.state.later.problems == []
        self.simulator.close()

    # --- asking ---

    def ask(self, query: str, /, *, at: str = "2026-10", **variables: Any):
        """The HTTP answer."""
        return self.client.post(
            f"/admin/api/{at}/graphql.json",
            json={"query": query, "variables": variables},
            headers={"X-Shopify-Access-Token": self.simulator.settings.token},
        )

    def body(self, query: str, /, **variables: Any) -> dict[str, Any]:
        answer = self.ask(query, **variables)
        assert answer.status_code == 200, answer.text
        return answer.json

    def data(self, query: str, /, **variables: Any) -> Any:
        """The one root field's value; there must be no errors."""
        body = self.body(query, **variables)
        assert "errors" not in body, body["errors"]
        (value,) = body["data"].values()
        return value

    def done(self, query: str, /, **variables: Any) -> Any:
        """A mutation's payload without userErrors."""
        payload = self.data(query, **variables)
        assert [v for k, v in payload.items() if k.lower().endswith("usererrors") and v] == []
        return payload

    def refused(self, query: str, /, **variables: Any) -> list[str]:
        """The codes of a mutation's userErrors, or its texts where it has no codes."""
        payload = self.data(query, **variables)
        entries = [e for k, v in payload.items() if k.lower().endswith("usererrors") for e in v]
        return [entry.get("code") or entry["message"] for entry in entries]

    def error(self, query: str, /, **variables: Any) -> str:
        """The code of the first top-level error."""
        return self.body(query, **variables)["errors"][0]["extensions"]["code"]

    def control(self, path: str, **given: Any) -> Any:
        answer = self.client.post(f"/_sim/{path}", json=given)
        assert answer.status_code == 200, answer.text
        return answer.json

    def view(self, path: str) -> Any:
        return self.client.get(f"/_sim/{path}").json

    def forward(self, seconds: float = READY_S) -> None:
        self.state.clock.forward(seconds)
        self.simulator.settle()

    # --- something to work with ---

    def product(self, available: int = 10, **given: Any) -> dict[str, Any]:
        """A product of one tracked variant on sale, made by the shop's staff."""
        variant = {"sku": "MUG", "price": "12.50", "available": available}
        return self.control("products", **{"title": "Mug", "variants": [variant], **given})

    def variant(self, available: int = 10, **given: Any) -> str:
        return self.product(available, **given)["variantIds"][0]

    def item(self, variant: str) -> str:
        return self.state.variants[variant]["itemId"]

    def level(self, variant: str, place: str = "") -> tuple[int, int]:
        """(available, committed)."""
        level = self.state.levels[self.item(variant), place or self.place]
        return level["available"], level["committed"]

    def buy(self, *lines: tuple[str, int], **given: Any) -> dict[str, Any]:
        wanted = [{"variant_id": variant, "quantity": units} for variant, units in lines]
        return self.control("checkout", lines=wanted, **given)

    def work(self, order: Mapping[str, Any], index: int = 0) -> dict[str, Any]:
        """A fulfillment order of an order, as it is now."""
        gid = self.state.orders[order["id"]]["fulfillmentOrderIds"][index]
        return self.state.fulfillment_orders[gid]

    def listen(self, *topics: str, uri: str = "https://hub.test/hooks", **given: Any) -> list[str]:
        return [
            self.done(WEBHOOK_CREATE, topic=topic, input={"uri": uri, **given})[
                "webhookSubscription"
            ]["id"]
            for topic in topics
        ]

    def heard(self) -> list[str]:
        """Topics of what was delivered so far, after everything due was sent."""
        self.simulator.settle()
        return [headers["X-Shopify-Topic"] for _, _, headers in self.sent]

    def define(self) -> None:
        """The metafield definition whose values are custom ids."""
        definition = {"name": "Source", "namespace": HUB_NAMESPACE, "key": HUB_KEY,
                      "ownerType": "PRODUCT", "type": "id"}  # fmt: skip
        self.done(
            "mutation($definition: MetafieldDefinitionInput!) {"
            " metafieldDefinitionCreate(definition: $definition) { userErrors { code } } }",
            definition=definition,
        )

    def set(self, value: str = "1", **given: Any) -> Any:
        """ProductSet by a custom id; the payload, whatever came of it."""
        return self.data(PRODUCT_SET, identifier=custom(value), input=goods(value, **given))


WEBHOOK_CREATE = """
mutation($topic: WebhookSubscriptionTopic!, $input: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $input) {
    webhookSubscription { id }
    userErrors { field message }
  }
}"""
PRODUCT_SET = """
mutation($identifier: ProductSetIdentifiers, $input: ProductSetInput!, $now: Boolean = true) {
  productSet(identifier: $identifier, input: $input, synchronous: $now) {
    product { id variants(first: 250) { nodes { id title sku inventoryItem { id } } } }
    productSetOperation { id status userErrors { code } }
    userErrors { field message code }
  }
}"""


def custom(value: str) -> dict[str, Any]:
    return {"customId": {"namespace": HUB_NAMESPACE, "key": HUB_KEY, "value": value}}


def goods(value: str = "1", sizes: tuple[str, ...] = ("S", "M"), **given: Any) -> dict[str, Any]:
    """The input of a productSet that is right in every way."""
    field = {"namespace": HUB_NAMESPACE, "key": HUB_KEY, "type": "id", "value": value}
    return {
        "title": "Mug",
        "metafields": [field],
        "productOptions": [{"name": "Size", "values": [{"name": size} for size in sizes]}],
        "variants": [sized(size) for size in sizes],
        **given,
    }


def sized(size: str, **given: Any) -> dict[str, Any]:
    return {"optionValues": [{"optionName": "Size", "name": size}], "price": "12.50", **given}
