"""A shop that changes while it is imported (peers.md, section 4): after the sweep that follows, the
hub knows exactly what is there. Nothing lost, nothing twice, no ghost.
"""

from collections.abc import Callable

import httpx2
import pytest

from longshore.ports.errors import TryLater
from longshore.storage.models import VendorProduct
from longshore.storage.repositories.walks import begin_import, begin_sweep
from support.read_store import ReadStore, read_store
from support.walking import answers, at_random, at_requests, cuts, spoils

pytestmark = pytest.mark.django_db
PRODUCTS = 700


def deletes(store: ReadStore) -> None:
    there = sorted(store.shop.ids())
    for number in (*there[5:300:60], there[-3]):
        store.made.delete_product(number, force=True)


def inserts(store: ReadStore) -> None:
    for number in range(5):
        store.made.add_product(name=f"New {number}", regular_price="9.00")


def touches(store: ReadStore) -> None:
    for number in store.made.catalog.product_ids[::3]:
        store.made.edit_product(number, name=f"Touched {number}")


def everything(store: ReadStore) -> None:
    for change in (inserts, deletes, touches):
        change(store)


@pytest.mark.parametrize("change", [deletes, inserts, touches, everything])
def test_after_the_sweep_the_hub_knows_exactly_what_is_there(change: Callable[[ReadStore], None]):
    store = read_store(products=PRODUCTS)
    store.shop.meddling.append(at_requests(3, 6, do=lambda: change(store)))
    before = store.shop.ids()
    store.import_all()
    known = VendorProduct.objects.values_list("product_id", flat=True)
    assert before & store.shop.ids() <= set(known), "what was there all the time is missing"
    store.shop.meddling.clear()
    store.forward(minutes=5)
    store.sweep()
    for _ in range(2):
        store.refresh()
        store.forward(minutes=3)
    there = list(known.filter(absent_since=None))
    assert set(there) == store.shop.ids()
    assert len(there) == len(set(there))


FAULTS = {
    "8 times 503": [answers(*range(4, 12), status=503)],
    "429": [answers(4, 9, status=429, headers={"Retry-After": "1"})],
    "hang": [cuts(4, 5, 11, error=httpx2.ReadTimeout)],
    "truncated": [spoils(4, 9)],
    "one in five": [at_random(0.2, 11)],
}


@pytest.mark.parametrize("name", FAULTS)
def test_so_it_does_of_a_shop_that_fails_while_it_changes(name: str):
    store = read_store(products=PRODUCTS)
    changes = at_requests(3, 8, do=lambda: everything(store))
    store.shop.meddling += [changes, *FAULTS[name]]
    before = store.shop.ids()
    begin_import(store.pk, store.time)
    until_done(store, store.go_on_importing)
    known = VendorProduct.objects.values_list("product_id", flat=True)
    assert before & store.shop.ids() <= set(known), "what was there all the time is missing"
    assert len(known) == len(set(known))
    store.shop.meddling.remove(changes)
    store.forward(minutes=5)
    begin_sweep(store.pk, store.time)
    until_done(store, store.go_on_sweeping)
    for _ in range(2):
        until_done(store, store.refresh)
        store.forward(minutes=3)
    there = list(known.filter(absent_since=None))
    assert sorted(there) == sorted(store.shop.ids())


def until_done(store: ReadStore, work: Callable[[], object]) -> None:
    """As the queue does it: once more after each failure."""
    for _ in range(20):
        try:
            work()
        except TryLater as error:
            store.forward(seconds=error.after or 5)
        else:
            return
    raise AssertionError("it does not end")


def test_answers_that_are_always_old_are_not_asked_for_again_and_again():
    """A proxy says that every answer is ten minutes old: a product that is gone cannot be told from
    one that was gone then, and the job must end all the same.
    """
    store = read_store(products=120)
    store.import_all()
    store.forward(hours=1)
    gone = sorted(store.shop.ids())[3]
    store.made.delete_product(gone, force=True)

    def old(_number: int, request: httpx2.Request) -> httpx2.Response:
        answer = store.shop.simulator.transport().handle_request(request)
        answer.headers["Age"] = "600"
        return answer

    store.shop.meddling.append(old)
    store.sweep()
    before = store.shop.requests
    store.refresh()
    assert store.shop.requests - before <= 4
    assert store.product(gone).absent_since is None
    store.forward(minutes=15)
    store.sweep()
    store.refresh()
    assert store.product(gone).absent_since is not None
