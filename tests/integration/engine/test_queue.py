import psycopg
import pytest
from django.db import connection, transaction

from longshore.storage.job_queue import CATALOG, ORDERS, SWEEP, defer, store_lock


def rows(columns: str = "task_name") -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


def fetch(other: psycopg.Connection | None = None, worker: int | None = None) -> str | None:
    """The name of the job a worker would get now."""
    query = "SELECT args->>'name' FROM longshore_fetch_job(NULL, %s)"
    if other is not None:
        return other.execute(query, [worker]).fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute(query, [worker])
        return cursor.fetchone()[0]


def run_sql(query: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)


@pytest.fixture
def other_session(jobs_table: None):
    place = connection.settings_dict
    with psycopg.connect(
        host=place["HOST"], user=place["USER"], dbname=place["NAME"], autocommit=True
    ) as session:
        yield session


def test_a_rolled_back_transaction_leaves_no_job(jobs_table: None) -> None:
    def undone() -> None:
        defer("test_mark", name="a")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        undone()
    assert rows() == []


def test_a_job_carries_what_it_was_given(jobs_table: None) -> None:
    assert defer("test_mark", lock=store_lock(7), priority=ORDERS, schedule_in_s=60, name="a")
    assert rows("task_name, lock, priority, args, scheduled_at > now() + interval '50 s'") == [
        ("test_mark", "store:7", 100, '{"name": "a"}', True)
    ]


def test_one_job_waits_for_a_queueing_lock_and_the_transaction_goes_on(jobs_table: None) -> None:
    with transaction.atomic():
        assert defer("test_mark", queueing_lock="dirty:1", name="a")
        assert not defer("test_mark", queueing_lock="dirty:1", name="b")
        assert defer("test_mark", queueing_lock="dirty:2", name="c")
    assert [args for (args,) in rows("args->>'name'")] == ["a", "c"]


def test_a_waiting_job_starts_after_the_transaction_that_relies_on_it(
    other_session: psycopg.Connection,
) -> None:
    defer("test_mark", queueing_lock="dirty:1", name="a")
    with transaction.atomic():
        assert not defer("test_mark", queueing_lock="dirty:1", name="a")
        assert fetch(other_session) is None
    assert fetch(other_session) == "a"


def test_a_running_job_does_not_count_as_waiting(jobs_table: None) -> None:
    defer("test_mark", queueing_lock="dirty:1", name="a")
    assert fetch() == "a"
    assert defer("test_mark", queueing_lock="dirty:1", name="b")


def test_one_job_of_a_lock_runs_at_a_time_and_the_urgent_first(jobs_table: None) -> None:
    defer("test_mark", lock="store:1", priority=CATALOG, name="import")
    defer("test_mark", lock="store:1", priority=ORDERS, name="order")
    defer("test_mark", lock="store:2", priority=SWEEP, name="sweep")
    assert [fetch(), fetch(), fetch()] == ["order", "sweep", None]


def test_a_job_scheduled_for_later_does_not_hold_back_its_lock(jobs_table: None) -> None:
    defer("test_mark", lock="store:1", priority=ORDERS, schedule_in_s=600, name="later")
    defer("test_mark", lock="store:1", priority=CATALOG, name="now")
    assert fetch() == "now"


def waits_s() -> list[int]:
    """In how many seconds each job is due."""
    return [round(s) for (s,) in rows("extract(epoch FROM scheduled_at - clock_timestamp())")]


@pytest.mark.parametrize("second", [300.0, 5.0])
def test_a_job_put_off_to_later_does_not_swallow_a_sooner_request(
    jobs_table: None, second: float
) -> None:
    assert defer("test_mark", queueing_lock="dirty:1", schedule_in_s=3600, name="a")
    assert not defer("test_mark", queueing_lock="dirty:1", schedule_in_s=second, name="b")
    assert waits_s() == [round(second)]
    assert not defer("test_mark", queueing_lock="dirty:1", schedule_in_s=600, name="c")
    assert waits_s() == [round(second)], "what comes later changes nothing"


def test_a_request_for_now_brings_forward_what_waits_for_later(jobs_table: None) -> None:
    defer("test_mark", queueing_lock="dirty:1", schedule_in_s=3600, name="a")
    assert fetch() is None
    assert not defer("test_mark", queueing_lock="dirty:1", name="b")
    assert fetch() == "a"


def test_what_is_brought_forward_starts_after_the_transaction_that_relies_on_it(
    other_session: psycopg.Connection,
) -> None:
    defer("test_mark", queueing_lock="dirty:1", schedule_in_s=3600, name="a")
    with transaction.atomic():
        assert not defer("test_mark", queueing_lock="dirty:1", name="b")
        assert fetch(other_session) is None
    assert fetch(other_session) == "a"


def test_what_failed_keeps_its_pause(jobs_table: None) -> None:
    defer("test_mark", queueing_lock="dirty:1", name="a")
    assert fetch() == "a"
    again = "SELECT longshore_retry_job({}, now() + interval '40 s', NULL, NULL, NULL)"
    run_sql(again.format(rows("id")[0][0]))
    assert not defer("test_mark", queueing_lock="dirty:1", name="b")
    assert waits_s() == [40]


@pytest.mark.parametrize("back", ["SELECT longshore_retry_job({id}, now(), NULL, NULL, NULL)",
                                  "SELECT longshore_rescue_jobs(60)"])  # fmt: skip
def test_a_job_that_goes_back_beside_a_younger_twin_hands_over_to_it(
    jobs_table: None, back: str
) -> None:
    defer("test_mark", lock="store:1", queueing_lock="dirty:1", name="old")
    assert fetch() == "old"
    old = rows("id")[0][0]
    defer("test_mark", lock="store:1", queueing_lock="dirty:1", name="young")
    run_sql(back.format(id=old))
    assert rows("args->>'name', status::text, attempts") == [("young", "todo", 1)]
    assert fetch() == "young"


def test_only_jobs_of_workers_without_a_sign_of_life_are_rescued(jobs_table: None) -> None:
    run_sql(
        "INSERT INTO procrastinate_workers (id, last_heartbeat) OVERRIDING SYSTEM VALUE"
        " VALUES (1, now()), (2, now() - interval '61 s')"
    )
    for name in ("alive", "dead", "orphan", "waiting"):
        defer("test_mark", name=name)
    assert [fetch(worker=1), fetch(worker=2), fetch(worker=None)] == ["alive", "dead", "orphan"]
    run_sql("SELECT longshore_rescue_jobs(60)")
    assert rows("args->>'name', status::text, attempts") == [
        ("alive", "doing", 0),
        ("dead", "todo", 1),
        ("orphan", "todo", 1),
        ("waiting", "todo", 0),
    ]


def test_rescue_leaves_a_row_alone_that_another_rescue_holds(
    other_session: psycopg.Connection,
) -> None:
    defer("test_mark", name="a")
    assert fetch() == "a"
    with other_session.transaction():
        other_session.execute("SELECT longshore_rescue_jobs(60)")
        run_sql("SELECT longshore_rescue_jobs(60)")
    assert rows("status::text, attempts") == [("todo", 1)]


def test_a_fetch_does_not_read_the_backlog_even_without_statistics(jobs_table: None) -> None:
    run_sql(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, priority, args)"
        " SELECT 'default', 'test_mark', 'store:' || n %% 10, 10, jsonb_build_object('name', n)"
        " FROM generate_series(1, 3000) AS n"
    )
    assert fetch() == "1"  # the first call of a session reads the catalogs as well
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT longshore_fetch_job(NULL, NULL)"
        )
        (plan,) = cursor.fetchone()[0]
    assert plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"] < 1000
