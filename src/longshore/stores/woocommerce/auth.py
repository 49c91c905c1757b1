"""Signing in: Basic over https, OAuth 1.0a over http, where WooCommerce ignores Basic
(recording auth.json).
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, SIGNATURE_TYPE_QUERY, Client


@dataclass(frozen=True, slots=True)
class Signed:
    """A request's final address and the headers that sign it in."""

    url: str
    headers: Mapping[str, str] = field(repr=False)


def sign(method: str, url: str, params: Mapping[str, str], key: str, secret: str) -> Signed:
    """Adds `params` and the signature. Lists in `params` are joined by commas already: names with
    empty brackets never verify under OAuth (recording auth.json).
    """
    query = urlencode(params, quote_via=quote)
    joined = "&" if urlsplit(url).query else "?"
    full = f"{url}{joined}{query}" if query else url
    if full.startswith("https://"):
        token = base64.b64encode(f"{key}:{secret}".encode()).decode()
        return Signed(full, {"Authorization": f"Basic {token}"})
    client = Client(
        key,
        client_secret=secret,
        signature_method=SIGNATURE_HMAC_SHA256,
        signature_type=SIGNATURE_TYPE_QUERY,
    )
    untyped = cast("Any", client)
    return Signed(str(untyped.sign(full, http_method=method)[0]), {})
