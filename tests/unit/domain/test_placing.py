from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from longshore.domain.money import Money
from longshore.domain.orders import PurchaseOrderState, StoreOrder, StoreOrderState
from longshore.domain.placing import (
    HALF_MADE_FOR,
    Next,
    Resend,
    Search,
    after_look_up,
    resend,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TIMEOUT = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
WHOLE = StoreOrder(
    order_id=1,
    number="1",
    reference="LS-1",
    state=StoreOrderState.PROCESSING,
    raw_status="processing",
    currency="EUR",
    total=Money(Decimal(1), "EUR"),
    created_at=NOON,
    modified_at=NOON,
    completed_at=None,
    lines=(),
)
HALF = replace(WHOLE, state=StoreOrderState.PENDING)


def test_what_is_found_whole_is_adopted():
    assert after_look_up(WHOLE, Search(), NOON, TIMEOUT).next is Next.ADOPT


def test_what_is_half_made_is_waited_for_then_told():
    first = after_look_up(HALF, Search(), NOON, TIMEOUT)
    assert first.next is Next.WAIT
    assert first.look_at is not None
    assert first.look_at > NOON
    late = after_look_up(HALF, Search(half_made_since=NOON - HALF_MADE_FOR), NOON, TIMEOUT)
    assert late.next is Next.STUCK


def test_one_clean_look_up_is_not_enough():
    step = after_look_up(None, Search(), NOON, TIMEOUT)
    assert (step.next, step.look_at) == (Next.WAIT, NOON + TIMEOUT)


@pytest.mark.parametrize(
    ("waited", "then"),
    [(timedelta(0), Next.WAIT), (TIMEOUT - SECOND, Next.WAIT), (TIMEOUT, Next.AGAIN)],
)
def test_the_second_clean_one_comes_a_timeout_later(waited: timedelta, then: Next):
    search = Search(clean_look_ups=1, clean_since=NOON)
    step = after_look_up(None, search, NOON + waited, TIMEOUT)
    assert step.next is then
    if then is Next.WAIT:
        assert step.look_at == NOON + TIMEOUT


@pytest.mark.parametrize(
    ("state", "store_state", "does"),
    [
        (PurchaseOrderState.PENDING, None, Resend.NOW),
        (PurchaseOrderState.SENDING, None, Resend.LOOK),
        (PurchaseOrderState.UNCERTAIN, None, Resend.LOOK),
        (PurchaseOrderState.REFUSED, None, Resend.LOOK),
        (PurchaseOrderState.CANCELED, None, Resend.CANCELED),
        (PurchaseOrderState.ACCEPTED, StoreOrderState.PROCESSING, Resend.THERE),
        (PurchaseOrderState.ACCEPTED, StoreOrderState.OTHER, Resend.THERE),
        (PurchaseOrderState.ACCEPTED, StoreOrderState.CANCELED, Resend.ANEW),
        (PurchaseOrderState.ACCEPTED, StoreOrderState.TRASHED, Resend.ANEW),
    ],
)
def test_sending_again_never_makes_a_second_order(
    state: PurchaseOrderState, store_state: StoreOrderState | None, does: Resend
):
    assert resend(state, store_state, shipped=False, stuck=False) is does


def test_what_is_shipped_is_not_sent_anew():
    ended = (PurchaseOrderState.ACCEPTED, StoreOrderState.CANCELED)
    assert resend(*ended, shipped=True, stuck=False) is Resend.THERE


def test_what_stays_half_made_is_made_anew():
    assert resend(PurchaseOrderState.UNCERTAIN, None, shipped=False, stuck=True) is Resend.ANEW
