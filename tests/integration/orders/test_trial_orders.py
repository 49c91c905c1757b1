"""A trial order comes and goes: whatever breaks, never two, none that stays, none counted."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from longshore.domain.orders import StoreOrderState
from longshore.domain.trial import TrialOutcome, TrialState
from longshore.ports.errors import Rejected, TryLater
from longshore.storage import due_work
from longshore.storage.models import (
    OpenFinding,
    OrderEvent,
    PurchaseOrder,
    Store,
    StoreState,
    TrialOrder,
    VendorVariant,
)
from longshore.storage.queries.trials import newest_trials
from longshore.storage.repositories.trials import Trials, ask_trial
from longshore.sync.send_trial_order import send_trial_order
from longshore.web.shared import trial_words
from longshore.wiring import SystemClock
from support.exam_shop import ExamShop, simulated_shop
from support.fake_store import FakeStore, HandClock
from support.harbor import Harbor

TIMEOUT = timedelta(seconds=60)
pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The worker is gone, as by kill -9."""


class Dying:
    """A store or a ledger whose process dies before or after a call, now and then."""

    def __init__(self, inner: object, dies: Callable[[], bool]) -> None:
        self._inner = inner
        self._dies = dies

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._inner, name)

        def dangerous(*args: object, **kwargs: object) -> object:
            if self._dies():
                raise Killed
            answer = call(*args, **kwargs)
            if self._dies():
                raise Killed
            return answer

        return dangerous


@pytest.fixture
def kiln(harbor: Harbor) -> Store:
    return harbor.stores[0]


def asked(store: Store, clock: HandClock) -> int:
    return ask_trial(store.marketplace_id, store.vendor_id, store.pk, "Only a test.", clock.now())


def step(store: Any, row: Store, clock: HandClock, ledger: Any = None) -> None:
    send_trial_order(store, ledger or Trials(row.pk), clock, request_timeout=TIMEOUT)


def to_the_end(store: Any, row: Store, clock: HandClock, ledger: Any = None) -> TrialOrder:
    for _ in range(200):
        with suppress(Killed, TryLater):
            step(store, row, clock, ledger)
        clock.forward(25)
        trial = TrialOrder.objects.get()
        if not TrialState(trial.state).running:
            return trial
    raise AssertionError("it never ended")


def told(row: Store) -> list[str]:
    (trial,) = newest_trials(row.marketplace_id, row.vendor_id).values()
    return [str(one["what"]) for one in trial.steps]


def test_it_comes_and_goes_and_says_so(kiln: Store, clock: HandClock):
    store = FakeStore(clock)
    store.shelf = {1: 20}
    asked(kiln, clock)
    trial = to_the_end(store, kiln, clock)
    assert (trial.state, trial.outcome) == (TrialState.ENDED, TrialOutcome.WELL)
    assert store.orders == {}
    assert store.posts == [trial.reference]
    assert told(kiln) == [
        *("sent", "arrived", "matches", "read", "canceled", "stock", "removed", "well")
    ]
    page = newest_trials(kiln.marketplace_id, kiln.vendor_id)[kiln.pk]
    assert trial_words.told(page).kind == "ok"


def test_it_counts_nowhere(kiln: Store, clock: HandClock):
    asked(kiln, clock)
    to_the_end(FakeStore(clock), kiln, clock)
    assert PurchaseOrder.objects.count() == OrderEvent.objects.count() == 0
    assert OpenFinding.objects.count() == 0


def test_the_cheapest_in_stock_is_ordered_to_nobodys_address(kiln: Store, clock: HandClock):
    dear, cheap = VendorVariant.objects.filter(store=kiln).order_by("pk")
    dear.regular_price, cheap.regular_price = Decimal(3), Decimal(2)
    dear.save()
    cheap.save()
    VendorVariant.objects.create(
        marketplace=kiln.marketplace,
        store=kiln,
        product=cheap.product,
        product_id_in_store=99,
        regular_price=Decimal(1),
        tracked=True,
        quantity=0,
        stock_status="outofstock",
        stock_requested_at=clock.now(),
        changed_at=clock.now(),
    )
    number = asked(kiln, clock)
    ledger = Trials(kiln.pk)
    goods = ledger.goods(number)
    assert goods is not None
    assert goods.product_id == cheap.product_id_in_store
    draft = ledger.begin(number, goods, clock.now())
    assert draft is not None
    assert draft.buyer_email == ""
    assert draft.note == f"Only a test. {draft.reference}"
    assert ("longshore_trial", "yes") in draft.fields
    assert draft.lines[0].unit_price.amount == 2
    assert draft.lines[0].quantity == 1
    assert ledger.begin(number, goods, clock.now()) is None


def test_two_clicks_are_one_order(kiln: Store, clock: HandClock):
    store = FakeStore(clock)
    assert asked(kiln, clock) == asked(kiln, clock)
    to_the_end(store, kiln, clock)
    assert len(store.posts) == 1
    asked(kiln, clock)
    assert TrialOrder.objects.count() == 2


def test_nobody_asks_for_anothers_shop_or_one_that_is_away(harbor: Harbor, clock: HandClock):
    mine, other = harbor.stores
    with pytest.raises(Rejected):
        ask_trial(mine.marketplace_id, mine.vendor_id, other.pk, "", clock.now())
    with pytest.raises(Rejected):
        ask_trial(mine.marketplace_id + 1, mine.vendor_id, mine.pk, "", clock.now())
    mine.state = StoreState.BROKEN
    mine.save()
    with pytest.raises(Rejected):
        asked(mine, clock)
    assert TrialOrder.objects.count() == 0


@pytest.mark.parametrize(
    ("mischief", "outcome"),
    [
        ("lost_after", TrialOutcome.WELL),
        ("half_made", TrialOutcome.WELL),
        ("stuck", TrialOutcome.DIFFERS),
        ("late", TrialOutcome.WELL),
        ("junk", TrialOutcome.WELL),
        ("lost_before", TrialOutcome.NOT_THERE),
        ("busy", TrialOutcome.WELL),
        ("refused", TrialOutcome.REFUSED),
    ],
)
def test_whatever_the_shop_does_nothing_is_left(
    kiln: Store, clock: HandClock, mischief: str, outcome: TrialOutcome
):
    store = FakeStore(clock)
    asked(kiln, clock)
    store.mischief[TrialOrder.objects.get().reference] = mischief
    trial = to_the_end(store, kiln, clock)
    assert trial.outcome == outcome
    store.settle()
    assert store.orders == {}
    assert len(store.posts) == (2 if mischief == "busy" else 1)


def test_one_that_appears_hours_later_is_still_taken_away(kiln: Store, clock: HandClock):
    store = FakeStore(clock)
    asked(kiln, clock)
    store.mischief[TrialOrder.objects.get().reference] = "late"
    store._due.clear()
    step(store, kiln, clock)
    (late,) = store.every()
    store._due = [(clock.now() + timedelta(minutes=40), late)]
    trial = to_the_end(store, kiln, clock)
    assert (trial.state, trial.outcome) == (TrialState.WATCHED, TrialOutcome.NOT_THERE)
    for _ in range(30):
        clock.forward(300)
        due_work.ask_for_leftovers(clock.now())
        step(store, kiln, clock)
    store.settle()
    assert store.orders == {}
    assert TrialOrder.objects.get().state == TrialState.ENDED


@pytest.mark.parametrize("seed", range(25))
def test_a_killed_worker_leaves_neither_a_second_nor_a_first(
    kiln: Store, clock: HandClock, seed: int
):
    chance = random.Random(seed)  # noqa: S311 - mischief, not a secret
    store = FakeStore(clock, seed=seed, share=0.5)
    store.shelf = {1: 20, 2: 20}

    def dies() -> bool:
        return chance.random() < 0.2

    asked(kiln, clock)
    to_the_end(Dying(store, dies), kiln, clock, Dying(Trials(kiln.pk), dies))
    clock.forward(3600)
    for _ in range(40):
        step(store, kiln, clock)
        clock.forward(3600)
    store.settle()
    assert store.orders == {}
    made = Counter(order.order_id for order in store.every())
    assert made == {}
    assert set(store.posts) <= {TrialOrder.objects.get().reference}


def test_two_workers_send_one(kiln: Store, clock: HandClock):
    store = FakeStore(clock)
    asked(kiln, clock)
    slow, quick = Trials(kiln.pk), Trials(kiln.pk)
    trial = slow.due(clock.now())
    step(store, kiln, clock, quick)
    assert trial is not None
    goods = slow.goods(trial.trial_id)
    assert goods is not None
    assert slow.begin(trial.trial_id, goods, clock.now()) is None
    assert len(store.posts) == 1


def test_a_shop_that_does_not_let_it_go_is_named(kiln: Store, clock: HandClock):
    class Keeping(FakeStore):
        def remove_order(self, order_id: int) -> None:
            raise Rejected("Deleting is switched off.")

    asked(kiln, clock)
    trial = to_the_end(Keeping(clock), kiln, clock)
    assert (trial.outcome, trial.why) == (TrialOutcome.STAYS, "Deleting is switched off.")
    page = newest_trials(kiln.marketplace_id, kiln.vendor_id)[kiln.pk]
    words = trial_words.told(page)
    assert words.kind == "stop"
    assert trial.order_number in words.more


def test_nothing_in_stock_is_said_without_asking_the_shop(kiln: Store, clock: HandClock):
    VendorVariant.objects.filter(store=kiln).update(quantity=0)
    store = FakeStore(clock)
    asked(kiln, clock)
    trial = to_the_end(store, kiln, clock)
    assert (trial.outcome, store.posts) == (TrialOutcome.NOTHING_TO_ORDER, [])


def test_a_shop_that_stays_away_ends_it(kiln: Store, clock: HandClock):
    asked(kiln, clock)
    clock.forward(31 * 60)
    step(FakeStore(clock), kiln, clock)
    assert TrialOrder.objects.get().outcome == TrialOutcome.NOT_SENT


# --- in shops of every generation ---


class TheirClock(HandClock):
    """The shop's and ours, moved together."""

    def __init__(self, shop: ExamShop) -> None:
        super().__init__()
        self.time = SystemClock().now()
        self._shop = shop

    def forward(self, seconds: float) -> None:
        super().forward(seconds)
        assert self._shop.simulator is not None
        self._shop.simulator.shop.clock.advance(seconds)


def connected(shop: ExamShop, kiln: Store) -> VendorVariant:
    """The simulated shop as the vendor's own, with one counted product in stock."""
    goods = shop.tracked()
    kiln.profile = asdict(shop.profile)
    kiln.currency = shop.profile.currency
    kiln.save()
    VendorVariant.objects.filter(store=kiln).update(quantity=0)
    row = VendorVariant.objects.filter(store=kiln).order_by("pk")[0]
    row.product_id_in_store, row.quantity = goods.product_id, goods.stock.quantity
    row.save()
    return row


@pytest.mark.parametrize(
    "name",
    ["9.9.5 https", "3.0.9 https", "2.6.14 https", "2.5.5 https", "2.3.13 https", "2.2.0 https"],
)
@pytest.mark.parametrize("lost", [False, True])
def test_the_stock_is_as_it_was_and_nobody_got_mail(
    kiln: Store,
    name: str,
    lost: bool,
):
    with simulated_shop(*name.split()) as shop:
        clock = TheirClock(shop)
        goods = connected(shop, kiln)
        assert shop.simulator is not None
        inside = shop.simulator.shop
        before = inside.catalog.require(goods.product_id_in_store).stock_quantity
        asked(kiln, clock)
        if lost:
            shop.simulator.faults.add("commit_then_502", times=1, match="^POST")
        trial = to_the_end(shop.store, kiln, clock)
        assert trial.outcome == TrialOutcome.WELL, trial.steps
        assert inside.orders == {}
        assert inside.catalog.require(goods.product_id_in_store).stock_quantity == before
        assert inside.emails == []


def test_a_digital_shop_that_completes_it_at_once_is_told(kiln: Store, clock: HandClock):
    class Completing(FakeStore):
        def create_order(self, draft: Any) -> Any:
            made = super().create_order(draft)
            self.change(made.order_id, state=StoreOrderState.COMPLETED)
            return self.orders[made.order_id]

    asked(kiln, clock)
    trial = to_the_end(Completing(clock), kiln, clock)
    assert trial.outcome == TrialOutcome.DIFFERS
