"""Signing in: Basic, OAuth 1.0a in its forms, or the key in the query (recordings auth.json and the
old stores' auth entries).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from oauthlib.oauth1 import (
    SIGNATURE_HMAC_SHA256,
    SIGNATURE_TYPE_AUTH_HEADER,
    SIGNATURE_TYPE_QUERY,
    Client,
)

from longshore.ports.stores import Signing
from longshore.stores.woocommerce.addresses import Target


@dataclass(frozen=True, slots=True)
class Signed:
    """A request's final address and the headers that sign it in."""

    url: str
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Signer:
    """One store's key with the way the doctor found to work. `bare_secret`: the old API versions
    v1 and v2 sign with the secret alone, later ones with an ampersand after it. `offset_s`: the
    shop's clock minus ours; its window is 15 minutes.
    """

    key: str = field(repr=False)
    secret: str = field(repr=False)
    way: Signing = Signing.BASIC
    bare_secret: bool = False
    offset_s: float = 0.0

    def sign(self, method: str, target: Target) -> Signed:
        """Lists in the parameters are joined by commas already: names with empty brackets never
        verify. They are sorted, since legacy v3 keeps nested ones in the order they come.
        """
        params = dict(sorted(target.params.items()))
        match self.way:
            case Signing.BASIC:
                token = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
                return Signed(_with_query(target.url, params), {"Authorization": f"Basic {token}"})
            case Signing.QUERY:
                params |= {"consumer_key": self.key, "consumer_secret": self.secret}
                return Signed(_with_query(target.url, params), {})
            case _:
                return self._oauth(method, target, params)

    def _oauth(self, method: str, target: Target, params: Mapping[str, str]) -> Signed:
        signed_url = target.signed_url
        if self.way is Signing.OAUTH_HTTP:
            signed_url = f"http://{signed_url.partition('://')[2]}"
        in_header = self.way is Signing.OAUTH_HEADER
        client = cast(
            "Any",
            _ShopClient(
                self.key,
                client_secret=self.secret,
                signature_method=SIGNATURE_HMAC_SHA256,
                signature_type=SIGNATURE_TYPE_AUTH_HEADER if in_header else SIGNATURE_TYPE_QUERY,
                timestamp=str(int(datetime.now(UTC).timestamp() + self.offset_s)),
            ),
        )
        client.ampersand = b"" if self.bare_secret else b"&"
        client.at_root = not urlsplit(signed_url).path
        uri, headers, _ = client.sign(_with_query(signed_url, params), http_method=method)
        if in_header:
            return Signed(_with_query(target.url, params), dict(headers))
        # Written anew: oauthlib escapes slashes, and the shop looks for some as they are.
        return Signed(_with_query(target.url, dict(parse_qsl(urlsplit(str(uri)).query))), {})


class _ShopClient(Client):
    """OAuth as WooCommerce checks it. The API versions v1 and v2 know no ampersand after the
    secret. At the front door itself the shop signs its address without a slash, where the standard
    has one (recording plain_permalinks.json).
    """

    ampersand = b"&"
    at_root = False
    SIGNATURE_METHODS = {  # noqa: RUF012 - oauthlib's own table, replaced whole
        SIGNATURE_HMAC_SHA256: lambda base, client: client.signature_of(base)
    }

    def signature_of(self, base: str) -> str:
        method, address, params = base.split("&", 2)
        if self.at_root:
            address = address.removesuffix("%2F")
        key = str(self.client_secret).encode() + self.ampersand
        text = f"{method}&{address}&{params}".encode()
        return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def _with_query(url: str, params: Mapping[str, str]) -> str:
    pairs = [*parse_qsl(urlsplit(url).query), *params.items()]
    query = urlencode(pairs, quote_via=quote, safe="/")
    bare = url.partition("?")[0]
    return f"{bare}?{query}" if query else bare
