"""Both platforms as somebody outside uses them: WooCommerce's REST API, Shopify's controls."""

import base64
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode

from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, SIGNATURE_TYPE_QUERY, Client

Row = dict[str, Any]
PER_PAGE = 100
TIMEOUT_S = 60


class Refused(Exception):  # noqa: N818 - an answer, not a mistake
    """The shop said no."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status} {text[:300]}")
        self.status = status


@dataclass(frozen=True)
class VendorShop:
    """A WooCommerce shop with a key of somebody who works there."""

    name: str
    address: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    authority: Path | None = None

    def products(self) -> list[Row]:
        """Every product, of any status, in the order of their ids."""
        return list(self._all("products", {}))

    def variations(self, product_id: int) -> list[Row]:
        return list(self._all(f"products/{product_id}/variations", {}))

    def orders(self) -> list[Row]:
        return list(self._all("orders", {}))

    def ship(self, order_id: int, trackings: Sequence[Mapping[str, Any]], *, done: bool) -> None:
        """Packs goods: writes the parcels as the shipment tracking plugins keep them, and completes
        the order when everything is packed.
        """
        body: Row = {"status": "completed"} if done else {}
        if trackings:
            entry = {"key": "_wc_shipment_tracking_items", "value": list(trackings)}
            body["meta_data"] = [entry]
        self.send("PUT", f"orders/{order_id}", body)

    def sell(self, product: Row, quantity: int) -> None:
        """A sale over the vendor's own counter."""
        line = {"product_id": product["id"], "quantity": quantity}
        self.send("POST", "orders", {"set_paid": True, "line_items": [line]})

    def requests(self) -> list[Row]:
        """What was asked of the simulated shop."""
        found = _json(urllib.request.Request(f"{self.address}/_sim/requests"), self._trust())  # noqa: S310
        return cast("list[Row]", found)

    def play(self, control: str, **what: Any) -> Any:
        """What the simulated shop's owner does there by hand (its controls)."""
        headers = {"Content-Type": "application/json"}
        url, body = f"{self.address}/_sim/{control}", json.dumps(what).encode()
        return _json(urllib.request.Request(url, body, headers, method="POST"), self._trust())  # noqa: S310

    def send(self, method: str, path: str, body: Row | None = None, **params: str) -> Any:
        return _json(self._request(method, path, params, body), self._trust())

    def _all(self, path: str, params: Mapping[str, str]) -> Iterator[Row]:
        for number in range(1, 10_000):
            page = {"per_page": str(PER_PAGE), "page": str(number), "orderby": "id", "order": "asc"}
            rows = cast("list[Row]", self.send("GET", path, None, **params, **page))
            yield from rows
            if len(rows) < PER_PAGE:
                return

    def _request(
        self, method: str, path: str, params: Mapping[str, str], body: Row | None
    ) -> urllib.request.Request:
        url = f"{self.address}/wp-json/wc/v3/{path}"
        if params:
            url = f"{url}?{urlencode(params, quote_via=quote)}"
        headers = {"Content-Type": "application/json", "User-Agent": "market-auditor"}
        if url.startswith("https://"):
            token = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
            headers["Authorization"] = f"Basic {token}"
        else:
            url = self._signed(method, url)
        content = None if body is None else json.dumps(body).encode()
        return urllib.request.Request(url, content, headers, method=method)  # noqa: S310

    def _signed(self, method: str, url: str) -> str:
        client: Any = Client(
            self.key,
            client_secret=self.secret,
            signature_method=SIGNATURE_HMAC_SHA256,
            signature_type=SIGNATURE_TYPE_QUERY,
        )
        return str(client.sign(url, http_method=method)[0])

    def _trust(self) -> ssl.SSLContext | None:
        if not self.address.startswith("https://"):
            return None
        return ssl.create_default_context(cafile=self.authority)


@dataclass(frozen=True)
class StorefrontShop:
    """The simulated Shopify shop by its controls."""

    address: str

    def state(self) -> Row:
        return cast("Row", self._call("GET", "state"))

    def requests(self) -> list[Row]:
        return cast("list[Row]", self._call("GET", "requests"))

    def buy(self, *lines: tuple[str, int]) -> Row:
        """A buyer's paid order of (variant id, quantity). Raises Refused when it is sold out."""
        wanted = [{"variant_id": variant, "quantity": units} for variant, units in lines]
        return cast("Row", self._call("POST", "checkout", {"lines": wanted}))

    def withhold(self, topics: Mapping[str, int]) -> None:
        """The next so many webhooks of these topics are never sent."""
        self._call("POST", "webhooks", {"withhold": dict(topics)})

    def play(self, control: str, **what: Any) -> Any:
        """What a buyer or the shop's staff do there."""
        return self._call("POST", control, what)

    def _call(self, method: str, path: str, body: Row | None = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        url = f"{self.address}/_sim/{path}"
        return _json(urllib.request.Request(url, content, headers, method=method), None)  # noqa: S310


def _json(request: urllib.request.Request, trust: ssl.SSLContext | None) -> Any:
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S, context=trust) as answer:  # noqa: S310
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise Refused(error.code, error.read().decode(errors="replace")) from None
