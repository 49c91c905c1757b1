"""The simulated shop over a socket, and as a program."""

import http.client
import http.server
import json
import signal
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest

from simulators.shopify import ShopSettings, Simulator, serve

UPDATE = """mutation Rename($id: ID!, $title: String!) {
  productUpdate(product: {id: $id, title: $title}) { userErrors { message } }
}"""


def post(address: str, path: str, body: dict, token: str = "") -> tuple[int, dict]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    headers = {"Content-Type": "application/json", "X-Shopify-Access-Token": token}
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read() or b"{}")
    connection.close()
    return found


@pytest.fixture
def served():
    shop = Simulator(ShopSettings())
    with serve(shop) as address:
        yield shop, address


@pytest.mark.parametrize(
    ("kind", "title"),
    [("cut_after", "Cup"), ("cut_before", "Mug"), ("hang_after", "Cup"), ("hang_before", "Mug")],
)
def test_a_connection_that_is_cut_before_or_after_the_effect(served, kind: str, title: str):
    shop, address = served
    shop.settings.hang_s = 0.01
    product = post(address, "/_sim/products", {"title": "Mug"})[1]
    post(address, "/_sim/faults", {"kind": kind, "match": "Rename"})
    given = {"query": UPDATE, "variables": {"id": product["id"], "title": "Cup"}}
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        post(address, "/admin/api/2026-10/graphql.json", given, shop.settings.token)
    assert shop.parts.state.products[product["id"]]["title"] == title
    (entry,) = shop.parts.log
    assert (entry["operation"], entry["status"]) == ("Rename", None)


class Listener(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.headers["X-Shopify-Topic"], json.loads(body)))
        self.send_response(200)
        self.end_headers()
        self.server.done.set()

    def log_message(self, *_: object) -> None:
        pass


def test_webhooks_come_by_themselves_over_http(served):
    shop, address = served
    listener = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    listener.heard, listener.done = [], threading.Event()
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    text = """mutation($uri: String!) { webhookSubscriptionCreate(topic: PRODUCTS_CREATE,
      webhookSubscription: {uri: $uri}) { userErrors { message } } }"""
    given = {"query": text, "variables": {"uri": f"http://127.0.0.1:{listener.server_port}/"}}
    post(address, "/admin/api/2026-10/graphql.json", given, shop.settings.token)
    post(address, "/_sim/products", {"title": "Mug"})
    assert listener.done.wait(10)
    listener.shutdown()
    thread.join()
    listener.server_close()
    ((topic, body),) = listener.heard
    assert (topic, body["title"]) == ("products/create", "Mug")


def test_the_program_introduces_itself_and_stops_on_sigterm():
    command = [sys.executable, "-m", "simulators.shopify", "--port", "0", "--json",
               "--plan", "plus", "--scopes", "read_orders"]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    said = json.loads(process.stdout.readline())
    assert set(said) == {"address", "shop", "token", "client_id", "client_secret"}
    assert post(said["address"], "/_sim/products", {"title": "Mug"})[1]["title"] == "Mug"
    text = {"query": "{ currentAppInstallation { accessScopes { handle } } }"}
    body = post(said["address"], "/admin/api/2026-10/graphql.json", text, said["token"])[1]
    scopes = body["data"]["currentAppInstallation"]["accessScopes"]
    assert scopes == [{"handle": "read_orders"}]
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    process.stdout.close()
