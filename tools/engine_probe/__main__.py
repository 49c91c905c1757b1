"""Runs every measurement on a fresh embedded PostgreSQL with its real durability and prints JSON.

    python -m tools.engine_probe [FILE]

About two minutes. Waiting is polling here on purpose: the probe measures time.
"""

import json
import os
import platform
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil

from longshore.cli.bench.hub import child, wait_for
from longshore.cli.ports import free_port
from tools.engine_probe.jobs import ADDRESS, NAME, TABLES

LATENCY_S = 0.02
STORES = 300
BUSY_JOBS = 12_000
BUSY_FOR_S = 15.0
URGENT_EVERY_S = 0.2
KILL_JOBS = 3_000
KILL_DEAD_AFTER_S = 6.0
GIVE_UP_AFTER_S = 90.0


def run(sql: str, *values: str | int) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def fill(jobs: int) -> None:
    """Queues `jobs` calls, evenly over the stores, as a catalog import would lie there."""
    run(
        "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_events, probe_done"
        " CASCADE"
    )
    run(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, priority, args)"
        " SELECT 'default', %s, 'store:' || n %% %s, 10,"
        " jsonb_build_object('store', n %% %s, 'name', 'bulk-' || n)"
        " FROM generate_series(1, %s) AS n",
        NAME,
        STORES,
        STORES,
        jobs,
    )


def done() -> int:
    count: int = run("SELECT count(*) FROM probe_done")[0][0]
    return count


@contextmanager
def shop() -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with child("-m", "tools.engine_probe.stub", str(port), str(LATENCY_S)) as process:
        wait_for(f"{address}/fast", process)
        os.environ[ADDRESS] = address
        yield address


def seen(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{address}/seen") as answer:  # noqa: S310 - 127.0.0.1
        found: dict[str, Any] = json.load(answer)
        return found


def worker(stack: ExitStack, concurrency: int, dead_after_s: float) -> "subprocess.Popen[bytes]":
    return stack.enter_context(
        child("-m", "tools.engine_probe.worker", str(concurrency), str(dead_after_s))
    )


def cpu_s(process: "subprocess.Popen[bytes]") -> float:
    times = psutil.Process(process.pid).cpu_times()
    return times.user + times.system


def busy(workers: int, concurrency: int) -> dict[str, float]:
    """Urgent jobs, one after the other, while the bulk waits in front of the same locks."""
    from longshore.storage.job_queue import ORDERS, defer, store_lock

    fill(BUSY_JOBS)
    asked: dict[str, float] = {}
    with ExitStack() as stack:
        address = stack.enter_context(shop())
        processes = [worker(stack, concurrency, 30) for _ in range(workers)]
        while done() < STORES:  # started and warm
            time.sleep(0.05)
        cpu = sum(cpu_s(one) for one in processes)
        before, began = done(), time.monotonic()
        while time.monotonic() - began < BUSY_FOR_S:
            name = f"urgent-{len(asked)}"
            store = random.randrange(STORES)  # noqa: S311 - no secret
            asked[name] = time.monotonic()
            defer(NAME, lock=store_lock(store), priority=ORDERS, store=store, name=name)
            time.sleep(URGENT_EVERY_S)
        jobs, seconds = done() - before, time.monotonic() - began
        used = sum(cpu_s(one) for one in processes) - cpu
        memory = max(psutil.Process(one.pid).memory_info().rss for one in processes)
        if not run("SELECT 1 FROM procrastinate_jobs WHERE priority = 10 LIMIT 1"):
            raise RuntimeError("The queue ran empty: the figures would flatter.")
        time.sleep(1)
        facts = seen(address)
    waits = sorted(
        facts["arrivals"][name][0] - at for name, at in asked.items() if name in facts["arrivals"]
    )
    return {
        "jobs_per_s": round(jobs / seconds, 1),
        "urgent_asked": len(asked),
        "urgent_served": len(waits),
        "urgent_p50_ms": round(1000 * statistics.median(waits), 1),
        "urgent_p95_ms": round(1000 * waits[int(len(waits) * 0.95)], 1),
        "urgent_max_ms": round(1000 * waits[-1], 1),
        "most_at_one_store": facts["most_at_one_store"],
        "worker_cpu_ms_per_job": round(1000 * used / jobs, 2),
        "worker_rss_mb": round(memory / 2**20, 1),
    }


def kill(concurrency: int) -> dict[str, float]:
    """One of two workers is killed (-9) at a third of the work; nobody starts it again."""
    fill(KILL_JOBS)
    with ExitStack() as stack:
        address = stack.enter_context(shop())
        victim, _ = (worker(stack, concurrency, KILL_DEAD_AFTER_S) for _ in range(2))
        while done() < KILL_JOBS // 3:
            time.sleep(0.02)
        os.killpg(victim.pid, signal.SIGKILL)
        killed = time.monotonic()
        while time.monotonic() - killed < GIVE_UP_AFTER_S:
            if not run("SELECT 1 FROM procrastinate_jobs LIMIT 1"):
                break
            time.sleep(0.1)
        facts = seen(address)
    names = {name for (name,) in run("SELECT DISTINCT job FROM probe_done")}
    starts = facts["arrivals"]
    again = [name for name, times in starts.items() if len(times) > 1]
    return {
        "jobs": KILL_JOBS,
        "lost": KILL_JOBS - len(names),
        "started_twice": len(again),
        "committed_twice": done() - len(names),
        "interrupted_ran_again_after_s": round(
            max((starts[name][-1] for name in again), default=killed) - killed, 1
        ),
        "most_at_one_store": facts["most_at_one_store"],
    }


def main(target: str | None) -> None:
    with tempfile.TemporaryDirectory(prefix="longshore-probe-") as folder:
        for name in [name for name in os.environ if name.startswith("LONGSHORE_")]:
            del os.environ[name]
        os.environ["LONGSHORE_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "longshore.django_settings"
        from longshore.cli.database import hub, migrate_tables

        with hub():
            migrate_tables()
            run(TABLES)
            from tools.engine_probe import http_client

            with shop() as address:
                client = http_client.measure(address)
            report = {
                "machine": f"{platform.machine()}, {psutil.cpu_count()} cores, Python"
                f" {platform.python_version()}, load {psutil.getloadavg()[0]:.1f}",
                "one_worker": busy(workers=1, concurrency=16),
                "one_worker_of_32": busy(workers=1, concurrency=32),
                "two_workers": busy(workers=2, concurrency=16),
                "kill_9": kill(concurrency=16),
                "http_client": client,
            }
    text = json.dumps(report, indent=2) + "\n"
    if target:
        Path(target).write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
