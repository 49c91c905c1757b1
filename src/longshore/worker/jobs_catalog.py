"""The jobs of catalog and stock: open the shop, call one use case, ask for what follows."""

from longshore import wiring
from longshore.domain.manners import Weight
from longshore.ports.ledger.catalog import Phase
from longshore.ports.storefronts import Storefront
from longshore.storage import work
from longshore.storage.job_queue import CATALOG, STOCK, SWEEP
from longshore.storage.repositories import reading_plan, stock_checks
from longshore.storage.repositories.catalog import Catalog
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.stock_writes import StockWrites
from longshore.sync.check_stock import check_stock as _check_stock
from longshore.sync.import_catalog import import_catalog as _import_catalog
from longshore.sync.poll_products import poll_products
from longshore.sync.pull_orders import pull_orders
from longshore.sync.push_stock import push_stock as _push_stock
from longshore.sync.read_hot_stock import read_hot_stock as _read_hot_stock
from longshore.sync.refresh_products import refresh_products as _refresh_products
from longshore.sync.sweep_stock import sweep_stock as _sweep_stock
from longshore.worker.shops import only_in_use, store_at_work, storefront_at_work
from longshore.worker.task import job
from longshore.worker.turns import turn_of

CHECK_ON_S = 20.0
"""Between two parts of a check: orders and changed stock need Shopify's budget more."""


@job("import_catalog", priority=CATALOG)
@only_in_use
def import_catalog(*, store_id: int) -> None:
    turn = turn_of("import_catalog", store_id)
    with store_at_work(store_id, Weight.HEAVY) as store:
        mark = _import_catalog(store, Catalog(), wiring.clock, store_id=store_id, turn=turn)
    if mark is not None and mark.phase is Phase.DONE:
        _plan(store_id)


@job("refresh_products", priority=STOCK)
@only_in_use
def refresh_products(*, store_id: int) -> None:
    turn = turn_of("refresh_products", store_id)
    with store_at_work(store_id) as store:
        more = _refresh_products(store, Catalog(), wiring.clock, store_id=store_id, turn=turn)
    if more:
        work.refresh_products(store_id)


@job("read_hot_stock", priority=STOCK)
@only_in_use
def read_hot_stock(*, store_id: int) -> None:
    with store_at_work(store_id) as store:
        _read_hot_stock(store, Catalog(), wiring.clock, store_id=store_id)


@job("poll_store", priority=STOCK)
@only_in_use
def poll_store(*, store_id: int) -> None:
    turn = turn_of("poll_store", store_id)
    with store_at_work(store_id, Weight.HEAVY) as store:
        more = poll_products(store, Catalog(), wiring.clock, store_id=store_id, turn=turn)
    if more:
        work.poll_store(store_id)
    else:
        _plan(store_id)


@job("sweep_stock", priority=SWEEP)
@only_in_use
def sweep_stock(*, store_id: int) -> None:
    turn = turn_of("sweep_stock", store_id)
    with store_at_work(store_id, Weight.HEAVY) as store:
        mark = _sweep_stock(store, Catalog(), wiring.clock, store_id=store_id, turn=turn)
    if mark is not None and mark.phase is Phase.DONE:
        _plan(store_id)


@job("push_stock", priority=STOCK)
def push_stock(*, marketplace_id: int) -> None:
    with storefront_at_work(marketplace_id) as storefront:
        orders = Orders(marketplace_id)
        report = _push_stock(
            storefront,
            StockWrites(),
            wiring.clock,
            marketplace_id=marketplace_id,
            catch_up=lambda: _catch_up(storefront, orders),
        )
    if report.left:
        work.push_stock(marketplace_id, in_s=5 if report.stale else None)


@job("check_stock", priority=SWEEP)
def check_stock(*, marketplace_id: int) -> None:
    after = stock_checks.check_after(marketplace_id)
    with storefront_at_work(marketplace_id) as storefront:
        orders = Orders(marketplace_id)
        report = _check_stock(
            storefront,
            stock_checks.StockChecks(),
            wiring.clock,
            marketplace_id=marketplace_id,
            after=after,
            catch_up=lambda: _catch_up(storefront, orders),
        )
    stock_checks.keep_check_after(marketplace_id, report.after)
    if report.after:
        work.check_stock(marketplace_id, in_s=CHECK_ON_S)


def _plan(store_id: int) -> None:
    """How often the store is asked from now on."""
    reading_plan.plan(store_id, wiring.wishes(), wiring.clock.now())


def _catch_up(storefront: Storefront, orders: Orders) -> None:
    """Hears of every sale on Shopify up to now."""
    pull_orders(storefront, orders, wiring.clock, everything=True)
