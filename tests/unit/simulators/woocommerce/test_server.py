"""The shop over sockets: connections that stay, TLS, and connections that break."""

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import trustme

from simulators.woocommerce import ShopSettings, Simulator, serve

BASIC = "/wp-json/wc/v3/orders"


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(ShopSettings(products=20, variable=2))


@pytest.fixture
def address(simulator: Simulator) -> Iterator[str]:
    with serve(simulator) as found:
        yield found


@pytest.fixture
def connection(address: str) -> Iterator[http.client.HTTPConnection]:
    host, port = address.removeprefix("http://").split(":")
    made = http.client.HTTPConnection(host, int(port), timeout=10)
    yield made
    made.close()


def test_a_connection_stays(simulator: Simulator, connection: http.client.HTTPConnection) -> None:
    connection.connect()
    own = connection.sock
    for _ in range(3):
        connection.request("GET", "/wp-json/")
        answer = connection.getresponse()
        assert (answer.status, answer.version) == (200, 11)
        assert json.loads(answer.read())["home"] == simulator.address
        assert connection.sock is own


def test_a_connection_closes_when_asked(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/wp-json/", headers={"Connection": "close"})
    answer = connection.getresponse()
    assert answer.getheader("connection") == "close"
    assert answer.read()
    assert connection.sock is None


def test_head_leaves_the_connection_usable(connection: http.client.HTTPConnection) -> None:
    connection.request("HEAD", "/wp-json/")
    answer = connection.getresponse()
    assert (answer.read(), int(answer.getheader("content-length") or 0) > 1000) == (b"", True)
    connection.request("GET", "/wp-json/wc/v3/orders")
    assert connection.getresponse().status == 401


def test_bodies_in_chunks(connection: http.client.HTTPConnection) -> None:
    connection.request(
        "POST",
        "/_sim/clock",
        body=iter([b'{"forward_s"', b": 60}"]),
        headers={"Content-Type": "application/json"},
        encode_chunked=True,
    )
    assert connection.getresponse().status == 200


def test_without_tls_basic_is_nobody_but_oauth_is(simulator: Simulator, address: str) -> None:
    answer = httpx2.get(address + BASIC, auth=(simulator.key, simulator.secret))
    assert answer.status_code == 401
    assert simulator.address == address


def test_tls(tmp_path: Path, simulator: Simulator) -> None:
    authority = trustme.CA()
    made = authority.issue_cert("127.0.0.1")
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    made.cert_chain_pems[0].write_to_path(str(certificate))
    made.private_key_pem.write_to_path(str(key))
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with serve(simulator, certificate=certificate, key=key) as address:
        assert address.startswith("https://")
        with httpx2.Client(verify=context, auth=(simulator.key, simulator.secret)) as client:
            assert [client.get(address + BASIC).status_code for _ in range(2)] == [200, 200]


def test_a_reset(simulator: Simulator, address: str) -> None:
    simulator.faults.add("reset", times=1)
    with pytest.raises(httpx2.ReadError):
        httpx2.get(f"{address}/wp-json/")
    assert httpx2.get(f"{address}/wp-json/").status_code == 200


def test_an_answer_that_breaks_off(simulator: Simulator, address: str) -> None:
    simulator.faults.add("reset_after_bytes", "100", times=1)
    with httpx2.stream("GET", f"{address}/wp-json/") as answer:
        assert answer.status_code == 200
        with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
            answer.read()


def test_a_hanging_server_times_out(simulator: Simulator, address: str) -> None:
    simulator.faults.add("hang", times=1)
    with pytest.raises(httpx2.ReadTimeout):
        httpx2.get(f"{address}/wp-json/", timeout=0.05)


def test_a_truncated_answer_is_whole_to_http(simulator: Simulator, address: str) -> None:
    simulator.faults.add("truncated", "30")
    answer = httpx2.get(f"{address}/wp-json/")
    assert (answer.status_code, len(answer.content)) == (200, 30)


def test_stopping_does_not_wait_for_anybody(simulator: Simulator) -> None:
    simulator.faults.add("hang", "60")
    with serve(simulator) as address:
        host, port = address.removeprefix("http://").split(":")
        idle = socket.create_connection((host, int(port)))
        waiting = threading.Thread(target=_ask_and_fail, args=(f"{address}/wp-json/",))
        waiting.start()
        started = time.monotonic()
    assert time.monotonic() - started < 2
    waiting.join(5)
    assert not waiting.is_alive()
    idle.close()


def _ask_and_fail(address: str) -> None:
    with pytest.raises(httpx2.HTTPError):
        httpx2.get(address, timeout=30)


@pytest.mark.parametrize("sent", [b"nonsense\r\n\r\n", b"GET / FTP/1.0\r\n\r\n"])
def test_what_is_no_http_is_a_400(address: str, sent: bytes) -> None:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as raw:
        raw.sendall(sent)
        assert raw.recv(100).startswith(b"HTTP/1.1 400")


def test_a_mistake_of_the_simulator_is_told(
    simulator: Simulator, address: str, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any) -> Any:
        raise ValueError("a bug")

    simulator.site.rest.answer = broken  # type: ignore[method-assign] - to break it
    answer = httpx2.get(f"{address}/wp-json/")
    assert (answer.status_code, "ValueError: a bug" in answer.text) == (500, True)
    assert "ValueError: a bug" in capfd.readouterr().err


def test_many_at_once(simulator: Simulator, address: str) -> None:
    found: list[int] = []

    def ask() -> None:
        with httpx2.Client() as client:
            found.extend(client.get(f"{address}/wp-json/").status_code for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200] * 40
    assert len(simulator.log) == 40


def test_webhooks_over_a_socket(simulator: Simulator, address: str) -> None:
    """Delivered to the shop itself, which has no such page: a failure that is counted."""
    hook = {"topic": "product.updated", "delivery_url": f"{address}/nowhere", "status": "active"}
    made = simulator.transport().handle_request(
        httpx2.Request(
            "POST",
            f"https://store.test/wp-json/wc/v3/webhooks?consumer_key={simulator.key}"
            f"&consumer_secret={simulator.secret}",
            json=hook,
        )
    )
    assert made.status_code == 201
    simulator.shop.edit_product(35, name="New")
    assert simulator.cron() == 1
    assert [sent.status for sent in simulator.shop.webhooks.sent] == [404]
