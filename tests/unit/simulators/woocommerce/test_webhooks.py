"""Webhooks: what is queued, when it leaves, what it says, when one is switched off."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from simulators.woocommerce.webhooks import HOOKS, signature

NewShop = Callable[..., Any]
ADDRESS = "https://hub.test/hook"


class Receiver:
    def __init__(self, client: Any) -> None:
        self.status = 200
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.client = client
        client.simulator.deliveries.send = self.take

    def take(self, _: str, headers: dict[str, str], body: bytes) -> int:
        self.got.append((headers, body))
        return self.status

    def run(self) -> list[Any]:
        """Bodies that a run of the cron delivers."""
        self.got.clear()
        self.client.simulator.cron()
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
def receiver(client: Any) -> Receiver:
    return Receiver(client)


def hook(client: Any, topic: str, **more: Any) -> Any:
    body = {"topic": topic, "delivery_url": ADDRESS, "secret": "whsec", **more}
    return client.post("webhooks", body)


def test_nothing_leaves_before_the_cron(client: Any, receiver: Receiver) -> None:
    hook(client, "order.created")
    receiver.got.clear()
    order = client.order(35)
    assert receiver.got == []
    assert [body["id"] for body in receiver.run()] == [order["id"]]
    assert receiver.run() == []


def test_a_delivery_shows_the_newest_state_once(client: Any, receiver: Receiver) -> None:
    hook(client, "product.updated")
    for name in ("A", "B", "C"):
        client.put("products/35", {"name": name})
    client.put("products/36", {"name": "D"})
    assert [body["name"] for body in receiver.run()] == ["C", "D"]


def test_signed_over_the_raw_body_with_its_own_secret(client: Any, receiver: Receiver) -> None:
    made = hook(client, "product.updated")
    client.put("products/35", {"name": "Ärmel \N{OWL}"})
    receiver.run()
    ((headers, body),) = receiver.got
    assert headers["X-WC-Webhook-Signature"] == signature("whsec", body)
    shown = {name: headers[f"X-WC-Webhook-{name}"] for name in ("Topic", "Resource", "Event", "ID")}
    wanted = {"Topic": "product.updated", "Resource": "product", "Event": "updated"}
    assert shown == {**wanted, "ID": str(made["id"])}
    assert headers["User-Agent"].startswith("WooCommerce/9.9.5 Hookshot (WordPress/6.9.7)")
    assert headers["X-WC-Webhook-Source"] == "https://store.test/"


def test_a_variation_comes_as_product_updated(client: Any, receiver: Receiver) -> None:
    hook(client, "product.updated")
    child = client.shop.catalog.get(client.shop.catalog.variation_ids[0])
    client.put(f"products/{child.parent_id}/variations/{child.id}", {"regular_price": "3"})
    (body,) = receiver.run()
    assert (body["id"], body["type"], body["parent_id"]) == (child.id, "variation", child.parent_id)


def test_the_trash_tells_but_deletion_does_not(client: Any, receiver: Receiver) -> None:
    hook(client, "product.deleted")
    hook(client, "order.deleted")
    order = client.order(36)["id"]
    client.delete("products/35")
    client.delete(f"orders/{order}")
    assert receiver.run() == [{"id": 35}, {"id": order}]
    client.delete("products/35?force=true")
    client.delete(f"orders/{order}?force=true")
    assert receiver.run() == []


def test_direct_writes_and_notes_tell_nobody(client: Any, receiver: Receiver) -> None:
    order = client.order(36)["id"]
    for topic in ("product.updated", "order.updated"):
        hook(client, topic)
    client.shop.set_stock(35, 1)
    client.post(f"orders/{order}/notes", {"note": "x"})
    assert receiver.run() == []


def test_a_sale_tells_of_the_order_and_the_product(client: Any, receiver: Receiver) -> None:
    row = client.shop.add_product(name="X", manage_stock=True, stock_quantity=5)
    for topic in ("order.created", "product.updated"):
        hook(client, topic)
    client.shop.sell(row.id)
    bodies = receiver.run()
    assert sorted(body.get("status") for body in bodies) == ["processing", "publish"]
    assert [body["stock_quantity"] for body in bodies if "stock_quantity" in body] == [4]


def test_the_seventh_failure_switches_off(client: Any, receiver: Receiver) -> None:
    made = hook(client, "order.created")
    receiver.status = 500
    seen: list[str] = []
    for _ in range(8):
        client.order(35)
        receiver.run()
        seen.append(client.get(f"webhooks/{made['id']}")["status"])
    assert seen == ["active"] * 6 + ["disabled"] * 2


@pytest.mark.parametrize(
    ("status", "fails"),
    [(200, False), (204, False), (301, False), (302, False), (303, True), (199, True), (0, True)],
)
def test_what_counts_as_delivered(
    client: Any, receiver: Receiver, status: int, fails: bool
) -> None:
    made = hook(client, "order.created")
    receiver.status = status
    client.order(35)
    receiver.run()
    assert client.shop.webhooks.rows[made["id"]].failures == int(fails)


def test_what_waited_is_sent_though_its_webhook_was_paused(client: Any, receiver: Receiver) -> None:
    made = hook(client, "order.created")
    client.order(35)
    client.put(f"webhooks/{made['id']}", {"status": "paused"})
    assert len(receiver.run()) == 1
    client.put(f"webhooks/{made['id']}", {"status": "active"})
    client.order(35)
    client.delete(f"webhooks/{made['id']}?force=true")
    assert receiver.run() == []


def test_a_success_forgets_failures(client: Any, receiver: Receiver) -> None:
    made = hook(client, "order.created")
    for status in (*[500] * 6, 200, *[0] * 6):
        receiver.status = status
        client.order(35)
        receiver.run()
    assert client.get(f"webhooks/{made['id']}")["status"] == "active"


def test_switched_on_again_one_more_failure_is_enough(client: Any, receiver: Receiver) -> None:
    made = hook(client, "order.created")
    receiver.status = 500
    for _ in range(7):
        client.order(35)
        receiver.run()
    client.put(f"webhooks/{made['id']}", {"status": "active"})
    client.order(35)
    receiver.run()
    assert client.get(f"webhooks/{made['id']}")["status"] == "disabled"


def test_paused_ones_miss_what_happens(client: Any, receiver: Receiver) -> None:
    made = hook(client, "order.created")
    client.put(f"webhooks/{made['id']}", {"status": "paused"})
    client.order(35)
    client.put(f"webhooks/{made['id']}", {"status": "active"})
    assert receiver.run() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"delivery_url": ADDRESS}, "topic"),
        ({"topic": "order.created"}, "delivery_url"),
        ({"topic": "order.moved", "delivery_url": ADDRESS}, "topic"),
        ({"topic": "order.created", "delivery_url": "hub"}, "delivery_url"),
    ],
)
def test_what_is_refused(client: Any, body: Any, field: str) -> None:
    code = client.post("webhooks", body, status=400)["code"]
    assert code == f"woocommerce_rest_shop_webhook_invalid_{field}"
    assert client.get("webhooks") == []


def test_life_of_one(client: Any, receiver: Receiver) -> None:
    made = hook(client, "order.updated", name="Hub")
    assert receiver.got[0][1] == f"webhook_id={made['id']}".encode()
    assert (made["name"], made["status"], made["hooks"]) == (
        "Hub",
        "active",
        list(HOOKS["order.updated"]),
    )
    assert "secret" not in made
    assert [row["id"] for row in client.get("webhooks?status=active")] == [made["id"]]
    assert client.get("webhooks?status=disabled") == []
    client.delete(f"webhooks/{made['id']}?force=true")
    assert client.get("webhooks") == []


def test_actions_are_topics_too(client: Any, receiver: Receiver) -> None:
    hook(client, "action.woocommerce_order_status_completed")
    order = client.order(35)["id"]
    assert receiver.run() == []
    client.shop.complete_order(order)
    (body,) = receiver.run()
    assert body == {"action": "woocommerce_order_status_completed", "arg": order}


def test_a_visit_runs_the_cron_at_most_once_a_minute(new_shop: NewShop) -> None:
    client = new_shop(cron_on_visit=True, cron_lock_s=3600)
    ran: list[int] = []
    client.simulator.site.cron = lambda: ran.append(1)
    for _ in range(3):
        client.get("orders")
    assert len(ran) <= 1
