"""Who is asking: keys over https, signatures over http, and each version's quirks."""

import base64
import hmac
from dataclasses import dataclass
from urllib.parse import quote, unquote

from simulators.woocommerce.auth import DIGESTS, OAUTH, READS, WINDOW_S, Asked, Gate, basic_pair
from simulators.woocommerce.legacy.requests import AUTHENTICATION, LegacyError
from simulators.woocommerce.legacy.rules import Speech
from simulators.woocommerce.settings import ApiKey

REALM = (
    "WooCommerce API. Use a consumer key in the username field and a consumer secret in the"
    " password field"
)


class ChallengeError(LegacyError):
    """Refused with a challenge, as v3 does over https."""

    keeps_capitals = True

    def __init__(self) -> None:
        super().__init__(AUTHENTICATION, "Consumer Secret is invalid", 401)


def challenge(speech: Speech) -> tuple[str, str]:
    """The header that asks for a key."""
    end = "." if speech.rules.ends_sentences else ""
    return "WWW-Authenticate", f'Basic realm="{REALM}{end}"'


def refused(message: str, status: int = 401) -> LegacyError:
    return LegacyError(AUTHENTICATION, message, status)


@dataclass(frozen=True, slots=True)
class LegacyGate:
    """Shares the keys and the memory of nonces with the newer API."""

    gate: Gate

    def sign_in(self, asked: Asked, speech: Speech) -> ApiKey:
        """`asked.rest_route` is the route of the old API. Raises LegacyError."""
        if asked.is_ssl:
            ssl = self._with_challenge if speech.version == "v3" else self._in_halves
            key = ssl(asked)
        else:
            key = self._oauth(asked, speech)
        needed = "read" if asked.method in READS else "write"
        if key.permissions not in {needed, "read_write"}:
            raise refused(f"The API key provided does not have {needed} permissions")
        return key

    def _known(self, asked: Asked, text: str) -> ApiKey:
        key = self.gate.find(asked, text)
        if key is None:
            raise refused("Consumer Key is invalid")
        return key

    def _in_halves(self, asked: Asked) -> ApiKey:
        """v1 and v2: each half from the header, else from the query."""
        query = dict(asked.query)
        name, secret = basic_pair(asked.authorization)
        name = name or query.get("consumer_key", "")
        secret = secret or query.get("consumer_secret", "")
        for half, given in (("Key", name), ("Secret", secret)):
            if not given:
                raise refused(f"Consumer {half} is missing", 404)
        key = self._known(asked, name)
        if not _same(key.secret, secret):
            raise refused("Consumer Secret is invalid")
        return key

    def _with_challenge(self, asked: Asked) -> ApiKey:
        """v3: both from the query, else both from the header."""
        query = dict(asked.query)
        name, secret = query.get("consumer_key", ""), query.get("consumer_secret", "")
        if name and secret:
            key = self._known(asked, name)
            if not _same(key.secret, secret):
                raise refused("Consumer Secret is invalid")
            return key
        name, secret = basic_pair(asked.authorization)
        if not (name and secret):
            raise ChallengeError
        key = self._known(asked, name)
        if not _same(key.secret, secret):
            raise ChallengeError
        return key

    def _oauth(self, asked: Asked, speech: Speech) -> ApiKey:
        """Only from the query, never from a header."""
        query = dict(asked.query)
        for name in OAUTH:
            if not query.get(name):
                raise refused(f"{name} parameter is missing", 404)
        key = self._known(asked, query["oauth_consumer_key"])
        self._check_signature(asked, key, speech)
        self._check_time(query, speech)
        return key

    def _check_signature(self, asked: Asked, key: ApiKey, speech: Speech) -> None:
        """Made over the pretty address at home, however the route was asked for. v3 keeps the
        order in which nested parameters came, and sorts by their first names only.
        """
        query = dict(asked.query)
        digest = DIGESTS.get(query["oauth_signature_method"])
        given = query.pop("oauth_signature")
        sort = _by_head if speech.version == "v3" else _by_name
        joined = "&".join(f"{_enc(n)}={_enc(v)}" for n, v in sorted(query.items(), key=sort))
        home = f"http://{self.gate.shop.home.partition('://')[2]}"
        address = f"{home}/wc-api/{speech.version}{asked.rest_route}"
        base = "&".join((asked.method.upper(), _enc(address), _enc(joined)))
        if digest is None:
            raise refused("Invalid Signature - signature method is invalid")
        secret = key.secret if speech.bare_secret else f"{key.secret}&"
        made = base64.b64encode(hmac.new(secret.encode(), base.encode(), digest).digest()).decode()
        if not _same(made, unquote(given)):
            raise refused("Invalid Signature - provided signature does not match")

    def _check_time(self, query: dict[str, str], speech: Speech) -> None:
        now = self.gate.shop.clock.second()
        at = int(query["oauth_timestamp"]) if query["oauth_timestamp"].isdigit() else 0
        if abs(now - at) > WINDOW_S:
            raise refused("Invalid timestamp", 401 if speech.late_is_error else 200)
        if not self.gate.first_use(query["oauth_consumer_key"], query["oauth_nonce"]):
            raise refused("Invalid nonce - nonce has already been used")


def _same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode())


def _by_name(pair: tuple[str, str]) -> str:
    return _enc(pair[0])


def _by_head(pair: tuple[str, str]) -> str:
    return _enc(pair[0].partition("[")[0])


def _enc(text: str) -> str:
    return quote(text, safe="~")
