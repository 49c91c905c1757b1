"""One-click approval: the shop's page on which its owner gives us a key, and the key it sends.

Facts from the recording wc_auth.json: the page is there from WooCommerce 2.4 on; the address for
the key must be https and answer exactly 200, else the key is deleted again; the body carries
neither the shop's address nor a signature, so it proves nothing.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from longshore.ports.stores import AddressForm
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.addresses import Addresses
from longshore.stores.woocommerce.dialects import Dialect

LARGEST_BODY = 10_000
_PAIR = (re.compile(r"ck_[0-9a-f]{40}"), re.compile(r"cs_[0-9a-f]{40}"))
_WITHOUT_PAGE = "wc-api/v2"
"""A shop that has no newer API than this one is older than the page."""


@dataclass(frozen=True, slots=True)
class ApprovedKey:
    key: str = field(repr=False)
    secret: str = field(repr=False)


def page_of(addresses: Addresses, dialect: Dialect) -> str:
    """The address of the page, without what it is told; "" where the shop has none."""
    if dialect.root == _WITHOUT_PAGE:
        return ""
    match addresses.form:
        case AddressForm.QUERY | AddressForm.BARE:
            return f"{addresses.base}/?wc-auth-version=1&wc-auth-route=authorize"
        case AddressForm.INDEX:
            return f"{addresses.base}/index.php/wc-auth/v1/authorize"
        case _:
            return f"{addresses.base}/wc-auth/v1/authorize"


def filled_page(page: str, *, app: str, state: str, return_url: str, callback_url: str) -> str:
    """Where the shop's owner is sent. `state` comes back as it is only without a "|"."""
    told = {
        "app_name": app,
        "scope": "read_write",
        "user_id": state,
        "return_url": return_url,
        "callback_url": callback_url,
    }
    return f"{page}{'&' if '?' in page else '?'}{urlencode(told)}"


def read_key(body: bytes) -> ApprovedKey:
    """The key that the shop sends. Raises ValueError for anything else."""
    if len(body) > LARGEST_BODY:
        raise ValueError("too large")
    told = wire.mapping(wire.decode(body))
    pair = [wire.text(told.get(name)) for name in ("consumer_key", "consumer_secret")]
    if not all(form.fullmatch(one) for form, one in zip(_PAIR, pair, strict=True)):
        raise ValueError("no pair of keys")
    return ApprovedKey(*pair)
