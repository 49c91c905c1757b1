"""Both platforms as the people in them use them: by the controls of the simulated shops."""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

Row = dict[str, Any]
SHOWS_META = 3
"""The first major release whose API shows meta of orders."""
TIMEOUT_S = 60


class Refused(Exception):  # noqa: N818 - an answer, not a mistake
    """The shop said no."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status} {text[:300]}")
        self.status = status


@dataclass(frozen=True)
class VendorShop:
    """A simulated WooCommerce shop by its controls: its staff at their desk. Whatever the version's
    API looks like, there they see the same.
    """

    name: str
    address: str
    version: str
    authority: Path | None = None

    @property
    def shows_numbers(self) -> bool:
        """Whether its API shows what tracking plugins keep: since 3.0."""
        return int(self.version.partition(".")[0]) >= SHOWS_META

    def products(self) -> list[Row]:
        """Every product, of any status, in the order of their ids."""
        return cast("list[Row]", self._call("GET", "desk/products"))

    def variations(self, product_id: int) -> list[Row]:
        return cast("list[Row]", self._call("GET", f"desk/variations?product={product_id}"))

    def orders(self) -> list[Row]:
        return cast("list[Row]", self._call("GET", "desk/orders"))

    def ship(self, order_id: int, parcel: Row | None, goods: Mapping[int, int]) -> None:
        """Packs goods (line id -> units; none: all) and completes the order when all are packed.
        A parcel's number is kept as the shipment tracking plugins do.
        """
        lines = {str(line): units for line, units in goods.items()}
        given = {"order_id": order_id, "tracking": parcel, "lines": lines}
        self._call("POST", "orders/complete", given)

    def sell(self, product: Row, quantity: int) -> None:
        """A sale over the vendor's own counter."""
        self._call("POST", "sell", {"product_id": product["id"], "quantity": quantity})

    def refund(self, order_id: int, goods: Mapping[int, int]) -> None:
        """Pays units (line id -> units) back and puts them back on the shelf."""
        lines = {str(line): units for line, units in goods.items()}
        self._call("POST", "orders/refund", {"order_id": order_id, "lines": lines})

    def requests(self) -> list[Row]:
        """What was asked of the simulated shop."""
        return cast("list[Row]", self._call("GET", "requests"))

    def play(self, control: str, **what: Any) -> Any:
        """What the simulated shop's owner does there by hand (its controls)."""
        return self._call("POST", control, what)

    def _call(self, method: str, path: str, body: Row | None = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        url = f"{self.address}/_sim/{path}"
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(url, content, headers, method=method)  # noqa: S310
        return _json(request, self._trust())

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

    def cancel(self, order_id: str) -> None:
        """The whole order: its goods go back on the shelf, its buyer gets the money back."""
        self._call("POST", "orders/cancel", {"order_id": order_id})

    def refund(self, order: Row, units: int) -> None:
        """So many units of each line, with what they cost."""
        lines = [{"line_id": line["id"], "quantity": units} for line in order["lines"]]
        self._call("POST", "orders/refund", {"order_id": order["id"], "lines": lines})

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
