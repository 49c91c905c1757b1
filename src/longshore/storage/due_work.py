"""What is due: the polls whose interval has passed, and work that was left over (a job that gave
up, a machine that stopped). Asking twice is harmless, every job is queued once.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet

from longshore.domain.health import look_again_after
from longshore.domain.lanes import Wishes
from longshore.domain.orders import PurchaseOrderState, PutBack
from longshore.settings import Settings
from longshore.storage import listing_work, work
from longshore.storage.models import (
    IN_USE,
    Hint,
    HintKind,
    ListingVariant,
    PurchaseOrder,
    PurchaseOrderLine,
    RoutingState,
    Scan,
    ScanPhase,
    Shipment,
    ShipmentState,
    Store,
    Storefront,
    StorefrontOrder,
    StorefrontState,
    StoreState,
    TrialOrder,
)
from longshore.storage.repositories import unreadable_orders
from longshore.storage.repositories.hints import look_at_orders_again
from longshore.storage.repositories.purchase_work import to_cancel, to_tell
from longshore.storage.repositories.reading_plan import ask_for_lanes
from longshore.storage.repositories.trials import due as trial_due

HEAL_EVERY_S = 3600.0
HEAL_BROKEN_EVERY_S = 300.0
EXAMINE_EVERY_S = 24 * 3600.0
COMPARE_EVERY_S = 6 * 3600.0
CHECK_STOCK_EVERY_S = 3600.0
_WAITING = (
    PurchaseOrderState.PENDING,
    PurchaseOrderState.SENDING,
    PurchaseOrderState.UNCERTAIN,
)


def ask_for_polls(settings: Settings, now: datetime) -> int:
    """Asks for every poll whose interval has passed; returns how many."""
    stores = Store.objects.filter(state__in=IN_USE)
    shops = Storefront.objects.filter(state=StorefrontState.READY)
    broken_shops = Storefront.objects.filter(state=StorefrontState.BROKEN)
    wishes = Wishes(
        timedelta(seconds=settings.delta_interval_s), timedelta(seconds=settings.sweep_interval_s)
    )
    asked = ask_for_lanes(wishes, now)
    polls: list[tuple[work.Request, list[int]]] = [
        (
            work.pull_shipments,
            _due(stores, "orders_polled_at", settings.open_orders_interval_s, now),
        ),
        (work.heal_store, _due(stores, "healed_at", HEAL_EVERY_S, now)),
        (work.examine_store, _due(stores, "examined_at", EXAMINE_EVERY_S, now)),
        (work.examine_store, _to_look_at_again(now)),
        (work.review_listings, listing_work.prices_that_change(now)),
        (
            work.pull_orders,
            _due(shops, "orders_polled_at", settings.storefront_poll_interval_s, now),
        ),
        (work.heal_storefront, _due(shops, "healed_at", HEAL_EVERY_S, now)),
        (work.heal_storefront, _due(broken_shops, "healed_at", HEAL_BROKEN_EVERY_S, now)),
        (work.compare_storefront, _due(shops, "compared_at", COMPARE_EVERY_S, now)),
        (work.check_stock, _due(shops, "stock_checked_at", CHECK_STOCK_EVERY_S, now)),
    ]
    return asked + sum(ask(owner) for ask, owners in polls for owner in owners)


def _due(
    rows: "QuerySet[Store] | QuerySet[Storefront]", mark: str, every_s: float, now: datetime
) -> list[int]:
    """Moves the mark of rows whose interval has passed; returns store or marketplace ids."""
    late = Q(**{f"{mark}__isnull": True}) | Q(**{f"{mark}__lte": now - timedelta(seconds=every_s)})
    column = "id" if rows.model is Store else "marketplace_id"
    with transaction.atomic():
        found = rows.filter(late).select_for_update(skip_locked=True, no_key=True)
        ids = dict(found.values_list("id", column))
        rows.model._base_manager.filter(pk__in=list(ids)).update(**{mark: now})  # noqa: SLF001
    return list(ids.values())


def _to_look_at_again(now: datetime) -> list[int]:
    """Stores out of use at which the doctor should look again."""
    rows = Store.objects.filter(state=StoreState.BROKEN)
    marks = rows.values_list("pk", "state_since", "examined_at")
    return [
        store_id
        for store_id, since, examined_at in marks
        if examined_at is None or now - examined_at >= look_again_after(now - (since or now))
    ]


def ask_for_leftovers(now: datetime) -> int:
    """Asks for work that should have been done already; returns how many jobs were missing. Shops
    out of use are left alone until they are healed; then their work goes on.
    """
    asked = 0
    scans = Scan.objects.filter(phase__in=_OPEN_SCANS, kind="full", **_STORE_IN_USE)
    for store_id in _ids(scans, "store_id"):
        asked += work.import_catalog(store_id)
    waiting = PurchaseOrder.objects.filter(state__in=_WAITING, **_STORE_IN_USE)
    ready = waiting.filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=now))
    uncanceled = PurchaseOrder.objects.filter(to_cancel() | to_tell(), **_STORE_IN_USE)
    for store_id in sorted(
        {*_ids(ready, "store_id"), *_ids(uncanceled, "store_id"), *_to_put_back()}
    ):
        asked += work.place_purchase_orders(store_id)
    for store_id in _ids(TrialOrder.objects.filter(trial_due(now), **_STORE_IN_USE), "store_id"):
        asked += work.send_trial_orders(store_id)
    let_go(now)
    unreadable_orders.ask_again(now)
    return asked + _ask_for_storefront_leftovers(now) + _ask_for_hints()


def let_go(now: datetime) -> int:
    """Orders whose hold is over, or that wait for something Shopify does not tell by itself, are
    looked at again, as they are on Shopify then.
    """
    rows = StorefrontOrder.objects.filter(routing=RoutingState.WAITING)
    over = rows.annotate(
        until=ExpressionWrapper(
            F("created_in_shop") + F("marketplace__hold_minutes") * timedelta(minutes=1),
            output_field=DateTimeField(),
        )
    ).filter(Q(waits_for="hold", until__lte=now) | Q(look_at__lte=now))
    held = list(over.values_list("marketplace_id", "order_gid"))
    look_at_orders_again(held, now)
    return len(held)


def _to_put_back() -> list[int]:
    """Stores on whose shelf goods of canceled orders are to be put back."""
    rows = PurchaseOrderLine.objects.filter(
        put_back__in=[PutBack.DUE, PutBack.BEGUN], purchase_order__store__state__in=IN_USE
    )
    return list(rows.values_list("purchase_order__store_id", flat=True).distinct())


def _ask_for_storefront_leftovers(now: datetime) -> int:
    asked = 0
    ready = Storefront.objects.filter(state=StorefrontState.READY).values("marketplace_id")
    shipments = Shipment.objects.filter(
        Q(state__in=[ShipmentState.FOUND, ShipmentState.SENDING])
        | Q(state=ShipmentState.FULFILLED, correction=True),
        Q(next_try_at=None) | Q(next_try_at__lte=now),
        marketplace_id__in=ready,
    )
    for owner in _ids(shipments, "marketplace_id"):
        asked += work.fulfill_shipments(owner)
    for owner in listing_work.unpublished(ready, now):
        asked += work.publish_listings(owner)
    lines = ListingVariant.objects.filter(stock_dirty=True, marketplace_id__in=ready)
    for owner in _ids(lines, "marketplace_id"):
        asked += work.push_stock(owner)
    return asked


_STORE_IN_USE = {"store__state__in": IN_USE}
STORE_HINTS = frozenset({HintKind.PRODUCT, HintKind.STORE_ORDER})
_OPEN_SCANS = (ScanPhase.PRODUCTS, ScanPhase.VARIANTS)


def _ask_for_hints() -> int:
    asked = 0
    broken = set(Store.objects.exclude(state__in=IN_USE).values_list("pk", flat=True))
    rows = Hint.objects.values_list("source", "kind", "marketplace_id").distinct()
    for source, kind, marketplace_id in rows:
        owner = int(source.partition(":")[2])
        if kind in STORE_HINTS and owner in broken:
            continue
        if kind == HintKind.PRODUCT:
            asked += work.refresh_products(owner)
        elif kind == HintKind.STORE_ORDER:
            asked += work.pull_shipments(owner)
        elif kind == HintKind.STOREFRONT_ORDER:
            asked += work.pull_orders(marketplace_id)
        elif kind == HintKind.STOREFRONT_PRODUCT:
            asked += work.compare_listings(marketplace_id)
    return asked


def _ids(rows: "QuerySet[Any]", column: str) -> list[int]:
    return list(rows.order_by(column).values_list(column, flat=True).distinct())
