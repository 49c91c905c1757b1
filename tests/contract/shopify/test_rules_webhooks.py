"""Naive listeners: what becomes of a webhook that is believed, counted or trusted too much."""

import base64
import hashlib
import hmac
import json

import pytest

from support.shopify_shop import WEBHOOK_CREATE, Wire, naive

UPDATE = """
mutation($id: ID!, $input: WebhookSubscriptionInput!) {
  webhookSubscriptionUpdate(id: $id, webhookSubscription: $input) { userErrors { message } }
}"""
SET = """
mutation($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { code } }
}"""
FOUR_HOURS_S = 4 * 3600


@pytest.fixture
def variant(wire: Wire) -> str:
    return wire.variant(20)


def bodies(wire: Wire) -> list[dict]:
    wire.simulator.settle()
    return [json.loads(body) for _, body, _ in wire.sent]


def headers(wire: Wire, name: str) -> list[str]:
    wire.simulator.settle()
    return [sent[f"X-Shopify-{name}"] for _, _, sent in wire.sent]


def signature(wire: Wire, body: bytes) -> str:
    secret = wire.simulator.settings.client_secret.encode()
    return base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest()).decode()


@naive("signed-raw-bytes")
def test_the_signature_of_a_body_that_was_written_anew(wire: Wire, variant: str):
    wire.listen("ORDERS_CREATE")
    wire.buy((variant, 1), note="Žižkov")
    wire.simulator.settle()
    (_, body, sent) = wire.sent[0]
    assert sent["X-Shopify-Hmac-Sha256"] == signature(wire, body)
    anew = json.dumps(json.loads(body)).encode()
    assert sent["X-Shopify-Hmac-Sha256"] != signature(wire, anew)


@naive("delivered-twice")
def test_each_delivery_is_counted(wire: Wire, variant: str):
    wire.listen("ORDERS_CREATE")
    wire.control("webhooks", duplicate={"ORDERS_CREATE": 1})
    wire.buy((variant, 1))
    assert wire.heard() == ["orders/create"] * 2
    assert len(set(headers(wire, "Event-Id"))) == 1
    assert len(set(headers(wire, "Webhook-Id"))) == 2


@naive("event-id-over-topics")
def test_an_event_id_alone_drops_the_payment(wire: Wire, variant: str):
    wire.listen("ORDERS_CREATE", "ORDERS_PAID")
    wire.buy((variant, 1))
    assert wire.heard() == ["orders/create", "orders/paid"]
    assert len(set(headers(wire, "Event-Id"))) == 1


@naive("out-of-order")
def test_the_last_delivery_is_not_the_last_event(wire: Wire, variant: str):
    wire.listen("ORDERS_CREATE", "ORDERS_UPDATED")
    wire.control("webhooks", shuffle=3)
    order = wire.buy((variant, 1))
    for note in ("first", "second"):
        wire.control("orders/change", order_id=order["id"], note=note)
    assert wire.heard() == ["orders/updated", "orders/updated", "orders/create"]
    assert [body["note"] for body in bodies(wire)] == ["second", "first", ""]


@naive("may-never-come")
def test_an_order_that_is_only_waited_for(wire: Wire, variant: str):
    wire.listen("ORDERS_CREATE")
    wire.control("webhooks", withhold={"*": 1})
    wire.buy((variant, 1))
    wire.forward(FOUR_HOURS_S)
    assert wire.heard() == []
    assert len(wire.state.orders) == 1


# --- deliveries in vain ---


@naive("retried-8-times")
@naive("deleted-after-8")
def test_a_listener_that_is_down_for_a_day(wire: Wire, variant: str):
    wire.listen("ORDERS_CREATE")
    wire.hears = lambda _: 500
    wire.buy((variant, 1))
    wire.forward(FOUR_HOURS_S - 60)
    assert (len(wire.heard()), len(wire.state.subscriptions)) == (8, 1)
    wire.forward(120)
    assert (len(wire.heard()), len(wire.state.subscriptions)) == (9, 0)
    wire.hears = lambda _: 200
    wire.buy((variant, 1))
    assert len(wire.heard()) == 9


@naive("retries-tell-the-past")
def test_a_retry_is_believed(wire: Wire, variant: str):
    wire.listen("ORDERS_UPDATED")
    order = wire.buy((variant, 1))
    wire.hears = lambda _: "ConnectionRefusedError"
    wire.control("orders/change", order_id=order["id"], note="first")
    wire.simulator.settle()
    wire.hears = lambda _: 200
    wire.control("orders/change", order_id=order["id"], note="second")
    wire.forward(120)
    assert [body["note"] for body in bodies(wire)] == ["first", "second", "first"]
    times = headers(wire, "Triggered-At")
    assert times[2] == times[0]
    assert len(set(headers(wire, "Webhook-Id"))) == 2


@naive("address-of-then")
def test_a_retry_after_the_hub_moved(wire: Wire, variant: str):
    (gid,) = wire.listen("ORDERS_CREATE", uri="https://old.test/")
    wire.hears = lambda uri: 200 if "new" in uri else 404
    wire.buy((variant, 1))
    wire.simulator.settle()
    wire.done(UPDATE, id=gid, input={"uri": "https://new.test/"})
    wire.forward(120)
    assert {uri for uri, _, _ in wire.sent} == {"https://old.test/"}
    wire.buy((variant, 1))
    wire.simulator.settle()
    assert wire.sent[-1][0] == "https://new.test/"


# --- subscribing ---


def subscribe(wire: Wire, topic: str, uri: str = "https://hub.test/hooks") -> list[str]:
    return wire.refused(WEBHOOK_CREATE, topic=topic, input={"uri": uri})


@naive("topic-needs-a-scope")
def test_a_topic_without_its_scope():
    wire = Wire(scopes=("read_orders",))
    assert subscribe(wire, "INVENTORY_LEVELS_UPDATE")
    assert subscribe(wire, "ORDERS_PAID") == []
    assert subscribe(wire, "APP_UNINSTALLED") == []
    wire.close()


@naive("https-only")
def test_deliveries_to_plain_http(wire: Wire):
    assert subscribe(wire, "ORDERS_PAID", "http://hub.test/hooks") == ["Address is invalid"]


@naive("address-once-a-topic")
def test_subscribing_at_every_start(wire: Wire):
    assert subscribe(wire, "ORDERS_PAID") == []
    assert subscribe(wire, "ORDERS_PAID") == ["Address for this topic has already been taken"]


@naive("included-fields")
def test_a_field_that_was_not_asked_for(wire: Wire, variant: str):
    wire.listen("ORDERS_CREATE", includeFields=["id", "updated_at"])
    wire.buy((variant, 1))
    assert set(bodies(wire)[0]) == {"id", "updated_at"}


# --- what raises what ---


@naive("no-product-update-on-a-sale")
def test_a_sale_is_waited_for_as_a_product_update(wire: Wire, variant: str):
    wire.listen("PRODUCTS_UPDATE", "INVENTORY_LEVELS_UPDATE")
    wire.buy((variant, 1))
    assert wire.heard() == ["inventory_levels/update"]


@naive("own-writes-echo")
def test_a_level_that_changed_is_taken_for_drift(wire: Wire, variant: str):
    wire.listen("INVENTORY_LEVELS_UPDATE")
    row = {"inventoryItemId": wire.item(variant), "locationId": wire.place, "quantity": 5,
           "changeFromQuantity": 20}  # fmt: skip
    data = {"name": "available", "reason": "correction", "quantities": [row]}
    wire.done(SET, input=data, key="k")
    assert [body["available"] for body in bodies(wire)] == [5]


@naive("webhook-bodies")
def test_a_refunds_id_is_taken_for_its_orders(wire: Wire, variant: str):
    wire.listen("REFUNDS_CREATE")
    order = wire.buy((variant, 1))
    given = {"order_id": order["id"], "line_id": order["lines"][0]["id"], "quantity": 1}
    wire.control("orders/refund", **given)
    (body,) = bodies(wire)
    number = int(order["id"].rpartition("/")[2])
    assert (body["id"] == number, body["order_id"] == number) == (False, True)


@naive("work-names-no-order")
def test_the_order_of_work_that_was_held(wire: Wire, variant: str):
    wire.listen("FULFILLMENT_ORDERS_PLACED_ON_HOLD")
    work = wire.work(wire.buy((variant, 1)))
    wire.control("fulfillment_orders/hold", fulfillment_order_id=work["id"])
    assert bodies(wire) == [{"fulfillment_order": {"id": work["id"], "status": "on_hold"}}]


@naive("edit-names-its-order-inside")
def test_the_id_at_the_top_of_an_edit(wire: Wire, variant: str):
    wire.listen("ORDERS_EDITED")
    order = wire.buy((variant, 2))
    wire.control("orders/edit", order_id=order["id"], line_id=order["lines"][0]["id"], quantity=1)
    (body,) = bodies(wire)
    assert "id" not in body
    assert body["order_edit"]["order_id"] == int(order["id"].rpartition("/")[2])


@naive("deletion-tells-a-number")
def test_the_gid_of_a_product_that_was_deleted(wire: Wire, variant: str):
    wire.listen("PRODUCTS_DELETE")
    gid = wire.state.variants[variant]["productId"]
    wire.control("products/delete", product_id=gid)
    assert bodies(wire) == [{"id": int(gid.rpartition("/")[2])}]
