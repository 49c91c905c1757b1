import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

import pytest
import trustme

from longshore.ports.errors import NeedsVendor, Rejected, TryLater
from longshore.stores.http import GuardedClient

LOOPBACK = (ip_network("127.0.0.0/8"),)
Behave = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A real server on the loopback that does what a test tells it."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.behave: Behave = lambda request: answer(request, 200, b"{}")
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.seen.append((self.command, self.path))
                site.behave(self)

            do_POST = do_PUT = do_GET  # noqa: N815 - named by http.server

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


def answer(request: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    request.send_response(status)
    request.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    made.thread.start()
    yield made
    made.close()


@pytest.fixture
def client() -> Iterator[GuardedClient]:
    with GuardedClient(allow_nets=LOOPBACK, timeout_s=5, max_body_bytes=1_000_000) as made:
        yield made


def test_an_exchange_is_counted_and_told_whole(site: Site, client: GuardedClient):
    site.behave = lambda request: answer(request, 404, b"no", X_WP_Total="7")
    found = client.request("GET", f"{site.address}/a", params={"b": "c d"})
    assert (found.status, found.body, found.headers["x-wp-total"]) == (404, b"no", "7")
    assert site.seen in ([("GET", "/a?b=c+d")], [("GET", "/a?b=c%20d")])
    assert client.requests_made == 1


def test_a_redirect_into_a_private_network_is_not_followed(site: Site, client: GuardedClient):
    site.behave = lambda request: answer(
        request, 302, b"", Location="http://169.254.169.254/latest/meta-data/"
    )
    found = client.request("GET", site.address, follow=True)
    assert found.status == 302
    assert len(site.seen) == 1


def test_a_get_may_follow_within_its_host(site: Site, client: GuardedClient):
    def behave(request: BaseHTTPRequestHandler) -> None:
        if request.path == "/end":
            answer(request, 200, b"there")
        else:
            answer(request, 301, b"", Location="/end")

    site.behave = behave
    assert client.request("GET", f"{site.address}/start", follow=True).body == b"there"


def test_a_circle_of_redirects_ends(site: Site, client: GuardedClient):
    site.behave = lambda request: answer(request, 302, b"", Location="/again")
    with pytest.raises(Rejected, match="circle"):
        client.request("GET", site.address, follow=True)


def test_a_write_never_follows(site: Site, client: GuardedClient):
    site.behave = lambda request: answer(request, 307, b"", Location="/elsewhere")
    assert client.request("POST", site.address, content=b"{}", follow=True).status == 307
    assert len(site.seen) == 1


def test_a_packed_bomb_is_dropped(site: Site, client: GuardedClient):
    bomb = gzip.compress(b"0" * 50_000_000)
    site.behave = lambda request: answer(request, 200, bomb, Content_Encoding="gzip")
    with pytest.raises(Rejected, match="without end"):
        client.request("GET", site.address)


def test_a_drip_of_bytes_is_cut_at_the_deadline(site: Site):
    stop = threading.Event()

    def behave(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "100000")
        request.end_headers()
        while not stop.wait(0.02):
            try:
                request.wfile.write(b".")
            except OSError:
                return

    site.behave = behave
    with (
        GuardedClient(allow_nets=LOOPBACK, timeout_s=0.3) as client,
        pytest.raises(TryLater) as caught,
    ):
        client.request("GET", site.address)
    stop.set()
    assert "did not answer in time" in caught.value.person


@pytest.mark.parametrize(("method", "maybe"), [("GET", False), ("POST", True)])
def test_a_cut_connection_may_have_written(
    site: Site, client: GuardedClient, method: str, maybe: bool
):
    site.behave = lambda request: request.connection.shutdown(socket.SHUT_RDWR)
    with pytest.raises(TryLater) as caught:
        client.request(method, site.address, content=b"{}")
    assert caught.value.maybe_done is maybe


def test_a_connection_that_never_was_wrote_nothing(client: GuardedClient):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(TryLater) as caught:
        client.request("POST", address, content=b"{}")
    assert not caught.value.maybe_done


def test_errors_never_repeat_keys_of_the_address(site: Site, client: GuardedClient):
    site.behave = lambda request: request.connection.shutdown(socket.SHUT_RDWR)
    with pytest.raises(TryLater) as caught:
        client.request("GET", f"{site.address}/?consumer_secret=cs_fake_secret_value")
    shown = f"{caught.value} {caught.value.person} {caught.value.internal}"
    assert "cs_fake" not in shown
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "url", ["ftp://shop.example/", "file:///etc/passwd", "shop", "http://", ""]
)
def test_only_web_addresses(client: GuardedClient, url: str):
    with pytest.raises(Rejected, match="https://"):
        client.request("GET", url)


def test_certificates_are_verified_and_authorities_can_be_added(site: Site, tmp_path: Path):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    site.server.socket = context.wrap_socket(
        site.server.socket, server_side=True, do_handshake_on_connect=False
    )
    address = site.address.replace("http://", "https://")
    with (
        GuardedClient(allow_nets=LOOPBACK) as stranger,
        pytest.raises(NeedsVendor, match="certificate"),
    ):
        stranger.request("GET", address)
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    with GuardedClient(allow_nets=LOOPBACK, ca_bundle=bundle) as friend:
        assert friend.request("GET", address).status == 200
