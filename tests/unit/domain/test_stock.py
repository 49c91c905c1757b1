from datetime import UTC, datetime, timedelta

import pytest

from longshore.domain.stock import (
    MOST_UNITS,
    Reservation,
    StockPolicy,
    StockStatus,
    StoreStock,
    Tracked,
    Untracked,
    decide_stock,
    reserved_units,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
IN, OUT, BACK = StockStatus.IN_STOCK, StockStatus.OUT_OF_STOCK, StockStatus.ON_BACKORDER


@pytest.mark.parametrize(
    ("stock", "show", "rule"),
    [
        (StoreStock(tracked=False, quantity=None, status=IN), Untracked(), 1),
        (StoreStock(tracked=False, quantity=7, status=IN), Untracked(), 1),
        (StoreStock(tracked=False, quantity=None, status=OUT), Tracked(0), 2),
        (StoreStock(tracked=False, quantity=7, status=OUT), Tracked(0), 2),
        (StoreStock(tracked=False, quantity=None, status=BACK), Tracked(0), 2),
        (StoreStock(tracked=True, quantity=7, status=IN), Tracked(7), 3),
        (StoreStock(tracked=True, quantity=7, status=OUT), Tracked(7), 3),
        (StoreStock(tracked=True, quantity=0, status=IN), Tracked(0), 3),
        (StoreStock(tracked=True, quantity=-3, status=BACK), Tracked(0), 3),
        (StoreStock(tracked=True, quantity=None, status=IN), Tracked(0), 3),
    ],
)
def test_the_three_rules(stock: StoreStock, show: Tracked | Untracked, rule: int):
    decision = decide_stock(stock, 0, StockPolicy())
    assert (decision.show, decision.rule) == (show, rule)


@pytest.mark.parametrize(
    ("show", "purchasable"),
    [
        (Untracked(), True),
        (Tracked(1), True),
        (Tracked(0), False),
        (Tracked(0, oversell=True), True),
    ],
)
def test_what_can_be_bought(show: Tracked | Untracked, purchasable: bool):
    assert show.purchasable is purchasable


def test_what_is_sold_and_held_back_is_taken_off():
    stock = StoreStock(tracked=True, quantity=10, status=IN)
    decision = decide_stock(stock, 3, StockPolicy(buffer=2))
    assert decision.show == Tracked(5)
    assert (decision.quantity, decision.reserved, decision.buffer) == (10, 3, 2)
    assert decide_stock(stock, 9, StockPolicy(buffer=2)).show == Tracked(0)


def test_backorders_sell_only_where_the_vendor_may():
    sold_out = StoreStock(tracked=True, quantity=-1, status=BACK)
    assert decide_stock(sold_out, 0, StockPolicy()).show == Tracked(0)
    allowed = decide_stock(sold_out, 0, StockPolicy(sell_backorders=True))
    assert allowed.show == Tracked(0, oversell=True)
    untracked = StoreStock(tracked=False, quantity=None, status=BACK)
    allowed = decide_stock(untracked, 0, StockPolicy(sell_backorders=True))
    assert (allowed.show, allowed.rule) == (Tracked(0, oversell=True), 2)


def test_a_number_shopify_would_refuse_is_cut():
    stock = StoreStock(tracked=True, quantity=5_000_000_000, status=IN)
    assert decide_stock(stock, 0, StockPolicy()).show == Tracked(MOST_UNITS)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_reservation_ends_at_the_first_reading_asked_for_after_the_reduction_was_seen():
    held = Reservation(2, opened_at=at(0), reduced_seen_at=at(10))
    assert held.counts_against(at(5))
    assert held.counts_against(at(10))  # asked for in the same moment: may be older than the sale
    assert not held.counts_against(at(10.001))


def test_without_a_reduction_only_closing_ends_it():
    assert Reservation(2, opened_at=at(0)).counts_against(at(9999))
    assert not Reservation(2, opened_at=at(0), closed_at=at(1)).counts_against(at(0))


def test_only_open_reservations_add_up():
    held = [
        Reservation(2, at(0)),
        Reservation(3, at(0), reduced_seen_at=at(1)),
        Reservation(4, at(0), closed_at=at(1)),
    ]
    assert reserved_units(held, at(0)) == 5
    assert reserved_units(held, at(2)) == 2
