"""A Shopify shop as a `Storefront`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from longshore.domain.fulfillment import FulfillmentCall
from longshore.domain.orders import StorefrontOrder
from longshore.domain.tracking import Tracking
from longshore.ports.storefronts import (
    ChangedOrders,
    ListingDraft,
    Location,
    Publication,
    PublishedListing,
    StockWrite,
    StockWriteReport,
    StorefrontFacts,
    StorefrontFulfillment,
    VariantSwitch,
)
from longshore.stores.shopify import (
    facts,
    fulfillment,
    orders,
    products,
    stock,
    webhook_setup,
)
from longshore.stores.shopify.client import Json, ShopifyClient


class ShopifyStorefront:
    """Implements `ports.storefronts.Storefront`."""

    def __init__(self, client: ShopifyClient) -> None:
        self._client = client

    def read_facts(self) -> StorefrontFacts:
        return facts.read_facts(self._client)

    def list_locations(self) -> Sequence[Location]:
        return facts.list_locations(self._client)

    def add_location(self, name: str, country: str) -> Location:
        return facts.add_location(self._client, name, country)

    def list_publications(self) -> Sequence[Publication]:
        return facts.list_publications(self._client)

    def prepare(self) -> None:
        products.prepare(self._client)

    def publish_listing(self, draft: ListingDraft, publication_id: str) -> PublishedListing:
        return products.publish(self._client, draft, publication_id)

    def unpublish_listing(self, product_id: str, publication_id: str) -> None:
        products.unpublish(self._client, product_id, publication_id)

    def update_linked(self, product_id: str, changes: Json) -> None:
        products.update_linked(self._client, product_id, changes)

    def activate_stock(self, inventory_item_ids: Sequence[str], location_id: str) -> None:
        stock.activate(self._client, inventory_item_ids, location_id)

    def switch_tracking(self, switches: Sequence[VariantSwitch]) -> Mapping[str, str]:
        return stock.switch(self._client, switches)

    def read_stock(
        self, inventory_item_ids: Sequence[str], location_id: str
    ) -> Mapping[str, int | None]:
        return stock.read(self._client, inventory_item_ids, location_id)

    def write_stock(self, key: str, rows: Sequence[StockWrite]) -> StockWriteReport:
        return stock.write(self._client, key, rows)

    def changed_orders(self, since: datetime, cursor: str | None) -> ChangedOrders:
        return orders.changed(self._client, since, cursor)

    def read_order(self, order_id: str) -> StorefrontOrder | None:
        return orders.read(self._client, order_id)

    def read_fulfillments(self, order_id: str) -> Sequence[StorefrontFulfillment]:
        return fulfillment.read(self._client, order_id)

    def fulfill(self, call: FulfillmentCall, tracking: Tracking | None, *, notify: bool) -> str:
        return fulfillment.fulfill(self._client, call, tracking, notify=notify)

    def update_tracking(self, fulfillment_id: str, tracking: Tracking, *, notify: bool) -> None:
        fulfillment.update_tracking(self._client, fulfillment_id, tracking, notify=notify)

    def ensure_webhooks(self, topics: Sequence[str], url: str) -> Sequence[str]:
        return webhook_setup.ensure(self._client, topics, url)
