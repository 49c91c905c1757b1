"""Size, speed and many at once."""

import statistics
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

from werkzeug.test import Client

from support.shopify_shop import Wire

SET = """
mutation StockSet($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id }
    userErrors { field message code }
  }
}"""
ADJUST = """
mutation($input: InventoryAdjustQuantitiesInput!, $key: String!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) { userErrors { code } }
}"""
ROWS = 250
MOST_MS = 30.0
MOST_BYTES = 12_000
"""For a product of three variants."""


def test_250_quantities_take_less_than_30_ms_of_the_processor():
    wire = Wire()
    wire.control("products/seed", products=ROWS)
    rows = [
        {"inventoryItemId": item, "locationId": wire.place, "quantity": 5,
         "changeFromQuantity": None}
        for item in wire.state.items
    ]  # fmt: skip
    given = {"name": "available", "reason": "correction", "quantities": rows}
    took = []
    for number in range(7):
        began = time.process_time()
        wire.done(SET, input=given, key=str(number))
        took.append((time.process_time() - began) * 1000)
    wire.close()
    assert statistics.median(took) < MOST_MS


def test_a_product_of_three_variants_is_small():
    wire = Wire()
    wire.control("products/seed", products=10, variants=3)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    wire.control("products/seed", products=500, variants=3, title="More")
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    wire.close()
    assert (after - before) / 500 < MOST_BYTES


def test_sixteen_at_once_lose_nothing():
    wire = Wire()
    item, place = wire.item(wire.variant(0)), wire.place
    token = wire.simulator.settings.token

    def work(worker: int) -> list[int]:
        client = Client(wire.simulator.app)
        statuses = []
        for number in range(25):
            change = {"inventoryItemId": item, "locationId": place, "delta": 1,
                      "changeFromQuantity": None}  # fmt: skip
            given = {"name": "available", "reason": "correction", "changes": [change]}
            variables = {"input": given, "key": f"{worker} {number}"}
            answer = client.post(
                "/admin/api/2026-10/graphql.json",
                json={"query": ADJUST, "variables": variables},
                headers={"X-Shopify-Access-Token": token},
            )
            payload = answer.json["data"]["inventoryAdjustQuantities"]
            statuses.append(len(payload["userErrors"]))
        return statuses

    with ThreadPoolExecutor(16) as pool:
        found = [status for statuses in pool.map(work, range(16)) for status in statuses]
    assert (len(found), sum(found)) == (400, 0)
    assert wire.state.levels[item, place]["available"] == 400
    assert len({row["id"] for row in wire.state.items.values()}) == len(wire.state.items)
    wire.close()


def test_sixteen_buyers_never_get_more_than_there_is():
    wire = Wire()
    variant = wire.variant(100)

    def buy(_: int) -> int:
        client = Client(wire.simulator.app)
        lines = [{"variant_id": variant, "quantity": 3}]
        return client.post("/_sim/checkout", json={"lines": lines}).status_code

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(buy, range(60)))
    assert statuses.count(200) == 33
    assert wire.level(variant) == (1, 99)
    wire.close()


def test_a_document_is_read_once():
    wire = Wire()
    executor = wire.simulator.parts.executor
    first = executor.document("{ shop { name } }")
    assert executor.document("{ shop { name } }") is first
    for number in range(600):
        executor.document(f"{{ a{number}: shop {{ name }} }}")
    assert executor.document("{ shop { name } }") is not first
    wire.close()
