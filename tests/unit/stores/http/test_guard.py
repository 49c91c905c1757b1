import socket
from ipaddress import ip_address, ip_network

import pytest

from longshore.ports.errors import NeedsOperator, TryLater
from longshore.stores.guard import may_connect
from longshore.stores.http import GuardedClient


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - refused, not listened on
        "255.255.255.255",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "2002:7f00:0001::",
        "64:ff9b::7f00:1",
    ],
)
def test_addresses_that_are_not_public_are_refused(address: str):
    assert not may_connect(ip_address(address), ())


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_pass(address: str):
    assert may_connect(ip_address(address), ())


def test_a_network_may_be_allowed_also_for_mapped_addresses():
    nets = [ip_network("127.0.0.0/8")]
    assert may_connect(ip_address("127.0.0.1"), nets)
    assert may_connect(ip_address("::ffff:127.0.0.1"), nets)
    assert not may_connect(ip_address("10.0.0.1"), nets)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f000001"])
def test_the_loopback_is_refused_however_it_is_written(host: str):
    with GuardedClient() as client, pytest.raises(NeedsOperator, match="LONGSHORE_ALLOW_NETS"):
        client.request("GET", f"http://{host}/")


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(monkeypatch):
    """DNS rebinding: the second answer, a private address, must never be used."""
    answers = iter(["93.184.215.14", "127.0.0.1"])
    connected: list[str] = []

    def resolve(host: str, port: int, **_: object) -> list[tuple]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("longshore.stores.guard.socket.getaddrinfo", resolve)
    monkeypatch.setattr("socket.create_connection", connect)
    with GuardedClient() as client, pytest.raises(TryLater):
        client.request("GET", "http://shop.example/")
    assert connected == ["93.184.215.14"]


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    def resolve(host: str, port: int, **_: object) -> list[tuple]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", port)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", port)),
        ]

    monkeypatch.setattr("longshore.stores.guard.socket.getaddrinfo", resolve)
    with GuardedClient() as client, pytest.raises(NeedsOperator, match=r"10\.0\.0\.7"):
        client.request("GET", "http://shop.example/")
