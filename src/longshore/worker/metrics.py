"""What a worker counts, written to a file for Prometheus' node exporter when one is named."""

import asyncio
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, write_to_textfile

REGISTRY = CollectorRegistry()
JOBS = Counter("longshore_jobs", "Jobs that ended, by name and outcome", ["job", "outcome"],
               registry=REGISTRY)  # fmt: skip
SECONDS = Histogram(
    "longshore_job_seconds",
    "How long jobs ran",
    ["job"],
    buckets=(0.05, 0.2, 0.5, 1, 2, 5, 10, 30, 60),
    registry=REGISTRY,
)
WRITE_EVERY_S = 15


def count(job: str, outcome: str, seconds: float) -> None:
    JOBS.labels(job, outcome).inc()
    SECONDS.labels(job).observe(seconds)


async def keep_written(path: Path) -> None:
    """Renews the file for ever; it is replaced whole, so readers never see half of it."""
    while True:
        write_to_textfile(str(path), REGISTRY)
        await asyncio.sleep(WRITE_EVERY_S)
