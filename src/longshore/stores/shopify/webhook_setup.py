"""Our webhook subscriptions: one for each topic, at our address, made anew when it is gone."""

from collections.abc import Sequence

from longshore.stores.shopify.client import ShopifyClient, check

FIELDS = ("id", "admin_graphql_api_id", "updated_at", "order_id")
"""All that a hint needs; buyers' data stays out of the delivery."""


def ensure(client: ShopifyClient, topics: Sequence[str], url: str) -> Sequence[str]:
    """Registers missing topics, removes ours at other addresses and doubles; returns the topics
    now active. Topics are written as the schema does: ORDERS_CREATE.
    """
    active: list[str] = []
    for page in client.pages("webhooks", {}, "webhookSubscriptions"):
        for node in page:
            topic, uri = str(node["topic"]), str(node["uri"])
            if uri == url and topic in topics and topic not in active:
                active.append(topic)
            elif uri == url or _ours(uri, url):
                check(
                    client.call("webhook_delete", {"id": node["id"]})["webhookSubscriptionDelete"]
                )
    for topic in topics:
        if topic not in active:
            subscription = {"uri": url, "format": "JSON", "includeFields": list(FIELDS)}
            variables = {"topic": topic, "subscription": subscription}
            check(client.call("webhook_create", variables)["webhookSubscriptionCreate"])
            active.append(topic)
    return active


def _ours(uri: str, url: str) -> bool:
    """The same path at another host: the hub has moved."""
    return uri.partition("/hooks/")[2] == url.partition("/hooks/")[2] != ""
