"""The shops as jobs open them: what goes wrong in a shop is noted on it, whatever the job was."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps

from longshore import settings, wiring
from longshore.domain.manners import Weight
from longshore.ports.errors import LongshoreError, TryLater
from longshore.ports.storefronts import Storefront
from longshore.ports.stores import VendorStore
from longshore.storage.repositories import manners, shop_health

PLACE_AGAIN_S = 5.0


@contextmanager
def store_at_work(store_id: int, weight: Weight = Weight.LIGHT) -> Iterator[VendorStore]:
    """A store for the length of one job. Raises TryLater while the store is to be left alone: its
    host asked for a pause, or it is spared now, or too many slow shops are asked already.
    """
    wait = manners.wait_for(store_id, weight, wiring.clock.now())
    if wait:
        raise TryLater("The shop is left alone for a while.", after=wait.total_seconds())
    with _place_for(store_id), _noted(store_id) as store:
        yield store


@cache
def _slow_places() -> threading.BoundedSemaphore:
    """Half of this worker's threads: slow and silent shops must not keep the others waiting."""
    return threading.BoundedSemaphore(max(1, settings.load().worker_concurrency // 2))


@contextmanager
def _place_for(store_id: int) -> Iterator[None]:
    if not manners.is_slow(store_id, wiring.clock.now()):
        yield
        return
    places = _slow_places()
    if not places.acquire(blocking=False):
        raise TryLater("Enough slow shops are asked at this moment.", after=PLACE_AGAIN_S)
    try:
        yield
    finally:
        places.release()


@contextmanager
def _noted(store_id: int) -> Iterator[VendorStore]:
    began = wiring.clock.monotonic()
    failed_before = False
    with wiring.open_store(store_id) as store:
        try:
            yield store
        except LongshoreError as error:
            manners.note_failure(store_id, error, wiring.clock.now())
            shop_health.note_store_trouble(store_id, error, wiring.clock.now())
            raise
        finally:
            seconds = wiring.clock.monotonic() - began
            at = wiring.clock.now()
            failed_before = manners.note_visit(store, store_id, seconds, at)
        if failed_before:
            manners.note_success(store_id)
        shop_health.note_store_answer(store_id, wiring.clock.now())


@contextmanager
def storefront_at_work(marketplace_id: int) -> Iterator[Storefront]:
    """The storefront for the length of one job."""
    try:
        with wiring.open_storefront(marketplace_id) as storefront:
            yield storefront
    except LongshoreError as error:
        shop_health.note_storefront_trouble(marketplace_id, error, wiring.clock.now())
        raise


def only_in_use(job: Callable[..., None]) -> Callable[..., None]:
    """A store's job that waits, undone, while the store is out of use: when it comes back, its
    work is asked for again.
    """

    @wraps(job)
    def guarded(*, store_id: int) -> None:
        if shop_health.in_use(store_id):
            job(store_id=store_id)

    return guarded
