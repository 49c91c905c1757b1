from decimal import Decimal

import pytest

from longshore.domain.sources import Candidate, Choice, choose_source

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
