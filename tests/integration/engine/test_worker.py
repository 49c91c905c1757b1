import signal
import subprocess
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from longshore.storage.job_queue import CATALOG, ORDERS, defer
from longshore.worker.process import POLL_S
from support.gate import Gate

Start = Callable[..., subprocess.Popen[bytes]]
pytestmark = pytest.mark.usefixtures("jobs_table")


def query(text: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchall()


def marks() -> list[str]:
    return [name for (name,) in query("SELECT name FROM engine_marks ORDER BY id")]


def jobs() -> list[tuple]:
    return query("SELECT task_name, status::text, attempts FROM procrastinate_jobs ORDER BY id")


def wait(name: str, gate: Gate, **options: object) -> None:
    defer("test_wait", port=gate.port, name=name, **options)


def test_jobs_run_and_leave_the_table(start_worker: Start) -> None:
    for name in ("a", "b"):
        defer("test_mark", name=name)
    assert start_worker(until_empty=True).wait(30) == 0
    assert sorted(marks()) == ["a", "b"]
    assert jobs() == []


def test_jobs_of_one_store_run_one_after_the_other(start_worker: Start, gate: Gate) -> None:
    for name in ("a1", "a2", "a3"):
        wait(name, gate, lock="store:1")
    wait("b1", gate, lock="store:2")
    start_worker()
    first, other = sorted([gate.next(), gate.next()], key=lambda visit: visit.name)
    assert [first.name, other.name] == ["a1", "b1"]
    other.let_go()
    for expected in ("a2", "a3"):
        assert gate.nobody_waits()
        first.let_go()
        first = gate.next()
        assert first.name == expected
    first.let_go()


def test_the_next_job_of_a_lock_does_not_wait_for_the_poll(start_worker: Start, gate: Gate) -> None:
    for number in range(8):
        wait(f"job {number}", gate, lock="store:1")
    start_worker()
    gate.next().let_go()
    started = time.monotonic()
    for _ in range(7):
        gate.next().let_go()
    assert time.monotonic() - started < 3.5 * POLL_S


def test_a_waiting_order_passes_after_one_slice(start_worker: Start, gate: Gate) -> None:
    wait("slice 1", gate, lock="store:1", priority=CATALOG)
    start_worker(concurrency=1)
    running = gate.next()
    wait("slice 2", gate, lock="store:1", priority=CATALOG)
    wait("order", gate, lock="store:1", priority=ORDERS)
    running.let_go()
    order = gate.next()
    assert order.name == "order"
    order.let_go()
    gate.next().let_go()


def test_a_killed_worker_loses_nothing(start_worker: Start, gate: Gate) -> None:
    for number in range(6):
        wait(f"job {number}", gate, lock=f"store:{number}")
    victim = start_worker(concurrency=6)
    started = {gate.next().name for _ in range(6)}
    victim.send_signal(signal.SIGKILL)
    victim.wait(10)
    assert marks() == []
    survivor = start_worker(concurrency=6)
    again = [gate.next() for _ in range(6)]
    assert {visit.name for visit in again} == started
    for visit in again:
        visit.let_go()
    survivor.terminate()
    assert survivor.wait(30) == 0
    assert sorted(marks()) == sorted(started)
    assert jobs() == []


def test_a_worker_asked_to_stop_ends_its_job_first(start_worker: Start, gate: Gate) -> None:
    wait("current", gate, lock="store:1")
    worker = start_worker()
    current = gate.next()
    wait("next", gate, lock="store:1")
    worker.terminate()
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(0.5)
    current.let_go()
    assert worker.wait(30) == 0
    assert marks() == ["current"]
    assert jobs() == [("test_wait", "todo", 0)]
    assert query("SELECT count(*) FROM procrastinate_workers") == [(0,)]


def test_a_job_that_does_not_end_is_left_for_others_at_once(
    start_worker: Start, gate: Gate
) -> None:
    wait("endless", gate)
    worker = start_worker(grace_s=0.2, dead_after_s=600)
    gate.next()
    worker.terminate()
    assert worker.wait(30) == 1
    assert query("SELECT worker_id, status::text FROM procrastinate_jobs") == [(None, "doing")]
    start_worker(dead_after_s=600)
    again = gate.next()
    assert again.name == "endless"
    again.let_go()


@pytest.mark.parametrize(("fails", "expected"), [(False, ["a", "after a"]), (True, [])])
def test_in_a_worker_rows_and_jobs_live_or_die_together(
    start_worker: Start, *, fails: bool, expected: list[str]
) -> None:
    defer("test_follow_up", name="a", fails=fails)
    assert start_worker(until_empty=True).wait(30) == 0
    assert marks() == expected
    assert jobs() == ([("test_follow_up", "failed", 1)] if fails else [])


def test_a_shop_that_says_when_is_obeyed(start_worker: Start) -> None:
    defer("test_try_later", after=120)
    assert start_worker(until_empty=True).wait(30) == 0
    assert jobs() == [("test_try_later", "todo", 1)]
    assert query(
        "SELECT scheduled_at BETWEEN now() + interval '100 s' AND now() + interval '120 s'"
        " FROM procrastinate_jobs"
    ) == [(True,)]


def test_a_job_that_ended_is_recorded_although_the_connections_broke(
    start_worker: Start, gate: Gate
) -> None:
    wait("a", gate)
    worker = start_worker(dead_after_s=600)
    current = gate.next()
    query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    current.let_go()
    worker.terminate()
    worker.wait(30)
    assert marks() == ["a"]
    assert jobs() == []


def test_a_transaction_may_not_wait_for_a_shop() -> None:
    from longshore.storage.postgres import release_connection

    with pytest.raises(RuntimeError, match="transaction"), transaction.atomic():
        release_connection()
