"""What Shopify must look like in the end, told by the shops themselves and by the auditor's table.
Nothing here knows the hub: no import of it, no row of its database.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import httpx2

from simulators.market.audit import Findings, audit_catalog
from simulators.shopify import Simulator as ShopifySimulator
from simulators.woocommerce import Simulator as WooCommerceSimulator

PER_PAGE = 100
ORDER_NAME = re.compile(r"#\d+")


@dataclass(frozen=True)
class VendorEyes:
    """A vendor's shop as its owner sees it, by WooCommerce's own API."""

    name: str
    simulator: WooCommerceSimulator

    def products(self) -> list[dict[str, Any]]:
        return self._all("products")

    def variations(self, product_id: int) -> list[dict[str, Any]]:
        return self._all(f"products/{product_id}/variations")

    def orders(self) -> list[dict[str, Any]]:
        return self._all("orders")

    def _all(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        key = (self.simulator.key, self.simulator.secret)
        with httpx2.Client(transport=self.simulator.transport(), auth=key) as client:
            for page in range(1, 100):
                params = {"per_page": PER_PAGE, "page": page, "orderby": "id", "order": "asc"}
                address = f"{self.simulator.address}/wp-json/wc/v3/{path}"
                rows = client.get(address, params=params).raise_for_status().json()
                found += rows
                if len(rows) < PER_PAGE:
                    return found
        raise AssertionError("the shop has no end")


def differences(front: ShopifySimulator, vendors: list[VendorEyes]) -> list[str]:
    """Everything on Shopify that is not as the vendors' shops say, and orders made more than once.
    In a shop at rest every unit that was sold is in the vendor's own stock already.
    """
    with httpx2.Client(transport=httpx2.WSGITransport(app=front.app)) as client:
        state = client.get("http://shop.test/_sim/state").raise_for_status().json()
    found = Findings()
    audit_catalog(found, state, vendors)
    names = {order["name"] for order in state["orders"]}
    for vendor in vendors:
        sent = Counter(
            name
            for order in vendor.orders()
            for name in set(ORDER_NAME.findall(order["customer_note"])) & names
        )
        found.problems += [
            f"{vendor.name} got {name} {n} times" for name, n in sent.items() if n > 1
        ]
    return found.problems
