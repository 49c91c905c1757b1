"""Being a guest in a vendor's shop, as the jobs do it: pauses, quiet hours, limits, load."""

from contextlib import ExitStack
from datetime import time, timedelta

import pytest

from longshore import settings, wiring
from longshore.domain.findings import Finding
from longshore.domain.manners import Weight
from longshore.ports.errors import Rejected, TryLater
from longshore.ports.turns import ENDLESS
from longshore.storage.models import Marketplace, Store, StoreLoad, StoreReading
from longshore.storage.repositories import manners, reading_plan
from longshore.worker.shops import store_at_work
from support.read_store import ReadStore, read_store
from support.walking import hangs

pytestmark = pytest.mark.django_db
HEAVY, LIGHT = Weight.HEAVY, Weight.LIGHT


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> ReadStore:
    """Jobs find it by its id; its clock is theirs."""
    found = read_store(products=150)

    class Opened:
        def __init__(self, _store_id: int) -> None:
            self.store = found.shop.store()

        def __enter__(self):
            return self.store

        def __exit__(self, *_: object) -> None:
            return

    monkeypatch.setattr(wiring, "open_store", Opened)
    monkeypatch.setattr(wiring, "clock", found)
    return found


def visit(store: ReadStore, weight: Weight = HEAVY) -> None:
    with store_at_work(store.pk, weight) as shop:
        shop.read_products([35])


def refuse(store: ReadStore, after: float | None = None) -> None:
    finding = Finding("store_unreachable", {"host": "shop.test"})
    with pytest.raises(TryLater), store_at_work(store.pk) as _shop:
        raise TryLater("down", finding=finding, after=after)


def limit(store: ReadStore, **changes: object) -> None:
    given = {"quiet_from": None, "quiet_to": None, "most_requests_an_hour": 0, **changes}
    manners.change_manners(store.row.marketplace_id, store.pk, store.time, **given)


def test_every_visit_is_counted_in_its_hour(store: ReadStore):
    visit(store)
    visit(store, LIGHT)
    store.forward(hours=1)
    visit(store)
    loads = StoreLoad.objects.order_by("hour").values_list("requests", "jobs")
    assert list(loads) == [(2, 2), (1, 1)]


def test_old_counts_are_forgotten(store: ReadStore):
    visit(store)
    store.forward(days=15)
    visit(store)
    assert manners.forget_old_load(store.time) == 1
    assert StoreLoad.objects.count() == 1


def test_quiet_hours_spare_the_shop_all_but_what_somebody_waits_for(store: ReadStore):
    limit(store, quiet_from=time(11), quiet_to=time(14))  # it is noon, UTC
    with pytest.raises(TryLater) as stopped:
        visit(store, HEAVY)
    assert stopped.value.after == 2 * 3600
    visit(store, LIGHT)
    store.forward(hours=2)
    visit(store, HEAVY)


def test_quiet_hours_are_the_marketplaces_own(store: ReadStore):
    Marketplace.objects.update(timezone="Asia/Tokyo")  # 21:00 there
    limit(store, quiet_from=time(20), quiet_to=time(6))
    with pytest.raises(TryLater) as stopped:
        visit(store, HEAVY)
    assert stopped.value.after == 9 * 3600


def test_the_most_requests_an_hour_are_kept_by_walks_and_polls(store: ReadStore):
    limit(store, most_requests_an_hour=3)
    for _ in range(3):
        visit(store)
    with pytest.raises(TryLater) as stopped:
        visit(store)
    assert stopped.value.after == 3600
    visit(store, LIGHT)
    store.forward(hours=1)
    visit(store)


def test_one_failure_is_chance_and_the_second_keeps_everybody_away(store: ReadStore):
    refuse(store)
    assert manners.wait_for(store.pk, LIGHT, store.time) == timedelta(0)
    refuse(store)
    wait = manners.wait_for(store.pk, LIGHT, store.time)
    assert wait > timedelta(0)
    with pytest.raises(TryLater):
        visit(store, LIGHT)
    store.forward(seconds=wait.total_seconds())
    visit(store, LIGHT)
    assert StoreReading.objects.get().failures == 0


def test_a_pause_that_the_host_asks_for_is_kept_by_every_job(store: ReadStore):
    refuse(store, after=300)
    for weight in (LIGHT, HEAVY):
        assert manners.wait_for(store.pk, weight, store.time) == timedelta(seconds=300)


def test_a_store_that_is_left_alone_is_not_even_asked_for(store: ReadStore):
    store.import_all()
    store.forward(minutes=10)
    visit(store)
    refuse(store, after=300)
    wishes = wiring.wishes()
    assert reading_plan.ask_for_lanes(wishes, store.time) == 0
    store.forward(seconds=300)
    assert reading_plan.ask_for_lanes(wishes, store.time) > 0


def test_slow_shops_take_only_half_of_a_worker(store: ReadStore):
    """A shop that hangs keeps its thread for a minute; many of them must not stop the others."""
    refuse(store)
    StoreReading.objects.update(failures=0, paused_until=None)
    slow, half = store.pk, settings.load().worker_concurrency // 2
    with ExitStack() as stack:
        for _ in range(half):
            stack.enter_context(store_at_work(slow))
        with pytest.raises(TryLater) as stopped, store_at_work(slow):
            pass
        assert stopped.value.after == 5
        StoreReading.objects.update(slow_until=None)
        visit(store)
    StoreReading.objects.update(slow_until=store.time + timedelta(minutes=5))
    visit(store)


def test_a_shop_that_does_not_answer_counts_as_slow_for_a_while(store: ReadStore):
    assert not manners.is_slow(store.pk, store.time)
    refuse(store)
    assert manners.is_slow(store.pk, store.time)
    store.forward(minutes=10)
    assert not manners.is_slow(store.pk, store.time)


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_from": time(22)},
        {"quiet_from": time(22), "quiet_to": time(22)},
        {"most_requests_an_hour": -1},
    ],
)
def test_limits_that_make_no_sense_are_refused(store: ReadStore, wrong: dict):
    with pytest.raises(Rejected):
        limit(store, **wrong)


def test_nobody_limits_a_store_of_another_marketplace(store: ReadStore):
    other = Marketplace.objects.create(name="West")
    with pytest.raises(Rejected):
        manners.change_manners(
            other.pk,
            store.pk,
            store.time,
            quiet_from=None,
            quiet_to=None,
            most_requests_an_hour=1,
        )


def test_a_shop_that_takes_requests_and_never_answers_is_told_within_three_minutes(
    store: ReadStore,
):
    visit(store)
    began = store.time
    store.shop.meddling.append(hangs(lambda seconds: store.forward(seconds=seconds)))
    with pytest.raises(TryLater), store_at_work(store.pk, HEAVY) as shop:
        list(shop.scan_products(None, ENDLESS))
    assert store.time - began <= timedelta(minutes=3)
    assert Store.objects.get().state == "degraded"
    assert "store_unreachable" in store.problems()
    assert StoreReading.objects.get().pace["failing"] >= 2, "the next visit goes on from here"
    store.shop.meddling.clear()
    store.forward(minutes=1)
    visit(store)
    assert Store.objects.get().state == "connected"
    assert "store_unreachable" not in store.problems()
