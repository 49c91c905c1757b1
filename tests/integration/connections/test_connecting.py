"""Connecting with the real doctor, the real ledgers and simulated shops."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from longshore.domain.health import GRACE, SOONEST
from longshore.ports.errors import Rejected
from longshore.ports.ledger.connections import Outcome
from longshore.ports.turns import ENDLESS
from longshore.storage import due_work
from longshore.storage.models import (
    ListingVariant,
    Marketplace,
    OpenFinding,
    Store,
    StoreState,
    Vendor,
    VendorProduct,
)
from longshore.storage.repositories import examinations, shop_health
from longshore.storage.repositories.catalog import Catalog
from longshore.storage.repositories.examinations import Asked
from longshore.sync.import_catalog import import_catalog
from longshore.sync.sweep_stock import sweep_stock
from support.doorway import Doorway, new_shop
from support.harbor import make_harbor

pytestmark = pytest.mark.django_db
ADDRESS = "https://kiln.test"


@dataclass
class HandClock:
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


@pytest.fixture
def vendor() -> Vendor:
    marketplace = Marketplace.objects.create(name="Harbor")
    return Vendor.objects.create(marketplace=marketplace, name="Kiln")


@pytest.fixture
def door() -> Doorway:
    return Doorway(HandClock(), new_shop())


def codes(store_id: int) -> set[str]:
    rows = OpenFinding.objects.filter(subject=f"store:{store_id}", resolved_at=None)
    return set(rows.values_list("code", flat=True))


def connected(door: Doorway, vendor: Vendor) -> Store:
    attempted = door.connect(vendor, door.shop.key, door.shop.secret)
    assert attempted.outcome is Outcome.CONNECTED
    door.import_catalog(attempted.store_id)
    return Store.objects.get(pk=attempted.store_id)


def test_a_shop_is_connected_on_what_the_doctor_learned(door: Doorway, vendor: Vendor):
    store = connected(door, vendor)
    assert (store.base_url, store.currency, store.state) == (ADDRESS, "EUR", "connected")
    assert store.profile["dialect"] == "wc/v3"
    assert VendorProduct.objects.filter(store=store).count() == 30


def test_swapped_keys_are_kept_in_their_right_places(door: Doorway, vendor: Vendor):
    attempted = door.connect(vendor, f' "{door.shop.secret}"', door.shop.key)
    store = Store.objects.get(pk=attempted.store_id)
    assert store.consumer_key.reveal() == door.shop.key
    assert store.consumer_secret.reveal() == door.shop.secret


def test_a_wrong_secret_stores_nothing(door: Doorway, vendor: Vendor):
    attempted = door.connect(vendor, door.shop.key, "cs_" + "0" * 40)
    assert attempted.outcome is Outcome.NEEDS_SOMEBODY
    assert attempted.diagnosis.verdict == "D37"
    assert not Store.objects.exists()


def test_one_shop_serves_one_vendor_of_a_marketplace(door: Doorway, vendor: Vendor):
    connected(door, vendor)
    other = Vendor.objects.create(marketplace=vendor.marketplace, name="Loom")
    assert door.connect(other, door.shop.key, door.shop.secret).outcome is Outcome.TAKEN
    assert Store.objects.get().vendor == vendor


def test_a_new_key_is_taken_when_the_catalog_is_the_same(door: Doorway, vendor: Vendor):
    store = connected(door, vendor)
    fresh = door.shop.shop.add_key()
    again = door.connect(vendor, fresh.key, fresh.secret)
    assert (again.outcome, again.store_id) == (Outcome.CONNECTED, store.pk)
    assert again.proof.matched == again.proof.asked == 30
    store.refresh_from_db()
    assert store.consumer_key.reveal() == fresh.key


def another_shop_moves_in(door: Doorway) -> None:
    """With the same ids, as every shop has, but products made on other days."""
    door.shop = new_shop(seed=2)
    catalog = door.shop.shop.catalog
    for row in list(catalog.products()):
        catalog.change(row, created=row.created - 86_400)


def test_another_shop_at_the_same_address_is_held(door: Doorway, vendor: Vendor):
    store = connected(door, vendor)
    old = door.shop.key
    another_shop_moves_in(door)
    again = door.connect(vendor, door.shop.key, door.shop.secret)
    assert (again.outcome, again.proof.matched) == (Outcome.DIFFERENT, 0)
    store.refresh_from_db()
    assert (store.state, store.consumer_key.reveal()) == ("held", old)
    assert codes(store.pk) == {"store_catalog_differs"}
    assert not shop_health.in_use(store.pk)
    assert not shop_health.takes_orders(store.pk)


def held(door: Doorway, vendor: Vendor) -> Store:
    """As the job does it: an examination that a person asked for, kept with what came of it."""
    store = connected(door, vendor)
    another_shop_moves_in(door)
    now = door.clock.now()
    asked = Asked(ADDRESS, door.shop.key, door.shop.secret)
    examinations.ask(vendor.pk, asked, now)
    row = vendor.examinations.get()
    attempt = examinations.begin(row.pk)
    attempted = door.connect(vendor, attempt.order.key, attempt.order.secret)
    examinations.keep(row.pk, attempted, now)
    return store


def test_a_person_says_that_it_is_the_same_shop(door: Doorway, vendor: Vendor):
    store = held(door, vendor)
    assert vendor.examinations.get().consumer_key.reveal() == door.shop.key
    examinations.choose_catalog(vendor.marketplace_id, store.pk, door.clock.now(), same=True)
    store.refresh_from_db()
    assert (store.state, store.consumer_key.reveal()) == ("connected", door.shop.key)
    assert codes(store.pk) == set()
    assert not vendor.examinations.get().consumer_secret


def test_a_person_says_that_it_is_another_shop(door: Doorway, vendor: Vendor):
    store = held(door, vendor)
    before = store.consumer_key.reveal()
    examinations.choose_catalog(vendor.marketplace_id, store.pk, door.clock.now(), same=False)
    store.refresh_from_db()
    assert (store.state, store.consumer_key.reveal()) == ("paused", before)
    assert not vendor.examinations.get().consumer_secret
    with pytest.raises(Rejected):
        examinations.choose_catalog(vendor.marketplace_id, store.pk, door.clock.now(), same=True)


def test_another_marketplace_cannot_choose(door: Doorway, vendor: Vendor):
    store = held(door, vendor)
    other = Marketplace.objects.create(name="Elsewhere")
    with pytest.raises(Rejected):
        examinations.choose_catalog(other.pk, store.pk, door.clock.now(), same=True)


def test_a_shop_that_moved_proves_itself(door: Doorway, vendor: Vendor):
    store = connected(door, vendor)
    door.shop.shop.settings.home = "https://www.kiln.test"
    door.moved_to = "www.kiln.test"
    door.examine(store.pk)
    store.refresh_from_db()
    assert (store.base_url, store.state) == ("https://www.kiln.test", "connected")


def test_a_moved_shop_that_is_another_one_is_held(door: Doorway, vendor: Vendor):
    store = connected(door, vendor)
    key = door.shop.shop.keys[0]
    another_shop_moves_in(door)
    door.shop.shop.keys[0] = key
    door.shop.shop.settings.home = "https://www.kiln.test"
    door.moved_to = "www.kiln.test"
    moved = door.examine(store.pk)
    examinations.keep_visit(store.pk, moved, [], door.clock.now())
    store.refresh_from_db()
    assert (store.base_url, store.state) == (ADDRESS, "held")
    examinations.choose_catalog(vendor.marketplace_id, store.pk, door.clock.now(), same=True)
    store.refresh_from_db()
    assert (store.base_url, store.state) == ("https://www.kiln.test", "connected")


def test_the_doctor_names_what_broke_and_finds_it_well_again(door: Doorway, vendor: Vendor):
    store = connected(door, vendor)
    door.shop.faults.add("key_unknown")
    assert door.examine(store.pk).diagnosis.verdict == "D34"
    store.refresh_from_db()
    assert store.state == "broken"
    assert codes(store.pk) == {"D34"}
    door.shop.faults.clear()
    assert door.examine(store.pk).diagnosis.connected
    store.refresh_from_db()
    assert store.state == "connected"
    assert codes(store.pk) == set()


def test_what_changed_in_the_shop_is_named(door: Doorway, vendor: Vendor):
    store = connected(door, vendor)
    Store.objects.filter(pk=store.pk).update(
        profile={**store.profile, "namespaces": [*store.profile["namespaces"], "old-plugin/v1"]}
    )
    door.shop.faults.add("key_unknown")
    diagnosis = door.examine(store.pk).diagnosis
    assert diagnosis.verdict == "D51"
    assert diagnosis.findings[0].evidence["changes"] == "- old-plugin"
    assert codes(store.pk) == {"D34", "D51"}


def test_a_key_that_lost_its_right_to_write_goes_on_reading(door: Doorway, vendor: Vendor):
    store = connected(door, vendor)
    door.shop.faults.add("key_ro")
    assert door.examine(store.pk).diagnosis.verdict == "D39"
    store.refresh_from_db()
    assert store.state == "degraded"
    assert shop_health.in_use(store.pk)
    assert not shop_health.takes_orders(store.pk)
    shop_health.note_store_answer(store.pk, door.clock.now())
    store.refresh_from_db()
    assert store.state == "degraded", "reading well says nothing about writing"
    door.shop.faults.clear()
    door.examine(store.pk)
    assert shop_health.takes_orders(store.pk)


def test_a_shop_that_is_down_breaks_after_its_grace(door: Doorway, vendor: Vendor):
    store = connected(door, vendor)
    door.shop = None
    door.clock.at += GRACE / 2
    assert door.examine(store.pk).diagnosis.verdict == "D06"
    store.refresh_from_db()
    assert store.state == "degraded"
    door.clock.at += GRACE
    door.examine(store.pk)
    store.refresh_from_db()
    assert store.state == "broken"


def test_the_doctor_looks_at_broken_shops_again(door: Doorway, vendor: Vendor):
    store = connected(door, vendor)
    door.shop.faults.add("key_unknown")
    door.examine(store.pk)
    now = door.clock.now()
    assert due_work._to_look_at_again(now + SOONEST - timedelta(seconds=1)) == []
    assert due_work._to_look_at_again(now + SOONEST) == [store.pk]


def test_stock_of_a_shop_that_stays_away_is_withheld_and_shown_again():
    at = datetime.now(UTC)
    harbor = make_harbor(at)
    store, line = harbor.stores[0], harbor.lines[0]
    Store.objects.filter(pk=store.pk).update(
        state=StoreState.BROKEN, last_answer_at=at, connected_at=at
    )
    later = at + timedelta(hours=6)
    assert shop_health.withhold_silent_stores(later) == 0, "by default it is kept"
    Vendor.objects.filter(pk=store.vendor_id).update(when_silent="zero", silent_hours=6)
    assert shop_health.withhold_silent_stores(later - timedelta(minutes=1)) == 0
    assert shop_health.withhold_silent_stores(later) == 1
    assert ListingVariant.objects.get(pk=line.pk).wanted_quantity == 0
    assert ListingVariant.objects.get(pk=harbor.lines[2].pk).wanted_quantity in {None, 20}
    assert shop_health.withhold_silent_stores(later) == 0


def test_a_person_pauses_a_shop_and_the_doctor_takes_it_back(door: Doorway, vendor: Vendor):
    store = connected(door, vendor)
    at = door.clock.now()
    other = Marketplace.objects.create(name="Elsewhere")
    with pytest.raises(Rejected):
        shop_health.pause_store(other.pk, store.pk, at, paused=True)
    shop_health.pause_store(vendor.marketplace_id, store.pk, at, paused=True)
    assert not shop_health.in_use(store.pk)
    shop_health.note_store_answer(store.pk, at)
    door.examine(store.pk)
    store.refresh_from_db()
    assert store.state == "paused", "only a person ends what a person began"
    shop_health.pause_store(vendor.marketplace_id, store.pk, at, paused=False)
    door.examine(store.pk)
    assert shop_health.in_use(store.pk)


def test_a_job_left_over_from_a_walk_that_ended_begins_no_other(door: Doorway, vendor: Vendor):
    store = connected(door, vendor)
    known = shop_health.Health().store(store.pk)
    with door.open(known.keys, known.profile) as shop:
        ledger, given = Catalog(), {"store_id": store.pk, "turn": ENDLESS}
        assert import_catalog(shop, ledger, door.clock, **given) is None
        assert sweep_stock(shop, ledger, door.clock, **given) is None
    assert store.scans.count() == 1
