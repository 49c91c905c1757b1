"""Stock: what each status of an order does to it, shared stock, refunds, changed quantities."""

from collections.abc import Callable
from typing import Any

import pytest

from simulators.woocommerce.catalog import Catalog, Product
from simulators.woocommerce.stock import (
    active_price,
    child_prices,
    derived,
    in_sale,
    pool_of,
    status_of_parent,
)

NewShop = Callable[..., Any]


@pytest.fixture
def product(client: Any) -> int:
    """Ten in stock."""
    row = client.shop.add_product(
        name="Counted", regular_price="10.00", manage_stock=True, stock_quantity=10
    )
    return row.id


def stock(client: Any, product_id: int) -> Any:
    return client.shop.catalog.get(product_id).stock_quantity


def test_statuses_take_and_give_back(client: Any, product: int) -> None:
    body = {"line_items": [{"product_id": product, "quantity": 3}]}
    order = client.post("orders", body)
    path = f"orders/{order['id']}"
    assert (order["status"], stock(client, product)) == ("pending", 10)
    seen: list[Any] = []
    for status in (
        "on-hold", "processing", "completed", "pending", "processing", "cancelled", "processing",
        "failed", "refunded", "pending",
    ):  # fmt: skip
        client.put(path, {"status": status})
        seen.append(stock(client, product))
    assert seen == [7, 7, 7, 10, 7, 10, 7, 7, 7, 10]


def test_trash_and_deletion_give_nothing_back(client: Any, product: int) -> None:
    order = client.order(product, 4)
    client.delete(f"orders/{order['id']}")
    assert stock(client, product) == 6
    client.delete(f"orders/{order['id']}?force=true")
    assert stock(client, product) == 6


def test_more_than_there_is_can_be_sold(client: Any, product: int) -> None:
    assert client.order(product, 14)["status"] == "processing"
    shown = client.get(f"products/{product}")
    assert (shown["stock_quantity"], shown["stock_status"]) == (-4, "outofstock")


@pytest.mark.parametrize(
    ("backorders", "status"),
    [("no", "outofstock"), ("notify", "onbackorder"), ("yes", "onbackorder")],
)
def test_status_follows_the_count(client: Any, product: int, backorders: str, status: str) -> None:
    client.put(f"products/{product}", {"backorders": backorders})
    client.order(product, 10)
    assert client.get(f"products/{product}")["stock_status"] == status
    client.put(f"products/{product}", {"stock_quantity": 1})
    assert client.get(f"products/{product}")["stock_status"] == "instock"


def test_a_changed_quantity_of_a_line_moves_stock(client: Any, product: int) -> None:
    order = client.order(product, 2)
    line = order["line_items"][0]["id"]

    def change(quantity: int) -> Any:
        body = {"line_items": [{"id": line, "quantity": quantity}]}
        return client.put(f"orders/{order['id']}", body)

    assert (change(5)["total"], stock(client, product)) == ("20.00", 5)
    assert (change(1)["line_items"][0]["quantity"], stock(client, product)) == (1, 9)
    assert (change(0)["line_items"], stock(client, product)) == ([], 10)


def test_a_refund_restocks_when_told_and_only_once(client: Any, product: int) -> None:
    order = client.order(product, 4)
    line = order["line_items"][0]["id"]
    path = f"orders/{order['id']}/refunds"
    part = {"id": line, "quantity": 1, "refund_total": 10}
    base = {"amount": "10.00", "api_refund": False, "line_items": [part]}
    client.post(path, base)
    assert stock(client, product) == 7
    client.post(path, {**base, "api_restock": False})
    assert stock(client, product) == 7
    assert client.get(f"orders/{order['id']}")["status"] == "processing"
    client.put(f"orders/{order['id']}", {"status": "cancelled"})
    assert stock(client, product) == 10
    assert len(client.get(path)) == 2


def test_a_refund_of_all_makes_the_order_refunded(client: Any, product: int) -> None:
    order = client.order(product, 1)
    client.post(f"orders/{order['id']}/refunds", {"amount": "10.00", "api_refund": False})
    assert client.get(f"orders/{order['id']}")["status"] == "refunded"
    answer = client.post(
        f"orders/{order['id']}/refunds", {"amount": "1.00", "api_refund": False}, status=500
    )
    assert answer["data"] == 500


def test_a_pool_is_sold_by_all_its_variations(client: Any) -> None:
    parent = next(
        row
        for row in client.shop.catalog.products()
        if row.kind == "variable"
        and row.manage_stock
        and row.children
        and not client.shop.catalog.get(row.children[1]).manage_stock
    )
    client.shop.edit_product(parent.id, stock_quantity=10)
    dates = {child: client.shop.catalog.get(child).modified for child in parent.children}
    client.shop.clock.advance(60)
    client.order(parent.id, 3, line_items=[
        {"product_id": parent.id, "variation_id": child, "quantity": 2}
        for child in parent.children[1:3]
    ])  # fmt: skip
    shown = client.get(f"products/{parent.id}/variations?per_page=100")
    shared = [row for row in shown if row["manage_stock"] == "parent"]
    assert {row["stock_quantity"] for row in shared} == {6}
    assert stock(client, parent.id) == 6
    # A trap: the parent's date moves, those of the variations whose stock it is do not.
    assert client.shop.catalog.get(parent.id).modified == client.shop.clock.second()
    assert {child: client.shop.catalog.get(child).modified for child in dates} == dates


def test_a_direct_write_moves_neither_date_nor_status(client: Any, product: int) -> None:
    before = client.get(f"products/{product}")
    client.shop.clock.advance(60)
    client.shop.set_stock(product, 0)
    after = client.get(f"products/{product}")
    assert (after["stock_quantity"], after["stock_status"]) == (0, "instock")
    assert after["date_modified"] == before["date_modified"]


def test_without_stock_management_nothing_is_counted(new_shop: NewShop) -> None:
    client = new_shop(manage_stock=False)
    row = client.shop.add_product(name="X", manage_stock=True, stock_quantity=5)
    client.order(row.id, 2)
    assert stock(client, row.id) == 5


def test_sales_in_the_shop_itself(client: Any, product: int) -> None:
    client.shop.clock.advance(60)
    order = client.shop.sell(product, quantity=2)
    assert (order.status, order.created_via, stock(client, product)) == (
        "processing",
        "checkout",
        8,
    )
    assert client.shop.catalog.get(product).modified == client.shop.clock.second()


def test_derived_status() -> None:
    row = Product(id=1, manage_stock=True, stock_quantity=0, stock_status="instock")
    assert derived(row).stock_status == "outofstock"
    assert derived(Product(id=1, manage_stock=True)).stock_quantity == 0
    assert derived(Product(id=1, stock_quantity=5)).stock_quantity is None
    plain = Product(id=1, stock_status="outofstock")
    assert derived(plain) is plain


def test_parents_status_comes_from_its_variations() -> None:
    catalog = Catalog()
    parent = catalog.put(Product(id=1, kind="variable"))
    for number, status in enumerate(("outofstock", "onbackorder")):
        catalog.put(Product(id=2 + number, kind="variation", parent_id=1, stock_status=status))
    parent = catalog.require(1)
    assert status_of_parent(catalog, parent) == "onbackorder"
    catalog.change(2, stock_status="instock")
    assert status_of_parent(catalog, parent) == "instock"
    assert pool_of(catalog, catalog.require(2)) is None


def test_only_public_variations_with_a_price_make_a_price() -> None:
    catalog = Catalog()
    catalog.put(Product(id=1, kind="variable"))
    for number, (status, price) in enumerate(
        [("publish", "9"), ("private", "1"), ("publish", ""), ("publish", "10")]
    ):
        catalog.put(Product(id=2 + number, parent_id=1, status=status, price=price))
    assert child_prices(catalog, catalog.require(1)) == ["9", "10"]


@pytest.mark.parametrize(("sale", "on_sale"), [("9.99", True), ("10.00", False), ("", False)])
def test_a_sale_price_that_is_no_less_is_no_sale(sale: str, on_sale: bool) -> None:
    assert in_sale(Product(id=1, regular_price="10", sale_price=sale), 0) is on_sale


@pytest.mark.parametrize(
    ("sale", "since", "until", "price"),
    [("8", None, None, "8"), ("8", 101, None, "10"), ("8", 100, 101, "8"), ("8", None, 100, "10"),
     ("10", None, None, "10"), ("", None, None, "10")],
)  # fmt: skip
def test_active_price(sale: str, since: int | None, until: int | None, price: str) -> None:
    row = Product(id=1, regular_price="10", sale_price=sale, sale_from=since, sale_to=until)
    assert active_price(row, 100) == price
