"""Whatever buyers, staff and apps do with an order, its units are somewhere exactly once."""

import contextlib

from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from simulators.shopify import Simulator
from simulators.shopify.controls import WRONG, post
from simulators.shopify.shop import refunds, shipping, work
from simulators.shopify.shop.units import shipped, unshipped

UNITS = strategies.integers(1, 5)
ANY = strategies.integers(0, 1000)
START = 50


class Units(RuleBasedStateMachine):
    """Every step may be refused; it must never leave the books wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.shop = Simulator()
        self.parts = self.shop.parts
        self.state = self.parts.state
        self.state.clock.stop()
        self.control("locations", name="Kiln")
        self.variants = []
        for number in range(2):
            row = {"sku": str(number), "available": START, "policy": "CONTINUE"}
            product = self.control("products", title="Mug", variants=[row])
            self.variants.append(product["variantIds"][0])
        self.items = [self.state.variants[gid]["itemId"] for gid in self.variants]
        self.places = list(self.state.locations)
        self.state.levels[self.items[0], self.places[1]] = {
            "available": START, "committed": 0, "updatedAt": self.state.clock.now()
        }  # fmt: skip
        self.on_hand = {self.items[0]: 2 * START, self.items[1]: START}

    def control(self, path: str, **given):
        return post(self.parts, path, given)

    def teardown(self) -> None:
        self.shop.close()

    def pick(self, rows, number: int):
        rows = list(rows)
        return rows[number % len(rows)]

    def order(self, number: int):
        return self.pick(self.state.orders.values(), number)

    def some_work(self, number: int):
        rows = self.state.fulfillment_orders.values()
        return self.pick([row for row in rows if row["lines"]], number)

    def has_orders(self) -> bool:
        return bool(self.state.orders)

    # --- steps ---

    @rule(first=UNITS, second=strategies.integers(0, 4))
    def buy(self, first: int, second: int) -> None:
        lines = [{"variant_id": self.variants[0], "quantity": first}]
        if second:
            lines.append({"variant_id": self.variants[1], "quantity": second})
        self.control("checkout", lines=lines)

    @precondition(has_orders)
    @rule(which=ANY, units=UNITS)
    def ship(self, which: int, units: int) -> None:
        row = self.some_work(which)
        part = self.pick(row["lines"], which)
        entry = {"fulfillmentOrderId": row["id"],
                 "fulfillmentOrderLineItems": [{"id": part["id"], "quantity": units}]}  # fmt: skip
        with contextlib.suppress(*WRONG):
            shipping.create(self.state, {"lineItemsByFulfillmentOrder": [entry]})
            self.on_hand[part["itemId"]] -= units

    @precondition(lambda self: bool(self.state.fulfillments))
    @rule(which=ANY)
    def unship(self, which: int) -> None:
        row = self.pick(self.state.fulfillments.values(), which)
        order = self.state.orders[row["orderId"]]
        if order["cancelledAt"] or any(line["returned"] for line in order["lines"]):
            return
        with contextlib.suppress(*WRONG):
            shipping.cancel(self.state, row["id"])
            for line in row["lines"]:
                item = next(o["itemId"] for o in order["lines"] if o["id"] == line["lineId"])
                self.on_hand[item] += line["quantity"]

    @precondition(has_orders)
    @rule(which=ANY, units=UNITS, kind=strategies.sampled_from(["NO_RESTOCK", "CANCEL", "RETURN"]))
    def refund(self, which: int, units: int, kind: str) -> None:
        order = self.order(which)
        line = self.pick(order["lines"], which)
        waiting = unshipped(self.state, order, line)
        place = self.pick(self.places, which)
        one = {"lineItemId": line["id"], "quantity": units, "restockType": kind,
               "locationId": place}  # fmt: skip
        with contextlib.suppress(*WRONG):
            refunds.create(self.state, {"orderId": order["id"], "refundLineItems": [one]})
            if kind == "NO_RESTOCK":
                self.on_hand[line["itemId"]] -= min(units, waiting)
            if kind == "RETURN" and (line["itemId"], place) in self.state.levels:
                self.on_hand[line["itemId"]] += units

    @precondition(has_orders)
    @rule(which=ANY, wanted=strategies.integers(0, 6), restock=strategies.booleans())
    def edit(self, which: int, wanted: int, restock: bool) -> None:
        order = self.order(which)
        if order["cancelledAt"]:
            return
        line = self.pick(order["lines"], which)
        before = line["currentQuantity"]
        change = {"line_id": line["id"], "quantity": wanted, "restock": restock}
        with contextlib.suppress(*WRONG):
            self.control("orders/edit", order_id=order["id"], set=[change])
            if not restock:
                self.on_hand[line["itemId"]] -= max(0, before - wanted)

    @precondition(has_orders)
    @rule(which=ANY, restock=strategies.booleans())
    def cancel(self, which: int, restock: bool) -> None:
        order = self.order(which)
        if order["cancelledAt"]:
            return
        waiting = [(line, unshipped(self.state, order, line)) for line in order["lines"]]
        self.control("orders/cancel", order_id=order["id"], restock=restock)
        for line, units in waiting:
            self.on_hand[line["itemId"]] -= 0 if restock else units

    @precondition(has_orders)
    @rule(which=ANY, units=UNITS)
    def split(self, which: int, units: int) -> None:
        row = self.some_work(which)
        part = self.pick(row["lines"], which)
        one = {"fulfillmentOrderId": row["id"],
               "fulfillmentOrderLineItems": [{"id": part["id"], "quantity": units}]}  # fmt: skip
        if row["status"] in {"OPEN", "IN_PROGRESS"}:
            with contextlib.suppress(*WRONG):
                work.split(self.state, [one])

    @precondition(has_orders)
    @rule(which=ANY, units=strategies.integers(0, 3))
    def move(self, which: int, units: int) -> None:
        row = self.some_work(which)
        lines = [{"id": part["id"], "quantity": units} for part in row["lines"][:1] if units]
        with contextlib.suppress(*WRONG):
            work.move(self.state, row["id"], self.places[which % 2], lines)

    @precondition(has_orders)
    @rule(which=ANY)
    def hold_or_release(self, which: int) -> None:
        row = self.some_work(which)
        with contextlib.suppress(*WRONG):
            if row["holds"]:
                work.release(self.state, row["id"], None)
            else:
                work.hold(self.state, row["id"], {"reason": "OTHER"}, by_app=False)

    # --- what must always hold ---

    @invariant()
    def what_is_committed_is_still_to_be_shipped(self) -> None:
        for item in self.items:
            owed = sum(
                part["committed"]
                for row in self.state.fulfillment_orders.values()
                for part in row["lines"]
                if part["itemId"] == item
            )
            levels = self.state.levels.of(item).values()
            assert sum(level["committed"] for level in levels) == owed

    @invariant()
    def work_ends_when_nothing_is_left(self) -> None:
        for row in self.state.fulfillment_orders.values():
            for part in row["lines"]:
                assert 0 <= part["committed"] == part["remainingQuantity"] <= part["totalQuantity"]
            left = sum(part["remainingQuantity"] for part in row["lines"])
            assert (left == 0) == (row["status"] in {"CLOSED", "CANCELLED"})

    @invariant()
    def each_unit_of_a_line_is_somewhere_once(self) -> None:
        for order in self.state.orders.values():
            for line in order["lines"]:
                out = shipped(self.state, order, line)
                waiting = unshipped(self.state, order, line)
                assert out >= 0
                if not order["cancelledAt"]:
                    assert line["currentQuantity"] == waiting + out

    @invariant()
    def on_hand_changes_only_with_goods(self) -> None:
        for item in self.items:
            levels = self.state.levels.of(item).values()
            now = sum(level["available"] + level["committed"] for level in levels)
            assert now == self.on_hand[item]


TestUnits = Units.TestCase
TestUnits.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
