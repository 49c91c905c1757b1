"""Faults of who may ask: each test bears the name of its fault."""

import base64
from typing import Any

import httpx2
import pytest

BROWSER = "Mozilla/5.0"
NOBODY = (401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")


def said(answer: httpx2.Response) -> tuple[int, str, str]:
    body = answer.json()
    return answer.status_code, body["code"], body["message"]


def test_strip_auth(client: Any) -> None:
    client.simulator.faults.add("strip_auth")
    assert said(client.ask("GET", "orders")) == NOBODY
    keys = f"consumer_key={client.simulator.key}&consumer_secret={client.simulator.secret}"
    assert client.ask("GET", f"orders?{keys}").status_code == 200


def test_is_ssl_false(client: Any) -> None:
    client.simulator.faults.add("is_ssl_false")
    assert said(client.ask("GET", "orders")) == NOBODY
    keys = f"consumer_key={client.simulator.key}&consumer_secret={client.simulator.secret}"
    assert said(client.ask("GET", f"orders?{keys}")) == NOBODY


def test_key_unknown(client: Any) -> None:
    client.simulator.faults.add("key_unknown", times=1)
    assert said(client.ask("GET", "orders")) == NOBODY
    assert client.ask("GET", "orders").status_code == 200


def test_user_deleted(client: Any) -> None:
    client.simulator.faults.add("user_deleted")
    assert said(client.ask("GET", "orders")) == NOBODY


def test_key_ro(client: Any) -> None:
    client.simulator.faults.add("key_ro")
    assert client.ask("GET", "orders").status_code == 200
    message = "The API key provided does not have write permissions."
    wanted = (401, "woocommerce_rest_authentication_error", message)
    assert said(client.ask("POST", "orders", {})) == wanted


def test_key_wo(client: Any) -> None:
    client.simulator.faults.add("key_wo")
    assert client.ask("POST", "orders", {}).status_code == 201
    message = "The API key provided does not have read permissions."
    wanted = (401, "woocommerce_rest_authentication_error", message)
    assert said(client.ask("GET", "orders")) == wanted


def test_role_low(client: Any) -> None:
    client.simulator.faults.add("role_low")
    wanted = (403, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
    assert said(client.ask("GET", "orders")) == wanted


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_only_get_post(client: Any, method: str) -> None:
    order = client.order(35)
    client.simulator.faults.add("only_get_post")
    path = f"orders/{order['id']}"
    answer = client.ask(method, path)
    assert answer.status_code == 405
    assert "<html>" in answer.text
    assert client.ask("POST", f"{path}?_method={method}").status_code == 200
    headers = {"X-HTTP-Method-Override": method}
    assert client.ask("POST", path, headers=headers).status_code == 405
    assert client.ask("GET", "orders").status_code == 200


def test_block_ua(client: Any) -> None:
    client.simulator.faults.add("block_ua")
    for agent, status in (("python-httpx", 455), ("", 455), (BROWSER, 200)):
        answer = client.ask("GET", "orders", headers={"User-Agent": agent})
        assert answer.status_code == status, agent


def test_jwt_plugin(client: Any) -> None:
    client.simulator.faults.add("jwt_plugin")
    code, message = "jwt_auth_bad_auth_header", "Authorization header malformed."
    assert said(client.ask("GET", "orders")) == (403, code, message)
    keys = f"consumer_key={client.simulator.key}&consumer_secret={client.simulator.secret}"
    without = httpx2.Client(transport=client.simulator.transport(), base_url=client.http.base_url)
    assert without.get(f"orders?{keys}").status_code == 200


def test_site_basic_auth(client: Any) -> None:
    client.simulator.faults.add("site_basic_auth", "staging:secret")
    answer = client.ask("GET", "orders")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Basic realm="Staging"'
    pair = base64.b64encode(b"staging:secret").decode()
    keys = f"consumer_key={client.simulator.key}&consumer_secret={client.simulator.secret}"
    request = httpx2.Request(
        "GET",
        f"https://store.test/wp-json/wc/v3/orders?{keys}",
        headers={"Authorization": f"Basic {pair}"},
    )
    assert client.simulator.transport().handle_request(request).status_code == 200


def test_rest_login(client: Any) -> None:
    client.simulator.faults.add("rest_login")
    without = httpx2.Client(transport=client.simulator.transport(), base_url="https://store.test")
    message = "DRA: Only authenticated users can access the REST API."
    assert said(without.get("/wp-json/")) == (401, "rest_cannot_access", message)
    assert client.ask("GET", "orders").status_code == 200


def test_skew(client: Any) -> None:
    before = client.ask("GET", "orders").headers["date"]
    client.simulator.faults.add("skew", "1200")
    assert client.shop.clock.now() == 1_795_435_200.0 + 1200
    assert (before, client.ask("GET", "orders").headers["date"]) == (
        "Mon, 23 Nov 2026 12:00:00 GMT",
        "Mon, 23 Nov 2026 12:20:00 GMT",
    )
