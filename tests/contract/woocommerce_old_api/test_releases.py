"""What the old API does in releases that were not recorded: the boundaries found in the tagged
sources, from both sides.
"""

from typing import Any

import httpx2
import pytest

from contract.woocommerce_old_api.player import Player
from simulators.woocommerce import ShopSettings, Simulator
from simulators.woocommerce.versions import version_of


class OldShop:
    def __init__(self, version: str, **settings: Any) -> None:
        given = {"home": "https://shop.test", "products": 12, "variable": 2, **settings}
        self.simulator = Simulator(ShopSettings(version=version_of(version), **given))
        self.client = httpx2.Client(
            transport=self.simulator.transport(),
            base_url="https://shop.test",
            auth=(self.simulator.key, self.simulator.secret),
        )

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> httpx2.Response:
        return self.client.request(method, f"/wc-api/{path}", json=body, **more)

    def get(self, path: str) -> Any:
        return self.ask("GET", path).json()

    @property
    def simple(self) -> int:
        rows = self.simulator.shop.catalog.products()
        return next(row.id for row in rows if row.kind == "simple" and row.status == "publish")

    def order(self, api: str, **more: Any) -> httpx2.Response:
        lines = [{"product_id": self.simple, "quantity": 2}]
        return self.ask("POST", f"{api}/orders", {"order": {"line_items": lines, **more}})


PAID: dict[str, Any] = {"method_id": "bacs", "method_title": "Transfer"}


@pytest.mark.parametrize(
    ("version", "apis"),
    [
        ("2.1.12", ("v1",)),
        ("2.2.11", ("v1", "v2")),
        ("2.3.0", ("v1", "v2")),
        ("2.4.0", ("v1", "v2", "v3")),
        ("3.2.6", ("v1", "v2", "v3")),
        ("3.3.0", ()),
        ("8.9.3", ()),
        ("9.0.0", ()),
    ],
)
def test_which_versions_a_new_shop_serves(version: str, apis: tuple[str, ...]):
    shop = OldShop(version)
    served = [api for api in ("v1", "v2", "v3") if "store" in shop.ask("GET", f"{api}/").text]
    assert tuple(served) == apis


@pytest.mark.parametrize(("version", "status"), [("3.3.0", 404), ("8.9.3", 404)])
def test_a_switched_off_api_says_so_in_an_object(version: str, status: int):
    reply = OldShop(version).ask("GET", "v3/products")
    assert reply.status_code == status
    assert reply.json()["errors"]["code"] == "woocommerce_api_disabled"


def test_it_is_gone_since_9_0_and_comes_back_with_its_plugin():
    assert OldShop("9.9.5").ask("GET", "v3/").headers["content-type"].startswith("text/html")
    again = OldShop("9.9.5", plugins=["woocommerce-legacy-rest-api"], legacy_api=True)
    assert again.get("v3/")["store"]["wc_version"] == "9.9.5"


@pytest.mark.parametrize(
    ("version", "given", "paid"),
    [
        ("2.2.11", "true", True),
        ("2.2.11", True, False),
        ("2.3.0", True, True),
        ("2.3.0", "true", False),
    ],
)
def test_which_word_means_paid(version: str, given: object, paid: bool):
    order = OldShop(version).order("v2", payment_details={**PAID, "paid": given}).json()["order"]
    assert order["payment_details"]["paid"] is paid
    assert order["status"] == ("processing" if paid else "pending")


@pytest.mark.parametrize(("version", "total"), [("2.2.8", False), ("2.2.9", True), ("3.9.3", True)])
def test_since_when_a_line_costs_what_the_order_says(version: str, total: bool):
    shop = OldShop(version, legacy_api=True)
    line = {"product_id": shop.simple, "quantity": 1, "subtotal": "3.00", "total": "3.00"}
    made = shop.ask("POST", "v2/orders", {"order": {"line_items": [line]}}).json()["order"]
    assert (made["total"] == "3.00") is total


@pytest.mark.parametrize(
    ("version", "name"), [("2.2.2", "customer_note"), ("2.2.3", "note"), ("3.0.0", "note")]
)
def test_under_which_name_a_note_is_taken(version: str, name: str):
    shop = OldShop(version)
    for one in ("customer_note", "note"):
        made = shop.order("v2", **{one: "by the door"}).json()["order"]
        assert (made["note"] == "by the door") is (one == name)


@pytest.mark.parametrize(
    ("version", "left"),
    [("2.3.13", 1), ("2.4.0", 0), ("3.4.2", 0), ("3.4.3", 1), ("4.0.0", 1)],
)
def test_what_a_refused_order_leaves_behind(version: str, left: int):
    shop = OldShop(version, legacy_api=True)
    body = {"order": {"line_items": [{"product_id": 999999, "quantity": 1}]}}
    assert shop.ask("POST", "v2/orders", body).status_code == 400
    assert [one["status"] for one in shop.get("v2/orders")["orders"]] == ["pending"] * left


@pytest.mark.parametrize(
    ("version", "back"), [("2.6.14", False), ("3.4.8", False), ("3.5.0", True)]
)
def test_since_when_a_canceled_order_gives_its_goods_back(version: str, back: bool):
    shop = OldShop(version, legacy_api=True)
    row = shop.simulator.shop.edit_product(shop.simple, manage_stock=True, stock_quantity=10)
    made = shop.order("v2", payment_details={**PAID, "paid": True}).json()["order"]
    assert shop.get(f"v2/products/{row.id}")["product"]["stock_quantity"] == 8
    shop.ask("PUT", f"v2/orders/{made['id']}", {"order": {"status": "cancelled"}})
    found = shop.get(f"v2/products/{row.id}")["product"]
    assert found["stock_quantity"] == (10 if back else 8)


@pytest.mark.parametrize(
    ("version", "sale", "write"),
    [("2.6.14", False, False), ("3.3.0", True, False), ("3.4.0", True, True)],
)
def test_which_changes_of_stock_move_the_date(version: str, sale: bool, write: bool):
    shop = OldShop(version, legacy_api=True)
    inside = shop.simulator.shop
    row = inside.edit_product(shop.simple, manage_stock=True, stock_quantity=10)

    before = inside.catalog.require(row.id).modified
    inside.clock.advance(60)
    inside.sell(row.id)
    assert (inside.catalog.require(row.id).modified > before) is sale
    before = inside.catalog.require(row.id).modified
    inside.clock.advance(60)
    body = {"product": {"managing_stock": True, "stock_quantity": 4}}
    assert shop.ask("PUT", f"v2/products/{row.id}", body).status_code == 200
    assert (inside.catalog.require(row.id).modified > before) is write
    since = f"filter[updated_at_min]={inside.clock.gmt(before + 1)}Z"
    assert bool(shop.get(f"v2/products?{since}")["products"]) is write


@pytest.mark.parametrize(
    ("version", "api", "known"),
    [("2.2.11", "v2", False), ("2.3.0", "v2", True), ("2.4.0", "v1", False), ("2.4.0", "v3", True)],
)
def test_a_filter_that_is_not_known_is_ignored(version: str, api: str, known: bool):
    shop = OldShop(version)
    every = shop.get(f"{api}/products?filter[limit]=-1")["products"]
    found = shop.get(f"{api}/products?filter[in]={shop.simple}&filter[limit]=-1")["products"]
    assert len(found) == (1 if known else len(every))


@pytest.mark.parametrize(
    ("version", "api", "status"),
    [("2.4.10", "v3", 200), ("2.4.11", "v3", 401), ("2.4.11", "v1", 200), ("8.9.3", "v1", 200)],
)
def test_a_wrong_clock_is_told_with_success_by_old_releases(version: str, api: str, status: int):
    player = Player(version, api)
    path = f"/wc-api/{api}/products/count"
    row = {"name": "late", "method": "GET", "path": path, "auth": "oauth", "twists": ["stale"]}
    reply, body = player.play(row)
    assert reply.status == status
    assert body["errors"][0]["code"] == "woocommerce_api_authentication_error"


@pytest.mark.parametrize(("version", "status"), [("2.2.11", 500), ("2.3.0", 201)])
def test_since_when_webhooks_can_be_made(version: str, status: int):
    shop = OldShop(version)
    hook = {"topic": "order.created", "delivery_url": "https://hub.test/x", "secret": "fake"}
    assert shop.ask("POST", "v2/webhooks", {"webhook": hook}).status_code == status


@pytest.mark.parametrize(("version", "api"), [("2.3.0", "v2"), ("2.6.14", "v3"), ("3.5.8", "v3")])
def test_a_webhook_delivers_in_the_form_of_the_old_api(version: str, api: str):
    shop = OldShop(version, legacy_api=True)
    sent: list[tuple[dict[str, str], bytes]] = []
    hook = {"topic": "order.created", "delivery_url": "https://hub.test/x", "secret": "fake"}
    shop.simulator.deliveries.send = lambda _, headers, body: sent.append((headers, body)) or 200
    assert shop.ask("POST", f"{api}/webhooks", {"webhook": hook}).status_code == 201
    made = shop.order(api).json()["order"]
    shop.simulator.cron()
    (_, ping), (headers, body) = sent
    assert ping.startswith(b"webhook_id=")
    assert httpx2.Response(200, content=body).json()["order"]["id"] == made["id"]
    assert headers["X-WC-Webhook-Topic"] == "order.created"
    assert ("X-WC-Webhook-Source" in headers) is (version != "2.3.0")


def test_who_has_too_few_rights_sees_empty_lists_that_count():
    shop = OldShop("2.4.13")
    shop.simulator.faults.add("role_low")
    reply = shop.ask("GET", "v3/products")
    assert (reply.json(), int(reply.headers["x-wc-total"]) > 0) == ({"products": []}, True)
    assert shop.ask("GET", "v3/products/count").status_code == 401
    assert shop.ask("POST", "v3/orders", {"order": {}}).status_code == 401


@pytest.mark.parametrize(
    ("version", "seen"),
    [("2.2.0", [("pending", "0.00", {})]), ("2.3.13", [("pending", "0.00", {})]), ("2.4.13", [])],
)
def test_what_is_seen_of_an_order_while_it_is_made(version: str, seen: list[Any]):
    """Its answer is lost. In a transaction nothing is seen; without one neither sum nor meta."""
    shop = OldShop(version)
    shop.simulator.faults.add("commit_then_timeout", "5", times=1)
    with pytest.raises(httpx2.ReadTimeout):
        shop.order("v2", order_meta={"hub": "LS-1"})

    def orders() -> list[Any]:
        found = shop.get("v2/orders?filter[meta]=true")["orders"]
        return [(one["status"], one["total"], one.get("order_meta", {})) for one in found]

    assert orders() == seen
    shop.simulator.shop.clock.advance(6)
    ((status, total, meta),) = orders()
    assert (status, meta) == ("pending", {"hub": "LS-1"})
    assert total != "0.00"


@pytest.mark.parametrize(("version", "inside"), [("2.4.13", None), ("2.5.0", 2)])
def test_since_when_a_grouped_product_holds_its_products(version: str, inside: int | None):
    shop = OldShop(version)
    rows = shop.simulator.shop.catalog.product_ids[:2]
    made = shop.simulator.shop.add_product(
        name="Set", kind="grouped", grouped_products=list(rows), regular_price=""
    )
    found = shop.get(f"v3/products/{made.id}")["product"].get("grouped_products")
    assert (None if found is None else len(found)) == inside
    assert {"title", "managing_stock"} <= set(found[0]) if found else inside is None


def test_links_to_pages_name_the_folder_of_the_site_but_not_its_port():
    shop = OldShop("2.4.13", home="https://shop.test:8443/store")
    path = "https://shop.test:8443/store/wc-api/v3/products?filter[limit]=5"
    links = shop.client.get(path).headers.get_list("link")
    assert links[0].startswith(
        "<https://shop.test/store/wc-api/v3/products?filter[limit]=5&page=2>"
    )


def test_errors_are_told_in_the_language_of_the_shop():
    shop = OldShop("2.4.13")
    shop.simulator.faults.add("locale", "de")
    (error,) = shop.get("v3/products/999999")["errors"]
    assert error["code"] == "woocommerce_api_no_product_found"
    assert error["message"].startswith("[de] ")


@pytest.mark.parametrize(("version", "held"), [("2.2.11", 2), ("2.3.0", 1), ("3.5.8", 1)])
def test_since_when_private_variations_are_left_out(version: str, held: int):
    shop = OldShop(version, legacy_api=True)
    attribute = {"name": "Size", "slug": "Size", "options": ["S", "M"], "variation": True}
    parent = shop.simulator.shop.add_product(name="Cap", kind="variable", attributes=[attribute])
    for option, status in (("S", "publish"), ("M", "private")):
        chosen = [{"name": "Size", "slug": "Size", "option": option}]
        fields = {"attributes": chosen, "status": status, "regular_price": "5.00"}
        shop.simulator.shop.add_product(parent_id=parent.id, **fields)
    assert len(shop.get(f"v2/products/{parent.id}")["product"]["variations"]) == held


@pytest.mark.parametrize(("version", "by_all"), [("2.4.13", 0), ("2.6.14", 1)])
def test_webhooks_that_are_not_active_are_listed_only_when_asked_for(version: str, by_all: int):
    shop = OldShop(version)
    hook = {"topic": "order.created", "delivery_url": "https://hub.test/x", "secret": "fake"}
    made = shop.ask("POST", "v3/webhooks", {"webhook": hook}).json()["webhook"]
    shop.ask("PUT", f"v3/webhooks/{made['id']}", {"webhook": {"status": "disabled"}})
    asked = ("", "?status=all", "?status=disabled", "?filter[post_status]=any")
    found = [len(shop.get(f"v3/webhooks{query}")["webhooks"]) for query in asked]
    assert found == [0, by_all, 1, 1]


def test_a_sale_begins_on_its_day():
    shop = OldShop("2.4.13")
    later = {"sale_price": "1.00", "sale_price_dates_from": "2999-01-01"}
    body = shop.ask("PUT", f"v3/products/{shop.simple}", {"product": later}).json()["product"]
    assert (body["sale_price"], body["on_sale"]) == ("1.00", False)
    assert body["price"] == body["regular_price"] != "1.00"
