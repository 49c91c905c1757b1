"""What Shopify answered to a step of a listing, in the hub's words."""

import re
from collections.abc import Mapping
from typing import Any

from longshore.domain.listing import Field, Step, Value
from longshore.ports.publishing import Made, MadeVariant, NotMade, WriteOutcome
from longshore.stores.shopify.client import Json, UserError, obj, refusal, rows, user_errors
from longshore.stores.shopify.listing_inputs import DEFAULT_VALUE

_TEXTS = {
    "title": Field.TITLE,
    "descriptionHtml": Field.DESCRIPTION,
    "vendor": Field.VENDOR,
    "productType": Field.TYPE,
    "tags": Field.TAGS,
}
_DAILY = re.compile(r"daily variant (?:creation )?limit", re.IGNORECASE)
DAILY_LIMIT = "VARIANT_THROTTLE_EXCEEDED"
"""Shopify's limit for apps in shops of 50,000 variants or more (shopify.dev/docs/apps/build/apis/
graphql-admin/rate-limits: resource-based limits).
"""
_BUSY = frozenset({"JOB_ERROR", "GENERIC_ERROR"})
_GONE = frozenset({"PRODUCT_DOES_NOT_EXIST", "NOT_FOUND"})
_NOT_THERE = re.compile(r"(?:product|resource|owner) does not exist", re.IGNORECASE)


def outcome(step: Step, payload: Json | None, error: str = "") -> WriteOutcome:
    """`payload` is the mutation's, None when it has none; `error` what stands beside it."""
    if payload is None and error:
        return NotMade(error)
    errors = user_errors(payload)
    if errors:
        return _not_made(errors)
    product = obj((payload or {}).get("product"))
    if step is not Step.SET:
        return Made(str(product.get("id") or ""), shown=_shown(product))
    variants = obj(product.get("variants"))
    return Made(
        product_id=str(product["id"]),
        variants=tuple(made_variant(node) for node in rows(variants.get("nodes"))),
        media=tuple(str(node["id"]) for node in rows(obj(product.get("media")).get("nodes"))),
        shown=_shown(product),
    )


def has_more(payload: Json | None) -> str | None:
    """Where the rest of a product's variants begins, after a SET of very many."""
    product = obj((payload or {}).get("product"))
    info = obj(obj(product.get("variants")).get("pageInfo"))
    return str(info["endCursor"]) if info.get("hasNextPage") else None


def made_variant(node: Json) -> MadeVariant:
    item: Any = node["inventoryItem"]
    values = tuple(str(one["value"]) for one in rows(node["selectedOptions"]))
    return MadeVariant(
        str(node["id"]), str(item["id"]), () if values == (DEFAULT_VALUE,) else values
    )


def _not_made(errors: list[UserError]) -> NotMade:
    refused = refusal(errors)
    codes = {one.code for one in errors}
    daily = any(one.code == DAILY_LIMIT or _DAILY.search(one.message) for one in errors)
    gone = bool(codes & _GONE) or any(_NOT_THERE.search(one.message) for one in errors)
    return NotMade(
        refused.internal, later=daily or bool(codes & _BUSY), gone=gone, daily_limit=daily
    )


def _shown(product: Json) -> Mapping[str, Value]:
    return {
        field: sorted(product[name]) if field is Field.TAGS else product[name]
        for name, field in _TEXTS.items()
        if product.get(name) is not None
    }
