"""Goods go out once, with the right number, whatever the vendor's shop and Shopify do meanwhile."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from longshore.domain.orders import StoreOrder
from longshore.domain.tracking import Tracking
from longshore.ports.errors import Rejected, TryLater
from longshore.ports.stores import NOTHING_KNOWN, Found, KnownRefunds
from longshore.storage.models import PurchaseOrder, Shipment, Store
from longshore.storage.repositories import hints, suggestions, tracking_keys
from longshore.storage.repositories.shipments import StoreOrders
from longshore.sync.pull_shipments import pull_shipments
from support.quay import COMPLETED, PROCESSING, Quay, parcel

pytestmark = pytest.mark.django_db


def test_a_completed_order_is_shipped_once(quay: Quay):
    row = quay.order(2, 1)
    for _ in range(3):
        quay.store_says(row, COMPLETED, parcel("1ZFAKE"))
        quay.tell()
    assert quay.shown(row) == [(("1ZFAKE",), 3)]
    assert row.shipped_at is not None


def test_a_label_is_not_a_shipment(quay: Quay):
    row = quay.order(2)
    (item,) = quay.items(row)
    quay.store_says(row, PROCESSING, parcel("LABEL", (item, 2), label=True))
    assert not Shipment.objects.exists()
    quay.store_says(row, COMPLETED, parcel("LABEL", (item, 2), label=True))
    quay.tell()
    assert quay.shown(row) == [(("LABEL",), 2)]


def test_parcels_that_name_their_goods_go_out_one_by_one(quay: Quay):
    row = quay.order(2, 1)
    first, second = quay.items(row)
    quay.store_says(row, PROCESSING, parcel("A", (first, 1)))
    quay.tell()
    quay.store_says(row, PROCESSING, parcel("A", (first, 1)), parcel("B", (second, 1)))
    quay.tell()
    quay.store_says(row, COMPLETED, parcel("A", (first, 1)), parcel("B", (second, 1)), parcel("C"))
    quay.tell()
    assert quay.shown(row) == [(("A",), 1), (("B",), 1), (("C",), 1)]


def test_several_parcels_of_one_order_keep_all_their_numbers(quay: Quay):
    row = quay.order(3)
    quay.store_says(row, COMPLETED, parcel("A"), parcel("B"), parcel("C"))
    quay.tell()
    assert quay.shown(row) == [(("A", "B", "C"), 3)]


def test_a_late_number_is_told(quay: Quay):
    row = quay.order(1)
    quay.store_says(row, COMPLETED)
    quay.tell()
    assert quay.shown(row) == [((), 1)]
    quay.store_says(row, COMPLETED, parcel("LATE"))
    quay.tell()
    assert quay.shown(row) == [(("LATE",), 1)]


def test_one_more_parcel_that_comes_late_is_added(quay: Quay):
    row = quay.order(2)
    quay.store_says(row, COMPLETED, parcel("A"))
    quay.tell()
    for _ in range(2):
        quay.store_says(row, COMPLETED, parcel("A"), parcel("B"))
        quay.tell()
    assert quay.shown(row) == [(("A", "B"), 2)]
    assert not quay.findings()


def test_a_late_number_may_name_the_goods(quay: Quay):
    """The plugin writes which goods are inside, also when the order was completed before."""
    row = quay.order(2, 1)
    first, second = quay.items(row)
    quay.store_says(row, COMPLETED)
    quay.tell()
    parcels = (parcel("A", (first, 2)), parcel("B", (second, 1)))
    for told in (parcels[:1], parcels, parcels):
        quay.store_says(row, COMPLETED, *told)
        quay.tell()
    assert quay.shown(row) == [(("A", "B"), 3)]
    assert not quay.findings()


def test_a_late_number_of_goods_that_are_not_all(quay: Quay):
    row = quay.order(2, 1)
    first, _ = quay.items(row)
    quay.store_says(row, PROCESSING, Tracking("k", "", "", "", lines=((first, 2),)))
    quay.store_says(row, PROCESSING, parcel("A", (first, 2)))
    quay.tell()
    assert quay.shown(row) == [(("A",), 2)]


def test_a_parcel_that_was_written_anew_is_not_one_more(quay: Quay):
    """With another key, as a plugin that deletes and adds does: the other units are not shipped."""
    row = quay.order(3)
    (item,) = quay.items(row)
    quay.store_says(row, PROCESSING, parcel("WRONG", (item, 1)))
    quay.tell()
    for _ in range(2):
        quay.store_says(row, PROCESSING, parcel("RIGHT", (item, 1)))
        quay.tell()
    assert quay.shown(row) == [(("RIGHT",), 1)]
    assert not quay.findings()
    quay.store_says(row, PROCESSING, parcel("RIGHT", (item, 1)), parcel("NEXT", (item, 1)))
    quay.tell()
    assert quay.shown(row) == [(("RIGHT",), 1), (("NEXT",), 1)]


@pytest.mark.parametrize("same_key", [True, False])
def test_a_corrected_number_is_corrected_on_shopify(quay: Quay, same_key: bool):
    row = quay.order(1)
    quay.store_says(row, COMPLETED, parcel("WRONG", key="k"))
    quay.tell()
    quay.store_says(row, COMPLETED, parcel("RIGHT", key="k" if same_key else "other"))
    quay.tell()
    assert quay.shown(row) == [(("RIGHT",), 1)]
    assert not quay.findings()


def test_a_corrected_carrier_is_corrected_too(quay: Quay):
    row = quay.order(1)
    quay.store_says(row, COMPLETED, Tracking("k", "1", "upz", ""))
    quay.tell()
    quay.store_says(row, COMPLETED, Tracking("k", "1", "ups", ""))
    quay.tell()
    work = quay.shop.state.fulfillments
    assert [one["tracking"][0]["company"] for one in work.values()] == ["UPS"]


def test_a_withdrawn_number_is_a_question_not_a_cancel(quay: Quay):
    row = quay.order(1)
    quay.store_says(row, COMPLETED, parcel("GONE"))
    quay.tell()
    quay.store_says(row, COMPLETED)
    quay.tell()
    assert quay.shown(row) == [(("GONE",), 1)]
    assert quay.findings() == {"tracking_withdrawn"}
    quay.store_says(row, COMPLETED, parcel("GONE"))
    assert not quay.findings()


def test_an_order_taken_back_after_shipping_is_shown(quay: Quay):
    row = quay.order(1)
    quay.store_says(row, COMPLETED, parcel("A"))
    quay.tell()
    quay.store_says(row, PROCESSING, parcel("A"))
    assert quay.findings() == {"order_reopened"}
    quay.store_says(row, COMPLETED, parcel("A"))
    quay.tell()
    assert not quay.findings()
    assert quay.shown(row) == [(("A",), 1)]


def test_held_work_waits_and_goes_on_by_itself(quay: Quay):
    row = quay.order(1)
    held = quay.work(row)
    quay.shop.control("fulfillment_orders/hold", fulfillment_order_id=held)
    quay.store_says(row, COMPLETED, parcel("A"))
    quay.tell()
    assert (quay.shown(row), quay.findings()) == ([], {"fulfillment_on_hold"})
    asked = len(quay.shop.operations())
    quay.tell()  # not asked again at once
    assert len(quay.shop.operations()) == asked
    quay.shop.control("fulfillment_orders/release", fulfillment_order_id=held)
    quay.clock.forward(601)
    assert quay.tell() == 1
    assert quay.shown(row) == [(("A",), 1)]
    assert not quay.findings()


def test_split_work_is_one_shipment(quay: Quay):
    row = quay.order(3)
    work = quay.shop.storefront.read_work([row.order.order_gid])[row.order.order_gid][0]
    line = {"id": work.lines[0].fulfillment_line_id, "quantity": 1}
    quay.shop.control(
        "fulfillment_orders/split", fulfillment_order_id=work.fulfillment_order_id, lines=[line]
    )
    quay.store_says(row, COMPLETED, parcel("A"))
    quay.tell()
    assert sum(units for _, units in quay.shown(row)) == 3
    assert quay.states() == ["fulfilled"]


def test_what_staff_shipped_by_hand_is_not_shipped_again_and_gets_the_number(quay: Quay):
    row = quay.order(1)
    quay.shop.control("orders/fulfill", fulfillment_order_id=quay.work(row))
    quay.store_says(row, COMPLETED, parcel("A"))
    assert quay.tell() == 1
    assert quay.shown(row) == [(("A",), 1)]
    assert not quay.findings()


def test_work_of_a_canceled_order_is_an_exception(quay: Quay):
    row = quay.order(1)
    quay.shop.control("orders/cancel", order_id=row.order.order_gid)
    quay.store_says(row, COMPLETED, parcel("A"))
    quay.tell()
    assert quay.states() == ["exception"]
    assert quay.findings() == {"fulfillment_refused"}
    assert Shipment.objects.get().tracking_number == "A"


class Lossy:
    """A storefront that loses the answer of its first fulfillment, before or after it is made."""

    def __init__(self, inner: object, *, made: bool) -> None:
        self._inner, self._made, self.lost = inner, made, False

    def __getattr__(self, name: str):
        return getattr(self._inner, name)

    def fulfill(self, *args: object, **more: object) -> object:
        if self.lost:
            return self._inner.fulfill(*args, **more)  # type: ignore[attr-defined]
        self.lost = True
        if self._made:
            self._inner.fulfill(*args, **more)  # type: ignore[attr-defined]
        raise TryLater("no answer", maybe_done=True)


@pytest.mark.parametrize("made", [True, False])
@pytest.mark.parametrize("corrected", [True, False])
def test_a_lost_answer_ships_once(quay: Quay, made: bool, corrected: bool):
    """Also when the number is corrected before the next try."""
    row = quay.order(2)
    quay.store_says(row, COMPLETED, parcel("A", key="k"))
    quay.shop.storefront = Lossy(quay.shop.storefront, made=made)  # type: ignore[assignment]
    quay.tell()
    assert quay.states() == ["sending"]
    if corrected:
        quay.store_says(row, COMPLETED, parcel("B", key="k"))
    for _ in range(2):
        quay.tell()
    assert quay.shown(row) == [(("B" if corrected else "A",), 2)]
    assert quay.states() == ["fulfilled"]


def test_two_shipments_of_one_order_in_one_run(quay: Quay):
    row = quay.order(2)
    (item,) = quay.items(row)
    quay.store_says(row, PROCESSING, parcel("A", (item, 1)), parcel("B", (item, 1)))
    quay.tell()
    assert quay.shown(row) == [(("A",), 1), (("B",), 1)]


def test_what_a_fulfillment_costs(quay: Quay):
    """A batch of them costs eleven points each and what the cheapest reading of their work costs,
    within a tenth; and no statement more for each than the few that keep it.
    """
    count = 50
    rows = [quay.order(1) for _ in range(count)]
    for row in rows:
        quay.store_says(row, COMPLETED, parcel(f"A{row.pk}"))
    log = quay.shop.simulator.parts.log
    begin = len(log)
    gids = [row.order.order_gid for row in rows]
    for start in range(0, count, 25):
        quay.shop.storefront.read_work(gids[start : start + 25])
    reading = points(list(log)[begin:])
    begin = len(log)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        while PurchaseOrder.objects.filter(shipments__state="found").exists():
            quay.tell()
    calls = list(log)[begin:]
    assert [entry["operation"] for entry in calls].count("FulfillmentCreate") == count
    assert points(calls) <= 1.1 * (11 * count + reading)
    assert len(calls) <= 1.1 * (count + count / 25)
    assert len(queries) <= 20 * count


def points(entries: list[dict]) -> float:
    return sum(entry["cost"] for entry in entries)


def test_a_field_that_somebody_clicks_on_is_read_from_then_on(quay: Quay):
    """The fields of an order without a number are shown; the taught one comes as a late number."""
    row = quay.order(1)
    fields = (("my_parcel", "MP 1"), ("gift", "yes"))
    quay.store_says(row, COMPLETED, fields=fields)
    assert row.order_fields == [["my_parcel", "MP 1"], ["gift", "yes"]]
    owner = quay.harbor.marketplace.pk
    for wrong in ((owner + 1, "my_parcel"), (owner, "other_key")):
        with pytest.raises(Rejected):
            tracking_keys.teach(wrong[0], row.pk, wrong[1], "number")
    tracking_keys.teach(owner, row.pk, "my_parcel", "number")
    row.store.refresh_from_db()
    assert row.store.tracking_keys == {"number": "my_parcel"}
    quay.store_says(row, COMPLETED, Tracking("taught", "MP 1", "", ""))
    assert row.order_fields == []
    quay.tell()
    assert quay.shown(row) == [(("MP 1",), 1)]


class NotedStore:
    """A store in whose notes a number stands; it is asked only for them."""

    def __init__(self) -> None:
        self.looks = 0

    def read_orders(self, order_ids: object, _known: object = None) -> Found[StoreOrder]:
        return Found((), frozenset(), (), datetime.now(UTC))

    def suggest_tracking(self, order_id: int) -> Tracking:
        self.looks += 1
        return Tracking("note:N1", "N1", "UPS", "")


def test_a_number_in_a_note_is_only_suggested(quay: Quay):
    row = quay.order(1)
    quay.store_says(row, COMPLETED)
    quay.tell()
    store, ledger = NotedStore(), StoreOrders(row.store_id)
    for _ in range(3):
        pull_shipments(store, ledger, quay.clock)  # type: ignore[arg-type]
    assert store.looks == 1, "looked through once at once, then after an hour"
    assert quay.findings() == {"tracking_suggested"}
    assert quay.shown(row) == [((), 1)]
    quay.clock.forward(3700)
    pull_shipments(store, ledger, quay.clock)  # type: ignore[arg-type]
    assert store.looks == 2
    shipment = Shipment.objects.get()
    owner = quay.harbor.marketplace.pk
    with pytest.raises(Rejected):
        suggestions.use_suggestion(owner + 1, shipment.pk, quay.clock.now())
    suggestions.use_suggestion(owner, shipment.pk, quay.clock.now())
    quay.tell()
    assert quay.shown(row) == [(("N1",), 1)]
    quay.store_says(row, COMPLETED)
    assert not quay.findings(), "the store need not have it"


class ListeningStore(NotedStore):
    """It remembers which orders were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[int]] = []

    def read_orders(
        self, order_ids: Sequence[int], known_refunds: KnownRefunds = NOTHING_KNOWN
    ) -> Found[StoreOrder]:
        self.asked.append(list(order_ids))
        return super().read_orders(order_ids, known_refunds)


def test_a_hint_has_one_order_read_and_the_clock_all_open_ones(quay: Quay):
    """Else each new order of a busy vendor would have all its open ones read again."""
    rows = [quay.order(1), quay.order(1)]
    numbers = sorted(row.store_order_id or 0 for row in rows)
    store, ledger = ListeningStore(), StoreOrders(rows[0].store_id)

    def read() -> None:
        quay.clock.forward(1)
        pull_shipments(store, ledger, quay.clock)  # type: ignore[arg-type]

    hints.ask_order_again(rows[1], numbers[1], quay.clock.now())
    read()
    hints.ask_order_again(rows[1], numbers[1], quay.clock.now())
    read()
    read_at = Store.objects.get(pk=rows[0].store_id).orders_read_at
    hints.ask_order_again(rows[1], numbers[1], quay.clock.now())
    Store.objects.update(orders_polled_at=quay.clock.now())  # as the clock does
    read()
    read()
    assert store.asked == [numbers, [numbers[1]], numbers, numbers], "never read, hint, due, asked"
    assert read_at is not None
    assert read_at < quay.clock.now() - timedelta(seconds=2), "one read is not all"


def test_orders_of_a_shop_that_does_not_answer_do_not_look_read(quay: Quay):
    row = quay.order(2)
    ledger, clock = StoreOrders(row.store_id), quay.shop.clock

    class Silent:
        def read_orders(self, _ids: object, _known: object) -> Found[StoreOrder]:
            raise TryLater("no answer")

    with pytest.raises(TryLater):
        pull_shipments(Silent(), ledger, clock)  # type: ignore[arg-type]
    row.store.refresh_from_db()
    assert row.store.orders_read_at is None
    assert row.store.orders_polled_at == clock.now(), "but it is not asked again at once"
