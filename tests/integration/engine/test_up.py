"""`longshore up` as people run it: one command, its parts, and how they end."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

PATIENCE_S = 90


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@dataclass
class Hub:
    process: subprocess.Popen[bytes]
    folder: Path
    port: int

    def answers(self) -> bool:
        try:
            url = f"http://127.0.0.1:{self.port}/alive/"
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.read() == b"alive\n"
        except OSError:
            return False

    def parts(self, word: str = "") -> list[psutil.Process]:
        """The supervisor's children that are alive."""
        found = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):  # ended meanwhile, or a zombie
                words = child.cmdline()
                if "longshore.cli" in words and (not word or word in words):
                    found.append(child)
        return found

    def database_runs(self) -> bool:
        return (self.folder / "postgres" / "postmaster.pid").exists()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hub")


@pytest.fixture
def hub(folder: Path) -> Iterator[Hub]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith("LONGSHORE_")}
    env |= {"LONGSHORE_DATA": str(folder), "LONGSHORE_DEAD_WORKER_AFTER_S": "3"}
    command = [sys.executable, "-m", "longshore.cli", "up", "--port", str(port)]
    process = subprocess.Popen(command, env=env)
    made = Hub(process, folder, port)
    wait_until(made.answers, "the web server answers")
    wait_until(lambda: bool(made.parts("worker")), "the worker runs")
    everything = made.parts()
    yield made
    if process.poll() is None:
        process.terminate()
    process.wait(PATIENCE_S)
    assert psutil.wait_procs(everything, timeout=PATIENCE_S)[1] == []


def test_a_part_that_dies_is_started_again_and_sigterm_ends_everything(hub: Hub) -> None:
    (worker,) = hub.parts("worker")
    worker.send_signal(signal.SIGKILL)
    wait_until(
        lambda: [part.pid for part in hub.parts("worker")] not in ([], [worker.pid]),
        "another worker runs",
    )
    parts = hub.parts()
    hub.process.terminate()
    assert hub.process.wait(PATIENCE_S) == 0
    assert psutil.wait_procs(parts, timeout=5)[1] == []
    assert not hub.database_runs()


def test_parts_end_when_the_supervisor_is_killed(hub: Hub) -> None:
    parts = hub.parts()
    hub.process.send_signal(signal.SIGKILL)
    hub.process.wait(PATIENCE_S)
    assert psutil.wait_procs(parts, timeout=PATIENCE_S)[1] == []
    wait_until(lambda: not hub.database_runs(), "the last part stops the database")
