"""Routes of webhooks."""

import secrets
from datetime import UTC, datetime
from urllib.parse import urlsplit

from simulators.woocommerce.jsonish import Json, as_int, as_text, truth
from simulators.woocommerce.rest.batch import run_batch
from simulators.woocommerce.rest.errors import RestError
from simulators.woocommerce.rest.params import Param, Params
from simulators.woocommerce.rest.product_params import CHOICE, CONTEXT, FORCE, PAGE
from simulators.woocommerce.rest.requests import Answer, Request, page_of
from simulators.woocommerce.rest.router import EDIT, READ, WRITE, Endpoint, Route, needs
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.webhooks import ACTION, HOOKS, Webhook
from simulators.woocommerce.wire.common import choose
from simulators.woocommerce.wire.generations import WC_V3, Generation
from simulators.woocommerce.wire.webhooks import webhook_json

STATUSES = ("active", "paused", "disabled")
BODY: Params = {
    "name": Param(),
    "topic": Param(),
    "status": Param(enum=STATUSES),
    "delivery_url": Param(),
    "secret": Param(),
}
LIST: Params = {
    **PAGE,
    **CHOICE,
    "orderby": Param(default="date", enum=("date", "id", "title")),
    "status": Param(default="all", enum=("all", *STATUSES)),
}
ID: Params = {"id": Param("integer")}


def routes(shop: Shop, generation: Generation = WC_V3) -> list[Route]:
    base = f"/{generation.namespace}/webhooks"
    secret = Param(required=shop.settings.version.secret_needed)
    made = (
        Endpoint(READ, page, needs("view"), LIST),
        Endpoint(WRITE, create, needs("create"), {**BODY, "secret": secret}),
    )
    one = (
        Endpoint(READ, get, needs("view_one"), {**ID, "context": CONTEXT}),
        Endpoint(EDIT, update, needs("edit"), {**ID, **BODY}),
        Endpoint(("DELETE",), delete, needs("delete"), {**ID, **FORCE}),
    )
    found = [
        Route(base, made),
        Route(f"{base}/batch", (Endpoint(EDIT, batch, needs("batch")),)),
        Route(base + r"/(?P<id>[\d]+)", one),
    ]
    if generation.deliveries:
        log = (Endpoint(READ, deliveries, needs("view")),)
        found.append(Route(base + r"/(?P<webhook_id>[\d]+)/deliveries", log))
    return found


def deliveries(_: Request) -> Answer:
    """Their log is not kept."""
    return Answer([])


def _body(request: Request, row: Webhook) -> Json:
    return request.generation.plain(webhook_json(request.shop, request.root, row))


def _shown(request: Request, row: Webhook) -> Json:
    body = _body(request, row)
    if not request.fields:
        return body
    return {**choose(body, request.fields), "_links": body["_links"]}


def _row(request: Request, webhook_id: int, status: int = 404) -> Webhook:
    row = request.shop.webhooks.rows.get(webhook_id)
    taken = webhook_id in request.shop.catalog or webhook_id in request.shop.orders
    if row is None and taken and not request.version.late_fields:
        code = "woocommerce_rest_shop_webhook_invalid_id"
        raise RestError(code, "ID is invalid.", 400)
    if row is None:
        raise request.invalid_id("shop_webhook", status)
    return row


def page(request: Request) -> Answer:
    """There is said to be one page, whatever their number, as recorded."""
    wanted = request.params["status"]
    rows = [row for row in request.shop.webhooks.rows.values() if wanted in {"all", row.status}]
    if request.params.get("include"):
        rows = [row for row in rows if row.id in request.params["include"]]
    rows.sort(key=lambda row: row.id, reverse=request.params["order"] == "desc")
    bodies = [_body(request, row) for row in rows[page_of(request, len(rows))]]
    answer = Answer(choose(bodies, request.fields))
    answer.headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": "1"}
    return answer


def get(request: Request) -> Answer:
    return Answer(_shown(request, _row(request, request.id())))


def create(request: Request) -> Answer:
    row = _created(request, request.params)
    answer = Answer(_shown(request, row), 201)
    answer.headers["Location"] = f"{request.root}/webhooks/{row.id}"
    answer.after.append(lambda: request.ping(row))
    return answer


def update(request: Request) -> Answer:
    return Answer(_shown(request, _updated(request, request.id(), request.params)))


def delete(request: Request) -> Answer:
    row = _row(request, request.id())
    if not truth(request.params["force"]):
        message = "Webhooks do not support trashing."
        raise RestError("woocommerce_rest_trash_not_supported", message, 501)
    shown = _shown(request, row)
    del request.shop.webhooks.rows[row.id]
    return Answer(shown)


def batch(request: Request) -> Answer:
    return run_batch(request, _batch_create, _batch_update, _batch_delete)


def _batch_create(request: Request, body: Json) -> Json:
    row = _created(request, body)
    return _body(request, row)


def _batch_update(request: Request, body: Json) -> Json:
    row = _updated(request, as_int(body.get("id")), body)
    return _body(request, row)


def _batch_delete(request: Request, body: Json) -> Json:
    row = _row(request, as_int(body.get("id")))
    shown = _body(request, row)
    del request.shop.webhooks.rows[row.id]
    return shown


def _created(request: Request, body: Json) -> Webhook:
    """A status given at creation is ignored, as recorded."""
    shop = request.shop
    topic, address = as_text(body.get("topic")), as_text(body.get("delivery_url"))
    _check_topic(topic)
    _check_address(address)
    now = shop.clock.second()
    shown = datetime.fromtimestamp(now, UTC).strftime("%b %d, %Y @ %I:%M %p")
    row = Webhook(
        id=shop.next_id() if shop.settings.version.webhook_posts else next(shop.webhooks.ids),
        name=as_text(body.get("name")) or f"Webhook created on {shown}",
        topic=topic,
        delivery_url=address,
        secret=as_text(body.get("secret")) or secrets.token_hex(25),
        created=now,
        modified=now if shop.settings.version.webhook_posts else None,
        owner=request.key,
        namespace=request.namespace,
        legacy=not shop.settings.version.objects,
    )
    shop.webhooks.rows[row.id] = row
    return row


def _updated(request: Request, webhook_id: int, body: Json) -> Webhook:
    row = _row(request, webhook_id, 400)
    if body.get("topic"):
        _check_topic(as_text(body["topic"]))
        row.topic = as_text(body["topic"])
    if body.get("delivery_url"):
        _check_address(as_text(body["delivery_url"]))
        row.delivery_url = as_text(body["delivery_url"])
    row.name = as_text(body.get("name")) or row.name
    row.secret = as_text(body.get("secret")) or row.secret
    row.status = as_text(body.get("status")) or row.status
    row.modified = request.shop.clock.second()
    return row


def _check_topic(topic: str) -> None:
    if topic not in HOOKS and not (topic.startswith(ACTION) and topic != ACTION):
        message = "Webhook topic is required and must be valid."
        raise RestError("woocommerce_rest_shop_webhook_invalid_topic", message, 400)


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        message = "Webhook delivery URL must be a valid URL starting with http:// or https://."
        raise RestError("woocommerce_rest_shop_webhook_invalid_delivery_url", message, 400)
