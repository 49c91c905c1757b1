"""Stock decisions hold for every stock, not only for those somebody thought of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from longshore.domain.stock import (
    Claim,
    Reservation,
    StockPolicy,
    StockStatus,
    StoreStock,
    Tracked,
    Untracked,
    beyond,
    decide_stock,
    reserved_units,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
quantities = some.none() | some.integers(-(10**6), 10**10)
stocks = some.builds(StoreStock, some.booleans(), quantities, some.sampled_from(StockStatus))
policies = some.builds(
    StockPolicy, some.integers(0, 1000), some.booleans(), some.none() | some.integers(0, 50)
)
moments = some.integers(0, 1000).map(lambda seconds: NOON + timedelta(seconds=seconds))
reservations = some.builds(
    Reservation, some.integers(1, 50), moments, some.none() | moments, some.none() | moments
)


@given(stocks, some.integers(0, 1000), policies)
def test_a_decision_never_offers_more_than_the_store_has(stock, reserved, policy):
    match decide_stock(stock, reserved, policy).show:
        case Untracked():
            assert not stock.tracked
            assert stock.status is StockStatus.IN_STOCK
        case Tracked(quantity, oversell):
            assert 0 <= quantity <= max(0, stock.quantity or 0)
            assert quantity == 0 or stock.tracked
            assert not oversell or policy.sell_backorders


@given(stocks, some.integers(0, 1000), some.integers(0, 1000), policies)
def test_more_reserved_never_offers_more(stock, reserved, further, policy):
    less = decide_stock(stock, reserved + further, policy).show
    more = decide_stock(stock, reserved, policy).show
    if isinstance(more, Tracked) and isinstance(less, Tracked):
        assert less.quantity <= more.quantity
    assert isinstance(less, Untracked) is isinstance(more, Untracked)


@given(stocks, some.integers(0, 1000), policies)
def test_a_persons_word_only_ever_takes_away(stock, reserved, policy):
    free = decide_stock(stock, reserved, replace(policy, cap=None))
    said = decide_stock(stock, reserved, policy)
    assert (said.rule, said.quantity, said.reserved) == (free.rule, free.quantity, free.reserved)
    assert decide_stock(stock, reserved, replace(policy, cap=0)).show == Tracked(0)
    if isinstance(said.show, Tracked) and isinstance(free.show, Tracked):
        assert said.show.quantity <= free.show.quantity
        assert policy.cap is None or said.show.quantity <= policy.cap
        assert not said.show.oversell or free.show.oversell


@given(some.lists(reservations, max_size=8), moments, moments)
def test_a_later_reading_never_brings_a_reservation_back(held, first, second):
    earlier, later = sorted((first, second))
    assert reserved_units(held, later) <= reserved_units(held, earlier)


claims = some.lists(
    some.builds(
        Claim, some.integers(1, 99), some.integers(0, 9), some.datetimes(timezones=some.just(UTC))
    ),
    max_size=8,
    unique_by=lambda one: one.claim_id,
)


@given(some.integers(-5, 60), claims)
def test_as_few_of_the_newest_as_cover_what_is_missing(missing, given_claims):
    found = beyond(missing, given_claims)
    assert len({one.claim_id for one in found}) == len(found)
    kept = [one for one in given_claims if one not in found and one.quantity]
    if found:
        assert sum(one.quantity for one in found[:-1]) < missing
        assert all(one.opened_at <= found[-1].opened_at for one in kept)
    if sum(one.quantity for one in given_claims) >= missing:
        assert sum(one.quantity for one in found) >= missing
