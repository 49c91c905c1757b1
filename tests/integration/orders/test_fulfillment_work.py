"""Shopify's work changes between reading and shipping: moved, merged, held in part, scheduled,
given up, closed. Goods are told once each, from where they stand then.
"""

from typing import Any

import pytest

from longshore.domain.orders import FulfillmentOrder
from longshore.storage.models import PurchaseOrder
from longshore.storage.repositories.fulfillments import tell_again
from support.quay import COMPLETED, PROCESSING, Quay, parcel

pytestmark = pytest.mark.django_db


def work_of(quay: Quay, row: PurchaseOrder) -> list[FulfillmentOrder]:
    """Work with something left."""
    found = quay.shop.storefront.read_work([row.order.order_gid])[row.order.order_gid]
    return [one for one in found if any(line.remaining for line in one.lines)]


def control(quay: Quay, what: str, work: FulfillmentOrder, **given: object) -> Any:
    name = f"fulfillment_orders/{what}"
    return quay.shop.control(name, fulfillment_order_id=work.fulfillment_order_id, **given)


def second_place(quay: Quay) -> str:
    """A location that stocks the goods too."""
    place = str(quay.shop.control("locations", name="Second")["id"])
    state = quay.shop.state
    for line in quay.harbor.lines[:2]:
        item = state.variants[line.variant_gid]["itemId"]
        updates = [{"locationId": place, "activate": True}]
        quay.shop.client.call("stock_activate", {"item": item, "updates": updates})
    return place


def some(work: FulfillmentOrder, units: int) -> list[dict[str, object]]:
    return [{"id": work.lines[0].fulfillment_line_id, "quantity": units}]


def shipped(quay: Quay, row: PurchaseOrder) -> int:
    return sum(units for _, units in quay.shown(row))


def test_moved_work_is_shipped_from_where_it_is(quay: Quay):
    row = quay.order(2)
    place = second_place(quay)
    control(quay, "move", work_of(quay, row)[0], location_id=place)
    quay.store_says(row, COMPLETED, parcel("A"))
    assert quay.tell() == 1
    assert quay.shown(row) == [(("A",), 2)]
    (made,) = quay.shop.state.fulfillments.values()
    assert made["locationId"] == place


def test_work_moved_in_part_is_one_shipment_in_two_calls(quay: Quay):
    row = quay.order(3)
    work = work_of(quay, row)[0]
    control(quay, "move", work, location_id=second_place(quay), lines=some(work, 1))
    quay.store_says(row, COMPLETED, parcel("A"))
    quay.tell()
    assert sorted(quay.shown(row)) == [(("A",), 1), (("A",), 2)]
    assert (quay.states(), quay.findings()) == (["fulfilled"], set())
    quay.tell()
    assert shipped(quay, row) == 3


def test_work_moved_between_two_parcels(quay: Quay):
    row = quay.order(2)
    (item,) = quay.items(row)
    first, second = parcel("A", (item, 1)), parcel("B", (item, 1))
    quay.store_says(row, PROCESSING, first)
    quay.tell()
    place = second_place(quay)
    control(quay, "move", work_of(quay, row)[0], location_id=place)
    quay.store_says(row, COMPLETED, first, second)
    quay.tell()
    assert quay.shown(row) == [(("A",), 1), (("B",), 1)]


def test_merged_work_is_one_shipment(quay: Quay):
    row = quay.order(3)
    work = work_of(quay, row)[0]
    control(quay, "split", work, lines=some(work, 1))
    ids = [one.fulfillment_order_id for one in work_of(quay, row)]
    assert len(ids) == 2
    quay.shop.control("fulfillment_orders/merge", fulfillment_order_ids=ids)
    quay.store_says(row, COMPLETED, parcel("A"))
    quay.tell()
    assert quay.shown(row) == [(("A",), 3)]


def test_what_is_not_held_goes_out_and_the_rest_follows(quay: Quay):
    row = quay.order(3)
    work = work_of(quay, row)[0]
    control(quay, "hold", work, lines=some(work, 1))
    quay.store_says(row, COMPLETED, parcel("A"))
    quay.tell()
    assert (shipped(quay, row), quay.findings()) == (2, {"fulfillment_on_hold"})
    held = next(one for one in work_of(quay, row) if one.status == "ON_HOLD")
    control(quay, "release", held)
    quay.clock.forward(601)
    quay.tell()
    assert (shipped(quay, row), quay.states(), quay.findings()) == (3, ["fulfilled"], set())
    quay.clock.forward(601)
    quay.tell()
    assert shipped(quay, row) == 3


def test_scheduled_work_waits_until_it_opens(quay: Quay):
    row = quay.order(1)
    work = work_of(quay, row)[0]
    control(quay, "schedule", work, in_s=86_400)
    quay.store_says(row, COMPLETED, parcel("A"))
    quay.tell()
    assert (quay.shown(row), quay.findings()) == ([], {"fulfillment_on_hold"})
    control(quay, "open", work)
    quay.clock.forward(601)
    quay.tell()
    assert quay.shown(row) == [(("A",), 1)]
    assert quay.findings() == set()


def test_work_that_somebody_packs_is_shipped(quay: Quay):
    row = quay.order(1)
    control(quay, "report", work_of(quay, row)[0])
    quay.store_says(row, COMPLETED, parcel("A"))
    quay.tell()
    assert quay.shown(row) == [(("A",), 1)]


def test_work_that_was_given_up_is_a_question_that_keeps_the_number(quay: Quay):
    row = quay.order(2)
    work = work_of(quay, row)[0]
    control(quay, "incomplete", work)
    quay.store_says(row, COMPLETED, parcel("A"))
    quay.tell()
    assert (quay.shown(row), quay.states()) == ([], ["exception"])
    assert quay.findings() == {"fulfillment_refused"}
    tell_again(row.marketplace_id, row.shipments.get().pk, quay.clock.now())
    quay.tell()
    assert (quay.shown(row), quay.findings()) == ([], {"fulfillment_refused"})
    assert row.shipments.get().tracking_number == "A"


def test_closed_work_of_a_part_that_was_refunded(quay: Quay):
    """Less is left on Shopify than the vendor sent: what can be told is told, the rest is asked."""
    row = quay.order(2)
    (line,) = quay.shop.state.orders[row.order.order_gid]["lines"]
    lines = [{"line_id": line["id"], "quantity": 1}]
    quay.shop.control("orders/refund", order_id=row.order.order_gid, lines=lines)
    quay.store_says(row, COMPLETED, parcel("A"))
    quay.tell()
    assert quay.shown(row) == [(("A",), 1)]
    assert quay.findings() == {"fulfillment_refused"}
