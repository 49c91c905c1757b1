"""Writing products: creation, changes, batches, deletion, and what each refuses."""

from typing import Any

import pytest

FLOAT = {"stock_quantity": "stock_quantity is not of type integer."}


def test_a_new_product_has_woocommerces_defaults(client: Any) -> None:
    made = client.post("products", {"name": "New & <b>bold</b>", "regular_price": "12.50"})
    shown = {name: made[name] for name in ("type", "status", "price", "manage_stock", "slug")}
    assert shown == {
        "type": "simple",
        "status": "publish",
        "price": "12.50",
        "manage_stock": False,
        "slug": "new-bold",
    }
    assert client.get(f"products/{made['id']}")["regular_price"] == "12.50"


def test_location_of_a_new_product(client: Any) -> None:
    answer = client.ask("POST", "products", {"name": "X"})
    made = answer.json()
    assert answer.headers["location"] == f"https://store.test/wp-json/wc/v3/products/{made['id']}"


@pytest.mark.parametrize(
    ("body", "params"),
    [
        ({"stock_quantity": 2.5}, FLOAT),
        ({"status": "sold"}, {"status": "status is not one of"}),
        ({"manage_stock": "maybe"}, {"manage_stock": "manage_stock is not of type boolean."}),
        ({"type": "thing"}, {"type": "type is not one of"}),
    ],
)
def test_wrong_types_are_refused(client: Any, body: Any, params: dict[str, str]) -> None:
    answer = client.put("products/35", body, status=400)
    assert answer["code"] == "rest_invalid_param"
    for name, text in params.items():
        assert answer["data"]["params"][name].startswith(text)


def test_a_known_sku_is_refused_except_for_its_own_product(client: Any) -> None:
    sku = client.shop.catalog.get(35).sku
    answer = client.post("products", {"name": "X", "sku": sku}, status=400)
    assert answer["code"] == "product_invalid_sku"
    assert client.put("products/35", {"sku": sku})["sku"] == sku


def test_a_price_that_is_none_empties_it_only_in_a_batch(client: Any) -> None:
    body = {"update": [{"id": 35, "regular_price": "abc"}]}
    (row,) = client.post("products/batch", body, status=200)["update"]
    assert (row["regular_price"], row["price"]) == ("", "")


def test_quantity_is_ignored_where_stock_is_not_managed(client: Any) -> None:
    made = client.post("products", {"name": "X", "stock_quantity": 5})
    assert (made["manage_stock"], made["stock_quantity"]) == (False, None)
    changed = client.put(f"products/{made['id']}", {"manage_stock": True, "stock_quantity": 5})
    assert (changed["stock_quantity"], changed["stock_status"]) == (5, "instock")
    changed = client.put(f"products/{made['id']}", {"manage_stock": False})
    assert changed["stock_quantity"] is None


def test_sale_price(client: Any) -> None:
    made = client.post("products", {"name": "X", "regular_price": "10", "sale_price": "8"})
    assert (made["price"], made["on_sale"]) == ("8", True)
    changed = client.put(f"products/{made['id']}", {"sale_price": "12"})
    assert (changed["price"], changed["on_sale"]) == ("10", False)


def test_an_update_by_post_or_put_or_override_is_the_same(client: Any) -> None:
    for method, path in (("PUT", "products/35"), ("POST", "products/35"), ("PATCH", "products/35")):
        assert client.ask(method, path, {"name": method}).json()["name"] == method
    assert client.ask("POST", "products/35?_method=PUT", {"name": "over"}).json()["name"] == "over"


def test_even_an_empty_update_moves_the_date_and_the_parents(client: Any) -> None:
    child = client.shop.catalog.variation_ids[0]
    parent = client.shop.catalog.get(child).parent_id
    client.shop.clock.advance(60)
    client.put(f"products/{parent}/variations/{child}", {})
    now = client.shop.clock.second()
    assert client.shop.catalog.get(child).modified == now
    assert client.shop.catalog.get(parent).modified == now


def test_deletion_goes_to_the_trash_then_for_good(client: Any) -> None:
    assert client.delete("products/35")["status"] == "publish"
    assert client.get("products/35")["status"] == "trash"
    again = client.delete("products/35", status=410)
    assert again["code"] == "woocommerce_rest_already_trashed"
    client.delete("products/35?force=true")
    assert client.get("products/35", status=404)["code"] == "woocommerce_rest_product_invalid_id"


def test_a_deleted_parent_takes_its_variations_along(client: Any) -> None:
    child = client.shop.catalog.variation_ids[0]
    parent = client.shop.catalog.get(child).parent_id
    client.delete(f"products/{parent}?force=true")
    assert client.shop.catalog.get(child) is None
    answer = client.get(f"products/{parent}/variations/{child}", status=404)
    assert answer["code"] == "woocommerce_rest_product_variation_invalid_id"


def test_a_batch_tells_each_outcome(client: Any) -> None:
    body = {
        "create": [{"name": "A"}, {"name": "B", "sku": client.shop.catalog.get(36).sku}],
        "update": [{"id": 35, "name": "C"}, {"id": 999_999, "name": "D"}],
        "delete": [37, 999_999],
    }
    answer = client.post("products/batch", body, status=200)
    assert [row.get("name", row.get("error", {}).get("code")) for row in answer["create"]] == [
        "A",
        "product_invalid_sku",
    ]
    assert [row.get("name", row.get("error", {}).get("code")) for row in answer["update"]] == [
        "C",
        "woocommerce_rest_product_invalid_id",
    ]
    assert answer["delete"][0]["id"] == 37
    assert client.shop.catalog.get(37) is None
    assert answer["delete"][1]["error"]["data"] == {"status": 404}


@pytest.mark.parametrize(("count", "status"), [(100, 200), (101, 413)])
def test_a_batch_takes_a_hundred(client: Any, count: int, status: int) -> None:
    body = {"update": [{"id": 35}] * (count - 1), "delete": [999_999]}
    answer = client.post("products/batch", body, status=status)
    if status == 413:
        assert answer["code"] == "woocommerce_rest_request_entity_too_large"
        assert answer["message"] == "Unable to accept more than 100 items for this request."


def test_variations_are_not_changed_through_the_products_route(client: Any) -> None:
    child = client.shop.catalog.variation_ids[0]
    answer = client.put(f"products/{child}", {"name": "X"}, status=404)
    assert answer["code"] == "woocommerce_rest_invalid_product_id"
    assert "/products/&lt;product_id&gt;/variations/&lt;id&gt;" in answer["message"]


def test_a_variation_of_another_product_is_not_found(client: Any) -> None:
    child = client.shop.catalog.get(client.shop.catalog.variation_ids[0])
    answer = client.get(f"products/35/variations/{child.id}", status=404)
    assert answer["code"] == "woocommerce_rest_product_variation_invalid_id"


def test_a_new_variation(client: Any) -> None:
    parent = client.shop.catalog.get(client.shop.catalog.variation_ids[0]).parent_id
    attribute = client.get(f"products/{parent}")["attributes"][0]
    option = attribute["options"][0]
    body = {
        "regular_price": "5",
        "attributes": [{"id": attribute["id"], "name": attribute["name"], "option": option}],
    }
    made = client.post(f"products/{parent}/variations", body)
    assert (made["name"], made["parent_id"], made["price"]) == (option, parent, "5")
    assert made["id"] in client.get(f"products/{parent}")["variations"]


def test_meta_is_changed_by_key_added_and_removed(client: Any) -> None:
    def write(*entries: Any) -> dict[str, Any]:
        body = {"meta_data": list(entries)}
        rows = client.put("products/35", body)["meta_data"]
        return {row["key"]: row["value"] for row in rows}

    assert write({"key": "_hub", "value": "1"})["_hub"] == "1"
    assert write({"key": "_hub", "value": {"a": [1]}})["_hub"] == {"a": [1]}
    assert "_hub" not in write({"key": "_hub", "value": None})


def test_broken_json_is_told(client: Any) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.http.put("products/35", content=b'{"name":', headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "rest_invalid_json")


def test_terms(client: Any) -> None:
    made = client.post("products/categories", {"name": "Fresh things"})
    assert made["slug"] == "fresh-things"
    rows = client.get("products/categories?search=fresh")
    assert [row["id"] for row in rows] == [made["id"]]
    twice = client.post("products/categories", {"name": "Fresh things"}, status=400)
    assert twice["code"] == "term_exists"
    assert (
        client.post("products/categories", {}, status=400)["code"] == "rest_missing_callback_param"
    )
