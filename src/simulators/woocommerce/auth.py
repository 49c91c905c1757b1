"""Who is asking: the three ways to use a WooCommerce key below /wp-json/, with recorded answers."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, unquote

from simulators.woocommerce.faults.faults import Faults
from simulators.woocommerce.rest.errors import RestError
from simulators.woocommerce.settings import ApiKey
from simulators.woocommerce.shop import Shop

WINDOW_S = 15 * 60
OAUTH = (
    "oauth_consumer_key",
    "oauth_timestamp",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
)
DIGESTS = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}
READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What signing in looks at. `method`: as asked for, maybe in place of the `verb` that was sent
    and is signed. `uri`: path and query as sent. `query`: its decoded pairs, names as
    PHP numbers them. `is_ssl`: what PHP believes, which a proxy can make false.
    """

    method: str
    uri: str
    query: tuple[tuple[str, str], ...]
    authorization: str
    is_ssl: bool
    rest_route: str
    verb: str = ""

    @property
    def line(self) -> str:
        """What faults are matched with."""
        return f"{self.method} {self.uri}"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`key` None: a stranger. `problem`: what WooCommerce refuses by itself."""

    key: ApiKey | None = None
    problem: RestError | None = None


@dataclass(slots=True)
class Gate:
    """Signs requests in. Remembers nonces, as WooCommerce does, for the length of the window."""

    shop: Shop
    faults: Faults
    nonces: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])

    def sign_in(self, asked: Asked) -> SignedIn:
        if not self._is_for_woocommerce(asked):
            return SignedIn()
        query = dict(asked.query)
        try:
            key = self._basic(asked, query) if asked.is_ssl else None
            challenged = key is not None
            key = key or self._oauth(asked, query)
        except RestError as problem:
            return SignedIn(problem=problem)
        problem = None if key is None else _missing_permission(key, asked.method)
        if problem is not None and challenged and self._old:
            problem.headers["WWW-Authenticate"] = self.shop.settings.version.challenge
        return SignedIn(None if problem is not None and self._old else key, problem)

    @property
    def _old(self) -> bool:
        return self.shop.settings.version.old_words

    def _refused(self, message: str) -> RestError:
        """In the words of its version: older ones write names in capitals."""
        for word in ("signature -", "secret", "key") if self._old else ():
            message = message.replace(f" {word} ", f" {word.capitalize()} ")
        return refused(message)

    def _is_for_woocommerce(self, asked: Asked) -> bool:
        """Keys count only below `wp-json/wc/` and `wp-json/wc-`, and that is looked for anywhere in
        the address; newer versions look at the route instead.
        """
        version = self.shop.settings.version
        ours = asked.rest_route.startswith(("/wc/", "/wc-"))
        if version.keys_only_for_wc and not ours:
            return False
        if version.rest_route_keys and ours:
            return True
        return "wp-json/wc/" in asked.uri or "wp-json/wc-" in asked.uri

    def find(self, asked: Asked, text: str) -> ApiKey | None:
        bite, line = self.faults.bite, asked.line
        if bite("key_unknown", line) is not None or bite("user_deleted", line) is not None:
            return None
        wanted = text.strip()
        key = next((key for key in self.shop.keys if key.key == wanted and not key.revoked), None)
        if key is None:
            return None
        if bite("key_ro", line) is not None:
            key = replace(key, permissions="read")
        if bite("key_wo", line) is not None:
            key = replace(key, permissions="write")
        role = bite("role_low", line)
        return replace(key, role=role) if role else key

    def _basic(self, asked: Asked, query: Mapping[str, str]) -> ApiKey | None:
        name, secret = query.get("consumer_key", ""), query.get("consumer_secret", "")
        if not (name and secret):
            name, secret = basic_pair(asked.authorization)
        key = self.find(asked, name) if name and secret else None
        if key is None:
            return None
        if not hmac.compare_digest(key.secret.encode(), secret.strip().encode()):
            problem = self._refused("Consumer secret is invalid.")
            challenge = self.shop.settings.version.challenge
            if challenge:
                problem.headers["WWW-Authenticate"] = challenge
            raise problem
        return key

    def _oauth(self, asked: Asked, query: Mapping[str, str]) -> ApiKey | None:
        reads_header = self.shop.settings.version.oauth_header
        from_header = _oauth_header(asked.authorization) if reads_header else {}
        both = {**query, **from_header}
        given = {name: both[name] for name in OAUTH if both.get(name)}
        if not given:
            return None
        missing = [name for name in OAUTH if name not in given]
        if missing:
            word = "parameter" if len(missing) == 1 else "parameters"
            message = f"Missing OAuth {word} {', '.join(missing)}"
            raise RestError("woocommerce_rest_authentication_missing_parameter", message, 401)
        key = self.find(asked, given["oauth_consumer_key"])
        if key is None:
            raise self._refused("Consumer key is invalid.")
        self._check_signature(asked, both, key)
        self._check_time(given)
        return key

    def _check_signature(self, asked: Asked, given: Mapping[str, str], key: ApiKey) -> None:
        """Made over the home address in the scheme that PHP believes in, without a last slash."""
        digest = DIGESTS.get(given["oauth_signature_method"].upper())
        if digest is None:
            raise self._refused("Invalid signature - signature method is invalid.")
        scheme = "https" if asked.is_ssl else "http"
        home = self.shop.home.partition("://")[2]
        path = asked.uri.partition("?")[0].removeprefix("/")
        address = f"{scheme}://{home}/{path}" if path else f"{scheme}://{home}"
        pairs = {name: value for name, value in given.items() if name != "oauth_signature"}
        joined = "&".join(
            f"{name}={value}"
            for name, value in sorted((_enc(n), _enc(v)) for n, v in pairs.items())
        )
        verb = (asked.verb or asked.method).upper()
        base = "&".join((verb, _enc(address), _enc(joined)))
        made = hmac.new(f"{key.secret}&".encode(), base.encode(), digest).digest()
        wanted = base64.b64encode(made).decode()
        if not hmac.compare_digest(wanted.encode(), given["oauth_signature"].encode()):
            raise self._refused("Invalid signature - provided signature does not match.")

    def _check_time(self, given: Mapping[str, str]) -> None:
        now = self.shop.clock.second()
        try:
            at = int(given["oauth_timestamp"])
        except ValueError:
            at = 0
        if abs(now - at) > WINDOW_S:
            raise self._refused("Invalid timestamp.")
        if not self.first_use(given["oauth_consumer_key"], given["oauth_nonce"]):
            raise self._refused("Invalid nonce - nonce has already been used.")

    def first_use(self, key: str, nonce: str) -> bool:
        """Whether this key never used the nonce before; from now on it has."""
        now, used = self.shop.clock.second(), (key.strip(), nonce)
        if used in self.nonces:
            return False
        while self.nonces:
            oldest, second = next(iter(self.nonces.items()))
            if second >= now - WINDOW_S:
                break
            del self.nonces[oldest]
        self.nonces[used] = now
        return True


def refused(message: str) -> RestError:
    return RestError("woocommerce_rest_authentication_error", message, 401)


def _missing_permission(key: ApiKey, method: str) -> RestError | None:
    if method == "OPTIONS" or key.permissions == "read_write":
        return None
    needed = "read" if method in READS else "write"
    if key.permissions == needed:
        return None
    return refused(f"The API key provided does not have {needed} permissions.")


def basic_pair(authorization: str) -> tuple[str, str]:
    kind, _, rest = authorization.partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        name, _, secret = base64.b64decode(rest.strip(), validate=False).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, secret


def _oauth_header(authorization: str) -> dict[str, str]:
    kind, _, rest = authorization.partition(" ")
    if kind.lower() != "oauth":
        return {}
    pairs = (part.strip().partition("=") for part in rest.split(","))
    return {
        name: unquote(value.strip('"')) for name, _, value in pairs if name.startswith("oauth_")
    }


def _enc(text: str) -> str:
    return quote(text, safe="~")
