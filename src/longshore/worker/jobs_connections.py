"""The jobs of connections: the doctor's visits, and keeping webhooks alive."""

from longshore import wiring
from longshore.storage.job_queue import ORDERS, SWEEP
from longshore.storage.repositories.shop_health import Health
from longshore.sync.heal_store import heal_store as _heal_store
from longshore.sync.heal_storefront import heal_storefront as _heal_storefront
from longshore.worker.shops import only_in_use, store_at_work, storefront_at_work
from longshore.worker.task import job


@job("examine_connection", priority=ORDERS)
def examine_connection(*, examination_id: int) -> None:
    wiring.run_examination(examination_id)


@job("examine_store", priority=ORDERS)
def examine_store(*, store_id: int) -> None:
    wiring.examine_store(store_id)


@job("heal_store", priority=SWEEP)
@only_in_use
def heal_store(*, store_id: int) -> None:
    with store_at_work(store_id) as store:
        _heal_store(store, Health(), wiring.clock, store_id=store_id)


@job("heal_storefront", priority=SWEEP)
def heal_storefront(*, marketplace_id: int) -> None:
    with storefront_at_work(marketplace_id) as storefront:
        _heal_storefront(storefront, Health(), wiring.clock, marketplace_id=marketplace_id)
