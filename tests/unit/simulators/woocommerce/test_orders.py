"""Orders: what is taken, what becomes of it, lists, notes, deletion."""

from collections.abc import Callable
from typing import Any

import pytest

from simulators.woocommerce.versions import WITH_PUBLIC_COLLECTION

NewShop = Callable[..., Any]
LINE = {"product_id": 35, "quantity": 1}


def test_the_same_twice_makes_two(client: Any) -> None:
    body = {"line_items": [LINE], "meta_data": [{"key": "_reference", "value": "r1"}]}
    assert client.post("orders", body)["id"] != client.post("orders", body)["id"]


def test_totals_are_those_given_or_the_products(client: Any) -> None:
    client.shop.edit_product(35, regular_price="10.00", sale_price="")
    lines = [{**LINE, "quantity": 2}, {**LINE, "subtotal": "30.00", "total": "25.50"}]
    shipping = [{"method_id": "flat_rate", "method_title": "Post", "total": "4.95"}]
    fees = [{"name": "Wrapping", "total": "1.05"}]
    body = {"line_items": lines, "shipping_lines": shipping, "fee_lines": fees}
    order = client.post("orders", body)
    assert [line["total"] for line in order["line_items"]] == ["20.00", "25.50"]
    assert (order["shipping_total"], order["discount_total"]) == ("4.95", "4.50")
    assert order["total"] == "51.50"


def test_a_paid_order_is_processing_and_dated(client: Any) -> None:
    order = client.order(35, payment_method="marketplace", transaction_id="tx-1")
    assert (order["status"], order["date_paid_gmt"]) == ("processing", "2026-11-23T12:00:00")
    assert client.post("orders", {"line_items": [LINE]})["date_paid"] is None


def test_processing_given_and_paid_stays_processing(client: Any) -> None:
    order = client.post("orders", {"status": "processing", "set_paid": True, "line_items": [LINE]})
    assert order["status"] == "processing"


def test_even_virtual_downloads_stay_processing_when_told(client: Any) -> None:
    row = client.shop.add_product(name="File", regular_price="1", virtual=True, downloadable=True)
    assert client.order(row.id, status="processing")["status"] == "processing"


@pytest.mark.parametrize(
    "line",
    [{"product_id": 999_999}, {"sku": "NO-SUCH"}, {"product_id": 35, "variation_id": 999_999}],
)
def test_what_is_unknown_becomes_an_empty_line_of_a_completed_order(client: Any, line: Any) -> None:
    order = client.post("orders", {"set_paid": True, "line_items": [{**line, "quantity": 1}]})
    (shown,) = order["line_items"]
    assert (shown["product_id"], shown["total"], shown["name"]) == (0, "0.00", "")
    assert (order["status"], order["total"]) == ("completed", "0.00")


def test_virtual_downloads_need_no_work(client: Any) -> None:
    row = client.shop.add_product(name="File", regular_price="1", virtual=True, downloadable=True)
    assert client.order(row.id)["status"] == "completed"
    row = client.shop.add_product(name="Service", regular_price="1", virtual=True)
    assert client.order(row.id)["status"] == "processing"


def test_a_sku_beats_the_id_and_the_first_of_two_wins(client: Any) -> None:
    twins = [client.shop.add_product(name=name, sku="TWIN").id for name in ("A", "B")]
    order = client.post(
        "orders", {"line_items": [{"product_id": 35, "sku": "TWIN", "quantity": 1}]}
    )
    assert order["line_items"][0]["product_id"] == twins[0]


def test_quantity_zero_kills_php_and_leaves_nothing(client: Any) -> None:
    answer = client.post("orders", {"line_items": [{**LINE, "quantity": 0}]}, status=500)
    assert answer["code"] == "internal_server_error"
    assert client.shop.orders == {}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"line_items": [{"quantity": 1}]}, "woocommerce_rest_required_product_reference"),
        ({"shipping_lines": [{"total": "1"}]}, "woocommerce_rest_invalid_shipping_item"),
        ({"customer_id": 77}, "woocommerce_rest_invalid_customer_id"),
        ({"currency": "XXX"}, "rest_invalid_param"),
        ({"status": "shipped"}, "rest_invalid_param"),
        ({"billing": {"email": "nobody"}}, "rest_invalid_param"),
    ],
)
def test_what_is_refused(client: Any, body: Any, code: str) -> None:
    assert client.post("orders", body, status=400)["code"] == code
    assert client.shop.orders == {}


@pytest.mark.parametrize(("version", "named"), [(None, False), (WITH_PUBLIC_COLLECTION, True)])
def test_a_coupon_that_fails_leaves_an_order(new_shop: NewShop, version: Any, named: bool) -> None:
    client = new_shop(**({"version": version} if version else {}))
    body = {"line_items": [LINE], "coupon_lines": [{"code": "none"}]}
    answer = client.post("orders", body, status=400)
    assert answer["code"] == "woocommerce_rest_invalid_coupon"
    (left,) = client.shop.orders.values()
    assert left.status == ("checkout-draft" if named else "pending")
    assert answer["data"].get("new_draft_order_id") == (left.id if named else None)


def test_meta_is_found_by_no_filter_but_kept(client: Any) -> None:
    for reference in ("r1", "r2"):
        client.order(35, meta_data=[{"key": "_reference", "value": reference}])
    assert len(client.get("orders?meta_key=_reference&meta_value=r1")) == 2
    assert client.get("orders?search=r1") == []
    kept = {row["meta_data"][0]["value"] for row in client.get("orders")}
    assert kept == {"r1", "r2"}


@pytest.mark.parametrize("text", ["tx-7", "Aaltje", "aaltje@example.com", "Chef"])
def test_search(client: Any, text: str) -> None:
    billing = {"first_name": "Aaltje", "email": "aaltje@example.com"}
    order = client.order(35, transaction_id="tx-7", billing=billing)
    client.order(36)
    assert [row["id"] for row in client.get(f"orders?search={text}")] == [order["id"]]


def test_filters(client: Any) -> None:
    first, second = client.order(35)["id"], client.order(36)["id"]
    client.put(f"orders/{second}", {"status": "cancelled"})
    for query, wanted in (
        ("status=cancelled", [second]),
        ("status=processing,cancelled", [second, first]),
        ("status[]=processing&status[]=cancelled", [second, first]),
        (f"include={first}", [first]),
        (f"exclude={first}", [second]),
        ("product=36", [second]),
        ("customer=0", [second, first]),
        ("customer=1", []),
        ("status=trash", []),
    ):
        rows = client.get(f"orders?orderby=id&{query}")
        assert [row["id"] for row in rows] == wanted, query
    client.delete(f"orders/{second}")
    assert [row["id"] for row in client.get("orders?status=trash")] == [second]
    assert [row["id"] for row in client.get("orders")] == [first]


def test_modified_after_sees_a_completed_order(client: Any) -> None:
    order = client.order(35)
    client.shop.clock.advance(60)
    query = "orders?dates_are_gmt=true&modified_after=2026-11-23T12:00:00&_fields=id"
    assert client.get(query) == []
    client.shop.complete_order(order["id"])
    assert client.get(query) == [{"id": order["id"]}]
    assert client.get(f"orders/{order['id']}")["date_completed_gmt"] == "2026-11-23T12:01:00"


@pytest.mark.parametrize(("hpos", "moved"), [(True, True), (False, False)])
def test_meta_moves_the_date_only_with_hpos(new_shop: NewShop, hpos: bool, moved: bool) -> None:
    client = new_shop(hpos=hpos)
    order = client.order(35)
    client.shop.clock.advance(60)
    body = {"meta_data": [{"key": "_x", "value": "1"}]}
    after = client.put(f"orders/{order['id']}", body)
    assert (after["date_modified"] != order["date_modified"]) is moved


def test_deletion(client: Any) -> None:
    order = client.order(35)["id"]
    assert client.delete(f"orders/{order}")["status"] == "processing"
    assert client.get(f"orders/{order}")["status"] == "trash"
    assert (
        client.delete(f"orders/{order}", status=410)["code"] == "woocommerce_rest_already_trashed"
    )
    client.delete(f"orders/{order}?force=true")
    assert (
        client.get(f"orders/{order}", status=404)["code"]
        == "woocommerce_rest_shop_order_invalid_id"
    )


@pytest.mark.parametrize("hpos", [True, False])
def test_the_trash_moves_the_date_only_with_hpos(new_shop: NewShop, hpos: bool) -> None:
    client = new_shop(hpos=hpos)
    order = client.order(35)
    client.shop.clock.advance(60)
    client.delete(f"orders/{order['id']}")
    moved = client.get(f"orders/{order['id']}")["date_modified"] != order["date_modified"]
    assert moved is hpos


def test_updating_an_unknown_order_is_a_400(client: Any) -> None:
    assert (
        client.put("orders/999", {}, status=400)["code"] == "woocommerce_rest_shop_order_invalid_id"
    )


def test_a_batch_of_orders(client: Any) -> None:
    order = client.order(35)["id"]
    body = {
        "create": [{"line_items": [LINE]}],
        "update": [{"id": order, "status": "completed"}],
        "delete": [999],
    }
    answer = client.post("orders/batch", body, status=200)
    assert answer["create"][0]["status"] == "pending"
    assert answer["update"][0]["status"] == "completed"
    assert answer["delete"][0]["error"]["code"] == "woocommerce_rest_shop_order_invalid_id"


def test_notes(client: Any) -> None:
    order = client.order(35)["id"]
    path = f"orders/{order}/notes"
    made = client.post(path, {"note": "Packed", "customer_note": True})
    assert (made["note"], made["customer_note"], made["author"]) == ("Packed", True, "WooCommerce")
    assert [row["note"] for row in client.get(f"{path}?type=customer")] == ["Packed"]
    texts = [row["note"] for row in client.get(f"{path}?type=internal")]
    assert any(
        text.startswith("Order status changed from Pending payment to Processing") for text in texts
    )
    assert any(text.startswith("Stock levels reduced:") for text in texts) is (
        client.shop.catalog.get(35).manage_stock
    )
    assert client.post(path, {}, status=400)["code"] == "rest_missing_callback_param"
    assert client.get("orders/999/notes", status=404)["code"] == "woocommerce_rest_order_invalid_id"


def test_partial_shipment_keeps_the_order_open(new_shop: NewShop) -> None:
    client = new_shop(tracking_plugin="official")
    order = client.post(
        "orders",
        {
            "set_paid": True,
            "line_items": [{**LINE, "quantity": 2}, {"product_id": 36, "quantity": 1}],
        },
    )
    first, second = (line["id"] for line in order["line_items"])
    parcel = {"number": "3S1", "provider": "PostNL"}
    assert client.shop.complete_order(order["id"], parcel, {first: 2}).status == "processing"
    rest = {"number": "3S2", "provider": "PostNL"}
    assert client.shop.complete_order(order["id"], rest, {second: 1}).status == "completed"
    meta = {row["key"]: row["value"] for row in client.get(f"orders/{order['id']}")["meta_data"]}
    items = meta["_wc_shipment_tracking_items"]
    assert [item["tracking_number"] for item in items] == ["3S1", "3S2"]


def test_the_shop_mails_its_buyers(client: Any) -> None:
    order = client.order(35, billing={"email": "a@example.com"})
    client.shop.complete_order(order["id"])
    assert [mail["subject"] for mail in client.shop.emails] == [
        "Your Vendor Test Shop order has been received!",
        "Your Vendor Test Shop order is now complete",
    ]
