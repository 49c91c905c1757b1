"""What each generation of the API must be asked with."""

import json

import httpx2
import pytest

from longshore.ports.stores import AddressForm, Signing
from longshore.stores.http import GuardedClient
from longshore.stores.woocommerce import webhook_setup
from longshore.stores.woocommerce.addresses import Addresses
from longshore.stores.woocommerce.client import Api
from longshore.stores.woocommerce.dialects import DIALECTS
from longshore.stores.woocommerce.signing import Signer

BASE = "https://shop.test"


def asked_of(name: str) -> list[httpx2.Request]:
    """What goes out when webhooks are made in a shop of this dialect that has none."""
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        if request.method == "GET":
            empty = {"webhooks": []} if dialect.legacy else []
            return httpx2.Response(200, json=empty, request=request)
        return httpx2.Response(201, json={"id": 7}, request=request)

    dialect = DIALECTS[name]
    with GuardedClient(transport=httpx2.MockTransport(answer)) as http:
        signer = Signer("ck_fake", "cs_fake", Signing.BASIC)
        api = Api(http, Addresses(BASE, BASE, AddressForm.PRETTY), signer)
        webhook_setup.ensure(api, dialect, ["order.updated"], "https://hub.test/h/", "fake")
    return seen


@pytest.mark.parametrize("name", DIALECTS)
def test_no_webhook_is_made_with_a_status(name: str):
    """2.6.0 refuses every status, "active" too, and makes an active one without (measured)."""
    made = [one for one in asked_of(name) if one.method == "POST"]
    bodies = [json.loads(one.content) for one in made]
    assert [body.get("webhook", body).get("topic") for body in bodies] == ["order.updated"]
    assert all("status" not in body.get("webhook", body) for body in bodies)


def test_lists_of_2_6_are_ordered_by_id_past_its_own_order():
    """2.6.0 to 2.6.4 order by date when asked for ids (measured on 2.6.0)."""
    (listed, _) = asked_of("wc/v1")
    assert listed.url.params["filter[orderby]"] == "ID"
    names = DIALECTS["wc/v1"].names
    assert names.by_id["filter[orderby]"] == names.newest_first["filter[orderby]"] == "ID"


def test_a_deletion_that_crashes_is_asked_of_the_old_api():
    """3.3.0 answers 500 to every deletion of a webhook, and its old API deletes it (measured)."""
    left = [7]

    def answer(request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if request.method == "GET":
            rows = [{"id": one, "delivery_url": "https://hub.test/h/"} for one in left]
            return httpx2.Response(200, json=rows, request=request)
        if path == "/wp-json/wc/v2/webhooks/7":
            return httpx2.Response(500, text="", request=request)
        assert (request.method, path) == ("DELETE", "/wc-api/v3/webhooks/7")
        left.clear()
        return httpx2.Response(200, json=True, request=request)

    with GuardedClient(transport=httpx2.MockTransport(answer)) as http:
        signer = Signer("ck_fake", "cs_fake", Signing.BASIC)
        api = Api(http, Addresses(BASE, BASE, AddressForm.PRETTY), signer)
        assert webhook_setup.remove(api, DIALECTS["wc/v2"], "https://hub.test/h/") == 1
    assert left == []
