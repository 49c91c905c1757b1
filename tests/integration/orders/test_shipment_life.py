"""A model of what follows once a vendor has an order: it packs, ships in parts, corrects numbers,
refunds, takes back and cancels; Shopify's staff hold, split and ship by hand; the buyer refunds and
cancels; the hub reads and tells, loses answers and is killed before and after every call of a shop.
Whatever happens, no unit goes out twice, none is lost, and goods are put back once.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from longshore.domain.money import Money
from longshore.domain.orders import PurchaseOrderState, StoreOrder, StoreOrderState
from longshore.domain.refunds import Refund, RefundedLine
from longshore.domain.tracking import Tracking
from longshore.ports.errors import TryLater
from longshore.storage.models import OpenFinding, OrderRefund, PurchaseOrder, Shipment, Store
from longshore.storage.repositories.fulfillments import Shipments
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from longshore.storage.repositories.shipments import StoreOrders
from longshore.sync.fulfill_shipment import fulfill_shipments
from longshore.sync.place_purchase_order import place_purchase_orders
from longshore.sync.pull_shipments import pull_shipments
from support.fake_store import FakeStore
from support.quay import COMPLETED, PROCESSING, make_quay
from support.racing import Killed

pytestmark = pytest.mark.django_db
WRONG = ["lost before", "lost after", "killed before", "killed after"]
FAULTS = some.lists(some.sampled_from(["", "", *WRONG]), max_size=6)
OPENINGS = ["parcel", "cancel", "late cancel", "refund", "held in part"]
UNITS = (3, 1)
SHELF = 10
HELD_S = 601
"""After so long a shipment that Shopify holds back is tried again."""


class Faulty:
    """A shop whose answers are lost, or whose asker is killed, before or after what it does; `plan`
    names it for one call after the other.
    """

    def __init__(self, inner: object, plan: Sequence[str]) -> None:
        self._inner, self._plan = inner, list(plan)

    def __getattr__(self, name: str):
        honest = getattr(self._inner, name)

        def call(*given: object, **more: object) -> object:
            kind, _, when = (self._plan.pop(0) if self._plan else "").partition(" ")
            error = Killed() if kind == "killed" else TryLater("no answer", maybe_done=True)
            if when == "before":
                raise error
            answer = honest(*given, **more)
            if when == "after":
                raise error
            return answer

        return call if callable(honest) else honest


class Life(RuleBasedStateMachine):
    @initialize(
        restocks=some.booleans(),
        labels_ship=some.booleans(),
        openings=some.lists(some.sampled_from(OPENINGS), max_size=2),
        fault=some.sampled_from(WRONG),
    )
    def begin(self, restocks: bool, labels_ship: bool, openings: list[str], fault: str) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.quay = make_quay()
        self.clock, self.owner = self.quay.clock, self.quay.harbor.marketplace.pk
        self.store_id = self.quay.harbor.stores[0].pk
        Store.objects.filter(pk=self.store_id).update(profile={"restocks": restocks})
        self.quay.harbor.stores[0].vendor.labels_ship = labels_ship
        self.quay.harbor.stores[0].vendor.save()
        self.store = FakeStore(self.clock)
        self.restocks = restocks
        lines = [
            {"variant_id": line.variant_gid, "quantity": units}
            for line, units in zip(self.quay.harbor.lines, UNITS, strict=False)
        ]
        self.gid = self.quay.shop.control("checkout", lines=lines)["id"]
        self.hub_reads_shopify()
        self.places()
        (self.number,) = self.store.orders
        self.store.shelf = {1: SHELF - UNITS[0], 2: SHELF - UNITS[1]}
        self.by_hand = self.buyer_canceled = self.shop_ended = self.staff_refunded = False
        self.numbers = 0
        self.was_completed = False
        self.packed_ever = Counter[int]()
        self.refunded_first = Counter[int]()
        self.canceled_though_shipped = False
        self.watch_cancels()
        for opening in openings:
            self.opens(opening, fault)

    def opens(self, opening: str, fault: str) -> None:
        """What chance alone comes to too rarely."""
        if opening == "parcel" and self.alive() and self.left():
            self.a_parcel_goes_out_and_its_answer_is_lost(0, fault, number=False)
        if opening in {"cancel", "late cancel"} and not self.buyer_canceled:
            late = opening == "late cancel"
            self.the_buyer_cancels_and_the_answer_is_lost(late, fault, then_read=True)
        if opening == "refund" and self.alive() and self.left():
            self.the_vendor_refunds_a_unit()
        if opening == "held in part":
            self.work_is_split()
            self.work_is_held_or_released()
        if opening in {"refund", "held in part"} and self.alive():
            self.the_vendor_completes_or_takes_up_again(done=True)
            self.hub_reads_the_store([])
            self.hub_tells_shopify([])

    def watch_cancels(self) -> None:
        honest = self.store.cancel_order

        def cancel(number: int, **how: bool) -> StoreOrder | None:
            before = self.store.orders.get(number)
            now = honest(number, **how)
            over = now is not None and now.state is StoreOrderState.CANCELED
            self.canceled_though_shipped |= bool(over and before and before.state is COMPLETED)
            return now

        self.store.cancel_order = cancel  # type: ignore[method-assign]

    def teardown(self) -> None:
        if not hasattr(self, "undo"):
            return
        try:
            self.comes_to_rest()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)
            self.quay.shop.simulator.close()

    # --- the vendor ---

    @property
    def theirs(self) -> StoreOrder:
        return self.store.orders[self.number]

    def packed(self) -> Counter[int]:
        found: Counter[int] = Counter()
        for parcel in self.theirs.trackings:
            found.update(dict(parcel.lines))
        for refund in self.theirs.refunds:
            found.update({int(line.line_id): line.units for line in refund.lines})
        return found

    def left(self) -> dict[int, int]:
        packed = self.packed()
        return {
            line.line_item_id: line.quantity - packed[line.line_item_id]
            for line in self.theirs.lines
            if line.quantity > packed[line.line_item_id]
        }

    def alive(self) -> bool:
        return not self.shop_ended and self.theirs.state in {PROCESSING, COMPLETED}

    def adds(self, *lines: tuple[int, int], label: bool = False) -> None:
        self.numbers += 1
        number = f"N{self.numbers}"
        parcel = Tracking(f"key of {number}", number, "ups", "", lines=lines, label=label)
        self.store.change(self.number, trackings=(*self.theirs.trackings, parcel))
        self.packed_ever.update({} if label else dict(lines))

    @precondition(lambda self: self.alive() and self.left())
    @rule(place=some.integers(0, 1), units=some.integers(1, 2), label=some.booleans())
    def the_vendor_packs(self, place: int, units: int, *, label: bool) -> None:
        left = list(self.left().items())
        item, most = left[place % len(left)]
        self.adds((item, min(units, most)), label=label)

    @precondition(lambda self: self.alive())
    @rule(label=some.booleans())
    def the_vendor_writes_a_number(self, label: bool) -> None:
        self.adds(label=label)

    @precondition(lambda self: self.alive() and self.theirs.trackings)
    @rule(same_key=some.booleans())
    def the_vendor_corrects_a_number(self, *, same_key: bool) -> None:
        *others, last = self.theirs.trackings
        self.numbers += 1
        number = f"N{self.numbers}"
        now = replace(last, number=number, key=last.key if same_key else f"key of {number}")
        self.store.change(self.number, trackings=(*others, now))

    @precondition(lambda self: self.alive())
    @rule(done=some.booleans())
    def the_vendor_completes_or_takes_up_again(self, *, done: bool) -> None:
        self.was_completed |= done
        self.store.change(self.number, state=COMPLETED if done else PROCESSING)

    @precondition(lambda self: self.alive() and self.left())
    @rule()
    def the_vendor_refunds_a_unit(self) -> None:
        item = str(next(iter(self.left())))
        worth = Money(Decimal(10), "EUR")
        refund = Refund(str(len(self.theirs.refunds) + 1), worth, (RefundedLine(item, 1, worth),))
        if not self.was_completed:
            self.refunded_first[int(item)] += 1
        self.store.change(self.number, refunds=(*self.theirs.refunds, refund))

    @precondition(lambda self: self.alive())
    @rule(how=some.sampled_from(["canceled", "refunded", "trashed", "gone"]))
    def the_vendor_ends_it(self, how: str) -> None:
        self.shop_ended = True
        if how == "gone":
            self.store.remove_order(self.number)
        else:
            self.store.change(self.number, state=StoreOrderState(how))

    # --- Shopify ---

    def works(self) -> list:
        found = self.quay.shop.storefront.read_work([self.gid]).get(self.gid, ())
        return [one for one in found if any(line.remaining for line in one.lines)]

    def control(self, what: str, work, **given: object) -> None:  # type: ignore[no-untyped-def]
        name = f"fulfillment_orders/{what}"
        self.quay.shop.control(name, fulfillment_order_id=work.fulfillment_order_id, **given)

    @rule()
    def work_is_held_or_released(self) -> None:
        for work in self.works()[:1]:
            self.control("release" if work.status == "ON_HOLD" else "hold", work)

    @rule()
    def work_is_split(self) -> None:
        for work in self.works()[:1]:
            line = next(line for line in work.lines if line.remaining)
            if work.can_fulfill and line.remaining > 1:
                some_of_it = [{"id": line.fulfillment_line_id, "quantity": 1}]
                self.control("split", work, lines=some_of_it)

    @rule()
    def staff_ship_by_hand(self) -> None:
        for work in self.works()[:1]:
            if work.can_fulfill:
                self.by_hand = True
                gid = work.fulfillment_order_id
                self.quay.shop.control("orders/fulfill", fulfillment_order_id=gid)

    @precondition(lambda self: not self.buyer_canceled)
    @rule()
    def the_buyer_cancels(self) -> None:
        if self.told():
            return  # Shopify cancels no order of which something was shipped
        self.buyer_canceled = True
        self.quay.shop.control("orders/cancel", order_id=self.gid)

    @precondition(lambda self: not self.buyer_canceled)
    @rule()
    def staff_refund_a_unit(self) -> None:
        if self.told():
            return
        self.staff_refunded = True
        line = self.quay.shop.state.orders[self.gid]["lines"][0]
        lines = [{"line_id": line["id"], "quantity": 1}]
        with suppress(AssertionError):  # nothing of it is left
            self.quay.shop.control("orders/refund", order_id=self.gid, lines=lines)

    # --- the hub ---

    @rule()
    def hub_reads_shopify(self) -> None:
        self.clock.forward(1)
        now = self.clock.now()
        (read,) = self.quay.shop.storefront.read_orders([self.gid]).by_id.values()
        made = PurchaseOrder.objects.filter(order__order_gid=self.gid).first()
        created = made.order.created_in_shop if made else now
        Orders(self.owner).keep_order(replace(read, created_at=created, updated_at=now), now)

    @rule(plan=FAULTS)
    def hub_reads_the_store(self, plan: list[str]) -> None:
        self.clock.forward(1)
        Store.objects.update(orders_read_at=None)
        store = Faulty(self.store, plan)
        attempt(lambda: pull_shipments(store, StoreOrders(self.store_id), self.clock))  # type: ignore[arg-type]

    @rule(plan=FAULTS)
    def hub_tells_shopify(self, plan: list[str]) -> None:
        self.clock.forward(1)
        shop = Faulty(self.quay.shop.storefront, plan)
        attempt(lambda: fulfill_shipments(shop, Shipments(self.owner), self.clock))  # type: ignore[arg-type]

    @rule(plan=FAULTS)
    def hub_works_in_the_store(self, plan: list[str]) -> None:
        attempt(lambda: self.places(plan))

    @rule()
    def time_passes(self) -> None:
        self.clock.forward(HELD_S)

    @precondition(lambda self: self.alive() and self.left())
    @rule(place=some.integers(0, 1), fault=some.sampled_from(WRONG), number=some.booleans())
    def a_parcel_goes_out_and_its_answer_is_lost(
        self, place: int, fault: str, number: bool
    ) -> None:
        self.the_vendor_packs(place, 1, label=False)
        self.hub_reads_the_store([])
        self.hub_tells_shopify(["", fault])  # what is open is read first
        if number:
            self.the_vendor_corrects_a_number(same_key=True)
            self.hub_reads_the_store([])
        self.hub_tells_shopify([])

    @precondition(lambda self: not self.buyer_canceled)
    @rule(
        shipped=some.booleans(),
        fault=some.sampled_from(["", *WRONG]),
        then_read=some.booleans(),
    )
    def the_buyer_cancels_and_the_answer_is_lost(
        self, shipped: bool, fault: str, then_read: bool
    ) -> None:
        if shipped and self.alive():
            self.the_vendor_completes_or_takes_up_again(done=True)
        self.the_buyer_cancels()
        self.hub_reads_shopify()
        self.hub_works_in_the_store([fault])
        if then_read:
            self.hub_reads_the_store([])
        self.hub_works_in_the_store([])

    def places(self, plan: Sequence[str] = ()) -> None:
        place_purchase_orders(
            Faulty(self.store, plan),  # type: ignore[arg-type]
            PurchaseOrders(self.store_id),
            self.clock,
            request_timeout=timedelta(seconds=60),
            budget_s=60,
        )

    # --- what must hold ---

    def told(self) -> Counter[str]:
        """Units of each line that are shipped on Shopify."""
        found: Counter[str] = Counter()
        for one in self.quay.shop.storefront.read_fulfillments(self.gid):
            if one.status == "SUCCESS":
                found.update(one.quantities)
        return found

    @invariant()
    def nothing_is_shipped_twice(self) -> None:
        if not hasattr(self, "number"):
            return
        part = PurchaseOrder.objects.get()
        told = self.told()
        for line in part.lines.select_related("order_line"):
            assert line.shipped <= line.quantity
            if not self.was_completed and not part.vendor.labels_ship:
                assert line.shipped <= self.packed_ever[line.line_item_id or 0]
            if not part.vendor.labels_ship:
                refunded = self.refunded_first[line.line_item_id or 0]
                assert line.shipped <= line.quantity - refunded
            assert line.shipped == sum(one.quantity for one in line.shipment_lines.all())
            if not self.by_hand:
                assert told[line.order_line.line_gid] <= line.shipped

    @invariant()
    def goods_are_put_back_once(self) -> None:
        if not hasattr(self, "number"):
            return
        assert not self.canceled_though_shipped
        for place, units in enumerate(UNITS):
            assert self.store.shelf[place + 1] <= SHELF
            if self.restocks:  # the store does it by itself, and the fake does nothing
                assert self.store.shelf[place + 1] == SHELF - units

    def comes_to_rest(self) -> None:
        for work in self.works():
            if work.status == "ON_HOLD":
                self.control("release", work)
        for _ in range(4):
            self.hub_reads_shopify()
            self.hub_reads_the_store([])
            self.hub_works_in_the_store([])
            self.hub_tells_shopify([])
            self.clock.forward(HELD_S)
        self.nothing_is_shipped_twice()
        self.goods_are_put_back_once()
        part = PurchaseOrder.objects.get()
        waiting = part.shipments.exclude(state__in=["fulfilled", "exception"])
        assert not waiting.exists(), "every shipment came to an end"
        self.what_was_shipped_is_told(part)
        self.cancels_are_whole(part)
        refunds = OrderRefund.objects.filter(side="store")
        if self.number in self.store.orders:
            assert refunds.count() == len(self.theirs.refunds)

    def what_was_shipped_is_told(self, part: PurchaseOrder) -> None:
        quiet = not (self.by_hand or self.buyer_canceled or self.staff_refunded)
        told = self.told()
        if quiet:
            assert not part.shipments.filter(state="exception").exists()
            for line in part.lines.select_related("order_line"):
                assert told[line.order_line.line_gid] == line.shipped
            shown = {
                number
                for one in self.quay.shop.storefront.read_fulfillments(self.gid)
                for number in one.numbers
            }
            assert shown == {n for one in part.shipments.all() for n in numbers_of(one)}
        if self.alive() and self.theirs.state is COMPLETED:
            refunded = Counter[int]()
            for refund in self.theirs.refunds:
                refunded.update({int(line.line_id): line.units for line in refund.lines})
            for line in part.lines.all():
                assert line.shipped >= line.quantity - refunded[line.line_item_id or 0]
            if part.shipments.exists():
                named = {n for one in part.shipments.all() for n in numbers_of(one)}
                assert {one.number for one in self.theirs.trackings} <= named

    def cancels_are_whole(self, part: PurchaseOrder) -> None:
        codes = set(OpenFinding.objects.filter(resolved_at=None).values_list("code", flat=True))
        if not self.buyer_canceled:
            return
        if part.shipments.exists():
            assert part.conflict == "open"
            assert "canceled_but_shipped" in codes
            return
        assert part.state == PurchaseOrderState.CANCELED
        assert "canceled_after_sending" not in codes
        order = self.store.orders.get(self.number)
        assert order is None or order.state not in {PROCESSING, COMPLETED}
        if not self.shop_ended and not self.restocks and not self.theirs.refunds:
            assert self.store.shelf == {1: SHELF, 2: SHELF}


def numbers_of(row: Shipment) -> list[str]:
    first = [row.tracking_number] if row.tracking_number else []
    return [*first, *(number for number, _ in row.others)]


def attempt(work: Callable[[], object]) -> None:
    with suppress(Killed, TryLater):
        work()


def test_goods_go_out_once_whatever_happens_on_the_way():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=30,
            stateful_step_count=20,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
