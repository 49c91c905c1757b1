from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from longshore import settings
from longshore.storage import due_work
from longshore.storage.models import (
    Hint,
    HintKind,
    Marketplace,
    Scan,
    Store,
    Storefront,
    StoreState,
    Vendor,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    marketplace = Marketplace.objects.create(name="Harbor")
    vendor = Vendor.objects.create(marketplace=marketplace, name="Kiln")
    return Store.objects.create(
        marketplace=marketplace,
        vendor=vendor,
        base_url="https://kiln.example",
        products_read_to=NOW,
    )


def jobs() -> list[str]:
    return sorted(ProcrastinateJob.objects.values_list("task_name", flat=True))


def test_a_new_store_is_due_for_everything_once(store: Store):
    due_work.ask_for_polls(settings.load(), NOW)
    everything = ["examine_store", "heal_store", "poll_store", "pull_shipments", "sweep_stock"]
    assert jobs() == everything
    ProcrastinateJob.objects.all()._raw_delete("default")
    due_work.ask_for_polls(settings.load(), NOW + timedelta(seconds=1))
    assert jobs() == []


def test_each_poll_comes_back_after_its_own_interval(store: Store):
    env = settings.load()
    due_work.ask_for_polls(env, NOW)
    ProcrastinateJob.objects.all()._raw_delete("default")
    due_work.ask_for_polls(env, NOW + timedelta(seconds=env.delta_interval_s))
    assert "poll_store" in jobs()
    assert "sweep_stock" not in jobs()


@pytest.mark.parametrize("state", [StoreState.PAUSED, StoreState.HELD])
def test_a_store_that_waits_for_a_person_is_left_alone(store: Store, state: StoreState):
    Store.objects.update(state=state)
    due_work.ask_for_polls(settings.load(), NOW)
    assert jobs() == []


def test_only_the_doctor_visits_a_broken_store(store: Store):
    Store.objects.update(state=StoreState.BROKEN)
    due_work.ask_for_polls(settings.load(), NOW)
    assert jobs() == ["examine_store"]


def test_a_degraded_store_is_worked_with(store: Store):
    Store.objects.update(state=StoreState.DEGRADED)
    due_work.ask_for_polls(settings.load(), NOW)
    assert "poll_store" in jobs()


def test_a_storefront_is_polled_for_orders(store: Store):
    Storefront.objects.create(marketplace=store.marketplace, shop_domain="x.myshopify.com")
    due_work.ask_for_polls(settings.load(), NOW)
    assert {"pull_orders", "heal_storefront"} <= set(jobs())


def test_what_a_dead_job_left_over_is_asked_for_again(store: Store):
    Scan.objects.create(
        marketplace=store.marketplace, store=store, kind="full", started_at=NOW, cursor="x"
    )
    Hint.objects.create(
        marketplace=store.marketplace,
        source=f"store:{store.pk}",
        kind=HintKind.PRODUCT,
        resource_id="3",
        noted_at=NOW,
    )
    due_work.ask_for_leftovers(NOW)
    assert jobs() == ["import_catalog", "refresh_products"]
