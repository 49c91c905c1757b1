"""What we add to Procrastinate's tables; the worker's `JobManager` calls these functions."""

from django.db.migrations import RunSQL

INDEX = """
-- Procrastinate's own index starts with the id, so "is my lock free?" walks the whole backlog.
CREATE INDEX longshore_jobs_lock ON procrastinate_jobs (lock, priority DESC, id)
    WHERE status IN ('todo', 'doing');
-- A burst of jobs on a table without statistics is fetched ten times slower until it is analyzed.
ALTER TABLE procrastinate_jobs SET (
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200,
    autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 200
);
ALTER TABLE procrastinate_events SET (
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02
);
"""

INDEX_BACK = """
DROP INDEX longshore_jobs_lock;
ALTER TABLE procrastinate_jobs RESET (
    autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold
);
ALTER TABLE procrastinate_events RESET (
    autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor
);
"""

FETCH = """
-- As procrastinate_fetch_job_v2, but a job that is scheduled for later does not hold back the
-- other jobs of its lock (procrastinate issue 1599). The planner settings keep it on the indexes
-- that have the order: without statistics (a burst on a fresh table) it would sort the whole
-- backlog for every job.
CREATE FUNCTION longshore_fetch_job(queues character varying[], worker bigint)
    RETURNS procrastinate_jobs LANGUAGE plpgsql
    SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE
    found procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT job.id FROM procrastinate_jobs AS job
        WHERE job.status = 'todo'
            AND (queues IS NULL OR job.queue_name = ANY(queues))
            AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
            AND (job.lock IS NULL OR NOT EXISTS (
                SELECT 1 FROM procrastinate_jobs AS other
                WHERE other.lock = job.lock AND other.status = 'doing'
            ))
            AND (job.lock IS NULL OR job.id = (
                SELECT first.id FROM procrastinate_jobs AS first
                WHERE first.lock = job.lock AND first.status = 'todo'
                    AND (first.scheduled_at IS NULL OR first.scheduled_at <= now())
                ORDER BY first.priority DESC, first.id LIMIT 1
            ))
        ORDER BY job.priority DESC, job.id LIMIT 1
        FOR UPDATE OF job SKIP LOCKED
    )
    UPDATE procrastinate_jobs SET status = 'doing', worker_id = worker
        FROM candidate WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found;
    RETURN found;
EXCEPTION WHEN unique_violation THEN
    -- Another worker took another job of the same lock in this instant.
    RETURN NULL;
END;
$$;
"""

RETRY = """
-- A job that goes back to waiting while a younger one with the same queueing lock waits would
-- violate their unique index and stay 'doing' for ever, with its lock (procrastinate issues 1446,
-- 1543). Both do the same work, so the younger one takes over, with its attempts and its delay.
CREATE FUNCTION longshore_retry_job(
    job bigint, retry_at timestamptz, new_priority integer, new_queue varchar, new_lock varchar
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    own procrastinate_jobs;
BEGIN
    SELECT * INTO own FROM procrastinate_jobs
        WHERE id = job AND status IN ('doing', 'failed') FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    LOOP
        UPDATE procrastinate_jobs
            SET attempts = GREATEST(attempts, own.attempts + 1),
                scheduled_at = GREATEST(scheduled_at, retry_at)
            WHERE queueing_lock = own.queueing_lock AND status = 'todo';
        IF FOUND THEN
            DELETE FROM procrastinate_jobs WHERE id = job;
            RETURN;
        END IF;
        BEGIN
            PERFORM procrastinate_retry_job_v2(job, retry_at, new_priority, new_queue, new_lock);
            RETURN;
        EXCEPTION WHEN unique_violation THEN
            NULL; -- the younger one came in this instant; look again
        END;
    END LOOP;
END;
$$;
"""

RESCUE = """
-- The jobs of workers that show no sign of life wait again. Rows are locked and looked at once
-- more, so that a job which another rescue put back and a worker took is left alone.
CREATE FUNCTION longshore_rescue_jobs(dead_after_s double precision) RETURNS SETOF bigint
    LANGUAGE plpgsql AS $$
DECLARE
    stalled bigint;
BEGIN
    FOR stalled IN
        SELECT job.id FROM procrastinate_jobs AS job
        WHERE job.status = 'doing' AND NOT EXISTS (
            SELECT 1 FROM procrastinate_workers AS worker
            WHERE worker.id = job.worker_id
                AND worker.last_heartbeat >= now() - make_interval(secs => dead_after_s)
        )
        FOR UPDATE OF job SKIP LOCKED
    LOOP
        PERFORM longshore_retry_job(stalled, now(), NULL, NULL, NULL);
        RETURN NEXT stalled;
    END LOOP;
END;
$$;
"""


def operations() -> list[RunSQL]:
    """For the migration that follows Procrastinate's own."""
    return [
        RunSQL(INDEX, INDEX_BACK),
        RunSQL(FETCH, "DROP FUNCTION longshore_fetch_job"),
        RunSQL(RETRY, "DROP FUNCTION longshore_retry_job"),
        RunSQL(RESCUE, "DROP FUNCTION longshore_rescue_jobs"),
    ]
