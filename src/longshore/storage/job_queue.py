"""Putting work in the queue, in the same transaction as the rows that cause it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from procrastinate import utils
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

ORDERS = 100
"""An order beats a stock change, which beats a catalog import, which beats a sweep."""
STOCK = 50
CATALOG = 10
SWEEP = 0

QUEUE = "default"

_JOBS = JobManager(DjangoConnector())
"""Inside a worker `task.defer()` writes on the worker's own connection: the job would run before
our rows are committed. On Django's connection rows and job live or die together, everywhere.
"""


def defer(
    name: str,
    /,
    *,
    lock: str | None = None,
    queueing_lock: str | None = None,
    priority: int = SWEEP,
    schedule_in_s: float | None = None,
    **args: Any,
) -> bool:
    """Puts a job in the queue as part of the current transaction.

    `lock`: at most one of its jobs runs at a time, over all machines. `queueing_lock`: at most one
    of its jobs waits; then nothing is added and False is returned. The waiting job starts only
    after the current transaction ends, so it sees what the transaction wrote. One that was put off
    to later than this request wants is brought forward; one that is tried again after it failed
    keeps its pause. Jobs that share a queueing lock must do the same work: put what differs into
    rows, not into arguments.
    """
    options: dict[str, Any] = {"lock": lock, "queueing_lock": queueing_lock, "priority": priority}
    due = utils.utcnow() + timedelta(seconds=schedule_in_s or 0)
    if schedule_in_s is not None:
        options["schedule_at"] = due
    deferrer = configure_task(
        name=name, job_manager=_JOBS, queue=QUEUE, task_kwargs=args, **options
    )
    with transaction.atomic(savepoint=False):
        while not (queueing_lock and _waits_until(queueing_lock, due)):
            try:
                with transaction.atomic():
                    deferrer.defer()
            except AlreadyEnqueued:  # it waits for later, or another transaction was faster
                if _hurried(str(queueing_lock), due):
                    return False
                continue
            return True
    return False


def store_lock(store_id: int) -> str:
    """One running job for each store: we are guests in the vendor's shop."""
    return f"store:{store_id}"


def storefront_lock(marketplace_id: int) -> str:
    """One running job for each storefront."""
    return f"storefront:{marketplace_id}"


def hold_waiting(queueing_locks: Sequence[str]) -> frozenset[str]:
    """Those of which a job waits. Such jobs are kept from starting until our transaction ends:
    otherwise one could be fetched now, miss the rows we have not committed yet, and nobody would
    look again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queueing_lock FROM procrastinate_jobs"
            " WHERE queueing_lock = ANY(%s) AND status = 'todo' ORDER BY id FOR SHARE",
            [list(queueing_locks)],
        )
        return frozenset(row[0] for row in cursor.fetchall())


def _waits_until(queueing_lock: str, due: datetime) -> bool:
    """Whether a job waits that starts by `due`, or pauses after a failure. It is held as in
    `hold_waiting`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'"
            " AND (attempts > 0 OR scheduled_at IS NULL OR scheduled_at <= %s) FOR SHARE",
            [queueing_lock, due],
        )
        return cursor.fetchone() is not None


def _hurried(queueing_lock: str, due: datetime) -> bool:
    """Brings a job forward that was put off to later than `due`; False where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = %s"
            " WHERE queueing_lock = %s AND status = 'todo' AND attempts = 0 AND scheduled_at > %s",
            [due, queueing_lock, due],
        )
        return bool(cursor.rowcount > 0)


_OTHERS = """
SELECT EXISTS (SELECT 1 FROM procrastinate_jobs AS job WHERE job.status = 'todo'
    AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
    AND job.queueing_lock IS DISTINCT FROM %(but)s
    AND (job.lock = %(lock)s OR NOT EXISTS (SELECT 1 FROM procrastinate_jobs AS other
        WHERE other.lock = job.lock AND other.status = 'doing')))
"""


def others_wait(lock: str, *, but: str) -> bool:
    """Whether a job is due that could run if the job that holds `lock` ended: another one of that
    lock (except the one with the queueing lock `but`), or one that waits for a free thread.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, {"lock": lock, "but": but})
        found: bool = cursor.fetchone()[0]
    return found
