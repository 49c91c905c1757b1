"""The controls under /_sim/: a vendor played over HTTP."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from simulators.woocommerce import ShopSettings, Simulator
from simulators.woocommerce.settings import ApiKey

NewShop = Callable[..., Any]


class Vendor:
    def __init__(self, simulator: Simulator) -> None:
        self.http = httpx2.Client(transport=simulator.transport(), base_url="https://store.test")

    def get(self, path: str) -> Any:
        answer = self.http.get(f"/_sim/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def do(self, path: str, answers: int = 200, **given: Any) -> Any:
        answer = self.http.post(f"/_sim/{path}", json=given)
        assert answer.status_code == answers, answer.text
        return answer.json()


@pytest.fixture
def vendor(client: Any) -> Vendor:
    return Vendor(client.simulator)


def test_selling(client: Any, vendor: Vendor) -> None:
    row = client.shop.add_product(name="X", manage_stock=True, stock_quantity=5)
    order = vendor.do("sell", product_id=row.id, quantity=2)
    assert (order["status"], order["created_via"]) == ("processing", "checkout")
    assert client.get(f"products/{row.id}")["stock_quantity"] == 3


def test_selling_a_variation(client: Any, vendor: Vendor) -> None:
    child = client.shop.catalog.get(client.shop.catalog.variation_ids[1])
    order = vendor.do("sell", product_id=child.parent_id, variation_id=child.id)
    assert order["line_items"][0]["variation_id"] == child.id


def test_direct_writes(client: Any, vendor: Vendor) -> None:
    row = vendor.do("set_stock", product_id=35, quantity=77, status="outofstock")
    assert (row["stock_quantity"], row["stock_status"]) == (77, "outofstock")
    assert (
        vendor.do("set_stock", product_id=36, quantity=1)["modified"] != client.shop.clock.second()
    )


def test_products(client: Any, vendor: Vendor) -> None:
    made = vendor.do("products/add", name="Made here", regular_price="3.00", sku="MADE")
    assert client.get("products?sku=MADE")[0]["price"] == "3.00"
    child = vendor.do("products/add", parent_id=345, regular_price="4.00")
    assert child["id"] in client.get("products/345")["variations"]
    vendor.do("products/edit", product_id=made["id"], name="Renamed", weight="2")
    shown = client.get(f"products/{made['id']}")
    assert (shown["name"], shown["weight"]) == ("Renamed", "2")
    assert vendor.do("products/delete", product_id=made["id"])["status"] == "trash"
    vendor.do("products/delete", product_id=made["id"], force=True)
    assert client.ask("GET", f"products/{made['id']}").status_code == 404


def test_completing_with_tracking(new_shop: NewShop) -> None:
    client = new_shop(tracking_plugin="ast")
    vendor = Vendor(client.simulator)
    order = client.order(35, 3)["id"]
    tracking = {"number": "3STEST", "provider": "PostNL", "link": "https://post.test/3STEST"}
    done = vendor.do("orders/complete", order_id=order, tracking=tracking)
    meta = {row["key"]: row["value"] for row in done["meta_data"]}
    assert meta["_wc_shipment_tracking_items"][0]["tracking_number"] == "3STEST"
    assert done["status"] == "completed"


def test_orders(client: Any, vendor: Vendor) -> None:
    first, second, third = (client.order(35, 2) for _ in range(3))
    assert vendor.do("orders/cancel", order_id=first["id"])["status"] == "cancelled"
    lines = {str(second["line_items"][0]["id"]): 1}
    refund = vendor.do("orders/refund", order_id=second["id"], lines=lines)
    assert len(refund["line_items"]) == 1
    assert client.get(f"orders/{second['id']}")["status"] == "processing"
    vendor.do("orders/refund", order_id=second["id"])
    assert client.get(f"orders/{second['id']}")["status"] == "refunded"
    assert vendor.do("orders/status", order_id=third["id"], status="shipped")["status"] == "shipped"
    vendor.do("orders/note", order_id=third["id"], text="Track: 3S", for_customer=True)
    notes = client.get(f"orders/{third['id']}/notes?type=customer")
    assert [note["note"] for note in notes] == ["Track: 3S"]
    assert vendor.do("orders/trash", order_id=third["id"])["status"] == "trash"
    vendor.do("orders/trash", order_id=third["id"], force=True)
    assert client.ask("GET", f"orders/{third['id']}").status_code == 404


def test_cron_and_clock(client: Any, vendor: Vendor) -> None:
    client.simulator.deliveries.send = lambda *_: 200
    client.post("webhooks", {"topic": "order.created", "delivery_url": "https://hub.test/"})
    vendor.do("sell", product_id=35)
    assert vendor.get("state")["waiting"] == 1
    assert vendor.do("cron") == {"deliveries": 1}
    state = vendor.get("state")
    assert (state["waiting"], [one["status"] for one in state["deliveries"]]) == (0, [200])
    before = state["now"]
    assert vendor.do("clock", forward_s=3600)["now"] == before + 3600


def test_keys(client: Any, vendor: Vendor) -> None:
    made = vendor.do("keys/add", permissions="read")
    pair = (made["key"], made["secret"])
    asked = httpx2.Client(
        transport=client.simulator.transport(), base_url=client.http.base_url, auth=pair
    )
    assert asked.get("orders").status_code == 200
    assert asked.post("orders", json={}).status_code == 401
    vendor.do("keys/change", key=made["key"], permissions="read_write")
    assert asked.post("orders", json={}).status_code == 201
    vendor.do("keys/change", key=made["key"], role="customer")
    assert asked.get("orders").status_code == 403
    vendor.do("keys/revoke", key=made["key"])
    assert asked.get("orders").status_code == 401


def test_the_log_shows_requests_without_secrets(client: Any, vendor: Vendor) -> None:
    keys = f"consumer_key={client.simulator.key}&consumer_secret={client.simulator.secret}"
    client.ask("GET", f"orders?per_page=2&{keys}", headers={"User-Agent": "hub/1"})
    (row,) = vendor.get("requests")
    assert (row["method"], row["path"], row["status"]) == ("GET", "/wp-json/wc/v3/orders", 200)
    assert row["query"] == "per_page=2&consumer_key=***&consumer_secret=***"
    assert (row["at"], row["agent"]) == (1_795_435_200.0, "hub/1")
    assert row["ms"] > 0
    client.get("orders")
    assert len(vendor.get("requests?since=1")) == 1
    vendor.do("requests/clear")
    assert vendor.get("requests") == []


def test_state(client: Any, vendor: Vendor) -> None:
    client.order(35)
    state = vendor.get("state")
    assert (state["products"], state["variations"], len(state["orders"])) == (348, 300, 1)
    assert state["keys"][0] == {
        "id": 1,
        "key": client.simulator.key,
        "permissions": "read_write",
        "role": "administrator",
        "revoked": False,
    }
    assert "rows" not in state
    assert len(vendor.get("state?products=1")["rows"]) == 648


def test_faults(client: Any, vendor: Vendor) -> None:
    vendor.do("faults", kind="burst_5xx", value="502", times=1, match="orders", after=1)
    assert [client.ask("GET", "orders").status_code for _ in range(3)] == [200, 502, 200]
    vendor.do("faults", kind="bom")
    shown = vendor.get("faults")
    assert [fault["kind"] for fault in shown["set"]] == ["bom"]
    assert "burst_5xx" in shown["kinds"]
    vendor.do("faults", clear="bom")
    assert vendor.get("faults")["set"] == []


def test_settings_that_may_change(client: Any, vendor: Vendor) -> None:
    vendor.do("settings", pretty_permalinks=False)
    answer = client.ask("GET", "https://store.test/wp-json/")
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("nothing", {}),
        ("sell", {}),
        ("sell", {"product_id": 999_999}),
        ("orders/cancel", {"order_id": 1}),
        ("faults", {"kind": "none"}),
        ("keys/add", {"role": "king"}),
        ("settings", {"currency": "USD"}),
    ],
)
def test_what_makes_no_sense_is_a_400(vendor: Vendor, path: str, given: Any) -> None:
    assert "error" in vendor.do(path, answers=400, **given)


def test_controls_can_be_left_out() -> None:
    simulator = Simulator(ShopSettings(home="https://store.test", controls=False))
    vendor = Vendor(simulator)
    assert vendor.http.get("/_sim/state").status_code == 404
    assert isinstance(simulator.shop.keys[0], ApiKey)
