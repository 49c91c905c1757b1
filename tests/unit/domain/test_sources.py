from decimal import Decimal

import pytest

from longshore.domain.countries import country_of
from longshore.domain.sources import (
    Candidate,
    Choice,
    Offer,
    OrderRule,
    PassedBecause,
    choose_source,
    pick_source,
    serves,
)

A, B, C = 1, 2, 3


def candidates(**units: int) -> list[Candidate]:
    """In the order of priority; a costs 3, b costs 2, nobody said for c."""
    cost = {"a": Decimal(3), "b": Decimal(2), "c": None}
    return [
        Candidate("abc".index(name) + 1, place, count, cost[name])
        for place, (name, count) in enumerate(units.items())
    ]


@pytest.mark.parametrize(
    ("choice", "units", "current", "chosen"),
    [
        (Choice.PRIORITY, {"a": 1, "b": 9}, B, A),
        (Choice.PRIORITY, {"a": 0, "b": 9}, A, B),
        (Choice.PRIORITY, {"a": 0, "b": 0}, A, A),
        (Choice.STOCK, {"a": 5, "b": 9}, A, A),
        (Choice.STOCK, {"a": 5, "b": 10}, A, B),
        (Choice.STOCK, {"a": 0, "b": 1}, A, B),
        (Choice.COST, {"a": 5, "b": 1}, A, B),
        (Choice.COST, {"a": 5, "c": 9}, C, A),
        (Choice.COST, {"c": 9}, C, C),
        (Choice.COST, {"a": 5, "b": 0}, B, A),
    ],
)
def test_who_sells(choice, units, current, chosen):
    assert choose_source(candidates(**units), choice, current) == chosen


def test_nobody_is_left_for_nobody():
    assert choose_source([], Choice.STOCK, A) == A


def offer(name: str, units: int, cost: str | None = None, **more: object) -> Offer:
    number = "abc".index(name) + 1
    price = None if cost is None else Decimal(cost)
    fields: dict = {"variant_id": number, "vendor": name.upper(), "position": number, **more}
    return Offer(units=units, cost=price, **fields)


STOCK, COUNTRY = OrderRule.STOCK, OrderRule.COUNTRY
COST, PRIORITY = OrderRule.COST, OrderRule.PRIORITY


@pytest.mark.parametrize(
    ("rules", "offers", "current", "picked"),
    [
        ((STOCK,), [offer("a", 3), offer("b", 2)], B, B),
        ((STOCK,), [offer("a", 3), offer("b", 1)], B, A),
        ((STOCK,), [offer("a", 0), offer("b", 1)], A, B),
        ((STOCK, COST), [offer("a", 2, "5"), offer("b", 2, "4")], A, B),
        ((STOCK, COST), [offer("a", 2, "5"), offer("b", 0, "4")], B, A),
        ((COST, STOCK), [offer("a", 2, "5"), offer("b", 0, "4")], A, B),
        ((COST,), [offer("a", 2), offer("b", 0, "4")], A, B),
        ((COUNTRY,), [offer("a", 2, country="DE"), offer("b", 2, country="CZ")], A, B),
        ((PRIORITY,), [offer("b", 2), offer("a", 2)], B, A),
        ((), [offer("a", 2), offer("b", 2)], B, B),
        ((PRIORITY,), [offer("a", 2, served=("DE",)), offer("b", 0, served=("CZ",))], A, B),
        ((STOCK,), [offer("a", 2, served=("DE",))], A, None),
    ],
)
def test_who_gets_an_order_of_two_to_czechia(rules, offers, current, picked):
    found = pick_source(offers, rules, units=2, country="CZ", current=current)
    assert (found.offer.variant_id if found.offer else None) == picked


def test_it_is_told_why_the_others_did_not_get_it():
    offers = [
        offer("a", 2, "5"),
        offer("b", 0, "4"),
        offer("c", 9, "1", served=("DE",)),
    ]
    found = pick_source(offers, (STOCK, COST), units=2, country="CZ", current=A)
    assert [(one.offer.vendor, one.because, one.better) for one in found.passed] == [
        ("B", STOCK, (COST,)),
        ("C", PassedBecause.NOT_SERVED, ()),
    ]


def test_of_equals_the_one_on_sale_gets_it():
    found = pick_source([offer("a", 5), offer("b", 5)], (STOCK,), units=1, country="", current=B)
    assert [one.because for one in found.passed] == [PassedBecause.NOT_NOW]


@pytest.mark.parametrize(
    ("served", "country", "sent"),
    [((), "CZ", True), (("CZ",), "CZ", True), (("DE",), "CZ", False), (("DE",), "", True)],
)
def test_who_sends_where(served, country, sent):
    assert serves(served, country) == sent


@pytest.mark.parametrize(
    ("place", "code"), [("CZ", "CZ"), ("US:CA", "US"), ("", ""), ("Narnia", ""), ("de", "DE")]
)
def test_the_country_of_a_shop(place, code):
    assert country_of(place) == code
