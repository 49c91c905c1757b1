"""Going live: what the first run will do, the switch itself, and orders routed by hand."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from longshore.domain.orders import Payment
from longshore.ports.errors import NeedsOperator, Rejected
from longshore.storage import work
from longshore.storage.models import (
    Marketplace,
    RoutingState,
    Store,
    Storefront,
    StoreState,
    Vendor,
)
from longshore.storage.models import StorefrontOrder as OrderRow
from longshore.storage.queries.tallies import counts
from longshore.storage.repositories.routing import route_by_hand as _route_by_hand


@dataclass(frozen=True, slots=True)
class GoLivePreview:
    """What going live means now. `orders_left` are paid orders from before, which are sent only by
    hand; `blocked` says in words why it cannot be done, empty when it can.
    """

    vendors: int
    vendors_without_store: tuple[str, ...]
    stores_broken: tuple[str, ...]
    listings_published: int
    listings_in_review: int
    stock_lines: int
    stock_lines_behind: int
    orders_left: int
    live_since: datetime | None
    blocked: str


def preview(marketplace_id: int) -> GoLivePreview:
    """Reads only."""
    marketplace = Marketplace.objects.get(pk=marketplace_id)
    vendors = Vendor.objects.filter(marketplace_id=marketplace_id, active=True)
    stores = Store.objects.filter(marketplace_id=marketplace_id)
    kept = counts(marketplace_id, ["listing", "line"])
    waiting = OrderRow.objects.filter(
        marketplace_id=marketplace_id, routing=RoutingState.WAITING, payment=Payment.PAID
    )
    return GoLivePreview(
        vendors=vendors.count(),
        vendors_without_store=tuple(
            vendors.filter(stores__isnull=True).values_list("name", flat=True)
        ),
        stores_broken=tuple(
            stores.filter(state=StoreState.BROKEN).values_list("base_url", flat=True)
        ),
        listings_published=kept["listing"].of("published|*|*|*"),
        listings_in_review=kept["listing"].of("review|*|*|*"),
        stock_lines=kept["line"].of("1|*|*|*|*"),
        stock_lines_behind=kept["line"].of("1|1|*|*|*"),
        orders_left=waiting.count(),
        live_since=marketplace.live_since,
        blocked=_blocked(marketplace_id),
    )


def _blocked(marketplace_id: int) -> str:
    if not Storefront.objects.filter(marketplace_id=marketplace_id).exists():
        return "Connect the Shopify shop first."
    if not Store.objects.filter(marketplace_id=marketplace_id).exists():
        return "Connect at least one vendor's shop first."
    return ""


@transaction.atomic
def go_live(marketplace_id: int, at: datetime) -> None:
    """From now on new orders are routed by themselves. Raises NeedsOperator when something that is
    needed is missing; does nothing when it is live already.
    """
    blocked = _blocked(marketplace_id)
    if blocked:
        raise NeedsOperator(blocked)
    live = Marketplace.objects.filter(pk=marketplace_id, live_since__isnull=True)
    # Shopify's times have no fractions: an order of the same second is a new one.
    if live.update(live_since=at.replace(microsecond=0)):
        work.pull_orders(marketplace_id)
        work.heal_storefront(marketplace_id)
        for store_id in Store.objects.filter(marketplace_id=marketplace_id).values_list("pk"):
            work.heal_store(store_id[0])


@transaction.atomic
def route_by_hand(marketplace_id: int, order_id: int, at: datetime) -> None:
    """Sends an order that waits. Raises Rejected with the reason when it may not be sent."""
    row = (
        OrderRow.objects.select_for_update(no_key=True)
        .filter(marketplace_id=marketplace_id, pk=order_id)
        .first()
    )
    if row is None:
        raise Rejected("There is no such order.")
    if row.routing != RoutingState.WAITING:
        raise Rejected(f"{row.name} was sent already.")
    if row.erased_at is not None:
        raise Rejected(f"{row.name} cannot be sent any more: its address was erased.")
    _route_by_hand(row, at)
    if row.routing == RoutingState.WAITING:
        raise Rejected(f"{row.name} cannot be sent now: {row.waits_for}.")
