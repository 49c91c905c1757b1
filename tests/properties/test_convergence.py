"""Whatever vendors, buyers, networks and killed workers do, in the end Shopify is as the vendors'
shops say. The end is judged by an oracle that knows nothing of the hub (`support/oracle.py`).

Hypothesis plays stories against the simulators and the hub's real code: edits with and without a
trace, sales on both sides, webhooks lost, doubled, late and out of order, broken answers, workers
killed between two requests. Every story is the same in every run.
"""

import contextlib
import os
import sys
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from simulators.shopify.controls import WRONG, post
from simulators.shopify.shop.checkout import SoldOut
from support.play import Play, Shop, hub_between

STORIES = int(os.environ.get("STORIES", "4"))
"""More of them look further: STORIES=100 make test ARGS='-k convergence'."""
FEW = 4
"""So few are not made shorter when one fails: that would take minutes."""
STEPS = 30
WHICH = some.integers(0, 1)
ANY = some.integers(0, 1000)
UNITS = some.integers(0, 4)
VENDOR_FAULTS = (
    "burst_5xx", "rate_limit", "hang", "reset", "reset_after_bytes", "truncated", "empty_200",
    "commit_then_502", "commit_then_timeout", "maintenance",
)  # fmt: skip
FRONT_FAULTS = (
    "throttled", "http_429", "internal", "internal_after", "http_502", "http_502_after",
    "cut_before", "cut_after", "html", "half", "stale",
)  # fmt: skip
FATES = ("once", "once", "twice", "lost", "late")
pytestmark = pytest.mark.django_db


class Market(RuleBasedStateMachine):
    patch: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.stack = contextlib.ExitStack()
        story = transaction.atomic()
        story._from_testcase = True  # type: ignore[attr-defined]  # as pytest-django's own
        self.stack.enter_context(story)
        self.stack.callback(transaction.set_rollback, True)  # noqa: FBT003 - Django's own
        self.made = 0
        try:
            self.play: Play = self.stack.enter_context(hub_between(self.patch, Play))
            self.begins()
        except BaseException:  # then nobody calls `teardown`
            self.stack.close()
            raise

    def begins(self) -> None:
        for _ in range(4):
            self.play.hub.work()
            self.play.clock.forward(30)
        assert self.play.differences() == []

    def teardown(self) -> None:
        self.stack.close()

    # --- choosing ---

    def shop(self, which: int) -> Shop:
        return self.play.shops[which]

    def some_row(self, shop: Shop, number: int) -> Any:
        """A product or variation that is not in the trash."""
        catalog = shop.made.catalog
        rows = [row for row in catalog.products() if row.status != "trash"]
        rows += [child for row in rows for child in catalog.children_of(row)]
        return rows[number % len(rows)]

    def some_product(self, shop: Shop, number: int) -> Any:
        rows = [row for row in shop.made.catalog.products() if row.status != "trash"]
        return rows[number % len(rows)]

    # --- vendors ---

    @rule(which=WHICH, number=ANY, units=UNITS, seen=some.booleans())
    def counts_anew(self, which: int, number: int, units: int, seen: bool) -> None:
        shop = self.shop(which)
        row = self.some_row(shop, number)
        if seen:
            shop.made.edit_product(row.id, manage_stock=True, stock_quantity=units)
        elif row.manage_stock:
            shop.made.set_stock(row.id, units)

    @rule(which=WHICH, number=ANY, status=some.sampled_from(("instock", "outofstock")))
    def stops_counting(self, which: int, number: int, status: str) -> None:
        shop = self.shop(which)
        row = self.some_row(shop, number)
        shop.made.edit_product(row.id, manage_stock=False, stock_status=status)

    @rule(which=WHICH, number=ANY, percent=some.integers(90, 110))
    def reprices(self, which: int, number: int, percent: int) -> None:
        """A little: a large step waits for a person."""
        shop = self.shop(which)
        row = self.some_row(shop, number)
        if row.kind != "variable" and row.regular_price and not row.sale_price:
            price = Decimal(row.regular_price) * percent / 100
            shop.made.edit_product(row.id, regular_price=f"{price:.2f}")

    @rule(which=WHICH, number=ANY)
    def renames(self, which: int, number: int) -> None:
        shop = self.shop(which)
        self.made += 1
        shop.made.edit_product(self.some_product(shop, number).id, name=f"Renamed {self.made}")

    @rule(
        which=WHICH,
        number=ANY,
        status=some.sampled_from(("draft", "private", "publish")),
        seen=some.booleans(),
    )
    def hides_or_shows(self, which: int, number: int, status: str, seen: bool) -> None:
        shop = self.shop(which)
        row = self.some_product(shop, number)
        if seen:
            shop.made.edit_product(row.id, status=status)
        else:
            shop.made.catalog.change(row, status=status)

    @rule(which=WHICH, number=ANY, force=some.booleans())
    def deletes(self, which: int, number: int, force: bool) -> None:
        shop = self.shop(which)
        if len([row for row in shop.made.catalog.products() if row.status != "trash"]) > 4:
            shop.made.delete_product(self.some_product(shop, number).id, force=force)

    @rule(which=WHICH, number=ANY)
    def restores(self, which: int, number: int) -> None:
        shop = self.shop(which)
        rows = sorted(shop.made.catalog.trashed)
        if rows:
            shop.made.edit_product(rows[number % len(rows)], status="publish")

    @rule(which=WHICH, units=UNITS)
    def adds(self, which: int, units: int) -> None:
        shop = self.shop(which)
        self.made += 1
        if len(shop.made.catalog.product_ids) < 15:
            shop.made.add_product(
                name=f"New {self.made}",
                regular_price="12.00",
                manage_stock=True,
                stock_quantity=units,
            )

    @rule(which=WHICH, number=ANY)
    def sells_over_the_counter(self, which: int, number: int) -> None:
        shop = self.shop(which)
        row = self.some_row(shop, number)
        if row.kind in {"simple", "variation"}:
            parent = row.parent_id
            shop.made.sell(parent or row.id, row.id if parent else 0)

    @rule(which=WHICH, number=ANY)
    def ships(self, which: int, number: int) -> None:
        shop = self.shop(which)
        waiting = [one for one in shop.made.orders.values() if one.status == "processing"]
        if waiting:
            tracking = {"number": f"TRACK-{number}", "provider": "DHL"}
            shop.made.complete_order(waiting[number % len(waiting)].id, tracking)

    # --- buyers ---

    @rule(number=ANY, units=some.integers(1, 3))
    def buys(self, number: int, units: int) -> None:
        """What is not on sale, or not there, Shopify does not sell."""
        variants = list(self.play.front.parts.state.variants)
        line = {"variant_id": variants[number % len(variants)], "quantity": units}
        with contextlib.suppress(SoldOut, *WRONG):
            post(self.play.front.parts, "checkout", {"lines": [line]})

    # --- the way between ---

    @rule(fates=some.lists(some.sampled_from(FATES), min_size=1, max_size=12), back=some.booleans())
    def webhooks_arrive(self, fates: list[str], back: bool) -> None:
        self.play.gather_letters()
        letters = self.play.bag[:]
        self.play.bag.clear()
        for index, letter in enumerate(reversed(letters) if back else letters):
            fate = fates[index % len(fates)]
            if fate == "late":
                self.play.bag.append(letter)
            for _ in range({"once": 1, "twice": 2}.get(fate, 0)):
                self.play.hand_over(letter)

    @rule(which=WHICH, kind=some.sampled_from(VENDOR_FAULTS), times=some.integers(1, 8))
    def a_vendors_host_fails(self, which: int, kind: str, times: int) -> None:
        self.shop(which).simulator.faults.add(kind, times=times)

    @rule(kind=some.sampled_from(FRONT_FAULTS), times=some.integers(1, 3))
    def shopify_fails(self, kind: str, times: int) -> None:
        self.play.front.parts.faults.add(kind, times)

    @rule(requests=some.integers(1, 12))
    def the_worker_will_be_killed(self, requests: int) -> None:
        self.play.kill_in = requests

    @rule(seconds=some.sampled_from((0.0, 3.0)))
    def slices_become_short_or_long(self, seconds: float) -> None:
        self.play.clock.restless_s = seconds

    # --- the hub ---

    @rule(seconds=some.sampled_from((5, 40, 130, 700)))
    def the_hub_works(self, seconds: int) -> None:
        self.play.clock.forward(seconds)
        self.play.hub.work()

    @precondition(lambda self: self.made % 2)
    @rule()
    def everything_comes_to_rest(self) -> None:
        self.comes_right()

    def comes_right(self) -> None:
        self.play.come_to_rest()
        assert self.play.differences() == [], self.play.told()


class Story(Market):
    """Ends at rest, whatever was played."""

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:  # else the story broke off
                self.comes_right()
        finally:
            super().teardown()


def test_in_the_end_shopify_is_as_the_vendors_say(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Market, "patch", monkeypatch)
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=STEPS,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,) if STORIES <= FEW else (Phase.generate, Phase.shrink),
        ),
    )
