"""The controls under /_sim/: each tells what it takes, and the shop can be watched and emptied."""

import pytest

from simulators.shopify.controls import CONTROLS, VIEWS
from simulators.shopify.faults import KINDS
from support.shopify_shop import Wire

SHOP = "query Shop { shop { name } }"


@pytest.fixture
def wire():
    made = Wire()
    yield made
    made.close()


@pytest.mark.parametrize("name", [*CONTROLS, *VIEWS])
def test_a_control_tells_what_it_takes(name: str):
    assert ({**CONTROLS, **VIEWS}[name].__doc__ or "").strip()


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("nothing", {}),
        ("orders/pay", {"order_id": "gid://shopify/Order/1"}),
        ("orders/pay", {}),
        ("faults", {"kind": "weather"}),
        ("settings", {"token": "x"}),
        ("settings", {"weather": 1}),
        ("stock", {"variant_id": "gid://shopify/ProductVariant/1"}),
    ],
)
def test_what_is_not_there_is_said(wire: Wire, path: str, given: dict):
    answer = wire.client.post(f"/_sim/{path}", json=given)
    assert (answer.status_code, "no such control" in answer.json["error"]) == (400, True)


def test_requests_are_logged_with_what_they_cost(wire: Wire):
    wire.data(SHOP)
    wire.body("query Orders($q: String) { orders(first: 5, query: $q) { nodes { id } } }", q="id:1")
    first, second = wire.view("requests")
    assert (first["operation"], first["status"], first["cost"]) == ("Shop", 200, 1)
    assert first["fields"] == {"shop": 1}
    assert (second["operation"], second["cost"]) == ("Orders", 5)
    assert first["variables"] != second["variables"]
    assert second["ms"] >= 0
    assert wire.view("requests?since=1") == [second]


def test_a_reset_empties_the_shop_and_keeps_the_keys(wire: Wire):
    wire.buy((wire.variant(), 1))
    wire.control("settings", media_s=7)
    wire.control("reset")
    assert wire.view("state")["orders"] == wire.view("state")["products"] == []
    assert wire.ask(SHOP).status_code == 200
    assert wire.simulator.settings.media_s == 7


def test_parts_of_the_state(wire: Wire):
    wire.buy((wire.variant(), 1))
    assert set(wire.view("state?only=orders,history")) == {"orders", "history"}


def test_many_products_at_once(wire: Wire):
    made = wire.control("products/seed", products=30, variants=3, vendor="Kiln", available=4)
    assert made == {"products": 30, "variants": 90}
    levels = [wire.level(gid) for gid in wire.state.variants]
    assert levels == [(4, 0)] * 90


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_can_be_added_and_taken_back(wire: Wire, kind: str):
    waiting = wire.control("faults", kind=kind, times=3)
    assert (waiting[0]["kind"], waiting[0]["times"]) == (kind, 3)
    assert wire.control("faults") == []
    assert wire.ask(SHOP).status_code == 200


def test_a_fault_bites_so_many_calls_of_its_operation(wire: Wire):
    wire.control("faults", kind="http_502", times=2, match="^Shop$")
    other = "query Other { shop { name } }"
    seen = [wire.ask(text).status_code for text in (other, SHOP, SHOP, SHOP)]
    assert seen == [200, 502, 502, 200]
    assert [entry.get("fault") for entry in wire.view("requests")] == [
        None, "http_502", "http_502", None
    ]  # fmt: skip


def test_a_stale_answer_by_request(wire: Wire):
    variant = wire.variant(10)
    row = {"inventoryItemId": wire.item(variant), "locationId": wire.place, "quantity": 5,
           "changeFromQuantity": 10}  # fmt: skip
    given = {"name": "available", "reason": "correction", "quantities": [row]}
    text = """mutation($input: InventorySetQuantitiesInput!) {
      inventorySetQuantities(input: $input) @idempotent(key: "k") { userErrors { code field } } }"""
    wire.control("faults", kind="stale")
    assert wire.refused(text, input=given) == ["CHANGE_FROM_QUANTITY_STALE"]
    assert wire.refused(text, input=given) == []


def test_work_split_and_put_together_again(wire: Wire):
    variant = wire.variant(10)
    order = wire.buy((variant, 3))
    first = wire.work(order)
    lines = [{"id": first["lines"][0]["id"], "quantity": 1}]
    wire.control("fulfillment_orders/split", fulfillment_order_id=first["id"], lines=lines)
    second = wire.work(order, 1)
    wire.listen("FULFILLMENT_ORDERS_MERGED")
    wire.control("fulfillment_orders/merge", fulfillment_order_ids=[first["id"], second["id"]])
    assert (first["status"], second["status"]) == ("OPEN", "CLOSED")
    assert sum(line["remainingQuantity"] for line in first["lines"]) == 3
    assert (wire.level(variant), wire.heard()) == ((7, 3), ["fulfillment_orders/merged"])


def test_drift_by_a_person_is_told(wire: Wire):
    variant = wire.variant(10)
    wire.listen("INVENTORY_LEVELS_UPDATE")
    wire.control("stock", variant_id=variant, by=-3)
    assert wire.level(variant) == (7, 0)
    assert wire.heard() == ["inventory_levels/update"]
    assert wire.view("state")["history"][-1]["by"] == "staff"


def test_a_subscription_disappears(wire: Wire):
    wire.listen("ORDERS_CREATE", "ORDERS_PAID")
    wire.control("webhooks", delete="ORDERS_PAID")
    assert [row["topic"] for row in wire.view("state")["webhooks"]] == ["ORDERS_CREATE"]


def test_a_removed_app_is_told_once_and_never_answered_again(wire: Wire):
    wire.listen("APP_UNINSTALLED", "ORDERS_CREATE", "APP_SCOPES_UPDATE")
    wire.control("scopes", remove=["write_products"])
    wire.control("uninstall")
    assert wire.heard() == ["app/scopes_update", "app/uninstalled"]
    assert (wire.ask(SHOP).status_code, wire.view("state")["webhooks"]) == (401, [])
    wire.control("reset")
    assert wire.ask(SHOP).status_code == 200


def test_webhooks_can_be_late(wire: Wire):
    variant = wire.variant(10)
    wire.listen("ORDERS_CREATE")
    wire.control("webhooks", delay_s={"ORDERS_CREATE": 90})
    wire.buy((variant, 1))
    assert wire.heard() == []
    wire.forward(91)
    assert wire.heard() == ["orders/create"]


def test_an_authorization_that_is_given_up(wire: Wire):
    order = wire.buy((wire.variant(), 1), financial_status="AUTHORIZED")
    wire.control("orders/void", order_id=order["name"], status="EXPIRED")
    assert wire.state.orders[order["id"]]["displayFinancialStatus"] == "EXPIRED"


def test_what_is_not_modelled_is_said(wire: Wire):
    product = {"title": "Mug", "category": "gid://shopify/TaxonomyCategory/1"}
    answer = wire.ask(
        "mutation($p: ProductSetInput!) { productSet(input: $p) { userErrors { message } } }",
        p=product,
    )
    assert answer.status_code == 501
    assert "SIMULATOR: productSet.input.category" in answer.json["errors"][0]["message"]
    answer = wire.ask('{ orders(first: 1, query: "weather:good") { nodes { id } } }')
    assert (answer.status_code, "SIMULATOR" in answer.text) == (501, True)
