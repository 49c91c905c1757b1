"""Webhooks from Shopify: verified over their raw bytes, read as hints (shopify.dev/docs/apps/build/
webhooks).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from longshore.stores.shopify.client import obj

_ORDER = "gid://shopify/Order/"
_PRODUCT = "gid://shopify/Product/"


@dataclass(frozen=True, slots=True)
class Event:
    """`order_gid`, `product_gid` and `bulk_gid` are "" for topics that are about no such thing."""

    delivery_id: str
    topic: str
    shop_domain: str
    order_gid: str
    product_gid: str = ""
    bulk_gid: str = ""


def verify(secret: str, body: bytes, signature: str) -> bool:
    """Whether `signature` is base64(HMAC-SHA256(body)). An empty secret proves nothing."""
    if not secret or not signature:
        return False
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return hmac.compare_digest(base64.b64encode(digest), signature.strip().encode())


def read_event(headers: Mapping[str, str], body: bytes) -> Event:
    """What a verified delivery is about; `headers` have lower-case names. Raises ValueError.

    One action may raise several topics with the same event id, so the id kept is both together.
    """
    topic = headers.get("x-shopify-topic", "")
    event = headers.get("x-shopify-event-id") or headers.get("x-shopify-webhook-id", "")
    if not topic or not event:
        raise ValueError("no topic or no event id")
    try:
        found = obj(msgspec.json.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ValueError("no JSON") from None
    return Event(
        f"{topic} {event}"[:120],
        topic,
        headers.get("x-shopify-shop-domain", ""),
        _order(topic, found),
        _product(topic, found),
        str(found.get("admin_graphql_api_id") or "") if topic.startswith("bulk_") else "",
    )


def _order(topic: str, found: Mapping[str, object]) -> str:
    gid = str(found.get("admin_graphql_api_id") or "")
    if topic.startswith("orders/"):
        number = found.get("id")
        return gid if gid.startswith(_ORDER) else f"{_ORDER}{number}" if number else ""
    if topic.startswith(("products/", "bulk_")):
        return ""
    number = found.get("order_id")
    return f"{_ORDER}{number}" if number else ""


def _product(topic: str, found: Mapping[str, object]) -> str:
    """A deletion tells the number and nothing else."""
    if not topic.startswith("products/"):
        return ""
    gid = str(found.get("admin_graphql_api_id") or "")
    return gid or (f"{_PRODUCT}{found['id']}" if found.get("id") else "")
