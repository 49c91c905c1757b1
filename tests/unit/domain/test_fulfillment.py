from dataclasses import replace
from decimal import Decimal

import pytest

from longshore.domain.fulfillment import plan_fulfillment, shipments_in
from longshore.domain.money import Money
from longshore.domain.orders import (
    FulfillmentOrder,
    FulfillmentOrderLine,
    StoreOrder,
    StoreOrderLine,
    StoreOrderState,
)
from longshore.domain.tracking import Tracking

NONE: frozenset[str] = frozenset()


def parcel(key: str, *lines: tuple[int, int]) -> Tracking:
    return Tracking(key, f"FAKE-{key}", "dhl", "", lines=lines)


def order(state: StoreOrderState, *trackings: Tracking, lines: dict[int, int] | None = None):
    amounts = {11: 2, 12: 1} if lines is None else lines
    return StoreOrder(
        order_id=5,
        number="5",
        reference="LS-1",
        state=state,
        raw_status=state.value,
        currency="EUR",
        total=Money(Decimal(0), "EUR"),
        created_at=None,
        modified_at=None,
        completed_at=None,
        lines=tuple(
            StoreOrderLine(number, number, 0, units, Money(Decimal(0), "EUR"))
            for number, units in amounts.items()
        ),
        trackings=trackings,
    )


DONE, OPEN = StoreOrderState.COMPLETED, StoreOrderState.PROCESSING


def shipped(*args: object, **more: object) -> list[tuple[str, dict[int, int], str]]:
    return [
        (one.key, dict(one.quantities), one.tracking.number if one.tracking else "")
        for one in shipments_in(*args, **more)  # type: ignore[arg-type]
    ]


def test_nothing_is_shipped_while_the_order_is_open():
    assert shipped(order(OPEN), {}, NONE) == []
    assert shipped(order(OPEN, parcel("a")), {}, NONE) == []


def test_completed_without_tracking_is_a_shipment_of_everything():
    assert shipped(order(DONE), {}, NONE) == [("completed", {11: 2, 12: 1}, "")]


def test_completed_with_a_number_carries_it():
    assert shipped(order(DONE, parcel("a")), {}, NONE) == [("a", {11: 2, 12: 1}, "FAKE-a")]


def test_a_parcel_that_names_its_goods_ships_them_before_the_order_is_completed():
    assert shipped(order(OPEN, parcel("a", (11, 1))), {}, NONE) == [("a", {11: 1}, "FAKE-a")]


def test_the_rest_follows_when_it_is_completed():
    both = order(DONE, parcel("a", (11, 1)), parcel("b"))
    assert shipped(both, {11: 1}, frozenset({"a"})) == [("b", {11: 1, 12: 1}, "FAKE-b")]


def test_reading_it_again_finds_nothing_new():
    whole = order(DONE, parcel("a"))
    assert shipped(whole, {11: 2, 12: 1}, frozenset({"a"})) == []


def test_a_parcel_never_ships_more_than_was_ordered():
    assert shipped(order(OPEN, parcel("a", (11, 9), (99, 1))), {}, NONE) == [
        ("a", {11: 2}, "FAKE-a")
    ]


def work(number: str, location: str, *lines: tuple[str, int], open_: bool = True):
    parts = tuple(FulfillmentOrderLine(f"{number}-{line}", line, left) for line, left in lines)
    return FulfillmentOrder(number, "OPEN", location, open_, parts)


def test_goods_of_one_location_are_one_call():
    plan = plan_fulfillment(
        {"a": 2, "b": 1}, [work("1", "north", ("a", 1)), work("2", "north", ("a", 4), ("b", 1))]
    )
    assert [(call.location_id, call.goods) for call in plan.calls] == [
        ("north", (("1", "1-a", 1), ("2", "2-a", 1), ("2", "2-b", 1)))
    ]
    assert not plan.missing


def test_goods_of_two_locations_are_two_calls():
    plan = plan_fulfillment({"a": 2}, [work("1", "north", ("a", 1)), work("2", "south", ("a", 1))])
    assert [call.location_id for call in plan.calls] == ["north", "south"]


def test_held_or_closed_work_is_not_used_and_what_is_missing_is_said():
    plan = plan_fulfillment({"a": 2}, [work("1", "north", ("a", 2), open_=False)])
    assert (plan.calls, dict(plan.missing)) == ((), {"a": 2})


def label(key: str, *lines: tuple[int, int]) -> Tracking:
    return replace(parcel(key, *lines), label=True)


def test_a_label_ships_only_where_the_vendor_means_it_so():
    made = order(OPEN, label("a", (11, 1)), label("b"))
    assert shipped(made, {}, NONE) == []
    found = shipped(made, {}, NONE, labels_ship=True)
    assert found == [("a", {11: 1}, "FAKE-a"), ("b", {11: 1, 12: 1}, "FAKE-b")]
    assert shipped(order(OPEN, parcel("c")), {}, NONE, labels_ship=True) == []


@pytest.mark.parametrize("state", ["canceled", "refunded", "trashed", "draft", "pending", "failed"])
def test_a_label_of_an_order_that_is_over_ships_nothing(state: str):
    made = order(StoreOrderState(state), label("a"), label("b", (11, 1)))
    assert shipped(made, {}, NONE, labels_ship=True) == []


def test_what_the_vendor_paid_back_is_not_shipped():
    assert shipped(order(DONE), {}, NONE, {11: 1}) == [("completed", {11: 1, 12: 1}, "")]
    assert shipped(order(DONE), {11: 2}, NONE, {11: 1}) == [("completed", {12: 1}, "")]
    assert shipped(order(DONE), {}, NONE, {11: 2, 12: 1}) == []
