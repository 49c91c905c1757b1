"""Orders that are canceled: before they are sent, after, when they are shipped, and in part."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from longshore.domain.edits import without_place
from longshore.domain.money import Money
from longshore.domain.orders import (
    StorefrontOrder,
    StoreOrder,
    StoreOrderDraft,
    StoreOrderState,
    put_back_next,
)
from longshore.domain.placing import Conflict
from longshore.domain.refunds import Refund, RefundedLine
from longshore.domain.tracking import Tracking
from longshore.ports.errors import Rejected, TryLater
from longshore.storage.models import (
    OpenFinding,
    OrderEvent,
    OrderRefund,
    PurchaseOrder,
    PurchaseOrderLine,
    Reservation,
    Shipment,
    Store,
)
from longshore.storage.repositories.deciding import give_up, settle_conflict
from longshore.storage.repositories.edits import SEND_NO_MORE
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from longshore.storage.repositories.refunds import keep_store_refunds
from longshore.storage.repositories.shipments import StoreOrders
from longshore.sync.place_purchase_order import place_purchase_orders
from longshore.sync.pull_shipments import pull_shipments
from support.fake_store import FakeStore, HandClock
from support.harbor import Harbor, bought
from support.racing import Killed

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(clock: HandClock) -> FakeStore:
    return FakeStore(clock)


def keep(harbor: Harbor, order: StorefrontOrder, clock: HandClock) -> None:
    clock.forward(1)
    Orders(harbor.marketplace.pk).keep_order(replace(order, updated_at=clock.now()), clock.now())


def run(harbor: Harbor, store: object, clock: HandClock) -> bool:
    return place_purchase_orders(
        store,  # type: ignore[arg-type]
        PurchaseOrders(harbor.stores[0].pk),
        clock,
        request_timeout=timedelta(seconds=60),
        budget_s=60,
    )


def sold_by_an_old_store(harbor: Harbor, store: FakeStore, clock: HandClock) -> StorefrontOrder:
    """Three units leave a store that does not put goods back by itself; seven are left."""
    harbor.stores[0].profile = {"restocks": False}
    harbor.stores[0].save()
    order = bought(1, clock.now(), (harbor.lines[0], 3))
    keep(harbor, order, clock)
    run(harbor, store, clock)
    store.shelf[1] = 7
    keep(harbor, replace(order, canceled_at=clock.now()), clock)
    return order


def test_an_old_store_gets_its_goods_back_once(harbor: Harbor, store: FakeStore, clock: HandClock):
    sold_by_an_old_store(harbor, store, clock)
    for _ in range(3):
        run(harbor, store, clock)
    assert store.shelf[1] == 10
    assert PurchaseOrder.objects.get().state == "canceled"
    assert PurchaseOrderLine.objects.get().put_back == "done"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_dies_while_putting_back_does_it_once(
    harbor: Harbor, store: FakeStore, clock: HandClock, when: str
):
    sold_by_an_old_store(harbor, store, clock)
    honest = store.set_counter

    def dying(product_id: int, variation_id: int, quantity: int) -> None:
        if when == "after":
            honest(product_id, variation_id, quantity)
        raise Killed

    store.set_counter = dying  # type: ignore[method-assign]
    with pytest.raises(Killed):
        run(harbor, store, clock)
    store.set_counter = honest  # type: ignore[method-assign]
    run(harbor, store, clock)
    assert store.shelf[1] == 10


def test_a_sale_in_that_moment_is_told_and_not_guessed(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    sold_by_an_old_store(harbor, store, clock)
    run_dying(harbor, store, clock)
    store.shelf[1] = 6
    run(harbor, store, clock)
    assert store.shelf[1] == 6
    assert OpenFinding.objects.get(resolved_at=None).code == "stock_not_put_back"


def run_dying(harbor: Harbor, store: FakeStore, clock: HandClock) -> None:
    honest = store.set_counter

    def dying(*_: int) -> None:
        raise Killed

    store.set_counter = dying  # type: ignore[method-assign]
    with pytest.raises(Killed):
        run(harbor, store, clock)
    store.set_counter = honest  # type: ignore[method-assign]


def test_a_store_that_puts_back_by_itself_is_left_alone(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    order = bought(1, clock.now(), (harbor.lines[0], 3))
    keep(harbor, order, clock)
    run(harbor, store, clock)
    store.shelf[1] = 7
    keep(harbor, replace(order, canceled_at=clock.now()), clock)
    run(harbor, store, clock)
    assert store.shelf[1] == 7


@pytest.mark.parametrize(
    ("shown", "before", "state"), [(7, 7, "due"), (10, 7, "done"), (6, 7, "unclear")]
)
def test_where_a_write_that_may_have_happened_stands(shown: int, before: int, state: str):
    assert put_back_next(shown, before, 3) == state


# --- after sending, in part, and too late ---


def sent(harbor: Harbor, store: FakeStore, clock: HandClock, *units: int) -> StorefrontOrder:
    lines = zip(harbor.lines, units, strict=False)
    order = bought(1, clock.now(), *lines)
    keep(harbor, order, clock)
    run(harbor, store, clock)
    return order


def less(order: StorefrontOrder, *units: int) -> StorefrontOrder:
    lines = [replace(line, quantity=n) for line, n in zip(order.lines, units, strict=True)]
    return replace(order, lines=tuple(lines))


def open_codes() -> list[str]:
    return sorted(OpenFinding.objects.filter(resolved_at=None).values_list("code", flat=True))


def test_an_order_canceled_after_sending_is_canceled_in_the_store(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    order = sent(harbor, store, clock, 1)
    keep(harbor, replace(order, canceled_at=clock.now()), clock)
    assert open_codes() == ["canceled_after_sending"]
    run(harbor, store, clock)
    (made,) = store.orders.values()
    assert (made.state, PurchaseOrder.objects.get().state) == ("canceled", "canceled")
    assert open_codes() == []


def test_a_partial_cancel_is_shown_and_told_in_a_note_once(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    order = less(sent(harbor, store, clock, 3, 1), 2, 1)
    for _ in range(2):
        keep(harbor, order, clock)
        run(harbor, store, clock)
    ((number, text),) = store.told
    assert number in store.orders
    assert text == "#1: A thing: 2 in place of 3"
    assert open_codes() == ["order_edited_after_sending"]
    assert PurchaseOrderLine.objects.order_by("pk")[0].quantity == 3


def test_an_edit_taken_back_is_told_too(harbor: Harbor, store: FakeStore, clock: HandClock):
    order = sent(harbor, store, clock, 3, 1)
    for now in ((2, 1), (3, 1)):
        keep(harbor, less(order, *now), clock)
        run(harbor, store, clock)
    assert [text for _, text in store.told][1] == "#1: As first ordered."
    assert open_codes() == []


def moved(order: StorefrontOrder, line1: str) -> StorefrontOrder:
    assert order.shipping_address is not None
    place = replace(order.shipping_address, line1=line1)
    return replace(order, shipping_address=place)


def test_a_changed_address_is_shown_and_told_in_a_note_once(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    order = sent(harbor, store, clock, 3, 1)
    for _ in range(2):
        keep(harbor, moved(order, "Moved Road 9"), clock)
        run(harbor, store, clock)
    ((_, text),) = store.told
    assert text == "#1: Please send it to: Ada Buyer, Moved Road 9, Town, CZ"
    assert open_codes() == ["order_edited_after_sending"]
    row = PurchaseOrder.objects.get()
    kept = [*OrderEvent.objects.values_list("data", flat=True)]
    kept += OpenFinding.objects.values_list("evidence", flat=True)
    assert "Moved Road" not in str(kept), "the place is the buyer's; it stays in one place"
    assert without_place(row.told_edits) == ""
    keep(harbor, moved(less(order, 2, 1), "Moved Road 9"), clock)
    run(harbor, store, clock)
    assert store.told[1][1].startswith("#1: A thing: 2 in place of 3; Please send it to: Ada")
    keep(harbor, order, clock)
    run(harbor, store, clock)
    assert store.told[2][1] == "#1: As first ordered."
    assert open_codes() == []


def test_an_order_that_is_sent_again_goes_where_the_buyer_is_now(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    order = sent(harbor, store, clock, 3, 1)
    PurchaseOrder.objects.update(state="uncertain", store_order_id=None)
    keep(harbor, moved(order, "Moved Road 9"), clock)
    row = PurchaseOrder.objects.get()
    sending = PurchaseOrders(row.store_id).begin_sending(row.pk, row.posts, clock.now())
    assert sending is not None
    assert sending.draft.shipping_address.line1 == "Moved Road 9"


def test_a_part_that_is_removed_whole_is_canceled_in_the_store(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    keep(harbor, less(sent(harbor, store, clock, 3, 1), 0, 0), clock)
    run(harbor, store, clock)
    assert PurchaseOrder.objects.get().state == "canceled"


def test_a_line_added_after_sending_goes_out_in_an_order_of_its_own(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    order = sent(harbor, store, clock, 1)
    more = bought(1, clock.now(), (harbor.lines[0], 1), (harbor.lines[1], 2))
    keep(harbor, replace(order, lines=more.lines), clock)
    run(harbor, store, clock)
    assert [len(made.lines) for made in store.orders.values()] == [1, 1]
    assert list(PurchaseOrder.objects.order_by("pk").values_list("round", flat=True)) == [1, 2]
    assert open_codes() == []


def test_what_changed_while_it_was_lost_goes_out_right(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    order = bought(1, clock.now(), (harbor.lines[0], 3))
    keep(harbor, order, clock)
    store.mischief[PurchaseOrder.objects.get().reference] = "lost_before"
    run(harbor, store, clock)
    keep(harbor, less(order, 1), clock)
    for _ in range(8):
        run(harbor, store, clock)
        clock.forward(40)
    (made,) = store.orders.values()
    assert [line.quantity for line in made.lines] == [1]
    assert open_codes() == []


def ship(harbor: Harbor, store: FakeStore, clock: HandClock) -> None:
    (number,) = store.orders
    store.change(number, state=StoreOrderState.COMPLETED, completed_at=clock.now())
    pull_shipments(store, StoreOrders(harbor.stores[0].pk), clock)  # type: ignore[arg-type]


def test_canceled_but_shipped_keeps_its_parcel_and_waits_for_a_decision(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    order = sent(harbor, store, clock, 1)
    keep(harbor, replace(order, canceled_at=clock.now()), clock)
    ship(harbor, store, clock)
    ship(harbor, store, clock)
    part = PurchaseOrder.objects.get()
    assert Shipment.objects.filter(purchase_order=part).count() == 1
    assert open_codes() == ["canceled_but_shipped"]
    settle_conflict(part.marketplace_id, part.pk, Conflict.VENDOR_BEARS, clock.now())
    ship(harbor, store, clock)
    assert open_codes() == []
    assert PurchaseOrder.objects.get().conflict == "vendor_bears"
    with pytest.raises(Rejected, match="nothing to decide"):
        settle_conflict(part.marketplace_id, part.pk, Conflict.KEEP_SALE, clock.now())


def test_a_part_that_is_given_up_is_canceled_in_the_store(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    sent(harbor, store, clock, 1)
    part = PurchaseOrder.objects.get()
    give_up(part.marketplace_id, part.pk, clock.now())
    run(harbor, store, clock)
    assert PurchaseOrder.objects.get().state == "canceled"
    with pytest.raises(Rejected, match="canceled already"):
        give_up(part.marketplace_id, part.pk, clock.now())


def test_one_that_the_store_put_off_waits_whole_when_the_order_is_read_again(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    order = bought(1, clock.now(), (harbor.lines[0], 3), (harbor.lines[1], 1))
    keep(harbor, order, clock)
    part = PurchaseOrder.objects.get()
    store.mischief[part.reference] = "busy"
    run(harbor, store, clock)
    for units in ((3, 1), (2, 1)):
        keep(harbor, less(order, *units), clock)
        assert PurchaseOrder.objects.get().lines.count() == 2
    clock.forward(60)
    run(harbor, store, clock)
    (made,) = store.orders.values()
    assert [line.quantity for line in made.lines] == [2, 1]
    assert open_codes() == []


def test_one_that_the_store_put_off_is_over_when_its_buyer_cancels(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    order = bought(1, clock.now(), (harbor.lines[0], 3))
    keep(harbor, order, clock)
    store.mischief[PurchaseOrder.objects.get().reference] = "busy"
    run(harbor, store, clock)
    keep(harbor, order, clock)
    keep(harbor, replace(order, canceled_at=clock.now()), clock)
    clock.forward(60)
    run(harbor, store, clock)
    assert (store.orders, PurchaseOrder.objects.get().state) == ({}, "canceled")


# --- money ---


def test_refunds_of_both_sides_are_kept_once(harbor: Harbor, store: FakeStore, clock: HandClock):
    order = sent(harbor, store, clock, 2)
    five = Money(Decimal(5), "EUR")
    line = RefundedLine(order.lines[0].line_id, 1, Money(Decimal(10), "EUR"), put_back=True)
    paid = (
        Refund("r1", Money(Decimal(10), "EUR"), (line,)),
        Refund("r2", five),
        Refund("r3", Money(Decimal(0), "EUR"), (line,)),
        Refund("r4", Money(Decimal(15), "EUR"), (line,)),
    )
    for _ in range(2):
        keep(harbor, replace(order, refunds=paid), clock)
    (number,) = store.orders
    store.change(number, refunds=(Refund("7", five, reason="Broken"),))
    for _ in range(2):
        pull_shipments(store, StoreOrders(harbor.stores[0].pk), clock)  # type: ignore[arg-type]
    kept = OrderRefund.objects.order_by("pk").values_list("side", "refund_id", "shape")
    assert list(kept) == [
        ("storefront", "r1", "goods"),
        ("storefront", "r2", "money"),
        ("storefront", "r3", "units"),
        ("storefront", "r4", "both"),
        ("store", "7", "money"),
    ]
    assert open_codes() == ["order_refunded_by_vendor"]


def test_a_refund_does_not_hold_goods_back_again(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    order = sent(harbor, store, clock, 3)
    Reservation.objects.update(closed_at=clock.now())
    keep(harbor, less(order, 2), clock)
    held = Reservation.objects.get()
    assert (held.quantity, held.closed_at is not None) == (2, True)


def test_one_that_the_store_does_not_cancel_now_keeps_nobody_waiting(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    orders = [bought(number, clock.now(), (harbor.lines[0], 1)) for number in (1, 2)]
    for order in orders:
        keep(harbor, order, clock)
    run(harbor, store, clock)
    for order in orders:
        keep(harbor, replace(order, canceled_at=clock.now()), clock)
    stubborn, honest = min(store.orders), store.cancel_order

    def cancel(order_id: int, **more: bool) -> object:
        if order_id == stubborn:
            raise TryLater("The shop broke on it.")
        return honest(order_id, **more)

    store.cancel_order = cancel  # type: ignore[method-assign, assignment]
    PurchaseOrder.objects.filter(store_order_id=stubborn).update(note_due="Canceled by the buyer.")
    with pytest.raises(TryLater):
        run(harbor, store, clock)
    states = {one.order_id: one.state for one in store.orders.values()}
    assert states.pop(stubborn) is StoreOrderState.PROCESSING
    assert list(states.values()) == [StoreOrderState.CANCELED]
    assert [number for number, _ in store.told] == [stubborn], "notes go out all the same"


def test_a_cancel_passes_a_long_queue(harbor: Harbor, store: FakeStore, clock: HandClock):
    """A slow store: one request is a whole slice."""
    first = sent(harbor, store, clock, 1)
    honest, told = store.create_order, store.cancel_order
    done: list[str] = []

    def create(draft: StoreOrderDraft) -> StoreOrder:
        done.append("made")
        clock.forward(61)
        return honest(draft)

    def cancel(order_id: int, **more: bool) -> StoreOrder | None:
        done.append("canceled")
        return told(order_id, **more)

    store.create_order, store.cancel_order = create, cancel  # type: ignore[method-assign]
    for number in range(2, 7):
        keep(harbor, bought(number, clock.now(), (harbor.lines[0], 1)), clock)
    run(harbor, store, clock)
    before = len(done)
    keep(harbor, replace(first, canceled_at=clock.now()), clock)
    run(harbor, store, clock)
    assert done[before] == "canceled"
    assert "made" in done[before:], "the queue goes on in the same slice"


def test_many_cancellations_go_out_in_slices(harbor: Harbor, store: FakeStore, clock: HandClock):
    orders = [bought(number, clock.now(), (harbor.lines[0], 1)) for number in range(1, 5)]
    for order in orders:
        keep(harbor, order, clock)
    run(harbor, store, clock)
    for order in orders:
        keep(harbor, replace(order, canceled_at=clock.now()), clock)
    honest = store.cancel_order

    def cancel(order_id: int, **more: bool) -> StoreOrder | None:
        clock.forward(31)
        return honest(order_id, **more)

    store.cancel_order = cancel  # type: ignore[method-assign]
    more = [run(harbor, store, clock) for _ in range(3)]
    assert more == [True, False, False]
    assert {one.state for one in store.orders.values()} == {StoreOrderState.CANCELED}


# --- the vendor does something at the same moment ---


def lost_cancel(store: FakeStore) -> None:
    """The next cancel is done, and its answer lost."""
    honest = store.cancel_order

    def cancel(order_id: int, **more: bool) -> StoreOrder:
        honest(order_id, **more)
        store.cancel_order = honest  # type: ignore[method-assign]
        raise TryLater("no answer", maybe_done=True)

    store.cancel_order = cancel  # type: ignore[method-assign]


def read_back(harbor: Harbor, store: FakeStore, clock: HandClock) -> None:
    Store.objects.update(orders_read_at=None)
    pull_shipments(store, StoreOrders(harbor.stores[0].pk), clock)  # type: ignore[arg-type]


def test_a_cancel_whose_answer_was_lost_gives_the_goods_back_once(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    """Also when the store's order is read before it is canceled once more."""
    sold_by_an_old_store(harbor, store, clock)
    lost_cancel(store)
    with pytest.raises(TryLater):
        run(harbor, store, clock)
    for _ in range(2):
        read_back(harbor, store, clock)
        run(harbor, store, clock)
    assert store.shelf[1] == 10
    assert (PurchaseOrder.objects.get().state, open_codes()) == ("canceled", [])


@pytest.mark.parametrize("over", ["canceled", "refunded", "failed", "trashed", "gone"])
@pytest.mark.parametrize("first", ["the vendor", "the buyer"])
def test_both_sides_cancel_and_nothing_is_left_to_do(
    harbor: Harbor, store: FakeStore, clock: HandClock, over: str, first: str
):
    order = sent(harbor, store, clock, 1)
    (number,) = store.orders

    def vendor_ends() -> None:
        if over == "gone":
            store.remove_order(number)
        else:
            store.change(number, state=StoreOrderState(over))
        read_back(harbor, store, clock)

    if first == "the vendor":
        vendor_ends()
    keep(harbor, replace(order, canceled_at=clock.now()), clock)
    if first == "the buyer":
        vendor_ends()
    run(harbor, store, clock)
    assert (PurchaseOrder.objects.get().state, open_codes()) == ("canceled", [])


def test_one_that_is_gone_when_it_is_to_be_canceled_is_canceled(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    order = sent(harbor, store, clock, 1)
    keep(harbor, replace(order, canceled_at=clock.now()), clock)
    store.orders.clear()
    run(harbor, store, clock)
    assert (PurchaseOrder.objects.get().state, open_codes()) == ("canceled", [])


def test_what_the_vendor_has_just_shipped_is_not_canceled_there(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    """The buyer cancels before the hub has read that it was shipped."""
    order = sent(harbor, store, clock, 1)
    (number,) = store.orders
    store.change(number, state=StoreOrderState.COMPLETED, completed_at=clock.now())
    keep(harbor, replace(order, canceled_at=clock.now()), clock)
    run(harbor, store, clock)
    assert store.orders[number].state is StoreOrderState.COMPLETED
    pull_shipments(store, StoreOrders(harbor.stores[0].pk), clock)  # type: ignore[arg-type]
    assert Shipment.objects.count() == 1
    assert (PurchaseOrder.objects.get().conflict, open_codes()) == (
        "open",
        ["canceled_but_shipped"],
    )


def test_one_born_completed_is_canceled_all_the_same(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    order = sent(harbor, store, clock, 1)
    (number,) = store.orders
    store.change(number, state=StoreOrderState.COMPLETED)
    PurchaseOrder.objects.update(born_completed=True)
    keep(harbor, replace(order, canceled_at=clock.now()), clock)
    run(harbor, store, clock)
    assert store.orders[number].state is StoreOrderState.CANCELED


def test_a_shop_that_does_not_cancel_is_told_of(harbor: Harbor, store: FakeStore, clock: HandClock):
    order = sent(harbor, store, clock, 1)
    keep(harbor, replace(order, canceled_at=clock.now()), clock)
    store.cancel_order = lambda number, **_: store.orders[number]  # type: ignore[method-assign, assignment]
    run(harbor, store, clock)
    part = PurchaseOrder.objects.get()
    assert (part.state, open_codes()) == ("accepted", ["canceled_after_sending"])
    assert "did not cancel" in part.why


def test_of_what_was_shipped_in_part_nothing_more_is_asked_for(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    order = sent(harbor, store, clock, 2, 1)
    (number,) = store.orders
    first = store.orders[number].lines[0]
    parcel = Tracking("k", "1ZFAKE", "ups", "", lines=((first.line_item_id, 1),))
    store.change(number, trackings=(parcel,))
    read_back(harbor, store, clock)
    keep(harbor, replace(order, canceled_at=clock.now()), clock)
    for _ in range(2):
        run(harbor, store, clock)
    assert store.orders[number].state is StoreOrderState.PROCESSING
    assert store.told == [(number, f"#1: {SEND_NO_MORE}")]
    assert open_codes() == ["canceled_but_shipped"]


def test_what_the_vendor_refunded_is_not_put_back_again(
    harbor: Harbor, store: FakeStore, clock: HandClock
):
    """One of three was refunded in the shop, and went back on its shelf or broke: two are left."""
    sold_by_an_old_store(harbor, store, clock)
    part = PurchaseOrder.objects.get()
    item, worth = str(part.lines.get().line_item_id), Money(Decimal(10), "EUR")
    refund = Refund("7", worth, (RefundedLine(item, 1, worth),), "Broken")
    keep_store_refunds(part, (refund,), clock.now())
    for _ in range(2):
        run(harbor, store, clock)
    assert store.shelf[1] == 9
