"""What the API below /wp-json/ does in releases that were not recorded: boundaries measured on real
shops or read in the tagged sources, from both sides.
"""

from typing import Any

import httpx2
import pytest

from simulators.woocommerce import ShopSettings, Simulator
from simulators.woocommerce.versions import version_of

HOOK = {"topic": "order.updated", "delivery_url": "https://hub.example/hook", "secret": "fake"}


class OldShop:
    def __init__(self, version: str, **settings: Any) -> None:
        given = {"home": "https://shop.test", "products": 30, "variable": 4, **settings}
        self.simulator = Simulator(ShopSettings(version=version_of(version), **given))
        self.shop = self.simulator.shop
        self.sent: list[tuple[dict[str, str], Any]] = []
        self.answer = 200
        self.simulator.deliveries.send = self._deliver
        self.client = httpx2.Client(
            transport=self.simulator.transport(),
            base_url="https://shop.test",
            auth=(self.simulator.key, self.simulator.secret),
        )

    def _deliver(self, _: str, headers: dict[str, str], body: bytes) -> int:
        if headers["Content-Type"] == "application/json":
            self.sent.append((headers, httpx2.Response(200, content=body).json()))
        return self.answer

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> httpx2.Response:
        return self.client.request(method, f"/wp-json/{path}", json=body, **more)

    def hook(self, api: str, **more: str) -> httpx2.Response:
        return self.ask("POST", f"{api}/webhooks", {**HOOK, **more})

    def counted(self, quantity: int = 10) -> int:
        rows = self.shop.catalog.products()
        row = next(row for row in rows if row.kind == "simple" and row.status == "publish")
        self.shop.edit_product(row.id, manage_stock=True, stock_quantity=quantity)
        return row.id

    def quantity(self, row_id: int) -> float | None:
        return self.shop.catalog.require(row_id).stock_quantity


@pytest.mark.parametrize(
    ("version", "apis"),
    [
        ("2.5.5", ()),
        ("2.6.0", ("wc/v1",)),
        ("2.6.14", ("wc/v1",)),
        ("3.0.0", ("wc/v1", "wc/v2")),
        ("3.4.8", ("wc/v1", "wc/v2")),
        ("3.5.0", ("wc/v1", "wc/v2", "wc/v3")),
        ("11.1", ("wc/v1", "wc/v2", "wc/v3")),
    ],
)
def test_which_generations_a_release_has(version: str, apis: tuple[str, ...]):
    shop = OldShop(version)
    every = ("wc/v1", "wc/v2", "wc/v3")
    names = shop.ask("GET", "").json()["namespaces"]
    assert tuple(api for api in every if api in names) == apis
    served = [api for api in every if shop.ask("GET", f"{api}/products").status_code == 200]
    assert tuple(served) == apis


@pytest.mark.parametrize(("version", "there"), [("2.4.13", False), ("2.5.5", True)])
def test_before_wordpress_4_4_nothing_is_below_wp_json(version: str, there: bool):
    shop = OldShop(version)
    assert ("link" in shop.client.get("/").headers) is there
    found = shop.ask("GET", "")
    assert found.headers["content-type"].startswith("application/json" if there else "text/html")
    assert found.status_code == (200 if there else 404)


@pytest.mark.parametrize(("version", "there"), [("2.3.13", False), ("2.4.0", True)])
def test_since_when_keys_can_be_approved_on_a_page(version: str, there: bool):
    shop = OldShop(version)
    page = shop.client.get("/wc-auth/v1/authorize")
    assert (page.status_code == 404) is not there


@pytest.mark.parametrize(
    ("version", "api", "query", "known"),
    [
        ("3.3.5", "wc/v2", "_fields=id", False),
        ("3.4.0", "wc/v2", "_fields=id", True),
        ("5.7.2", "wc/v3", "modified_after=2040-01-01T00:00:00", False),
        ("5.8.0", "wc/v3", "modified_after=2040-01-01T00:00:00", True),
        ("5.8.0", "wc/v2", "modified_after=2040-01-01T00:00:00", False),
        ("3.5.0", "wc/v3", "stock_status=onbackorder&per_page=1", True),
        ("3.5.0", "wc/v2", "stock_status=nonsense", False),
        ("10.0.4", "wc/v3", "search=G-000003&search_fields=sku", False),
        ("10.1.0", "wc/v3", "search=G-000003&search_fields=sku", True),
    ],
)
def test_a_parameter_that_is_not_known_changes_nothing(
    version: str, api: str, query: str, known: bool
):
    shop = OldShop(version)
    plain = shop.ask("GET", f"{api}/products?{query.partition('&search_fields')[0]}")
    every = shop.ask("GET", f"{api}/products" + ("?search=G-000003" if "search" in query else ""))
    found = shop.ask("GET", f"{api}/products?{query}")
    assert plain.status_code == found.status_code == 200
    assert (found.json() != every.json()) is known


@pytest.mark.parametrize(
    ("version", "api", "status"),
    [("4.3.6", "wc/v3", 400), ("4.4.0", "wc/v3", 200), ("9.9.5", "wc/v2", 400)],
)
def test_since_when_lists_are_ordered_by_change(version: str, api: str, status: int):
    found = OldShop(version).ask("GET", f"{api}/products?orderby=modified")
    assert found.status_code == status


@pytest.mark.parametrize(
    ("version", "api", "status"),
    [("3.0.9", "wc/v2", 400), ("3.5.8", "wc/v2", 400), ("3.5.8", "wc/v3", 200)],
)
def test_only_the_newest_generation_takes_several_statuses(version: str, api: str, status: int):
    found = OldShop(version).ask("GET", f"{api}/orders?status=processing,completed")
    assert found.status_code == status


@pytest.mark.parametrize(
    ("version", "api", "taken", "back"),
    [
        ("2.6.14", "wc/v1", False, False),
        ("3.4.8", "wc/v2", False, False),
        ("3.5.0", "wc/v3", True, True),
        ("3.5.0", "wc/v1", True, True),
    ],
)
def test_which_orders_take_stock_and_give_it_back(version: str, api: str, taken: bool, back: bool):
    shop = OldShop(version)
    row = shop.counted()
    lines = {"line_items": [{"product_id": row, "quantity": 2}]}
    shop.ask("POST", f"{api}/orders", {**lines, "status": "processing"})
    assert shop.quantity(row) == (8 if taken else 10)
    shop.shop.set_stock(row, 10)
    made = shop.ask("POST", f"{api}/orders", {**lines, "set_paid": True}).json()
    assert shop.quantity(row) == 8
    shop.ask("PUT", f"{api}/orders/{made['id']}", {"status": "cancelled"})
    assert shop.quantity(row) == (10 if back else 8)


@pytest.mark.parametrize(
    ("version", "api", "write", "sale"),
    [
        ("2.6.14", "wc/v1", True, False),
        ("3.0.9", "wc/v2", False, False),
        ("3.3.5", "wc/v2", False, True),
        ("3.4.0", "wc/v2", True, True),
        ("9.9.5", "wc/v3", True, True),
    ],
)
def test_what_moves_the_date_of_change(version: str, api: str, write: bool, sale: bool):
    shop = OldShop(version)
    row = shop.counted()

    def moved(work: Any) -> bool:
        before = shop.shop.catalog.require(row).modified
        shop.shop.clock.advance(60)
        work()
        return shop.shop.catalog.require(row).modified > before

    body = {"manage_stock": True, "stock_quantity": 5}
    assert moved(lambda: shop.ask("PUT", f"{api}/products/{row}", body)) is write
    assert moved(lambda: shop.shop.sell(row)) is sale
    assert moved(lambda: shop.ask("PUT", f"{api}/products/{row}", {"name": "New"}))


@pytest.mark.parametrize(
    ("version", "api", "status"),
    [("2.6.14", "wc/v1", 400), ("3.2.6", "wc/v2", 400), ("3.3.0", "wc/v2", 201)],
)
def test_since_when_a_webhook_needs_no_secret(version: str, api: str, status: int):
    assert OldShop(version).hook(api, secret="fake").status_code == 201
    made = OldShop(version).ask("POST", f"{api}/webhooks", {k: HOOK[k] for k in list(HOOK)[:2]})
    assert made.status_code == status


@pytest.mark.parametrize(
    ("version", "api", "told"), [("3.1.2", "wc/v2", False), ("3.2.0", "wc/v2", True)]
)
def test_since_when_a_change_by_the_api_is_told(version: str, api: str, told: bool):
    shop = OldShop(version)
    row = shop.counted()
    shop.simulator.cron()
    shop.hook(api, topic="product.updated")
    shop.ask("PUT", f"{api}/products/{row}", {"stock_quantity": 3})
    shop.simulator.cron()
    assert bool(shop.sent) is told


@pytest.mark.parametrize(
    ("version", "api", "where"),
    [("2.6.14", "wc/v1", "order"), ("3.0.9", "wc/v1", ""), ("3.0.9", "wc/v2", "")],
)
def test_a_webhook_delivers_in_the_form_of_the_api_it_was_made_by(
    version: str, api: str, where: str
):
    shop = OldShop(version)
    shop.hook(api)
    lines = [{"product_id": shop.counted(), "quantity": 1}]
    made = shop.ask("POST", f"{api}/orders", {"line_items": lines}).json()
    shop.simulator.cron()
    assert bool(shop.sent) is (version != "2.6.14")  # 2.6 tells nobody of orders made here
    shop.ask("PUT", f"{api}/orders/{made['id']}", {"status": "completed"})
    shop.simulator.cron()
    headers, body = shop.sent[-1]
    body = body[where] if where else body
    assert body["id"] == made["id"]
    assert body["status"] == "completed"
    assert ("date_created_gmt" in body) is (api == "wc/v2")
    assert headers["X-WC-Webhook-Source"] == "https://shop.test/"


@pytest.mark.parametrize(("version", "failures"), [("3.4.8", 1), ("3.5.0", 0)])
def test_since_when_a_redirect_counts_as_delivered(version: str, failures: int):
    shop = OldShop(version)
    made = shop.hook("wc/v2").json()
    shop.answer = 302
    lines = [{"product_id": shop.counted(), "quantity": 1}]
    shop.ask("POST", "wc/v2/orders", {"line_items": lines})
    shop.simulator.cron()
    assert shop.shop.webhooks.rows[made["id"]].failures == failures


@pytest.mark.parametrize(
    ("version", "api", "status", "left"),
    [("2.6.14", "wc/v1", 400, 0), ("3.0.0", "wc/v2", 201, 1), ("9.9.5", "wc/v3", 201, 1)],
)
def test_an_order_of_nothing_known(version: str, api: str, status: int, left: int):
    shop = OldShop(version)
    body = {"line_items": [{"product_id": 999999, "quantity": 1}]}
    assert shop.ask("POST", f"{api}/orders", body).status_code == status
    assert len(shop.shop.orders) == left


@pytest.mark.parametrize(("version", "named"), [("9.9.5", False), ("10.0.4", True)])
def test_since_when_a_refused_order_names_what_it_left(version: str, named: bool):
    shop = OldShop(version)
    lines = [{"product_id": shop.counted(), "quantity": 1}]
    body = {"line_items": lines, "coupon_lines": [{"code": "nope"}]}
    refused = shop.ask("POST", "wc/v3/orders", body)
    assert refused.status_code == 400
    assert ("new_draft_order_id" in refused.json()["data"]) is named


@pytest.mark.parametrize(
    ("version", "status"), [("10.2.2", 404), ("10.3.0", 200), ("10.6.0-rc.1", 200), ("12.0", 200)]
)
def test_since_when_all_variations_are_one_list(version: str, status: int):
    assert OldShop(version).ask("GET", "wc/v3/variations").status_code == status


@pytest.mark.parametrize(("version", "status"), [("11.0.0", 401), ("11.1.0", 200)])
def test_since_when_keys_work_without_pretty_addresses(version: str, status: int):
    shop = OldShop(version, pretty_permalinks=False)
    assert shop.client.get("/?rest_route=/wc/v3/products").status_code == status


def test_a_variation_is_written_by_its_own_address_only_where_there_is_one():
    """2.6 writes the product when it is given a variation's id, as seen on a real shop."""
    shop = OldShop("2.6.14")
    parent = next(row for row in shop.shop.catalog.products() if row.kind == "variable")
    child = parent.children[0]
    body = {"manage_stock": True, "stock_quantity": 4}
    before = shop.quantity(child)
    assert shop.ask("PUT", f"wc/v1/products/{child}", body).status_code == 200
    assert (shop.quantity(child), shop.quantity(parent.id)) == (before, 4)
    inside = {"variations": [{"id": child, **body}]}
    assert shop.ask("PUT", f"wc/v1/products/{parent.id}", inside).status_code == 200
    assert shop.quantity(child) == 4
    newer = OldShop("3.0.9")
    assert newer.ask("PUT", f"wc/v1/products/{child}", body).status_code == 400
    assert newer.ask("PUT", f"wc/v2/products/{child}", body).status_code == 404
    path = f"wc/v2/products/{parent.id}/variations/{child}"
    assert newer.ask("PUT", path, body).json()["stock_quantity"] == 4
