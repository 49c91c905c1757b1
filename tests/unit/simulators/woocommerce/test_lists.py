"""Lists of products: what their parameters filter, in which order rows come, their links."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

NewShop = Callable[..., Any]
NOON = 1_795_435_200


@pytest.fixture
def client(new_shop: NewShop) -> Any:
    return new_shop(products=47, variable=6)


def ids(client: Any, query: str) -> list[int]:
    return [row["id"] for row in client.get(f"products?_fields=id&{query}")]


def by_id(client: Any, query: str) -> list[int]:
    return ids(client, f"orderby=id&order=asc&per_page=100&{query}")


def test_pages_by_id_hold_every_row_once(client: Any) -> None:
    pages = [ids(client, f"orderby=id&order=asc&per_page=20&page={page}") for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [20, 20, 7, 0]
    assert [row for page in pages for row in page] == list(client.shop.catalog.product_ids)
    backwards = ids(client, "orderby=id&per_page=100")
    assert backwards == list(client.shop.catalog.product_ids)[::-1]


@pytest.mark.parametrize("order_by", ["date", "modified"])
def test_ties_lose_rows_over_pages_but_not_within_one(client: Any, order_by: str) -> None:
    query = f"orderby={order_by}&per_page"
    walked = [row for page in range(1, 11) for row in ids(client, f"{query}=5&page={page}")]
    assert len(walked) == 47
    assert len(set(walked)) < 47
    assert walked[:5] == ids(client, f"{query}=5&page=1")
    assert len(set(ids(client, f"{query}=100"))) == 47


def test_links_and_totals(client: Any) -> None:
    answer = client.ask("GET", "products?per_page=20&page=2&status=any&include[]=1&orderby=id")
    assert answer.headers["x-wp-total"] == "0"
    answer = client.ask("GET", "products?per_page=20&page=2&search=o")
    links = answer.links
    previous = parse_qs(urlsplit(links["prev"]["url"]).query)
    assert previous == {"per_page": ["20"], "page": ["1"], "search": ["o"]}


def test_a_page_after_the_last_leads_back_to_the_last(client: Any) -> None:
    answer = client.ask("GET", "products?per_page=20&page=9")
    assert answer.json() == []
    assert "page=3" in answer.links["prev"]["url"]
    assert "next" not in answer.links


def test_an_offset_beats_the_page(client: Any) -> None:
    known = list(client.shop.catalog.product_ids)
    assert ids(client, "orderby=id&order=asc&per_page=3&page=7&offset=2") == known[2:5]
    assert client.get("products?per_page=3&offset=500&_fields=id") == []


@pytest.mark.parametrize(
    ("query", "param", "text"),
    [
        ("per_page=0", "per_page", "per_page must be between 1 (inclusive) and 100 (inclusive)"),
        ("per_page=101", "per_page", "per_page must be between 1 (inclusive) and 100 (inclusive)"),
        ("per_page=x", "per_page", "per_page is not of type integer."),
        ("page=0", "page", "page must be greater than or equal to 1"),
        ("order=up", "order", "order is not one of asc and desc."),
        ("status=sold", "status", "status is not one of"),
        ("modified_after=yesterday", "modified_after", "Invalid date."),
        ("modified_after=2026-11-23", "modified_after", "Invalid date."),
        ("include=a", "include", "include[0] is not of type integer."),
    ],
)
def test_wrong_parameters_are_named(client: Any, query: str, param: str, text: str) -> None:
    answer = client.get(f"products?{query}", status=400)
    assert answer["code"] == "rest_invalid_param"
    assert answer["message"] == f"Invalid parameter(s): {param}"
    assert answer["data"]["params"][param].startswith(text)


@pytest.mark.parametrize(
    "form", ["include={0},{1}", "include[]={0}&include[]={1}", "include[0]={0}&include[1]={1}"]
)
def test_three_ways_to_include(client: Any, form: str) -> None:
    known = list(client.shop.catalog.product_ids)
    assert by_id(client, form.format(known[3], known[1])) == [known[1], known[3]]


def test_include_of_a_variation_finds_nothing(client: Any) -> None:
    assert by_id(client, f"include={client.shop.catalog.variation_ids[0]}") == []


def test_exclude(client: Any) -> None:
    known = list(client.shop.catalog.product_ids)
    assert by_id(client, f"exclude={known[0]},{known[2]}") == [known[1], *known[3:]]


def test_fields_keep_the_order_asked_for_and_links_of_one(client: Any) -> None:
    first = client.shop.catalog.product_ids[0]
    rows = client.get("products?per_page=1&_fields=sku,id,nothing,type")
    assert [list(row) for row in rows] == [["sku", "id", "type"]]
    assert list(client.get(f"products/{first}?_fields=type,id")) == ["type", "id", "_links"]


def test_status(client: Any) -> None:
    client.shop.edit_product(35, status="draft")
    client.shop.edit_product(36, status="private")
    catalog = client.shop.catalog
    for status in ("draft", "private", "publish"):
        wanted = [row.id for row in catalog.products() if row.status == status]
        assert wanted
        assert by_id(client, f"status={status}") == wanted


def test_trash_is_only_shown_when_asked_for(client: Any) -> None:
    gone = client.shop.catalog.product_ids[4]
    client.shop.delete_product(gone)
    assert gone not in by_id(client, "status=any")
    assert by_id(client, "status=trash") == [gone]
    assert by_id(client, f"include={gone}") == []


def test_sku_finds_products_and_variations_in_any_case(client: Any) -> None:
    child = next(row for row in client.shop.catalog.variations() if row.sku)
    row = client.shop.catalog.get(client.shop.catalog.product_ids[0])
    assert by_id(client, f"sku={child.sku.lower()},{row.sku}") == sorted([row.id, child.id])
    assert by_id(client, "sku=G-0000") == []
    assert by_id(client, "sku=") == list(client.shop.catalog.product_ids)


def test_search_wants_every_word(client: Any) -> None:
    client.shop.add_product(name="Very Rare Thing", description="with <b>moss</b>")
    assert len(by_id(client, "search=rare thing")) == 1
    assert len(by_id(client, "search=thing moss")) == 1
    assert by_id(client, "search=rare nothing") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("modified_after=2026-11-23T12:59:59", True),  # the zone is one hour ahead
        ("modified_after=2026-11-23T13:00:00", False),  # exclusive
        ("modified_after=2026-11-23T11:59:59&dates_are_gmt=true", True),
        ("modified_after=2026-11-23T12:00:00&dates_are_gmt=true", False),
        ("modified_after=2026-11-23T11:59:59Z", True),
        ("modified_after=2026-11-23T12:59:59%2B01:00", True),
        ("modified_after=2026-11-23T12:00:00Z", False),
        # The trap: a zone and the flag together shift twice.
        ("modified_after=2026-11-23T11:59:59Z&dates_are_gmt=true", False),
        ("modified_after=2026-11-23T10:59:59Z&dates_are_gmt=true", True),
        ("modified_before=2026-11-23T13:00:01&modified_after=2026-11-23T12:59:59", True),
    ],
)
def test_modified_after(client: Any, query: str, found: bool) -> None:
    row = client.shop.catalog.product_ids[7]
    client.shop.edit_product(row, name="Changed at noon UTC")
    assert client.shop.catalog.get(row).modified == NOON
    assert by_id(client, query) == ([row] if found else [])


def test_stock_status_category_and_price_filters(client: Any) -> None:
    catalog = client.shop.catalog
    wanted = [row.id for row in catalog.products() if row.stock_status == "outofstock"]
    assert by_id(client, "stock_status=outofstock") == wanted
    dear = by_id(client, "min_price=150")
    assert dear
    assert all(float(client.get(f"products/{row}")["price"]) >= 150 for row in dear)


def test_variations_of_one_product(client: Any) -> None:
    parent = next(row for row in client.shop.catalog.products() if row.kind == "variable")
    path = f"products/{parent.id}/variations?_fields=id,parent_id"
    rows = client.get(f"{path}&orderby=id&order=asc&per_page=100")
    assert [row["id"] for row in rows] == list(parent.children)
    assert {row["parent_id"] for row in rows} == {parent.id}
    assert client.get("products/99999/variations") == []


def test_all_variations_by_analytics(client: Any) -> None:
    path = "https://store.test/wp-json/wc-analytics/variations?_fields=id,parent_id,name"
    rows = client.get(f"{path}&orderby=id&order=asc&per_page=100")
    assert [row["id"] for row in rows] == list(client.shop.catalog.variation_ids)
    assert " - " in rows[0]["name"]
    assert client.get("variations", status=404)["code"] == "rest_no_route"


def test_head_has_the_headers_and_no_body(client: Any) -> None:
    answer = client.ask("HEAD", "products")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["x-wp-total"] == "47"


def test_the_same_list_follows_changes(client: Any) -> None:
    row = client.shop.catalog.get(client.shop.catalog.product_ids[0])
    assert client.get(f"products?include={row.id}")[0]["name"] == row.name
    client.shop.edit_product(row.id, name="Renamed")
    assert client.get(f"products?include={row.id}")[0]["name"] == "Renamed"
    child = client.shop.catalog.variation_ids[0]
    parent = client.shop.catalog.get(child).parent_id
    client.get(f"products?include={parent}")
    client.shop.edit_product(child, regular_price="1.00", sale_price="")
    assert client.get(f"products?include={parent}")[0]["price"] == "1.00"
