from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from longshore.domain.brakes import (
    CONFIRM_AFTER,
    GONE_FOR_GOOD_AFTER,
    SECOND_READING_AFTER,
    SOLD_OUT,
    VANISHED,
    BrakeKind,
    Sample,
    confirmed_gone,
    is_mass,
    price_is_suspicious,
    proven_by,
    sells,
)
from longshore.domain.stock import StockStatus, StoreStock

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
IN, OUT = StockStatus.IN_STOCK, StockStatus.OUT_OF_STOCK


@pytest.mark.parametrize(
    ("changed", "recent", "all_of", "held"),
    [
        (20, 0, 20, False),  # few, though all: a small shop may close for the season
        (21, 0, 21, True),
        (30, 0, 100, False),
        (31, 0, 100, True),
        (300, 0, 1000, False),
        (301, 0, 1000, True),
        (1, 30, 100, True),  # the last straw
    ],
)
def test_a_change_is_massive_by_count_and_share(changed: int, recent: int, all_of: int, held: bool):
    assert is_mass(Sample(changed, changed, recent, all_of, fair=False), SOLD_OUT) is held


def test_a_walk_shows_a_mass_in_its_first_part_already():
    part = Sample(changed=500, seen=800, recent=0, all_of=20_000, fair=True)
    assert is_mass(part, SOLD_OUT)
    poll = Sample(changed=500, seen=500, recent=0, all_of=20_000, fair=False)
    assert not is_mass(poll, SOLD_OUT), "a poll sees nothing but changes"


def test_one_in_five_products_may_vanish_and_ten_in_any_store():
    assert not VANISHED.passed_by(10, 10)
    assert VANISHED.passed_by(11, 11)
    assert not VANISHED.passed_by(20, 100)
    assert VANISHED.passed_by(21, 100)


@pytest.mark.parametrize(
    ("stock", "sold"),
    [
        (StoreStock(tracked=True, quantity=1, status=OUT), True),
        (StoreStock(tracked=True, quantity=0, status=IN), False),
        (StoreStock(tracked=True, quantity=-3, status=IN), False),
        (StoreStock(tracked=True, quantity=None, status=IN), False),
        (StoreStock(tracked=False, quantity=None, status=IN), True),
        (StoreStock(tracked=False, quantity=None, status=OUT), False),
        (StoreStock(tracked=False, quantity=None, status=StockStatus.ON_BACKORDER), False),
    ],
)
def test_what_the_store_would_sell(stock: StoreStock, sold: bool):
    assert sells(stock) is sold


@pytest.mark.parametrize(
    ("was", "says", "suspicious"),
    [
        ("10", "15", False),
        ("10", "15.01", True),
        ("10", "5", False),
        ("10", "4.99", True),
        ("10", "0", True),
        ("10", None, True),
        (None, "10", False),
        ("0", "10", False),
    ],
)
def test_a_price_may_move_by_half(was: str | None, says: str | None, suspicious: bool):
    old, new = (Decimal(one) if one is not None else None for one in (was, says))
    assert price_is_suspicious(old, new) is suspicious


def test_a_second_full_reading_proves_what_sold_out_but_no_price():
    later = NOON + SECOND_READING_AFTER
    assert proven_by(BrakeKind.SOLD_OUT, NOON, later)
    assert not proven_by(BrakeKind.SOLD_OUT, NOON, later - timedelta(seconds=1))
    assert not proven_by(BrakeKind.VANISHED, NOON, later)
    assert proven_by(BrakeKind.VANISHED, NOON, NOON + GONE_FOR_GOOD_AFTER)
    assert not proven_by(BrakeKind.PRICES, NOON, NOON + timedelta(days=365))


def test_a_product_is_gone_when_it_was_missed_twice_with_time_between():
    assert not confirmed_gone(None, NOON)
    assert not confirmed_gone(NOON, NOON)
    assert not confirmed_gone(NOON, NOON + CONFIRM_AFTER - timedelta(seconds=1))
    assert confirmed_gone(NOON, NOON + CONFIRM_AFTER)
