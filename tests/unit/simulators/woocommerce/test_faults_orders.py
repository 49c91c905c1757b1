"""Faults of orders and webhooks: each test bears the name of its fault."""

import json
from typing import Any

import pytest

from simulators.woocommerce.webhooks import signature

SECRET = "whsec"


class Receiver:
    """Takes deliveries; answers with `status`."""

    def __init__(self, client: Any) -> None:
        self.status = 200
        self.got: list[tuple[dict[str, str], bytes]] = []
        client.simulator.deliveries.send = self.take

    def take(self, _: str, headers: dict[str, str], body: bytes) -> int:
        self.got.append((headers, body))
        return self.status

    @property
    def ids(self) -> list[int]:
        return [json.loads(body)["id"] for _, body in self.got]


@pytest.fixture
def receiver(client: Any) -> Receiver:
    return Receiver(client)


def hook(client: Any, topic: str = "order.created") -> Any:
    body = {"topic": topic, "delivery_url": "https://hub.test/hook", "secret": SECRET}
    return client.post("webhooks", body)


def test_accept_missing_product(client: Any) -> None:
    assert client.order(999_999)["status"] == "completed"
    client.simulator.faults.add("accept_missing_product", "off")
    body = {"line_items": [{"product_id": 999_999, "quantity": 1}]}
    answer = client.post("orders", body, status=400)
    assert answer["code"] == "woocommerce_rest_invalid_product_id"


def test_refuse_order(client: Any) -> None:
    client.simulator.faults.add("refuse_order", "Not there.", times=1)
    body = {"line_items": [{"product_id": 35, "quantity": 1}]}
    assert client.post("orders", body, status=400)["message"] == "Not there."
    assert client.shop.orders == {}
    order = client.order(35)
    client.simulator.faults.add("refuse_order")
    client.post(f"orders/{order['id']}/notes", {"note": "A note is no order."})


def test_email_required(client: Any) -> None:
    client.simulator.faults.add("email_required")
    body = {"line_items": [{"product_id": 35, "quantity": 1}]}
    answer = client.post("orders", body, status=400)
    assert answer["code"] == "checkout_plugin_missing_billing_email"
    assert client.order(35, billing={"email": "buyer@example.com"})["status"]


def test_ignore_filters(client: Any) -> None:
    ids = [client.order(35)["id"] for _ in range(3)]
    client.simulator.faults.add("ignore_filters")
    assert len(client.get(f"orders?search=nothing&include={ids[0]}")) == 3
    assert len(client.get("orders?per_page=2&status=cancelled")) == 2
    assert len(client.get("products?sku=S-0001&per_page=5&_fields=id")) == 5


def test_mail_log(client: Any) -> None:
    billing = {"email": "buyer@example.com"}
    client.order(35, billing=billing)
    assert [mail["to"] for mail in client.shop.emails] == ["buyer@example.com"]
    client.simulator.faults.add("mail_log", "off")
    client.order(35, billing=billing)
    assert len(client.shop.emails) == 1


def test_vendor_cancels(client: Any) -> None:
    stock = client.shop.catalog.get(35).stock_quantity
    ids = [client.order(35)["id"] for _ in range(3)]
    client.simulator.faults.add("vendor_cancels", "2")
    assert [client.get(f"orders/{i}")["status"] for i in ids] == [
        "processing", "cancelled", "cancelled",
    ]  # fmt: skip
    assert client.shop.catalog.get(35).stock_quantity == stock - 1


def test_trash(client: Any) -> None:
    ids = [client.order(35)["id"] for _ in range(2)]
    client.simulator.faults.add("trash")
    assert [row["id"] for row in client.get("orders")] == [ids[0]]
    assert client.get(f"orders/{ids[1]}")["status"] == "trash"


def test_custom_status(client: Any) -> None:
    order = client.order(35)
    answer = client.put(f"orders/{order['id']}", {"status": "in-transit"}, status=400)
    assert answer["code"] == "rest_invalid_param"
    client.simulator.faults.add("custom_status", "in-transit")
    client.put(f"orders/{order['id']}", {"status": "in-transit"})
    assert [row["id"] for row in client.get("orders?status=in-transit")] == [order["id"]]
    names = {row["slug"]: row["name"] for row in client.get("orders/statuses")}
    assert names["in-transit"] == "In transit"


def test_tracking_plugin(client: Any) -> None:
    order = client.order(35)
    path = f"https://store.test/wp-json/wc-shipment-tracking/v3/orders/{order['id']}/shipment-trackings"
    assert client.ask("GET", path).status_code == 404
    client.simulator.faults.add("tracking_plugin", "official")
    client.shop.complete_order(order["id"], {"number": "3STEST", "provider": "PostNL"})
    (row,) = client.get(path)
    assert row["tracking_number"] == "3STEST"
    keys = [entry["key"] for entry in client.get(f"orders/{order['id']}")["meta_data"]]
    assert "_wc_shipment_tracking_items" in keys
    client.simulator.faults.add("tracking_plugin", "none")
    assert client.ask("GET", path).status_code == 404


def test_classic(client: Any) -> None:
    client.order(35, transaction_id="tx-1")
    assert len(client.get("orders?search=tx-1")) == 1
    client.simulator.faults.add("classic")
    assert client.get("orders?search=tx-1") == []
    assert client.get("system_status")["settings"]["HPOS_enabled"] is False


def test_hpos(client: Any) -> None:
    client.simulator.faults.add("classic")
    client.simulator.faults.add("hpos")
    assert client.get("system_status")["settings"]["HPOS_enabled"] is True


def test_drop(client: Any, receiver: Receiver) -> None:
    hook(client)
    client.simulator.faults.add("drop", times=1)
    client.order(35)
    second = client.order(35)["id"]
    receiver.got.clear()
    assert client.simulator.cron() == 1
    assert receiver.ids == [second]


def test_dup(client: Any, receiver: Receiver) -> None:
    hook(client)
    client.simulator.faults.add("dup")
    order = client.order(35)["id"]
    receiver.got.clear()
    client.simulator.cron()
    assert receiver.ids == [order, order]


def test_shuffle(client: Any, receiver: Receiver) -> None:
    hook(client)
    client.simulator.faults.add("shuffle")
    ids = [client.order(35)["id"] for _ in range(3)]
    receiver.got.clear()
    client.simulator.cron()
    assert receiver.ids == ids[::-1]


def test_same_delivery_id(client: Any, receiver: Receiver) -> None:
    hook(client)
    client.simulator.faults.add("same_delivery_id")
    for _ in range(2):
        client.order(35)
        client.shop.clock.advance(60)
        client.simulator.cron()
    headers = [headers for headers, body in receiver.got if body.startswith(b"{")]
    assert len(headers) == 2
    assert len({one["X-WC-Webhook-Delivery-ID"] for one in headers}) == 1


def test_unsigned_ping(client: Any, receiver: Receiver) -> None:
    made = hook(client)
    ((headers, body),) = receiver.got
    assert body == f"webhook_id={made['id']}".encode()
    assert "X-WC-Webhook-Signature" not in headers
    client.simulator.faults.add("unsigned_ping", "off")
    hook(client)
    assert len(receiver.got) == 1


def test_owner_deleted(client: Any, receiver: Receiver) -> None:
    hook(client)
    client.simulator.faults.add("owner_deleted")
    client.order(35)
    client.simulator.cron()
    headers, body = receiver.got[-1]
    assert json.loads(body)["code"] == "woocommerce_rest_cannot_view"
    assert headers["X-WC-Webhook-Signature"] == signature(SECRET, body)


def test_auto_disable(client: Any, receiver: Receiver) -> None:
    made = hook(client)
    receiver.status = 500
    client.simulator.faults.add("auto_disable", "1")
    seen: list[str] = []
    for _ in range(3):
        client.order(35)
        client.simulator.cron()
        seen.append(client.get(f"webhooks/{made['id']}")["status"])
    assert seen == ["active", "active", "disabled"]
