"""The jobs of orders and shipments: open the shop, call one use case, ask for what follows."""

from datetime import timedelta

from longshore import settings, wiring
from longshore.storage import work
from longshore.storage.job_queue import ORDERS, STOCK
from longshore.storage.models import Storefront
from longshore.storage.repositories.fulfillments import Shipments
from longshore.storage.repositories.orders import SHARES, Orders
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from longshore.storage.repositories.shipments import StoreOrders
from longshore.storage.repositories.shop_health import takes_orders
from longshore.storage.repositories.trials import Trials
from longshore.sync.fulfill_shipment import fulfill_shipments as _fulfill_shipments
from longshore.sync.place_purchase_order import place_purchase_orders as _place_purchase_orders
from longshore.sync.pull_orders import ORDERS_AT_ONCE, follow_hints
from longshore.sync.pull_orders import pull_orders as _pull_orders
from longshore.sync.pull_shipments import pull_shipments as _pull_shipments
from longshore.sync.send_trial_order import send_trial_order as _send_trial_order
from longshore.worker.shops import only_in_use, store_at_work, storefront_at_work
from longshore.worker.task import job


@job("pull_orders", priority=ORDERS)
def pull_orders(*, marketplace_id: int) -> None:
    if not Storefront.objects.filter(marketplace_id=marketplace_id).exists():
        return
    orders = Orders(marketplace_id)
    if len(orders.hints()) > ORDERS_AT_ONCE:
        for share in range(1, SHARES):
            work.follow_orders(marketplace_id, share)
        orders = Orders(marketplace_id, share=0)
    with storefront_at_work(marketplace_id) as storefront:
        _pull_orders(storefront, orders, wiring.clock)
    if orders.hints():
        work.pull_orders(marketplace_id)


@job("follow_orders", priority=ORDERS)
def follow_orders(*, marketplace_id: int, share: int) -> None:
    if not Storefront.objects.filter(marketplace_id=marketplace_id).exists():
        return
    orders = Orders(marketplace_id, share)
    with storefront_at_work(marketplace_id) as storefront:
        follow_hints(storefront, orders, wiring.clock, orders.hints())
    if orders.hints():
        work.pull_orders(marketplace_id)


@job("place_purchase_orders", priority=ORDERS)
def place_purchase_orders(*, store_id: int) -> None:
    if not takes_orders(store_id):
        return
    timeout = timedelta(seconds=settings.load().store_timeout_s)
    with store_at_work(store_id) as store:
        more = _place_purchase_orders(
            store, PurchaseOrders(store_id), wiring.clock, request_timeout=timeout
        )
    if more:
        work.place_purchase_orders(store_id)


@job("send_trial_orders", priority=ORDERS)
def send_trial_orders(*, store_id: int) -> None:
    trials = Trials(store_id)
    if not takes_orders(store_id):
        trials.give_up(wiring.clock.now())
        return
    timeout = timedelta(seconds=settings.load().store_timeout_s)
    with store_at_work(store_id) as store:
        _send_trial_order(store, trials, wiring.clock, request_timeout=timeout)


@job("pull_shipments", priority=ORDERS)
@only_in_use
def pull_shipments(*, store_id: int) -> None:
    with store_at_work(store_id) as store:
        _pull_shipments(store, StoreOrders(store_id), wiring.clock)


@job("send_reminder", priority=STOCK)
def send_reminder(*, part_id: int) -> None:
    wiring.send_reminder(part_id)


@job("send_news", priority=STOCK)
def send_news(*, part_id: int) -> None:
    wiring.send_news(part_id)


@job("fulfill_shipments", priority=ORDERS)
def fulfill_shipments(*, marketplace_id: int) -> None:
    with storefront_at_work(marketplace_id) as storefront:
        _fulfill_shipments(storefront, Shipments(marketplace_id), wiring.clock)
