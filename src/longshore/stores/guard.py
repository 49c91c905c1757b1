"""Which addresses may be talked to, checked on the very address that is connected to."""

import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore2

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


class AddressRefused(Exception):  # noqa: N818 - an answer, not a mistake
    """The host is, or resolves to, an address inside a private network."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"{host} is {address}")
        self.host = host
        self.address = address


def may_connect(address: Address, allow_nets: Iterable[Network]) -> bool:
    """Public unicast addresses, and those in `allow_nets`. An IPv4 address inside an IPv6 one
    (mapped, 6to4, NAT64, Teredo) is judged as what it really reaches.
    """
    if isinstance(address, IPv6Address):
        inner = _inner_ipv4(address)
        if inner is not None:
            return may_connect(inner, allow_nets)
    if any(address.version == net.version and address in net for net in allow_nets):
        return True
    return address.is_global and not address.is_multicast


_NAT64 = IPv6Network("64:ff9b::/96")


def _inner_ipv4(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


class GuardedBackend(httpcore2.NetworkBackend):
    """Looks the name up once, checks every address it has, and connects to one that was checked:
    a name that answers differently the next time (DNS rebinding) gains nothing.
    """

    def __init__(self, allow_nets: Sequence[Network]) -> None:
        self._allow_nets = allow_nets
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        problem: Exception | None = None
        for address in self._checked(host, port):
            try:
                return self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                problem = error
        raise problem or httpcore2.ConnectError(f"{host} has no address")

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)

    def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"{host} cannot be resolved") from error
        addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
        for text in addresses:
            if not may_connect(ip_address(text), self._allow_nets):
                raise AddressRefused(host, text)
        return addresses
