"""From a route to the address it is asked at, and to the address that OAuth signs."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from longshore.ports.errors import Rejected
from longshore.ports.stores import AddressForm

LEGACY = "wc-api"
KEYS_COUNT_BELOW = "wp-json/wc/"
"""WooCommerce looks at keys only where this stands in the address; a path below it works in every
version (recording plain_permalinks.json), also when the real route is a parameter. Where the
server knows no such path it may stand in a parameter, with its slashes as they are.
"""


@dataclass(frozen=True, slots=True)
class Target:
    """An address without its query, the address OAuth signs, and all parameters."""

    url: str
    signed_url: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Addresses:
    """`base` is where requests go, `home` what the shop believes its address is."""

    base: str
    home: str
    form: AddressForm = AddressForm.PRETTY
    prefix: str = "wp-json"

    @property
    def host(self) -> str:
        return urlsplit(self.base).hostname or self.base

    def route(self, route: str, params: Mapping[str, str] | None = None) -> Target:
        """`route` begins with its namespace: wc/v3/products, wc-api/v3/products."""
        given = dict(params or {})
        if self.form in {AddressForm.QUERY, AddressForm.BARE}:
            return self._by_query(route, given)
        path = route if route.startswith(f"{LEGACY}/") else f"{self.prefix}/{route}"
        if self.form is AddressForm.INDEX:
            path = f"index.php/{path}"
        return Target(f"{self.base}/{path}", f"{self.home}/{path}", given)

    def _by_query(self, route: str, params: dict[str, str]) -> Target:
        if route.startswith(f"{LEGACY}/"):
            # Signed as if it were asked at its pretty address (recordings: query form).
            version, _, rest = route.removeprefix(f"{LEGACY}/").partition("/")
            params |= {"wc-api-version": version.removeprefix("v"), "wc-api-route": f"/{rest}"}
            return Target(f"{self.base}/", f"{self.home}/{route}", params)
        params["rest_route"] = f"/{route}"
        if self.form is AddressForm.BARE:
            params["_hub"] = KEYS_COUNT_BELOW
            return Target(f"{self.base}/", self.home, params)
        path = f"/{KEYS_COUNT_BELOW}"
        return Target(f"{self.base}{path}", f"{self.home}{path}", params)


def site_address(given: str) -> str:
    """An address as typed, made whole: scheme added, path kept, everything after it dropped.
    Raises Rejected.
    """
    written = given.strip().strip("\"'<>").strip()
    if "://" not in written:
        written = f"https://{written}"
    try:
        parts = urlsplit(written)
        host = parts.hostname
        port = parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.scheme.lower() not in {"http", "https"} or not host or "." not in f"{host}.":
        raise Rejected(f"{given[:200]!r} is no address. Write it as https://shop.example.")
    path = parts.path
    for part in ("/wp-json", "/wp-admin", "/wp-login.php", "/wc-api", "/index.php"):
        path = path.partition(part)[0]
    place = _ascii(host) if port is None else f"{_ascii(host)}:{port}"
    return urlunsplit((parts.scheme.lower(), place, path.rstrip("/"), "", ""))


def _ascii(host: str) -> str:
    """The host as DNS knows it (bücher.example -> xn--bcher-kva.example)."""
    if ":" in host:
        return f"[{host}]"
    try:
        return host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        raise Rejected(f"{host!r} is no host name. Check the address.") from None
