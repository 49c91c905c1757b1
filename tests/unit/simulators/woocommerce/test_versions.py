"""What differs between the versions of WooCommerce."""

from collections.abc import Callable
from typing import Any

import pytest

from simulators.woocommerce.rest.routes import GENERATIONS
from simulators.woocommerce.versions import (
    NEWEST,
    TODAY,
    VERSIONS,
    WITH_PUBLIC_COLLECTION,
    WITHOUT_COLLECTION,
    Version,
)

NewShop = Callable[..., Any]


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_every_version_serves_the_basics(new_shop: NewShop, version: Version) -> None:
    client = new_shop(version=version)
    assert len(client.get("products?per_page=5")) == 5
    assert client.order(35)["status"] == "processing"
    status = client.get("system_status")
    assert status["environment"]["version"] == version.woocommerce
    assert client.order(36)["version"] == version.woocommerce
    assert set(version.apis) <= GENERATIONS.keys()


@pytest.mark.parametrize(
    ("version", "public", "analytics"),
    [(WITHOUT_COLLECTION, 404, 404), (TODAY, 404, 200), (WITH_PUBLIC_COLLECTION, 200, 200)],
)
def test_collections_of_variations(
    new_shop: NewShop, version: Version, public: int, analytics: int
) -> None:
    client = new_shop(version=version)
    root = "https://store.test/wp-json"
    assert client.ask("GET", "variations").status_code == public
    assert client.ask("GET", f"{root}/wc-analytics/variations").status_code == analytics
    routes = client.http.get(f"{root}/wc/v3").json()["routes"]
    assert ("/wc/v3/variations" in routes) is (public == 200)


def test_the_public_collection_prints_what_the_nested_route_prints(new_shop: NewShop) -> None:
    client = new_shop(version=WITH_PUBLIC_COLLECTION)
    (row,) = client.get("variations?per_page=1&orderby=id&order=asc")
    nested = client.get(f"products/{row['parent_id']}/variations/{row['id']}")
    assert list(row) == list(nested)
    assert row["_links"] == nested["_links"]
    assert client.ask("POST", "variations", {}).status_code == 404


def test_the_public_collection_filters_by_change(new_shop: NewShop) -> None:
    client = new_shop(version=WITH_PUBLIC_COLLECTION)
    child = client.shop.catalog.variation_ids[5]
    query = "variations?dates_are_gmt=true&modified_after=2026-11-23T12:00:00&_fields=id"
    client.shop.clock.advance(60)
    assert client.get(query) == []
    client.shop.edit_product(child, regular_price="2.00")
    assert client.get(query) == [{"id": child}]


@pytest.mark.parametrize("name", ["search_sku", "global_unique_id", "meta_key"])
def test_a_filter_that_a_route_does_not_know_changes_nothing(new_shop: NewShop, name: str) -> None:
    client = new_shop(version=WITH_PUBLIC_COLLECTION)
    answer = client.ask("GET", f"variations?{name}=nothing&per_page=1")
    assert answer.headers["x-wp-total"] == "300"


def test_old_versions_do_not_know_modified_after(new_shop: NewShop) -> None:
    client = new_shop(version=WITHOUT_COLLECTION)
    route = client.http.get("https://store.test/wp-json/wc/v3").json()["routes"]["/wc/v3/products"]
    args = route["endpoints"][0]["args"]
    assert "after" in args
    assert not {"modified_after", "dates_are_gmt"} & set(args)
    assert len(client.get("products?modified_after=2099-01-01T00:00:00&per_page=3")) == 3
    assert not {"brands", "global_unique_id"} & set(client.get("products/35"))
    assert client.get("orders/statuses", status=404)["code"] == "rest_no_route"


def test_todays_index_tells_what_lists_take(client: Any) -> None:
    routes = client.http.get("https://store.test/wp-json/wc/v3").json()["routes"]
    args = routes["/wc/v3/products"]["endpoints"][0]["args"]
    assert args["per_page"] | {"description": ""} == {
        "description": "",
        "type": "integer",
        "default": 10,
        "minimum": 1,
        "maximum": 100,
        "required": False,
    }
    assert {"modified_after", "dates_are_gmt", "include", "sku"} <= set(args)
    assert "search_fields" not in args


def test_paging_became_stable(new_shop: NewShop) -> None:
    client = new_shop(version=NEWEST)
    walked = [
        row["id"]
        for page in range(1, 19)
        for row in client.get(f"products?_fields=id&per_page=20&page={page}")
    ]
    assert (len(walked), len(set(walked))) == (347, 347)


def test_search_fields(new_shop: NewShop) -> None:
    client = new_shop(version=NEWEST)
    assert client.get("products?search=S-0001&_fields=id") == []
    rows = client.get("products?search=S-0001&search_fields=name,sku&_fields=id")
    assert rows == [{"id": 35}]


def test_skip_cache_is_harmless(new_shop: NewShop) -> None:
    for version in (TODAY, NEWEST):
        client = new_shop(version=version)
        assert client.get("products/35?_skip_cache=1")["id"] == 35
