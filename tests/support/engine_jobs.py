"""Jobs for the engine's tests. What they did is kept in the table engine_marks."""

from django.db import connection, transaction

from longshore.ports.errors import NeedsVendor, TryLater
from longshore.storage.job_queue import defer
from longshore.worker.task import job, release_connection
from support.gate import knock

MARKS = "CREATE TABLE IF NOT EXISTS engine_marks (id bigserial PRIMARY KEY, name text)"


def mark(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO engine_marks (name) VALUES (%s)", [name])


@job("test_mark")
def leave_mark(*, name: str) -> None:
    mark(name)


@job("test_wait")
def wait_at_gate(*, port: int, name: str) -> None:
    release_connection()
    knock(port, name)
    mark(name)


@job("test_follow_up")
def mark_and_defer(*, name: str, fails: bool) -> None:
    with transaction.atomic():
        mark(name)
        defer("test_mark", name=f"after {name}")
        if fails:
            raise NeedsVendor("Nothing of this may stay.")


@job("test_try_later")
def always_later(*, after: float) -> None:
    raise TryLater("The shop is closed.", after=after)
