import itertools

import pytest

from longshore.domain.access import RIGHTS, Right, Scope, allows, may, strength


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        ("owner", {"read", "work", "govern"}),
        ("operator", {"read", "work"}),
        ("reader", {"read"}),
        ("vendor", set()),
        ("", set()),
        ("OWNER", set()),
    ],
)
def test_what_each_role_may(role: str, rights: set[str]):
    assert {right.value for right in Right if may(role, right)} == rights


def test_each_role_may_all_that_a_weaker_one_may():
    roles = list(RIGHTS)
    for stronger, weaker in itertools.pairwise(roles):
        assert RIGHTS[weaker] < RIGHTS[stronger]
        assert strength(weaker) < strength(stronger)
    assert strength("nobody") < strength("vendor")


def test_writing_a_thing_includes_reading_it_and_nothing_else():
    granted = frozenset({"orders:write"})
    assert {scope for scope in Scope if allows(granted, scope)} == {
        Scope.ORDERS_READ,
        Scope.ORDERS_WRITE,
    }
    assert not allows(frozenset({"orders:read"}), Scope.ORDERS_WRITE)
    assert not allows(frozenset(), Scope.STOCK_READ)
