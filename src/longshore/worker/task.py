"""How a job is declared: `@job` gives it a name, log context, retries and a clean connection.

    @job("import_catalog", priority=CATALOG)
    def import_catalog(*, store_id: int) -> None: ...

A periodic job, in schedule.py:

    @every("*/2 * * * *")
    @job("poll_stores")
    def poll_stores(timestamp: int) -> None: ...
"""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext
from procrastinate.worker import Worker

from longshore.ports.errors import LongshoreError
from longshore.storage.job_queue import QUEUE, SWEEP
from longshore.storage.postgres import release_connection
from longshore.worker import metrics
from longshore.worker.retry import NextAction

__all__ = ["every", "job", "release_connection", "stopping"]

log = structlog.get_logger("longshore.job")

Function = TypeVar("Function", bound=Callable[..., Any])

stopping = threading.Event()
"""Set when the worker was asked to stop: a job that works in slices ends after the current one."""


def job(name: str, *, queue: str = QUEUE, priority: int = SWEEP) -> Callable[[Function], Function]:
    """Declares a synchronous function as the job `name`. Put it in the queue with
    `storage.job_queue.defer(name, ...)`; the function itself stays callable.

    It must bear running twice, and must not hold a database transaction while it waits for a shop:
    call `release_connection()` before.
    """

    def declare(function: Function) -> Function:
        app.task(
            name=name,
            queue=queue,
            priority=priority,
            retry=NextAction(),
            task_middleware=[_in_context],
        )(function)
        function.job_name = name  # type: ignore[attr-defined]
        return function

    return declare


def every(cron: str) -> Callable[[Function], Function]:
    """Runs the job below it periodically (five fields, or six with seconds last). However many
    workers run, each tick is queued once, and not at all while the one before still waits. It gets
    the tick's `timestamp`. Do not give it a lock: a killed worker would keep it (procrastinate
    issue 1408).
    """

    def declare(function: Function) -> Function:
        name: str = function.job_name  # type: ignore[attr-defined]
        app.periodic(cron=cron, queueing_lock=f"every:{name}")(app.tasks[name])
        return function

    return declare


def _in_context(call_next: Callable[[], Any], context: JobContext, _worker: Worker) -> Any:
    """Every line logged inside names the job; its end is logged and counted once."""
    current = context.job
    with structlog.contextvars.bound_contextvars(
        job=current.task_name, job_id=current.id, attempt=current.attempts + 1
    ):
        started = time.monotonic()
        outcome = "done"
        try:
            return call_next()
        except LongshoreError as error:
            outcome = type(error).__name__
            log.warning("job_stopped", next=outcome, error=error.internal, **current.task_kwargs)
            raise
        except Exception:
            outcome = "failed"
            log.exception("job_failed", **current.task_kwargs)
            raise
        finally:
            seconds = time.monotonic() - started
            metrics.count(current.task_name, outcome, seconds)
            if outcome == "done":
                log.info("job_done", seconds=round(seconds, 3), **current.task_kwargs)
