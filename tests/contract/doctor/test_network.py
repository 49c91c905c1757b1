"""Verdicts on the network, with real sockets and certificates; and hosts that mean harm."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from longshore.domain.verdicts import VERDICTS
from longshore.ports.doctor import READY, Diagnosis, Order
from longshore.stores.http import GuardedClient
from longshore.stores.woocommerce import Doctor
from longshore.stores.woocommerce.doctor.asking import LONGEST_S

LOOPBACK = (ip_network("127.0.0.0/8"),)
Serve = Callable[[socket.socket], None]
HELLO = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n"
    b"Connection: close\r\n\r\nhello"
)


@contextmanager
def serving(serve: Serve, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Every connection is given to `serve`. Yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    def answer(connection: socket.socket) -> None:
        try:
            with tls.wrap_socket(connection, server_side=True) if tls else connection as inner:
                inner.recv(65536)
                serve(inner)
        except OSError:
            pass

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def examined(address: str, *, ca: Path | None = None, timeout_s: float = 5.0) -> Diagnosis:
    with GuardedClient(
        allow_nets=LOOPBACK, ca_bundle=ca, timeout_s=timeout_s, max_body_bytes=16 * 2**20
    ) as client:
        doctor = Doctor(client, pause_s=0, sleep=lambda _: None)
        found = doctor.examine(Order(address), lambda _: None)
    for one in found.findings:
        written = VERDICTS[one.code]
        for text in (written.seen, written.means, written.do, written.host):
            text.format_map(one.evidence)
    return found


def hello(connection: socket.socket) -> None:
    connection.sendall(HELLO)


# --- certificates ---


def context_of(certificate: trustme.LeafCert, *, whole: bool = True) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with certificate.private_key_pem.tempfile() as key:
        chain = certificate.cert_chain_pems if whole else certificate.cert_chain_pems[:1]
        both = b"".join(one.bytes() for one in chain)
        with trustme.Blob(both).tempfile() as pem:
            context.load_cert_chain(pem, key)
    return context


def self_signed(tmp_path: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "self.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


def test_an_incomplete_chain(authority: trustme.CA, ca: Path):
    leaf = authority.create_child_ca().issue_cert("127.0.0.1")
    with serving(hello, context_of(leaf, whole=False)) as port:
        assert examined(f"https://127.0.0.1:{port}", ca=ca).verdict == "D07"
    with serving(hello, context_of(leaf)) as port:
        assert examined(f"https://127.0.0.1:{port}", ca=ca).verdict == "D03"


def test_an_expired_certificate(authority: trustme.CA, ca: Path):
    leaf = authority.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC))
    with serving(hello, context_of(leaf)) as port:
        found = examined(f"https://127.0.0.1:{port}", ca=ca)
    assert found.verdict == "D08"
    assert found.findings[0].evidence["problem"] == "it has expired"


def test_a_certificate_for_another_name(authority: trustme.CA, ca: Path):
    with serving(hello, context_of(authority.issue_cert("other.example"))) as port:
        found = examined(f"https://127.0.0.1:{port}", ca=ca)
    assert found.verdict == "D08"
    assert found.findings[0].evidence["problem"] == "it is for another name"


def test_a_certificate_signed_by_itself(ca: Path, tmp_path: Path):
    with serving(hello, self_signed(tmp_path)) as port:
        found = examined(f"https://127.0.0.1:{port}", ca=ca)
    assert found.verdict == "D08"
    assert found.findings[0].evidence["problem"] == "it was signed by nobody known"


def test_plain_http_is_spoken_where_it_is_asked_for():
    with serving(hello) as port:
        found = examined(f"http://127.0.0.1:{port}")
    assert found.verdict == "D03"


# --- addresses that must not be connected to ---


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1",
        "http://localhost",
        "http://2130706433",
        "http://0x7f.1",
        "http://0177.0.0.1",
        "http://[::1]",
        "http://[::ffff:10.0.0.1]",
        "http://169.254.169.254/latest/meta-data",
        "http://[fd00:ec2::254]",
        "http://10.1.2.3",
        "http://100.64.0.1",
        "http://0.0.0.0",
    ],
)
def test_private_addresses_are_not_connected_to(address: str, monkeypatch: pytest.MonkeyPatch):
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", never)
    with GuardedClient() as client:
        found = Doctor(client, pause_s=0).examine(Order(address), lambda _: None)
    assert found.verdict in {"D02", "D04", "D05"}
    assert not found.connected


def test_a_redirect_into_a_private_network_is_not_followed():
    def away(connection: socket.socket) -> None:
        connection.sendall(
            b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n"
            b"Content-Length: 0\r\nConnection: close\r\n\r\n"
        )

    with serving(away) as port:
        assert examined(f"http://127.0.0.1:{port}").verdict == "D11"


# --- hosts that mean harm ---


def raw(body: bytes, kind: bytes = b"application/json", more: bytes = b"") -> Serve:
    def serve(connection: socket.socket) -> None:
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: "
            + kind
            + b"\r\n"
            + more
            + b"Connection: close\r\n\r\n"
        )
        connection.sendall(body)

    return serve


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def circle(connection: socket.socket) -> None:
    connection.sendall(
        b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )


def nothing(connection: socket.socket) -> None:
    connection.close()


HOSTILE = {
    "garbage": raw(bytes(range(256)) * 40),
    "no http": lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "thirty megabytes": raw(b"<html>" + b" " * (30 * 2**20), b"text/html"),
    "endless": endless,
    "gzip bomb": raw(gzip.compress(b" " * (64 * 2**20)), more=b"Content-Encoding: gzip\r\n"),
    "no gzip": raw(b"{}", more=b"Content-Encoding: gzip\r\n"),
    "deep": raw(b"[" * 500_000),
    "huge numbers": raw(b'{"namespaces": ' + b"9" * 5000 + b"}"),
    "html as json": raw(b"<html><script>alert(1)</script></html>"),
    "json as html": raw(b'{"namespaces": {"wc/v3": []}, "routes": 7}', b"text/html"),
    "wrong shapes": raw(b'{"namespaces": ["wc/v3", null, 7], "routes": [[]], "home": {}}'),
    "odd header": raw(b"{}", more=b'Link: <http://[>; rel="https://api.w.org/"\r\nDate: soon\r\n'),
    "broken utf-8": raw(b'{"name": "\xff\xfe", "namespaces": ["wc/v3"]}'),
    "circle": circle,
    "hangs up": nothing,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_whatever_a_host_sends_there_is_a_verdict(kind: str):
    with serving(HOSTILE[kind]) as port:
        found = examined(f"http://127.0.0.1:{port}")
    assert not found.connected
    assert found.verdict in {*VERDICTS, READY}


def test_an_answer_that_drips_is_cut_off():
    stop = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not stop.wait(0.01):
            connection.sendall(b"x")

    with serving(drip) as port:
        began = time.monotonic()
        found = examined(f"http://127.0.0.1:{port}", timeout_s=0.3)
        took_s = time.monotonic() - began
        stop.set()
    assert found.verdict == "D48"
    assert took_s < 3


def test_slow_answers_end_the_examination_in_time():
    """Each answer just in time for itself, all together too late for a person."""
    clock = [0.0]

    def now() -> float:
        return clock[0]

    class Slow(GuardedClient):
        def request(self, *args: object, **kwargs: object):
            clock[0] += 11.0
            return super().request(*args, **kwargs)

    import longshore.stores.woocommerce.doctor.examination as module

    with serving(hello) as port, Slow(allow_nets=LOOPBACK) as client:
        asker = module.Asker(client, pause_s=0, sleep=lambda _: None, now=now)
        found = module._Examination(Order(f"http://127.0.0.1:{port}"), lambda _: None, asker).run()
    assert found.verdict == "D48"
    assert clock[0] <= LONGEST_S + 11.0 < 45
