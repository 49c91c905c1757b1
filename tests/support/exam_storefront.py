"""A Shopify shop to be examined, simulated or a development shop, and what its staff does in it."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

from longshore.domain.listing import ListingDraft, ListingVariantDraft, Said, Step, Writing, said_by
from longshore.ports.publishing import ListingWrite, Made
from longshore.ports.storefronts import StockWrite
from longshore.stores import shopify
from longshore.stores.http import GuardedClient
from longshore.stores.shopify.client import ShopifyClient
from longshore.wiring import clock
from simulators.shopify import MORE_SCOPES, ShopSettings
from support.shopify_shop import Shop

STAFF = {
    "order": """
mutation ExamOrder($order: OrderCreateOrderInput!, $options: OrderCreateOptionsInput) {
  orderCreate(order: $order, options: $options) {
    order { id }
    userErrors { field message code }
  }
}""",
    "delete_order": """
mutation ExamOrderDelete($id: ID!) {
  orderDelete(orderId: $id) { deletedId userErrors { field message code } }
}""",
    "delete_product": """
mutation ExamProductDelete($id: ID!) {
  productDelete(input: {id: $id}) { deletedProductId userErrors { field message } }
}""",
}
"""What the hub never does: these documents are the exam's own."""
COST = 30.0
TITLE = "Longshore exam"


@dataclass
class ExamStorefront:
    """`storefront` is ours; what the exam made is taken away by `clean`. `keeps_all`: the shop is
    thrown away as a whole, nothing need be removed.
    """

    client: ShopifyClient
    keeps_all: bool = False
    products: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.storefront = shopify.ShopifyStorefront(self.client)
        self.storefront.prepare()
        self.place = next(one.location_id for one in self.storefront.list_locations() if one.active)
        self.publication = self.storefront.list_publications()[0].publication_id

    def staff(self, name: str, **variables: Any) -> Mapping[str, Any]:
        """One of STAFF; its payload, which must have no userErrors."""
        data, errors = self.client.call_document(name, STAFF[name], variables, COST)
        assert not errors, errors
        (payload,) = data.values()
        assert isinstance(payload, dict)
        assert payload["userErrors"] == []
        return payload

    def write(self, one: ListingDraft, writing: Writing) -> Made:
        writes = [ListingWrite(one, writing)]
        ((_, outcome),) = self.storefront.write_listings(writes, self.publication)
        if isinstance(outcome, Made) and writing.step is Step.SET:
            self.products.append(outcome.product_id)
        assert isinstance(outcome, Made), outcome
        return outcome

    def set(self, one: ListingDraft) -> Made:
        return self.write(one, Writing(Step.SET, said_by(one)))

    def publish(self, one: ListingDraft, made: Made) -> None:
        there = replace(one, product_id=made.product_id)
        self.write(there, Writing(Step.PUBLISH, Said({"on_sale": True})))

    def stocked(self, quantity: int) -> Made:
        """A product of two variants with so many of each at `place`."""
        made = self.set(draft())
        items = [variant.inventory_item_id for variant in made.variants]
        self.storefront.activate_stock(items, self.place)
        rows = [StockWrite(item, self.place, quantity, 0) for item in items]
        assert self.storefront.write_stock(str(uuid4()), rows).written == (0, 1)
        return made

    def order(self, made: Made, *quantities: int) -> str:
        """A paid test order that takes its goods from stock; nobody gets a mail."""
        lines = [
            {"variantId": variant.variant_id, "quantity": units}
            for variant, units in zip(made.variants, quantities, strict=False)
        ]
        address = {"firstName": "Ada", "lastName": "Exam", "address1": "Street 1",
                   "city": "Praha", "zip": "11000", "countryCode": "CZ"}  # fmt: skip
        payload = self.staff(
            "order",
            order={"lineItems": lines, "test": True, "financialStatus": "PAID",
                   "shippingAddress": address, "email": "exam@example.com"},
            options={"inventoryBehaviour": "DECREMENT_OBEYING_POLICY", "sendReceipt": False,
                     "sendFulfillmentReceipt": False},
        )  # fmt: skip
        self.orders.append(payload["order"]["id"])
        return self.orders[-1]

    def clean(self) -> None:
        if not self.keeps_all:
            for gid in self.orders:
                self.staff("delete_order", id=gid)
        for gid in dict.fromkeys(self.products):
            self.staff("delete_product", id=gid)
        self.orders.clear()
        self.products.clear()


def draft(sizes: tuple[str, ...] = ("S", "M"), **changes: Any) -> ListingDraft:
    variants = tuple(
        ListingVariantDraft(
            key=number, variant_id=None, options=(("Size", size),), sku=f"EXAM-{size}", barcode="",
            price=Decimal("12.50"), compare_at=None, tracked=True, oversell=False,
            weight=Decimal("0.4"), image_url="",
        )
        for number, size in enumerate(sizes)
    )  # fmt: skip
    made = ListingDraft(
        uuid=str(uuid4()), product_id=None, title=TITLE, description_html="<p>Blue</p>",
        vendor=TITLE, product_type="Mugs", tags=("exam",), option_names=("Size",), images=(),
        variants=variants,
    )  # fmt: skip
    return replace(made, **changes)


@contextmanager
def simulated_storefront() -> Iterator[ExamStorefront]:
    shop = Shop(ShopSettings(scopes=MORE_SCOPES))
    yield ExamStorefront(shop.client, keeps_all=True)
    shop.simulator.close()


@contextmanager
def development_shop() -> Iterator[ExamStorefront]:
    """The shop that the environment names: LONGSHORE_EXAM_SHOPIFY_SHOP (its myshopify.com name)
    with _TOKEN, or with _CLIENT_ID and _CLIENT_SECRET. The app needs `write_orders` beside the
    hub's own scopes.
    """
    said: Callable[[str], str] = lambda name: os.environ.get(  # noqa: E731 - three times
        f"LONGSHORE_EXAM_SHOPIFY_{name}", ""
    )
    access = shopify.StorefrontAccess(
        said("SHOP"), said("CLIENT_ID"), said("CLIENT_SECRET"), said("TOKEN")
    )
    with GuardedClient() as http:
        client = ShopifyClient(access, http, shopify.MemoryTokens(), shopify.MemoryBudget(), clock)
        yield ExamStorefront(client)
