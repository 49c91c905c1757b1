"""Pages stay right while rows come and go."""

import pytest
from hypothesis import given, strategies

from simulators.shopify.paging import connection, count
from simulators.shopify.rows import Refused


def rows(*numbers: int) -> list[dict]:
    return [{"id": f"gid://shopify/X/{number}", "at": number} for number in numbers]


def by_at(row):
    return (row["at"], row["id"])


def walk(first: int, pages, **given) -> list[str]:
    """Ids of all pages; `pages(n)` gives the rows as they are at the n-th page."""
    after, found, number = None, [], 0
    while True:
        page = connection(pages(number), first=first, after=after, **given)
        found += [row["id"] for row in page["nodes"]]
        number += 1
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


@given(strategies.integers(1, 40), strategies.integers(1, 7), strategies.booleans())
def test_every_row_comes_once(size: int, first: int, keyed: bool):
    data = rows(*range(size))
    found = walk(first, lambda _: data, key=by_at if keyed else None)
    assert found == [row["id"] for row in data]


def test_a_row_that_changes_behind_the_cursor_comes_again_later():
    before, after = rows(1, 2, 3, 4), rows(2, 3, 4, 9)
    after[-1]["id"] = "gid://shopify/X/1"
    found = walk(2, lambda number: after if number else before, key=by_at)
    assert [gid[-1] for gid in found] == ["1", "2", "3", "4", "1"]


def test_rows_taken_away_before_the_cursor_leave_no_gap():
    found = walk(2, lambda number: rows(2, 3, 4) if number else rows(1, 2, 3, 4))
    assert [gid[-1] for gid in found] == ["1", "2", "3", "4"]


def test_backwards():
    assert [g[-1] for g in walk(2, lambda _: rows(1, 2, 3), key=by_at, reverse=True)] == list("321")


@pytest.mark.parametrize("given", [{}, {"first": 0}, {"first": 251}, {"first": 1, "after": "no"}])
def test_what_is_no_page(given):
    with pytest.raises(Refused):
        connection(rows(1), **given)


def test_an_empty_connection_has_no_cursors():
    info = connection([], first=5)["pageInfo"]
    assert (info["hasNextPage"], info["endCursor"]) == (False, None)


def test_counts():
    assert count(3, 3)["precision"] == "EXACT"
    assert count(4, 3) == {"count": 3, "precision": "AT_LEAST"}
    assert count(10**6, None)["count"] == 10**6
