"""Fields of webhook subscriptions, and the mutations that make them."""

from typing import Any

from simulators.shopify.fields.pages import page
from simulators.shopify.fields.registry import Context, field_of, mutation
from simulators.shopify.rows import NotModelled, Row
from simulators.shopify.state import Subscriptions


def _hooks(context: Context) -> Subscriptions:
    if context.state.hooks is None:
        raise NotModelled("webhooks without their sender")
    return context.state.hooks


@field_of("QueryRoot.webhookSubscriptions")
def subscriptions(
    context: Context,
    _: Any,
    *,
    topics: list[str] | None = None,
    uri: str | None = None,
    sort_key: str | None = None,
    **arguments: Any,
) -> Row:
    if sort_key not in {None, "CREATED_AT"}:
        raise NotModelled(f"webhook subscriptions sorted by {sort_key}")
    rows = [
        row
        for row in context.state.subscriptions.values()
        if (not topics or row["topic"] in topics) and (uri is None or row["uri"] == uri)
    ]
    return page(context, rows, root=True, **arguments)


@mutation("webhookSubscriptionCreate")
def subscribe(context: Context, *, topic: str, webhook_subscription: Row) -> Row:
    return _hooks(context).subscribe(topic, webhook_subscription)


@mutation("webhookSubscriptionUpdate")
def change(context: Context, *, gid: str, webhook_subscription: Row) -> Row:
    return _hooks(context).change(gid, webhook_subscription)


@mutation("webhookSubscriptionDelete")
def unsubscribe(context: Context, *, gid: str) -> Row:
    return _hooks(context).unsubscribe(gid)
