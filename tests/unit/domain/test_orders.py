from dataclasses import replace
from decimal import Decimal

import pytest

from longshore.domain.money import Money
from longshore.domain.orders import (
    Address,
    StoreOrder,
    StoreOrderDraft,
    StoreOrderLine,
    StoreOrderLineDraft,
    StoreOrderState,
    differences,
    settled,
)


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


DRAFT = StoreOrderDraft(
    reference="LS-1",
    currency="EUR",
    lines=(StoreOrderLineDraft(1, 0, 2, eur("10.00")), StoreOrderLineDraft(3, 4, 1, eur("5.00"))),
    shipping_address=Address(),
    shipping_title="",
    shipping_price=eur("0"),
    note="",
)
ORDER = StoreOrder(
    order_id=9,
    number="9",
    reference="LS-1",
    state=StoreOrderState.PROCESSING,
    raw_status="processing",
    currency="EUR",
    total=eur("25"),
    created_at=None,
    modified_at=None,
    completed_at=None,
    lines=(
        StoreOrderLine(21, 1, 0, 2, eur("20.00")),
        StoreOrderLine(22, 3, 4, 1, eur("5.00")),
    ),
)


def told(order: StoreOrder) -> list[str]:
    return [str(one.evidence["difference"]) for one in differences(DRAFT, order)]


def test_exactly_what_was_sent_has_no_differences():
    assert told(ORDER) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((ORDER.lines[0],), ["0 in place of 1 of product 4"]),
        ((*ORDER.lines, StoreOrderLine(23, 8, 0, 1, eur("1"))), ["1 in place of 0 of product 8"]),
        (
            (replace(ORDER.lines[0], product_id=0, total=eur("0")), ORDER.lines[1]),
            ["2 in place of 0 of product 0", "0 in place of 2 of product 1"],
        ),
        (
            (replace(ORDER.lines[0], total=eur("19.99")), ORDER.lines[1]),
            ["19.99 EUR in place of 20.00 EUR for product 1"],
        ),
    ],
)
def test_every_difference_is_told(lines: tuple[StoreOrderLine, ...], expected: list[str]):
    assert told(replace(ORDER, lines=lines)) == expected


def test_another_currency_is_told_once():
    assert told(replace(ORDER, currency="CZK")) == ["currency CZK in place of EUR"]


def test_the_same_product_on_two_lines_adds_up():
    halves = (
        StoreOrderLine(21, 1, 0, 1, eur("10.00")),
        StoreOrderLine(23, 1, 0, 1, eur("10.00")),
        ORDER.lines[1],
    )
    assert told(replace(ORDER, lines=halves)) == []


@pytest.mark.parametrize("state", StoreOrderState)
def test_a_half_made_order_is_left_to_settle(state: StoreOrderState):
    half = state in {StoreOrderState.PENDING, StoreOrderState.DRAFT}
    assert settled(replace(ORDER, state=state)) is not half


@pytest.mark.parametrize("state", StoreOrderState)
def test_which_states_have_taken_the_goods(state: StoreOrderState):
    takes = {StoreOrderState.PROCESSING, StoreOrderState.ON_HOLD, StoreOrderState.COMPLETED}
    assert state.reduces_stock is (state in takes)
