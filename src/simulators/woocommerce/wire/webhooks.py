"""Webhooks as wc/v3 prints them, and the bodies they deliver."""

import hashlib

from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.legacy.rules import rules_of
from simulators.woocommerce.legacy.webhooks import HOOKS
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.versions import Version
from simulators.woocommerce.webhooks import ACTION, Webhook, signature
from simulators.woocommerce.wire.common import links, php_json, without_hints
from simulators.woocommerce.wire.generations import GENERATIONS, WC_V3
from simulators.woocommerce.wire.orders import order_json
from simulators.woocommerce.wire.render import Renderer


def hooks_of(version: Version, row: Webhook) -> list[str]:
    if row.topic.startswith(ACTION) or version.late_fields:
        return row.hooks
    return list(HOOKS[rules_of(version.woocommerce).hooks].get(row.topic, ()))


def webhook_json(shop: Shop, root: str, row: Webhook) -> Json:
    """The secret is never shown."""
    resource, _, event = row.topic.partition(".")
    clock = shop.clock
    return {
        "id": row.id,
        "name": row.name,
        "status": row.status,
        "topic": row.topic,
        "resource": resource,
        "event": event,
        "hooks": hooks_of(shop.settings.version, row),
        "delivery_url": row.delivery_url,
        "date_created": clock.local(row.created),
        "date_created_gmt": clock.gmt(row.created),
        "date_modified": clock.local(row.modified),
        "date_modified_gmt": clock.gmt(row.modified),
        "_links": links(root, f"webhooks/{row.id}"),
    }


def delivery_body(renderer: Renderer, shop: Shop, root: str, row: Webhook, subject: int) -> bytes:
    """Built when it is sent, in the form of the API by which its webhook was made: newest state.
    What is gone by then is only an id. A variation goes out as a product.
    """
    if row.topic.startswith(ACTION):
        return php_json({"action": row.topic.removeprefix(ACTION), "arg": subject})
    resource, _, event = row.topic.partition(".")
    generation = GENERATIONS.get(row.namespace, WC_V3)
    if event == "deleted":
        return php_json({"id": subject})
    if resource == "order" and subject in shop.orders:
        order = shop.orders[subject]
        body = generation.order(shop, order, order_json(shop, root, order))
        return _hinted(shop, php_json(body))
    product = shop.catalog.get(subject) if resource == "product" else None
    if product is not None:
        return _hinted(shop, renderer.one(generation.product, root, product))
    return php_json({"id": subject})


def _hinted(shop: Shop, body: bytes) -> bytes:
    return body if shop.settings.version.wp.target_hints else without_hints(body)


def delivery_headers(shop: Shop, row: Webhook, body: bytes) -> dict[str, str]:
    resource, _, event = row.topic.partition(".")
    source = {"X-WC-Webhook-Source": f"{shop.home}/"}
    return {
        "User-Agent": agent(shop),
        "Content-Type": "application/json",
        **(source if shop.settings.version.webhook_source else {}),
        "X-WC-Webhook-Topic": row.topic,
        "X-WC-Webhook-Resource": resource,
        "X-WC-Webhook-Event": event,
        "X-WC-Webhook-Signature": signature(row.secret, body),
        "X-WC-Webhook-ID": str(row.id),
        "X-WC-Webhook-Delivery-ID": delivery_id(shop, row),
    }


def delivery_id(shop: Shop, row: Webhook) -> str:
    """Two deliveries of one webhook within a second share it."""
    return hashlib.md5(f"{row.id}{shop.clock.second()}".encode()).hexdigest()  # noqa: S324 - as it is


def agent(shop: Shop) -> str:
    version = shop.settings.version
    return f"WooCommerce/{version.woocommerce} Hookshot (WordPress/{version.wordpress})"
