from datetime import UTC, datetime

import pytest
from django.db import InterfaceError, OperationalError
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.jobs import Job
from psycopg_pool import PoolTimeout

from longshore.ports.errors import Bug, NeedsOperator, NeedsVendor, Rejected, TryLater
from longshore.storage.job_queue import CATALOG, ORDERS, STOCK
from longshore.worker.retry import LONGEST_PAUSE_S, UNEXPECTED_TRIES, NextAction

retry = NextAction()


@pytest.mark.parametrize("error", [NeedsVendor("x"), NeedsOperator("x"), Rejected("x"), Bug("x")])
def test_what_a_person_must_act_on_is_not_tried_again(error: Exception) -> None:
    assert retry.pause_s(error, 0) is None


@pytest.mark.parametrize(("after", "pause"), [(90.0, 90.0), (0.0, 0.0), (-5.0, 0.0)])
def test_a_shop_that_says_when_is_obeyed(after: float, pause: float) -> None:
    assert retry.pause_s(TryLater("x", after=after), 7) == pause


@given(st.integers(min_value=0, max_value=10_000))
def test_pauses_grow_to_a_limit_and_outages_are_outlasted(attempts: int) -> None:
    for error in (TryLater("x"), OperationalError(), InterfaceError(), PoolTimeout()):
        pause = retry.pause_s(error, attempts)
        assert pause is not None
        assert min(LONGEST_PAUSE_S, 5 * 2 ** min(attempts, 20)) / 2 <= pause <= LONGEST_PAUSE_S


def test_the_unexpected_is_tried_a_few_times() -> None:
    pauses = [retry.pause_s(ZeroDivisionError(), attempts) for attempts in range(4)]
    assert [pause is not None for pause in pauses] == [True, True, False, False]
    assert UNEXPECTED_TRIES == 3


def test_a_worker_that_is_told_to_end_does_not_retry() -> None:
    assert retry.pause_s(KeyboardInterrupt(), 0) is None


def test_the_decision_names_a_time() -> None:
    job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=0)
    decision = retry.get_retry_decision(exception=TryLater("x", after=60), job=job)
    assert decision is not None
    assert decision.retry_at is not None
    assert 55 < (decision.retry_at - datetime.now(UTC)).total_seconds() <= 60
    assert retry.get_retry_decision(exception=Rejected("x"), job=job) is None


@pytest.mark.parametrize(
    ("priority", "longest_s"), [(ORDERS, 60), (STOCK, 120), (CATALOG, LONGEST_PAUSE_S)]
)
def test_orders_never_wait_long_for_a_job_that_was_tried_often(
    priority: int, longest_s: float
) -> None:
    job = Job(
        id=1,
        queue="q",
        lock=None,
        queueing_lock=None,
        task_name="t",
        attempts=17,
        priority=priority,
    )
    decision = retry.get_retry_decision(exception=TryLater("x"), job=job)
    assert decision is not None
    assert decision.retry_at is not None
    pause_s = (decision.retry_at - datetime.now(UTC)).total_seconds()
    assert longest_s / 2 - 1 <= pause_s <= longest_s
