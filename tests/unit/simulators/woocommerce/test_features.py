"""Experiments of newer versions: fulfillments of their own, and the REST cache."""

from collections.abc import Callable
from typing import Any

import pytest

from simulators.woocommerce.versions import NEWEST, TODAY, WITH_PUBLIC_COLLECTION

NewShop = Callable[..., Any]
ROUTE = "/wc/v3/orders/(?P<order_id>[\\d]+)/fulfillments"


@pytest.fixture
def client(new_shop: NewShop) -> Any:
    return new_shop(version=WITH_PUBLIC_COLLECTION, features=["fulfillments"])


@pytest.fixture
def order(client: Any) -> Any:
    lines = [{"product_id": 35, "quantity": 2}, {"product_id": 36, "quantity": 1}]
    return client.post("orders", {"set_paid": True, "line_items": lines})


def parcel(line: int, units: int, number: str = "3S1", **more: Any) -> dict[str, Any]:
    return {
        "status": "fulfilled",
        "is_fulfilled": True,
        "meta_data": [
            {"id": 0, "key": "_items", "value": [{"item_id": line, "qty": units}]},
            {"id": 0, "key": "_tracking_number", "value": number},
        ],
        **more,
    }


def meta(client: Any, order: Any) -> Any:
    rows = client.get(f"orders/{order['id']}")["meta_data"]
    return {row["key"]: row["value"] for row in rows}.get("_fulfillment_status")


@pytest.mark.parametrize(
    ("version", "features", "there"),
    [
        (TODAY, ["fulfillments"], False),
        (WITH_PUBLIC_COLLECTION, [], False),
        (WITH_PUBLIC_COLLECTION, ["fulfillments"], True),
    ],
)
def test_routes_exist_only_where_switched_on(
    new_shop: NewShop, version: Any, features: list[str], there: bool
) -> None:
    client = new_shop(version=version, features=features)
    routes = client.http.get("https://store.test/wp-json/wc/v3").json()["routes"]
    assert (ROUTE in routes) is there
    flags = client.get("system_status")["settings"]["enabled_features"]
    assert ("fulfillments" in flags) is there


def test_parcels_are_told_by_the_orders_meta_not_its_status(client: Any, order: Any) -> None:
    first, second = (line["id"] for line in order["line_items"])
    path = f"orders/{order['id']}/fulfillments"
    assert (client.get(path), meta(client, order)) == ([], None)
    client.shop.clock.advance(60)
    made = client.post(path, parcel(first, 2))
    assert made["entity_id"] == str(order["id"])
    assert made["date_updated"] == "2026-11-23 13:01:00"
    assert meta(client, order) == "partially_fulfilled"
    client.post(path, parcel(second, 1, "3S2"))
    assert meta(client, order) == "fulfilled"
    after = client.get(f"orders/{order['id']}")
    assert after["status"] == "processing"
    assert after["date_modified"] != order["date_modified"]
    assert [row["id"] for row in client.get(f"{path}/lookup?tracking_number=3S1")] == [made["id"]]


def test_entries_without_an_id_do_not_count(client: Any, order: Any) -> None:
    body = parcel(order["line_items"][0]["id"], 1)
    for entry in body["meta_data"]:
        del entry["id"]
    answer = client.post(f"orders/{order['id']}/fulfillments", body, status=400)
    assert (answer["code"], "at least one item" in answer["message"]) == (0, True)


def test_more_than_was_ordered_is_taken(client: Any, order: Any) -> None:
    path = f"orders/{order['id']}/fulfillments"
    assert client.post(path, parcel(order["line_items"][0]["id"], 9))["is_fulfilled"] is True


def test_changing_and_removing(client: Any, order: Any) -> None:
    line = order["line_items"][0]["id"]
    path = f"orders/{order['id']}/fulfillments"
    made = client.post(path, {**parcel(line, 1), "is_fulfilled": False, "status": "unfulfilled"})
    assert (made["status"], meta(client, order)) == ("unfulfilled", None)
    changed = client.put(f"{path}/{made['id']}", parcel(line, 1))
    assert (changed["status"], meta(client, order)) == ("fulfilled", "partially_fulfilled")
    keys = [row["key"] for row in client.get(f"{path}/{made['id']}/metadata")]
    assert "_date_fulfilled" in keys
    assert client.put(f"{path}/{made['id']}", {"status": "fulfilled"}, status=400)["code"] == 0
    client.delete(f"{path}/{made['id']}")
    assert (client.get(path), meta(client, order)) == ([], None)
    assert client.ask("GET", f"{path}/{made['id']}").status_code == 404
    assert client.ask("GET", "orders/1/fulfillments").status_code == 404


def test_a_vendor_ships_that_way(client: Any, order: Any) -> None:
    line = order["line_items"][0]["id"]
    tracking = {"number": "3S9", "provider": "PostNL", "link": "https://post.test/3S9"}
    client.shop.fulfill_order(order["id"], tracking, {line: 1})
    (row,) = client.get(f"orders/{order['id']}/fulfillments")
    shown = {entry["key"]: entry["value"] for entry in row["meta_data"]}
    assert shown["_items"] == [{"item_id": line, "qty": 1}]
    assert (shown["_shipment_provider"], shown["_tracking_number"]) == ("postnl", "3S9")
    client.shop.fulfill_order(order["id"], tracking)
    assert meta(client, order) == "fulfilled"


def test_the_cache_answers_304_to_whom_it_knows(new_shop: NewShop) -> None:
    client = new_shop(version=NEWEST, features=["rest_api_caching"])
    first = client.ask("GET", "products/35")
    assert first.headers["x-wc-cache"] == "HEADERS"
    assert first.headers["cache-control"] == "private, must-revalidate, max-age=3600"
    known = {"If-None-Match": first.headers["etag"]}
    again = client.ask("GET", "products/35", headers=known)
    assert (again.status_code, again.content, again.headers["x-wc-cache"]) == (304, b"", "MATCH")
    client.shop.edit_product(35, name="New")
    assert client.ask("GET", "products/35", headers=known).status_code == 200


def test_the_cache_is_left_aside_when_asked_and_elsewhere(new_shop: NewShop) -> None:
    client = new_shop(version=NEWEST, features=["rest_api_caching"])
    skipped = client.ask("GET", "products?_skip_cache=1&per_page=1")
    assert (skipped.headers["x-wc-cache"], "etag" in skipped.headers) == ("SKIP", False)
    assert skipped.headers["cache-control"].startswith("no-cache")
    for path in ("orders", "variations", "products/999999"):
        assert "x-wc-cache" not in client.ask("GET", path).headers
    plain = new_shop(version=NEWEST).ask("GET", "products/35")
    assert "etag" not in plain.headers
