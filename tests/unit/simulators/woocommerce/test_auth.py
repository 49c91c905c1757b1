"""Who may ask: beyond what recordings show, the rules at their edges."""

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from oauthlib.oauth1 import (
    SIGNATURE_HMAC_SHA256,
    SIGNATURE_PLAINTEXT,
    SIGNATURE_TYPE_AUTH_HEADER,
    SIGNATURE_TYPE_QUERY,
)
from oauthlib.oauth1 import Client as OAuth

from simulators.woocommerce import ShopSettings, Simulator
from simulators.woocommerce.versions import NEWEST

HTTP = "http://store.test"
ORDERS = "/wp-json/wc/v3/orders?per_page=1"


OAUTH_FIELDS = (
    "oauth_consumer_key",
    "oauth_timestamp",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
)


def http_shop(**settings: Any) -> Simulator:
    return Simulator(ShopSettings(home=HTTP, starts_at=1_795_435_200.0, **settings))


def oauth(simulator: Simulator, address: str, **options: Any) -> tuple[str, dict[str, str]]:
    given = {
        "client_secret": simulator.secret,
        "signature_method": SIGNATURE_HMAC_SHA256,
        "signature_type": SIGNATURE_TYPE_QUERY,
        "timestamp": str(simulator.shop.clock.second()),
        **options,
    }
    client: Any = OAuth(simulator.key, **given)
    signed, headers, _ = client.sign(address)
    return signed, headers


def ask(
    simulator: Simulator, address: str, headers: dict[str, str] | None = None
) -> httpx2.Response:
    request = httpx2.Request("GET", address, headers=headers)
    return simulator.transport().handle_request(request)


def said(answer: httpx2.Response) -> tuple[int, str]:
    body = answer.json()
    return answer.status_code, "" if isinstance(body, list) else body["message"]


def test_oauth_in_the_header() -> None:
    simulator = http_shop()
    _, headers = oauth(simulator, HTTP + ORDERS, signature_type=SIGNATURE_TYPE_AUTH_HEADER)
    assert ask(simulator, HTTP + ORDERS, headers).status_code == 200


@pytest.mark.parametrize(
    ("late_s", "message"),
    [(-901, "Invalid timestamp."), (-900, ""), (0, ""), (900, ""), (901, "Invalid timestamp.")],
)
def test_quarter_of_an_hour_each_way(late_s: int, message: str) -> None:
    simulator = http_shop()
    at = str(simulator.shop.clock.second() + late_s)
    signed, _ = oauth(simulator, HTTP + ORDERS, timestamp=at)
    assert said(ask(simulator, signed)) == ((401, message) if message else (200, ""))


def test_a_nonce_works_once_until_others_push_it_out() -> None:
    """Old ones are forgotten only when a new one is written down, and that after the check."""
    simulator = http_shop()

    def with_nonce(nonce: str) -> tuple[int, str]:
        return said(ask(simulator, oauth(simulator, HTTP + ORDERS, nonce=nonce)[0]))

    assert with_nonce("n1") == (200, "")
    simulator.shop.clock.advance(901)
    assert with_nonce("n1") == (401, "Invalid nonce - nonce has already been used.")
    assert with_nonce("n2") == (200, "")
    assert with_nonce("n1") == (200, "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"client_secret": "cs_other"}, "Invalid signature - provided signature does not match."),
        (
            {"signature_method": SIGNATURE_PLAINTEXT},
            "Invalid signature - signature method is invalid.",
        ),
    ],
)
def test_what_is_wrong_with_a_signature_is_said(options: dict[str, Any], message: str) -> None:
    simulator = http_shop()
    signed, _ = oauth(simulator, HTTP + ORDERS, **options)
    assert said(ask(simulator, signed)) == (401, message)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "oauth_consumer_key=x",
            "Missing OAuth parameters " + ", ".join(OAUTH_FIELDS[1:]),
        ),
        (
            "oauth_consumer_key=x&oauth_timestamp=1&oauth_nonce=1&oauth_signature=1",
            "Missing OAuth parameter oauth_signature_method",
        ),
    ],
)
def test_missing_oauth_parameters_are_named(query: str, message: str) -> None:
    simulator = http_shop()
    answer = ask(simulator, f"{HTTP}/wp-json/wc/v3/orders?{query}")
    assert said(answer) == (401, message)
    assert answer.json()["code"] == "woocommerce_rest_authentication_missing_parameter"


def test_signature_is_made_over_the_home_address_with_its_folder() -> None:
    simulator = Simulator(ShopSettings(home="http://store.test/shop", starts_at=1_795_435_200.0))
    inside = "http://store.test/shop/wp-json/wc/v3/orders?per_page=1"
    signed, _ = oauth(simulator, inside)
    # The web server hands the request on with its full path; WordPress takes its folder off.
    assert ask(simulator, signed).status_code == 200


def test_a_home_written_with_a_last_slash_is_the_same() -> None:
    simulator = Simulator(ShopSettings(home=f"{HTTP}/", starts_at=1_795_435_200.0))
    assert ask(simulator, oauth(simulator, HTTP + ORDERS)[0]).status_code == 200
    assert simulator.address == HTTP


@pytest.mark.parametrize("sent", ["OAuth", "Bearer x", "Basic", "Basic !!!", "Basic " + "x" * 5])
def test_headers_that_make_no_sense_are_nobody(sent: str) -> None:
    simulator = Simulator(ShopSettings(home="https://store.test"))
    answer = ask(simulator, "https://store.test" + ORDERS, {"Authorization": sent})
    assert said(answer) == (401, "Sorry, you cannot list resources.")


@pytest.mark.parametrize(
    ("role", "status"),
    [("administrator", 200), ("shop_manager", 200), ("editor", 403), ("customer", 403)],
)
def test_rights_are_those_of_the_keys_user(role: str, status: int) -> None:
    simulator = Simulator(ShopSettings(home="https://store.test"))
    key = simulator.shop.add_key(role=role)
    pair = base64.b64encode(f"{key.key}:{key.secret}".encode()).decode()
    answer = ask(simulator, "https://store.test" + ORDERS, {"Authorization": f"Basic {pair}"})
    assert answer.status_code == status


def test_parameters_are_checked_before_rights() -> None:
    simulator = Simulator(ShopSettings(home="https://store.test"))
    answer = ask(simulator, "https://store.test/wp-json/wc/v3/orders?per_page=101")
    assert answer.status_code == 400


def test_a_revoked_key_is_as_good_as_unknown() -> None:
    simulator = http_shop()
    simulator.shop.keys[0].revoked = True
    signed, _ = oauth(simulator, HTTP + ORDERS)
    assert said(ask(simulator, signed)) == (401, "Consumer key is invalid.")


@pytest.mark.parametrize(
    ("version", "path", "status"),
    [
        (None, "/?rest_route=/wc/v3/orders", 401),
        (None, "/index.php?rest_route=/wc/v3/orders", 401),
        (None, "/wp-json/wc/?rest_route=/wc/v3/orders", 200),
        (NEWEST, "/index.php?rest_route=/wc/v3/orders", 200),
        (NEWEST, "/wp-json/wc/?rest_route=/wc/v3/orders", 200),
    ],
)
def test_rest_route_with_a_key(version: Any, path: str, status: int) -> None:
    simulator = http_shop(**({"version": version} if version else {}))
    signed, _ = oauth(simulator, HTTP + path)
    assert ask(simulator, signed).status_code == status


def test_plain_permalinks_with_oauth_as_recorded() -> None:
    """Signed for the address with its last slash, the root fails; other paths do not."""
    simulator = http_shop(pretty_permalinks=False)
    for path, message in (
        ("/wp-json/wc/?rest_route=/wc/v3/products", ""),
        ("/wp-json/wc/?rest_route=/wc/v3/products&_hub=wp-json/wc/", ""),
        ("/?rest_route=/wc/v3/products", "Sorry, you cannot list resources."),
        (
            "/?rest_route=/wc/v3/products&_hub=wp-json/wc/",
            "Invalid signature - provided signature does not match.",
        ),
    ):
        signed, _ = oauth(simulator, HTTP + path)
        signed = signed.replace("wp-json%2Fwc%2F", "wp-json/wc/")
        assert said(ask(simulator, signed))[1] == message, path


def test_without_its_last_slash_the_root_verifies() -> None:
    """Signed by hand: libraries always sign for an address with its slash."""
    simulator = http_shop(pretty_permalinks=False)
    pairs = {
        "_hub": "wp-json/wc/",
        "oauth_consumer_key": simulator.key,
        "oauth_nonce": "n1",
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(simulator.shop.clock.second()),
        "rest_route": "/wc/v3/products",
    }
    joined = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs.items())
    base = "&".join(("GET", quote(HTTP, safe=""), quote(joined, safe="")))
    made = hmac.new(f"{simulator.secret}&".encode(), base.encode(), hashlib.sha256).digest()
    signature = quote(base64.b64encode(made).decode(), safe="")
    address = f"{HTTP}/?{joined}&oauth_signature={signature}"
    assert ask(simulator, address.replace("wp-json%2Fwc%2F", "wp-json/wc/")).status_code == 200


def test_newest_keys_open_nothing_but_woocommerce() -> None:
    simulator = Simulator(ShopSettings(home="https://store.test", version=NEWEST))
    pair = base64.b64encode(f"{simulator.key}:{simulator.secret}".encode()).decode()
    address = "https://store.test/wp-json/wc/?rest_route=/wp/v2/users/me"
    assert ask(simulator, address, {"Authorization": f"Basic {pair}"}).status_code == 401
