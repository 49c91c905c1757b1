"""Procrastinate's job manager with the cures for what was found wanting: docs/adr/0001."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterable

import structlog
from procrastinate import exceptions, jobs
from procrastinate.manager import JobManager

log = structlog.get_logger(__name__)

FETCH = (
    "SELECT id, status, task_name, priority, lock, queueing_lock, args, scheduled_at, queue_name,"
    " attempts, worker_id FROM longshore_fetch_job(%(queues)s::varchar[], %(worker)s)"
)
RETRY = (
    "SELECT longshore_retry_job(%(job)s, %(retry_at)s, %(priority)s::integer, %(queue)s::varchar,"
    " %(lock)s::varchar)"
)
RESCUE = "SELECT longshore_rescue_jobs(%(dead_after_s)s) AS id"
DUE = (
    "SELECT EXISTS (SELECT 1 FROM procrastinate_jobs AS job WHERE status = 'todo'"
    " AND (scheduled_at IS NULL OR scheduled_at <= now()) AND NOT EXISTS (SELECT 1"
    " FROM procrastinate_jobs AS other WHERE other.lock = job.lock AND other.status = 'doing'))"
    " AS due"
)
PAUSE_S = 1.0


class WorkerJobManager(JobManager):
    """Fetches and retries by our functions, and does not let go of a finished job before the
    database knows: a job that stays `doing` under a living worker keeps its store's lock for ever.
    """

    outage_limit_s: float = 60.0
    give_up: Callable[[], object] | None = None
    """Called when the database stays away too long; must end this worker, so that its jobs are
    rescued.
    """

    lock_freed: Callable[[], object] | None = None
    """Called when a job of this worker has ended: others may wait for its lock."""

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> jobs.Job | None:
        row = await self.connector.execute_query_one_async(
            query=FETCH, queues=list(queues) if queues else None, worker=worker_id
        )
        return None if row["id"] is None else jobs.Job.from_row(row)

    async def has_due_job(self) -> bool:
        """Whether a job could start now."""
        row = await self.connector.execute_query_one_async(query=DUE)
        return bool(row["due"])

    async def retry_job_by_id_async(
        self,
        job_id: int,
        retry_at: dt.datetime,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        async def write() -> None:
            await self.connector.execute_query_async(
                query=RETRY,
                job=job_id,
                retry_at=retry_at,
                priority=priority,
                queue=queue,
                lock=lock,
            )

        await self._persist(job_id, write)

    async def finish_job_by_id_async(
        self,
        job_id: int,
        status: jobs.Status,
        delete_job: bool,  # noqa: FBT001 - Procrastinate's
    ) -> None:
        finish = super().finish_job_by_id_async
        await self._persist(job_id, lambda: finish(job_id, status, delete_job))

    async def rescue(self, dead_after_s: float) -> list[int]:
        """Puts the jobs of workers without a heartbeat back; returns their ids."""
        rows = await self.connector.execute_query_all_async(query=RESCUE, dead_after_s=dead_after_s)
        await self.prune_stalled_workers(dead_after_s)
        return [row["id"] for row in rows]

    async def _persist(self, job_id: int, write: Callable[[], Awaitable[None]]) -> None:
        await self._repeat(job_id, write)
        if self.lock_freed:
            self.lock_freed()

    async def _repeat(self, job_id: int, write: Callable[[], Awaitable[None]]) -> None:
        """Repeats the write through an outage of the database."""
        deadline = asyncio.get_running_loop().time() + self.outage_limit_s
        while True:
            try:
                return await write()
            except exceptions.ConnectorException as error:
                if "was not found" in str(error.__cause__):
                    # Done by a write whose answer was lost, or rescued by others meanwhile.
                    log.warning("job_already_recorded", job_id=job_id)
                    return None
                if asyncio.get_running_loop().time() > deadline:
                    log.exception("job_not_recorded", job_id=job_id)
                    if self.give_up:
                        self.give_up()
                    raise
                log.warning("job_not_recorded_yet", job_id=job_id, error=str(error.__cause__))
                await asyncio.sleep(PAUSE_S)
