"""A Shopify shop as a `Storefront`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from longshore.domain.fulfillment import FulfillmentCall
from longshore.domain.listing import Step
from longshore.domain.orders import FulfillmentOrder
from longshore.domain.tracking import Tracking
from longshore.ports.publishing import (
    BulkProgress,
    ListingRef,
    ListingWrite,
    ShownListing,
    WriteOutcome,
)
from longshore.ports.storefronts import (
    ChangedOrders,
    FoundOrders,
    Location,
    Publication,
    StockWrite,
    StockWriteReport,
    StorefrontFacts,
    StorefrontFulfillment,
    VariantSwitch,
)
from longshore.stores.shopify import (
    bulk,
    facts,
    fulfillment,
    listings,
    orders,
    stock,
    webhook_setup,
)
from longshore.stores.shopify.client import ShopifyClient


class ShopifyStorefront:
    """Implements `ports.storefronts.Storefront`."""

    def __init__(self, client: ShopifyClient) -> None:
        self._client = client

    @property
    def requests_made(self) -> int:
        return self._client.requests_made

    def read_facts(self) -> StorefrontFacts:
        return facts.read_facts(self._client)

    def list_locations(self) -> Sequence[Location]:
        return facts.list_locations(self._client)

    def add_location(self, name: str, country: str) -> Location:
        return facts.add_location(self._client, name, country)

    def list_publications(self) -> Sequence[Publication]:
        return facts.list_publications(self._client)

    def prepare(self) -> None:
        listings.prepare(self._client)

    def write_listings(
        self, writes: Sequence[ListingWrite], publication_id: str
    ) -> Iterator[tuple[int, WriteOutcome]]:
        return listings.write(self._client, writes, publication_id)

    def begin_bulk(
        self, mark: str, step: Step, writes: Iterable[ListingWrite], publication_id: str
    ) -> tuple[str, int]:
        return bulk.begin(self._client, mark, step, writes, publication_id)

    def begin_reading(self, mark: str, publication_id: str) -> str:
        return bulk.begin_reading(self._client, mark, publication_id)

    def find_bulk(self, mark: str) -> str | None:
        return bulk.find(self._client, mark)

    def bulk_progress(self, operation_id: str) -> BulkProgress:
        return bulk.progress(self._client, operation_id)

    def bulk_outcomes(
        self, progress: BulkProgress, step: Step
    ) -> Iterator[tuple[int, WriteOutcome]]:
        return bulk.outcomes(self._client, progress, step)

    def bulk_listings(self, progress: BulkProgress) -> Iterator[ShownListing]:
        return bulk.listings(self._client, progress)

    def read_listings(
        self, refs: Sequence[ListingRef], publication_id: str
    ) -> Mapping[str, ShownListing]:
        return listings.read(self._client, refs, publication_id)

    def image_errors(self, media_ids: Sequence[str]) -> Mapping[str, str | None]:
        return listings.image_errors(self._client, media_ids)

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

    def read_orders(self, order_ids: Sequence[str]) -> FoundOrders:
        return orders.read(self._client, order_ids)

    def read_work(self, order_ids: Sequence[str]) -> Mapping[str, Sequence[FulfillmentOrder]]:
        return orders.work(self._client, order_ids)

    def read_fulfillments(self, order_id: str) -> Sequence[StorefrontFulfillment]:
        return fulfillment.read(self._client, order_id)

    def fulfill(self, call: FulfillmentCall, tracking: Tracking | None, *, notify: bool) -> str:
        return fulfillment.fulfill(self._client, call, tracking, notify=notify)

    def update_tracking(self, fulfillment_id: str, tracking: Tracking, *, notify: bool) -> None:
        fulfillment.update_tracking(self._client, fulfillment_id, tracking, notify=notify)

    def ensure_webhooks(self, topics: Sequence[str], url: str) -> Sequence[str]:
        return webhook_setup.ensure(self._client, topics, url)
