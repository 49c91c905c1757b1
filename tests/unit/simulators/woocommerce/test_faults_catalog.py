"""Faults of the catalog and its stock: each test bears the name of its fault."""

from collections.abc import Callable
from typing import Any

import pytest

NewShop = Callable[..., Any]


@pytest.fixture
def client(new_shop: NewShop) -> Any:
    return new_shop(products=60, variable=12)


def walk(client: Any, query: str = "orderby=id&order=asc") -> list[int]:
    found: list[int] = []
    page = 1
    while rows := client.get(f"products?per_page=20&page={page}&_fields=id&{query}"):
        found += [row["id"] for row in rows]
        page += 1
    return found


def test_equal_dates(client: Any) -> None:
    client.simulator.faults.add("equal_dates")
    assert len({row.modified for row in client.shop.catalog.products()}) == 1
    assert len(set(walk(client, "orderby=modified"))) < 60
    assert len(set(walk(client))) == 60


def test_insert_mid_scan(client: Any) -> None:
    """The newest comes first, which pushes a row that was read onto the next page."""
    client.simulator.faults.add("insert_mid_scan", "2")
    found = walk(client, "orderby=id&order=desc")
    assert (len(found), len(set(found))) == (62, 60)
    assert len(client.shop.catalog.product_ids) == 62


def test_delete_mid_scan(client: Any) -> None:
    """A row of a page that was read goes, and a row of the next one is never seen."""
    before = set(client.shop.catalog.product_ids)
    client.simulator.faults.add("delete_mid_scan")
    found = walk(client)
    left = set(client.shop.catalog.product_ids)
    assert len(left) == len(before) - 1
    assert len(left - set(found)) == 1


def test_fail_if_per_page_gt(client: Any) -> None:
    client.simulator.faults.add("fail_if_per_page_gt", "20")
    assert client.ask("GET", "products?per_page=20").status_code == 200
    answer = client.ask("GET", "products?per_page=21")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_server_error")


def test_poison_item(client: Any) -> None:
    ids = list(client.shop.catalog.product_ids)
    client.simulator.faults.add("poison_item", str(ids[5]))
    query = "orderby=id&order=asc&per_page"
    assert client.ask("GET", f"products?{query}=5").status_code == 200
    assert client.ask("GET", f"products?{query}=6").status_code == 500
    assert client.ask("GET", f"products/{ids[5]}").status_code == 500
    assert client.ask("GET", f"products?{query}=10&exclude={ids[5]}").status_code == 200


def test_type_noise(client: Any) -> None:
    client.simulator.faults.add("type_noise")
    rows = client.get("products?per_page=60")
    noisy = [row for row in rows if isinstance(row["manage_stock"], str)]
    assert noisy
    assert all(row["id"] % 3 == 0 for row in noisy)
    assert {type(row["price"]) for row in noisy} == {float, str}
    assert {type(row["stock_quantity"]) for row in noisy} == {str, type(None)}
    assert {type(row["weight"]) for row in noisy} <= {float, int}
    assert [row["meta_data"] for row in noisy if not row["meta_data"]] == []
    client.simulator.faults.clear()
    rows = client.get("products?per_page=60")
    assert {type(row["manage_stock"]) for row in rows} == {bool}


def test_no_price(client: Any) -> None:
    before = {row["id"] for row in client.get("products?per_page=60") if row["price"] == ""}
    client.simulator.faults.add("no_price", "4")
    rows = [row for row in client.get("products?per_page=60") if row["price"] == ""]
    assert len({row["id"] for row in rows} - before) == 4
    assert {row["purchasable"] for row in rows} == {False}


def test_any_variations(client: Any) -> None:
    client.simulator.faults.add("any_variations", "2")
    changed = client.shop.catalog.changed_rows()
    opened = [row for row in changed if row.is_variation]
    assert len(opened) == 2
    for row in opened:
        shown = client.get(f"products/{row.parent_id}/variations/{row.id}")
        assert shown["attributes"] == []


def test_dup_sku(client: Any) -> None:
    client.simulator.faults.add("dup_sku", "3")
    assert len(client.get("products?sku=SAME-SKU&_fields=id")) == 3


def test_type_change(client: Any) -> None:
    row = next(row for row in client.shop.catalog.products() if row.kind == "variable")
    client.simulator.faults.add("type_change", str(row.id))
    shown = client.get(f"products/{row.id}")
    assert (shown["type"], shown["variations"], shown["price"]) == ("simple", [], "10.00")
    assert client.ask("GET", f"products/{row.id}/variations/{row.children[0]}").status_code == 404


def test_wpml(client: Any) -> None:
    client.simulator.faults.add("wpml", "2")
    rows = client.get("products?per_page=100&lang=all")
    copies = [row for row in rows if row["lang"] == "de"]
    assert len(copies) == 2
    for row in copies:
        number = row["translations"]["en"]
        original = client.get(f"products/{number}?_fields=id,sku,lang,translations")
        assert (original["id"], original["translations"]) == (int(number), {"de": str(row["id"])})
        assert (original["lang"], original["sku"]) == ("en", row["sku"])
    assert {row["lang"] for row in client.get("products?per_page=100")} == {"en"}
    assert {row["lang"] for row in client.get("products?per_page=100&lang=xx")} == {"en"}
    assert len(client.get("products?lang=de&_fields=id")) == 2
    assert client.ask("GET", "products?lang=en&per_page=1").headers["x-wp-total"] == "60"
    assert client.ask("GET", "products?lang=all&per_page=1").headers["x-wp-total"] == "62"


def test_polylang(client: Any) -> None:
    """The free edition: twins with one SKU, no language in the body, no filter of products."""
    client.simulator.faults.add("polylang", "2")
    rows = client.get("products?per_page=100&lang=de")
    copies = [row for row in rows if "/de/product/de-" in row["permalink"]]
    assert (len(rows), len(copies)) == (62, 2)
    assert "lang" not in copies[0]
    assert len(client.get(f"products?sku={copies[0]['sku']}&_fields=id")) == 2
    languages = client.http.get("https://store.test/wp-json/pll/v1/languages", auth=None).json()
    assert [row["slug"] for row in languages] == ["en", "de", "nl"]
    assert "pll/v1" in client.http.get("https://store.test/wp-json/").json()["namespaces"]


def test_currency_by_user(client: Any) -> None:
    client.shop.edit_product(35, regular_price="10.00", sale_price="")
    client.simulator.faults.add("currency_by_user", "USD")
    shown = client.get("products/35?_fields=price,regular_price")
    assert (shown["price"], shown["regular_price"]) == ("11.00", "11.00")
    assert client.order(35)["currency"] == "USD"
    settings = client.get("settings/general/woocommerce_currency")
    assert settings["value"] == "EUR"


def test_locale(client: Any) -> None:
    client.simulator.faults.add("locale", "de")
    answer = client.ask("GET", "products/999999").json()
    assert (answer["code"], answer["message"]) == (
        "woocommerce_rest_product_invalid_id",
        "Ungültige ID.",
    )
    other = client.ask("GET", "nothing").json()
    assert other["message"].startswith("[de] ")


def test_pooled(client: Any) -> None:
    client.simulator.faults.add("pooled")
    parent = next(row for row in client.shop.catalog.changed_rows() if row.kind == "variable")
    children = client.get(f"products/{parent.id}/variations")
    assert {(row["manage_stock"], row["stock_quantity"]) for row in children} == {("parent", 7)}
    client.shop.sell(parent.id, children[0]["id"], 2)
    children = client.get(f"products/{parent.id}/variations")
    assert {row["stock_quantity"] for row in children} == {5}


def _changed_quantities(client: Any) -> list[Any]:
    return [
        client.get(f"products/{row.id}?_fields=stock_quantity")["stock_quantity"]
        for row in client.shop.catalog.changed_rows()
    ]


def test_negative(client: Any) -> None:
    client.simulator.faults.add("negative", "2")
    assert _changed_quantities(client) == [-2, -2]


def test_decimal(client: Any) -> None:
    client.simulator.faults.add("decimal")
    assert _changed_quantities(client) == [2.5]


def test_manage_stock_off(client: Any) -> None:
    row = next(r for r in client.shop.catalog.products() if r.kind == "simple" and r.manage_stock)
    client.simulator.faults.add("manage_stock_off")
    client.order(row.id)
    assert client.shop.catalog.get(row.id).stock_quantity == row.stock_quantity
    setting = client.get("settings/products/woocommerce_manage_stock")
    assert setting["value"] == "no"


def test_direct_meta_write(client: Any) -> None:
    dates = {row.id: row.modified for row in client.shop.catalog.products()}
    client.simulator.faults.add("direct_meta_write", "2")
    changed = client.shop.catalog.changed_rows()
    assert len(changed) == 2
    assert {row.modified == dates[row.id] for row in changed} == {True}
    assert len(client.shop.webhooks.waiting) == 0


@pytest.mark.parametrize(("share", "left"), [("100", 0.0), ("50", 0.5)])
def test_mass_zero(client: Any, share: str, left: float) -> None:
    def positive() -> int:
        catalog = client.shop.catalog
        rows = [*catalog.products(), *catalog.variations()]
        return sum(bool(row.manage_stock and (row.stock_quantity or 0) > 0) for row in rows)

    before = positive()
    client.simulator.faults.add("mass_zero", share)
    assert abs(positive() - before * left) <= before * 0.15
