"""Brakes over a simulated shop: what is held, what follows at once, what proves it, what a person
decides. The shop's mass changes are those that happened to real ones (failures.md S08, X02).
"""

from decimal import Decimal

import httpx2
import pytest

from longshore.ports.errors import Rejected
from longshore.storage.models import (
    Brake,
    Marketplace,
    OpenFinding,
    StoreReading,
    VendorProduct,
)
from longshore.storage.repositories import brakes, watching
from support.read_store import ReadStore, read_store

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> ReadStore:
    found = read_store(products=120)
    found.import_all()
    found.put_on_sale()
    found.forward(minutes=5)
    return found


def zero(store: ReadStore) -> list[int]:
    """A bad export sets every counted product to nothing; no date moves."""
    numbers = store.counted(least=6)
    for number in numbers:
        store.made.set_stock(number, 0, "outofstock")
    return numbers


def open_brake(store: ReadStore, kind: str) -> Brake:
    return Brake.objects.get(store=store.row, kind=kind, state="held")


# --- a mass of stock goes to nothing ---


def test_a_mass_zero_is_held_with_the_last_good_values(store: ReadStore):
    numbers = zero(store)
    wanted = {number: store.wanted(number) for number in numbers}
    store.sweep()
    assert {number: store.wanted(number) for number in numbers} == wanted
    assert all(wanted.values())
    brake = open_brake(store, "sold_out")
    assert (brake.count, brake.lane) == (len(numbers), "sweep")
    assert store.problems() >= {"held_sold_out"}


def test_what_sold_lately_follows_a_held_mass_zero_at_once(store: ReadStore):
    numbers = zero(store)
    watching.note_sold([store.variant(numbers[0]).pk], store.time)
    store.sweep()
    assert store.wanted(numbers[0]) == 0
    assert all(store.wanted(number) for number in numbers[1:])


def test_a_second_full_reading_applies_it_but_not_too_soon(store: ReadStore):
    numbers = zero(store)
    store.sweep()
    store.forward(minutes=10)
    store.sweep()
    assert all(store.wanted(number) for number in numbers), "ten minutes prove nothing"
    assert open_brake(store, "sold_out").proven_at == store.time
    store.forward(minutes=5)
    store.sweep()
    assert {store.wanted(number) for number in numbers} == {0}
    assert Brake.objects.get(kind="sold_out").state == "applied"
    assert "held_sold_out" not in store.problems()


def test_a_sweep_is_due_in_time_for_the_proof(store: ReadStore):
    StoreReading.objects.update(sweep_due_at=store.time.replace(year=2030))
    zero(store)
    store.sweep()
    due = StoreReading.objects.get().sweep_due_at
    assert (due - store.time).total_seconds() == 15 * 60


def test_stock_that_is_back_is_held_no_longer(store: ReadStore):
    numbers = zero(store)
    store.sweep()
    for number in numbers:
        store.made.set_stock(number, 9, "instock")
    store.forward(minutes=3)
    store.sweep()
    assert {store.wanted(number) for number in numbers} == {9}
    assert Brake.objects.get(kind="sold_out").state == "released"
    assert "held_sold_out" not in store.problems()


def test_half_a_reading_proves_nothing(store: ReadStore):
    numbers = zero(store)
    store.sweep()
    store.forward(minutes=20)
    from longshore.ports.errors import TryLater
    from support.walking import answers

    begin = store.shop.requests
    store.shop.meddling.append(answers(*range(begin + 2, begin + 60), status=500))
    with pytest.raises(TryLater):
        store.sweep()
    assert all(store.wanted(number) for number in numbers)


def test_a_person_applies_it(store: ReadStore):
    numbers = zero(store)
    store.sweep()
    brake = open_brake(store, "sold_out")
    count = brakes.apply_brake(store.row.marketplace_id, brake.pk, store.time, None)
    assert count == len(numbers)
    assert {store.wanted(number) for number in numbers} == {0}


def test_a_person_ignores_it_until_the_shop_says_something_else(store: ReadStore):
    numbers = zero(store)
    store.sweep()
    brake = open_brake(store, "sold_out")
    brakes.ignore_brake(store.row.marketplace_id, brake.pk, store.time, None)
    for minutes in (20, 60 * 25):
        store.forward(minutes=minutes)
        store.sweep()
    assert all(store.wanted(number) for number in numbers), "what is ignored is never proven"
    store.made.set_stock(numbers[0], 3, "instock")
    store.forward(minutes=5)
    store.sweep()
    assert store.wanted(numbers[0]) == 3
    assert store.wanted(numbers[1])


def test_nobody_decides_for_another_marketplace(store: ReadStore):
    zero(store)
    store.sweep()
    other = Marketplace.objects.create(name="West")
    with pytest.raises(Rejected):
        brakes.apply_brake(other.pk, open_brake(store, "sold_out").pk, store.time, None)
    with pytest.raises(Rejected):
        brakes.ignore_brake(other.pk, open_brake(store, "sold_out").pk, store.time, None)


def test_an_ordinary_day_is_no_mass(store: ReadStore):
    numbers = store.counted()[:15]
    for number in numbers:
        store.made.set_stock(number, 0, "outofstock")
    store.sweep()
    assert {store.wanted(number) for number in numbers} == {0}
    assert not Brake.objects.exists()


def test_many_small_steps_are_one_mass(store: ReadStore):
    """An export that goes product by product, seen by polls in between."""
    numbers = store.counted(least=1)
    for start in range(0, len(numbers), 10):
        for number in numbers[start : start + 10]:
            store.made.edit_product(number, stock_quantity=0)
        store.forward(minutes=1)
        store.poll()
    assert store.problems() >= {"held_sold_out"}
    assert any(store.wanted(number) for number in numbers)


# --- prices ---


def test_a_mass_of_strange_prices_is_held_until_a_person_decides(store: ReadStore):
    numbers = store.counted()
    was = {number: store.variant(number).regular_price for number in numbers}
    for number in numbers:
        store.made.edit_product(number, regular_price="0.01")
    store.forward(minutes=1)
    store.poll()
    assert {n: store.variant(n).regular_price for n in numbers} == was
    store.forward(hours=30)
    store.import_all()
    assert {n: store.variant(n).regular_price for n in numbers} == was, "repeating is no proof"
    brake = open_brake(store, "prices")
    brakes.apply_brake(store.row.marketplace_id, brake.pk, store.time, None)
    assert {store.variant(n).regular_price for n in numbers} == {Decimal("0.01")}


# --- products that vanish ---


def test_a_mass_that_vanishes_is_not_even_asked_for(store: ReadStore):
    gone = sorted(store.shop.ids())[:60]
    for number in gone:
        store.made.delete_product(number, force=True)
    store.sweep()
    assert open_brake(store, "vanished").count == 60
    for minutes in (3, 3):
        store.forward(minutes=minutes)
        store.refresh()
    assert not VendorProduct.objects.filter(absent_since__isnull=False).exists()
    assert store.problems() >= {"held_vanished"}


def test_what_stays_gone_for_a_day_is_believed(store: ReadStore):
    gone = sorted(store.shop.ids())[:60]
    for number in gone:
        store.made.delete_product(number, force=True)
    store.sweep()
    store.forward(hours=25)
    store.sweep()
    for _ in range(3):
        store.refresh()
        store.forward(minutes=3)
    rows = VendorProduct.objects.filter(absent_since__isnull=False)
    assert set(rows.values_list("product_id", flat=True)) == set(gone)


def test_a_firewall_that_answers_for_the_shop_takes_nothing_off_sale(store: ReadStore):
    """Empty lists with a good status: the products are not gone, the answers are."""

    def empty(_number: int, request: httpx2.Request) -> httpx2.Response:
        headers = {"X-WP-Total": "0", "X-WP-TotalPages": "0"}
        return httpx2.Response(200, headers=headers, json=[], request=request)

    store.shop.meddling.append(empty)
    for minutes in (0, 3, 3):
        store.forward(minutes=minutes)
        store.sweep()
        store.refresh()
    assert not VendorProduct.objects.filter(absent_since__isnull=False).exists()
    store.shop.meddling.clear()
    store.forward(minutes=5)
    store.sweep()
    assert Brake.objects.get(kind="vanished").state == "released"
    assert not OpenFinding.objects.filter(code="held_vanished", resolved_at=None).exists()


def test_a_mass_of_drafts_is_held_and_applied_by_one_click(store: ReadStore):
    hidden = store.counted()[:40]
    for number in hidden:
        store.made.edit_product(number, status="draft")
    store.forward(minutes=1)
    store.poll()
    assert all(store.wanted(number) for number in hidden)
    brake = open_brake(store, "vanished")
    brakes.apply_brake(store.row.marketplace_id, brake.pk, store.time, None)
    assert {store.wanted(number) for number in hidden} == {0}
