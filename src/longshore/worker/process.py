"""One worker process: runs jobs in threads, shows signs of life, rescues the jobs of dead workers,
and leaves cleanly when asked.

The stock command is not used: it runs at most min(32, cores + 4) synchronous jobs whatever its
concurrency says, and surplus jobs wait inside the worker holding their store's lock.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import structlog
from procrastinate import App, exceptions
from procrastinate.contrib.django import procrastinate_app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.utils import import_all
from procrastinate.worker import Worker
from psycopg import AsyncConnection

from longshore.settings import Settings
from longshore.worker import metrics
from longshore.worker.manager import WorkerJobManager
from longshore.worker.memory import share_heaps
from longshore.worker.task import stopping

log = structlog.get_logger(__name__)

JOB_MODULES = ("longshore.worker.jobs", "longshore.worker.schedule")
GRACE_S = 25.0
"""Containers are killed 30 s after they were asked to stop; jobs work in slices of about 5 s."""
POLL_S = 1.0
"""New jobs announce themselves and an ended job looks for the next of its lock; this finds those
that became due, or whose lock another machine freed.
"""

GATHER_S = 0.05


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    concurrency: int
    dead_after_s: float
    modules: Sequence[str] = JOB_MODULES
    metrics_file: Path | None = None
    grace_s: float = GRACE_S
    until_empty: bool = False
    """Ends when nothing is left to do now; for tests and benches."""


def options_from(settings: Settings) -> WorkerOptions:
    return WorkerOptions(
        concurrency=settings.worker_concurrency, dead_after_s=settings.dead_worker_after_s
    )


def run(options: WorkerOptions) -> int:
    """Works until SIGTERM or SIGINT; returns the exit code. Django must be set up and the database
    running.
    """
    share_heaps()
    import_all(options.modules)
    return asyncio.run(_serve(*worker_app(), options))


def worker_app() -> tuple[App, WorkerJobManager]:
    """The app that knows all declared jobs, on asynchronous connections of its own."""
    connector = PsycopgConnector(
        kwargs=connector_params(),
        configure=_without_transactions,
        min_size=1,
        max_size=4,
        name="longshore-worker",
    )
    app = procrastinate_app.current_app
    manager = WorkerJobManager(connector)
    app.connector = connector
    app.job_manager = manager
    return app, manager


async def _without_transactions(connection: AsyncConnection[Any]) -> None:
    """Each of the worker's statements is whole by itself; a transaction around it is twice more to
    the database and back.
    """
    await connection.set_autocommit(True)


async def _serve(app: App, manager: WorkerJobManager, options: WorkerOptions) -> int:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(options.concurrency + 4, thread_name_prefix="job"))
    async with app.open_async():
        worker = Worker(
            app=app,
            concurrency=options.concurrency,
            wait=not options.until_empty,
            fetch_job_polling_interval=POLL_S,
            delete_jobs="successful",
            update_heartbeat_interval=options.dead_after_s / 3,
            stalled_worker_timeout=options.dead_after_s,
            install_signal_handlers=False,
            task_middleware=app.worker_defaults["task_middleware"],
        )
        manager.outage_limit_s = options.dead_after_s * 2
        return await _until_stopped(worker, manager, options)


async def _until_stopped(worker: Worker, manager: WorkerJobManager, options: WorkerOptions) -> int:
    asked = asyncio.Event()

    def stop() -> None:
        log.info("worker_stopping")
        stopping.set()
        worker.stop()  # type: ignore[no-untyped-call]
        asked.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    manager.give_up = stop
    # An ended job frees its lock: the next slice of the same store must not wait for the next poll.
    worker._new_job_event = _Gathering()  # noqa: SLF001 - there is no public way to wake it
    manager.lock_freed = worker._new_job_event.set  # noqa: SLF001
    work = asyncio.create_task(_work(worker, manager, options), name="work")
    sides = [asyncio.create_task(_rescue_for_ever(manager, options.dead_after_s), name="rescue")]
    if options.metrics_file:
        sides.append(asyncio.create_task(metrics.keep_written(options.metrics_file)))
    log.info("worker_started", concurrency=options.concurrency)
    stop_asked = asyncio.create_task(asked.wait())
    await asyncio.wait({work, stop_asked}, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait({work}, timeout=options.grace_s)
    for side in (*sides, stop_asked):
        side.cancel()
    if not work.done():
        await _abandon(worker, manager)
    work.result()
    log.info("worker_stopped")
    return 0 if asked.is_set() or options.until_empty else 1


class _Gathering(asyncio.Event):
    """Set a moment after it was asked for: jobs that come and end together are looked for once."""

    def __init__(self) -> None:
        super().__init__()
        self._timer: asyncio.TimerHandle | None = None

    def set(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(GATHER_S, self._wake)

    def _wake(self) -> None:
        self._timer = None
        super().set()


async def _work(worker: Worker, manager: WorkerJobManager, options: WorkerOptions) -> None:
    """Runs the worker. With `until_empty` it runs again while jobs are due: Procrastinate's own
    one-shot mode ends at the first empty fetch, without looking for what the running jobs defer.
    """
    while True:
        await worker.run()  # type: ignore[no-untyped-call]
        if not options.until_empty or not await manager.has_due_job() or stopping.is_set():
            return


async def _abandon(worker: Worker, manager: WorkerJobManager) -> NoReturn:
    """Threads cannot be stopped and Python would wait for them. Without its row in the workers'
    table, this worker's jobs are rescued at once instead of after the time without a heartbeat.
    """
    log.warning("worker_abandons_jobs")
    if worker.worker_id is not None:
        with suppress(exceptions.ConnectorException):
            await manager.unregister_worker(worker.worker_id)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)


async def _rescue_for_ever(manager: WorkerJobManager, dead_after_s: float) -> None:
    """Puts the jobs of dead workers back in the queue.

    Not a job itself: a rescue that is killed must not be what the rescue waits for, and busy
    workers must not delay it (procrastinate issue 1408).
    """
    while True:
        try:
            for rescued in await manager.rescue(dead_after_s):
                log.warning("job_rescued", job_id=rescued)
        except Exception:  # the next round may find the database again
            log.exception("rescue_failed")
        await asyncio.sleep(dead_after_s / 3)
