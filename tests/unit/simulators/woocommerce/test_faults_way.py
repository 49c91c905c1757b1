"""Faults on the way: each test bears the name of its fault."""

import gzip
import json
from typing import Any

import httpx2
import pytest

from simulators.woocommerce.faults.blocks import BLOCKS

ORDER = {"line_items": [{"product_id": 35, "quantity": 1}], "set_paid": True}


@pytest.mark.parametrize(
    ("value", "asked", "status", "location"),
    [
        ("301,https", "http://store.test/a?b=c", 301, "https://store.test/a?b=c"),
        ("302,https", "http://store.test/a", 302, "https://store.test/a"),
        ("301,www", "https://store.test/a", 301, "https://www.store.test/a"),
        ("301,slash", "https://store.test/a?b=c", 301, "https://store.test/a/?b=c"),
        (
            "302,login",
            "https://store.test/a",
            302,
            "https://store.test/wp-login.php?redirect_to=/a",
        ),
        ("301,shop", "https://store.test/a", 301, "https://store.test/shop/a"),
        ("308,https://new.test", "https://store.test/a?b", 308, "https://new.test/a?b"),
        ("301,https", "https://store.test/", 200, ""),
        ("301,www", "https://www.store.test/", 200, ""),
        ("301,slash", "https://store.test/", 200, ""),
        ("302,login", "https://store.test/wp-login.php", 200, ""),
    ],
)
def test_redirect(client: Any, value: str, asked: str, status: int, location: str) -> None:
    client.simulator.faults.add("redirect", value)
    answer = client.simulator.transport().handle_request(httpx2.Request("GET", asked))
    assert (answer.status_code, answer.headers.get("location", "")) == (status, location)


def test_latency(client: Any) -> None:
    waited: list[float] = []
    client.simulator.site.sleep = waited.append
    client.simulator.faults.add("latency", "2.5", match="orders")
    client.get("orders")
    client.get("products?per_page=1")
    assert waited == [2.5]


def test_rate_limit(client: Any) -> None:
    client.simulator.faults.add("rate_limit", "7")
    answer = client.ask("GET", "orders")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


def test_burst_5xx(client: Any) -> None:
    client.simulator.faults.add("burst_5xx", "502")
    answer = client.ask("POST", "orders", ORDER)
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    assert client.shop.orders == {}


def test_hang(client: Any) -> None:
    client.simulator.faults.add("hang")
    with pytest.raises(httpx2.ReadTimeout):
        client.ask("POST", "orders", ORDER)
    assert client.shop.orders == {}


def test_reset(client: Any) -> None:
    client.simulator.faults.add("reset")
    with pytest.raises(httpx2.ReadError):
        client.ask("POST", "orders", ORDER)
    assert client.shop.orders == {}


def test_reset_after_bytes(client: Any) -> None:
    client.simulator.faults.add("reset_after_bytes", "50")
    with pytest.raises(httpx2.ReadError):
        client.ask("POST", "orders", ORDER)
    assert [order.status for order in client.shop.orders.values()] == ["processing"]


def test_truncated(client: Any) -> None:
    client.simulator.faults.add("truncated", "50")
    answer = client.ask("POST", "orders", ORDER)
    assert (answer.status_code, len(answer.content)) == (201, 50)
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert len(client.shop.orders) == 1


def _half_made(client: Any) -> None:
    """The order is there at once, but settles only later."""
    assert [(row["status"], row["total"]) for row in client.get("orders")] == [("pending", "0.00")]
    stock = client.shop.catalog.get(35).stock_quantity
    client.shop.clock.advance(4)
    assert client.get("orders")[0]["status"] == "pending"
    client.shop.clock.advance(1)
    (settled,) = client.get("orders")
    assert (settled["status"], settled["total"]) == (
        "processing",
        settled["line_items"][0]["total"],
    )
    assert client.shop.catalog.get(35).stock_quantity == stock - 1


def test_commit_then_timeout(client: Any) -> None:
    client.simulator.faults.add("commit_then_timeout", times=1)
    meta = [{"key": "_reference", "value": "r1"}]
    with pytest.raises(httpx2.ReadTimeout):
        client.ask("POST", "orders", {**ORDER, "meta_data": meta})
    (half,) = client.get("orders")
    assert [entry["value"] for entry in half["meta_data"]] == ["r1"]
    _half_made(client)


def test_commit_then_502(client: Any) -> None:
    client.simulator.faults.add("commit_then_502", times=1)
    assert client.ask("POST", "orders", ORDER).status_code == 502
    _half_made(client)


def test_empty_200(client: Any) -> None:
    client.simulator.faults.add("empty_200")
    answer = client.ask("GET", "orders")
    assert (answer.status_code, answer.content) == (200, b"")


def test_bom(client: Any) -> None:
    client.simulator.faults.add("bom")
    assert client.ask("GET", "orders").content == b"\xef\xbb\xbf[]"


def test_notice_prefix(client: Any) -> None:
    client.simulator.faults.add("notice_prefix")
    text = client.ask("GET", "orders").text
    assert text.startswith("<br />\n<b>Notice</b>")
    assert text.endswith("[]")


def test_comment_suffix(client: Any) -> None:
    client.simulator.faults.add("comment_suffix")
    text = client.ask("GET", "orders").text
    assert text.startswith("[]\n<!--")


def test_gzip_bomb(client: Any) -> None:
    client.simulator.faults.add("gzip_bomb", "1")
    request = client.http.build_request("GET", "orders")
    with client.http.stream("GET", request.url) as answer:
        sent = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert len(sent) < 3000
    assert len(gzip.decompress(sent)) == 2**20 + 2


def test_cache_rest(client: Any) -> None:
    client.simulator.faults.add("cache_rest", "60")
    path = "products/35?_fields=name"
    before = client.ask("GET", path)
    assert "x-litespeed-cache" not in before.headers
    client.shop.edit_product(35, name="New name")
    client.shop.clock.advance(59)
    cached = client.ask("GET", path)
    assert cached.content == before.content
    assert (cached.headers["x-litespeed-cache"], cached.headers["age"]) == ("hit", "59")
    assert client.get("products/35?_fields=name&x=1")["name"] == "New name"
    client.shop.clock.advance(2)
    assert client.get(path)["name"] == "New name"
    assert client.ask("PUT", "products/35", {"name": "Other"}).json()["name"] == "Other"


@pytest.mark.parametrize("kind", sorted(BLOCKS))
def test_waf(client: Any, kind: str) -> None:
    client.simulator.faults.add("waf", kind)
    query = "x" * 300 if kind == "ithemes" else ""
    answer = client.ask("GET", f"orders?{query}")
    assert not isinstance(_json_of(answer), list), kind
    assert client.simulator.log.entries()[-1].status == answer.status_code


def _json_of(answer: httpx2.Response) -> object:
    try:
        return answer.json()
    except json.JSONDecodeError:
        return None


def test_long_queries_only_are_blocked_by_ithemes(client: Any) -> None:
    client.simulator.faults.add("waf", "ithemes")
    assert client.ask("GET", "orders").status_code == 200


def test_maintenance(client: Any) -> None:
    client.simulator.faults.add("maintenance")
    answer = client.ask("GET", "orders")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "600")
    assert answer.json()["code"] == "wp_die"


def test_no_totals(client: Any) -> None:
    client.simulator.faults.add("no_totals")
    answer = client.ask("GET", "products")
    assert not {"x-wp-total", "x-wp-totalpages"} & set(answer.headers)
    assert 'rel="next"' in answer.headers["link"]


def test_no_query(client: Any) -> None:
    client.simulator.faults.add("no_query")
    assert len(client.get("products?per_page=3&page=2")) == 10


def test_woocommerce_off(client: Any) -> None:
    client.simulator.faults.add("woocommerce_off")
    answer = client.ask("GET", "products")
    assert (answer.status_code, answer.json()["code"]) == (404, "rest_no_route")
    index = client.http.get("https://store.test/wp-json/").json()
    assert "wp/v2" in index["namespaces"]
    names = [*index["namespaces"], *(path.strip("/") for path in index["routes"])]
    assert [name for name in names if name.startswith(("wc/", "wc-", "wccom"))] == []
    client.simulator.faults.clear()
    assert client.ask("GET", "products").status_code == 200
