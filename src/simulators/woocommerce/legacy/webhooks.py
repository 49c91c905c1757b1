"""Routes of webhooks, and the bodies that those deliver which were made here."""

import re
from datetime import UTC, datetime

from simulators.woocommerce.jsonish import Json, as_text
from simulators.woocommerce.legacy.lists import Collection, Columns
from simulators.woocommerce.legacy.order_wire import order_json
from simulators.woocommerce.legacy.product_view import z
from simulators.woocommerce.legacy.product_wire import product_json
from simulators.woocommerce.legacy.requests import (
    Answer,
    LegacyError,
    Request,
    chosen,
    deleted,
    denied,
    not_there,
)
from simulators.woocommerce.legacy.rules import rules_of, speech_of
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.webhooks import ACTION, Webhook

_SAVED = "woocommerce_process_{}_meta"
_ORDER, _PRODUCT = _SAVED.format("shop_order"), _SAVED.format("product")
_OLD_ORDERS = ("woocommerce_checkout_order_processed", _ORDER, "woocommerce_api_create_order")
_OLD_EDITS = (_ORDER, "woocommerce_api_edit_order")
_STATUS = ("woocommerce_order_edit_status", "woocommerce_order_status_changed")
_OLD_PRODUCTS = (_PRODUCT, "woocommerce_api_edit_product")
_EVERY = ("woocommerce_update_product", "woocommerce_update_product_variation")
_NEW = ("woocommerce_new_product", "woocommerce_new_product_variation")
_FIRST = {
    "order.created": _OLD_ORDERS,
    "order.updated": _OLD_EDITS,
    "order.deleted": ("wp_trash_post",),
    "product.created": (_PRODUCT, "woocommerce_api_create_product"),
    "product.updated": _OLD_PRODUCTS,
    "product.deleted": ("wp_trash_post",),
    "customer.created": (
        "user_register",
        "woocommerce_created_customer",
        "woocommerce_api_create_customer",
    ),
    "customer.updated": ("profile_update", "woocommerce_api_edit_customer"),
    "customer.deleted": ("delete_user",),
    "coupon.created": ("woocommerce_process_shop_coupon_meta", "woocommerce_api_create_coupon"),
    "coupon.updated": ("woocommerce_process_shop_coupon_meta", "woocommerce_api_edit_coupon"),
    "coupon.deleted": ("wp_trash_post",),
}
_2_4 = {**_FIRST, "order.updated": (*_OLD_EDITS, *_STATUS)}
_BULK = ("woocommerce_product_quick_edit_save", "woocommerce_product_bulk_edit_save")
_3_0 = {**_2_4, "product.updated": (*_OLD_PRODUCTS, *_BULK)}
_3_2 = {
    **_3_0,
    "order.created": (_ORDER, "woocommerce_new_order"),
    "order.updated": (_ORDER, "woocommerce_update_order"),
    "product.created": (_PRODUCT, *_NEW),
    "product.updated": (_PRODUCT, *_EVERY),
}
_REFUNDED = ("woocommerce_update_order", "woocommerce_order_refunded")
_3_5 = {**_3_2, "order.updated": (_ORDER, *_REFUNDED)}
_3_6 = {**_3_5, "order.created": ("woocommerce_new_order",), "order.updated": _REFUNDED}
HOOKS = {"2.2": _FIRST, "2.4": _2_4, "3.0": _3_0, "3.2": _3_2, "3.5": _3_5, "3.6": _3_6}
_COLUMNS = Columns(
    id=lambda row: row.id,
    created=lambda row: row.created,
    modified=lambda row: row.modified or row.created,
    keys={},
)
STATUSES = {"active": "publish", "paused": "draft", "disabled": "pending"}
"""And what the posts are called that webhooks are."""
URL = re.compile(r"https?://[^\s]+")


def shown(request: Request, row: Webhook, fields: str = "") -> Json:
    resource, _, event = row.topic.partition(".")
    hooks = HOOKS[request.rules.hooks].get(row.topic, ())
    body = {
        "id": row.id,
        "name": row.name,
        "status": row.status,
        "topic": row.topic,
        "resource": resource,
        "event": event,
        "hooks": [event] if row.topic.startswith(ACTION) else list(hooks),
        "delivery_url": row.delivery_url,
        "created_at": z(row.created),
        "updated_at": z(row.modified or row.created),
    }
    return chosen(body, fields)


def _found(request: Request) -> list[Webhook]:
    """Only those that are active, unless others are asked for: by their own word, or by that of
    the posts which they are.
    """
    asked = as_text(request.query.get("status") or request.filter.get("status"))
    wanted = {asked} if asked in STATUSES else {"active"}
    if asked == "all" and request.speech.only("v3_all_webhooks"):
        wanted = set(STATUSES)
    posts = as_text(request.filter.get("post_status"))
    if posts:
        words = posts.split(",")
        wanted = {name for name, post in STATUSES.items() if {post, "any"} & set(words)}
    return [row for row in request.shop.webhooks.rows.values() if row.status in wanted]


LIST = Collection("webhooks", _COLUMNS, _found, shown)


def required(request: Request, verb: str, name: str = "id") -> Webhook:
    shop, row_id = request.shop, request.id(name)
    row = shop.webhooks.rows.get(row_id)
    if row is None:
        other = row_id in shop.catalog or row_id in shop.orders
        raise not_there(request.rules, "webhook", row_id, other=other)
    if not request.trusted:
        raise denied(verb, "webhook")
    return row


def read_webhook(request: Request) -> Answer:
    return Answer({"webhook": shown(request, required(request, "read"), request.fields)})


def make_webhook(request: Request) -> Answer:
    """In 2.2 it always fails: it makes a password longer than WordPress now takes."""
    data = request.envelope("webhook")
    shop, rules = request.shop, request.rules
    if not request.trusted:
        raise denied("create", "webhook")
    topic, address = _checked(data, "Webhook topic is required and must be valid", whole=True)
    if not rules.makes_webhooks:
        raise LegacyError("cannot_create_webhook", "Cannot create webhook: 0", 500)
    now = shop.clock.second()
    named = datetime.fromtimestamp(now, UTC).strftime("Webhook created on %b %d, %Y @ %I:%M %p")
    row = Webhook(
        id=shop.next_id() if rules.webhook_posts else next(shop.webhooks.ids),
        name=as_text(data.get("name")) or named,
        topic=topic,
        delivery_url=address,
        secret=as_text(data.get("secret")),
        created=now,
        modified=now,
        owner=request.key,
        legacy=True,
    )
    shop.webhooks.rows[row.id] = row
    answer = Answer({"webhook": shown(request, row)}, 201)
    answer.after.append(lambda: request.ping(row))
    return answer


def _checked(data: Json, words: str, *, whole: bool) -> tuple[str, str]:
    """Topic and address, "" where nothing is given and nothing needed."""
    topic, address = as_text(data.get("topic")).lower(), as_text(data.get("delivery_url"))
    known = topic in _FIRST or (topic.startswith(ACTION) and topic != ACTION)
    if not known and (topic or whole):
        raise LegacyError("invalid_webhook_topic", words, 400)
    if URL.fullmatch(address) is None and (address or whole):
        message = "Webhook delivery URL must be a valid URL starting with http:// or https://"
        raise LegacyError("invalid_webhook_delivery_url", message, 400)
    return topic, address


def edit_webhook(request: Request) -> Answer:
    data = request.envelope("webhook", "edit")
    row = required(request, "edit")
    topic, address = _checked(data, "Webhook topic must be valid", whole=False)
    row.topic, row.delivery_url = topic or row.topic, address or row.delivery_url
    row.secret = as_text(data.get("secret")) or row.secret
    row.name = as_text(data.get("name")) or row.name
    if data.get("status") in STATUSES:
        row.status = data["status"]
    row.modified = request.shop.clock.second()
    return Answer({"webhook": shown(request, row)})


def drop_webhook(request: Request) -> Answer:
    row = required(request, "delete")
    del request.shop.webhooks.rows[row.id]
    return deleted("webhook")


def list_deliveries(request: Request) -> Answer:
    """Their log is not kept."""
    required(request, "read", "webhook_id")
    return Answer({"webhook_deliveries": []})


def delivered(shop: Shop, row: Webhook, subject: int) -> Json:
    """The body of a delivery: the newest version's answer, in its envelope."""
    rules = rules_of(shop.settings.version.woocommerce)
    speech = speech_of(rules, (rules.versions or ("v3",))[-1])
    resource, _, event = row.topic.partition(".")
    if row.topic.startswith(ACTION):
        return {"action": event, "arg": subject}
    if event == "deleted":
        return {"id": subject}
    if resource == "order" and subject in shop.orders:
        return {"order": order_json(shop, speech, shop.orders[subject])}
    product = shop.catalog.get(subject) if resource == "product" else None
    if product is not None:
        return {"product": product_json(shop, speech, product)}
    return {"id": subject}
