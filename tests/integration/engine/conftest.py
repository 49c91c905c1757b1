import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from support.engine_jobs import MARKS
from support.gate import Gate

TESTS = Path(__file__).parents[2]


@pytest.fixture
def jobs_table(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(MARKS)
        cursor.execute(
            "TRUNCATE engine_marks, procrastinate_jobs, procrastinate_workers,"
            " procrastinate_periodic_defers, procrastinate_events"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE engine_marks")


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.close()


Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start_worker(jobs_table: None) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []
    place = connection.settings_dict
    url = f"postgresql://{place['USER']}@/{place['NAME']}?host={quote(place['HOST'], safe='')}"
    env = {**os.environ, "LONGSHORE_DATABASE_URL": url, "PYTHONPATH": str(TESTS)}

    def start(**options: object) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "support.engine_worker", json.dumps(options)], env=env
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()
