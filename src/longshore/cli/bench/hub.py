"""A hub of its own for a bench: an empty data folder, the embedded database, child processes."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from longshore.cli.database import hub, migrate_tables

READY_WITHIN_S = 60.0


@contextmanager
def empty_hub(**env: str) -> Iterator[Path]:
    """Django is set up on a fresh database inside; the folder is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="longshore-bench-") as folder:
        os.environ.pop("LONGSHORE_DATABASE_URL", None)
        os.environ.update({"LONGSHORE_DATA": folder, "LONGSHORE_ALLOW_NETS": "127.0.0.0/8", **env})
        with hub():
            migrate_tables()
            yield Path(folder)


@contextmanager
def child(
    *arguments: str, stdin: int | None = None, stderr: IO[bytes] | int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A child process in a group of its own; the whole group is gone afterwards."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, *arguments],
        start_new_session=True,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
    )
    try:
        yield process
    finally:
        stop(process, signal.SIGTERM)


@contextmanager
def quiet_child(log: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """The same, with what it says on standard error in a file."""
    with log.open("ab") as said, child(*arguments, stderr=said) as process:
        yield process


def stop(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Sends the signal to the child's group and waits for it; kills what stays."""
    for attempt in (number, signal.SIGKILL):
        try:
            os.killpg(process.pid, attempt)
        except ProcessLookupError:
            break
        try:
            process.wait(30)
            break
        except subprocess.TimeoutExpired:
            continue
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until the address answers at all. Raises RuntimeError when the process ended before."""
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The process for {url} ended with {process.returncode}.")
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - 127.0.0.1
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{url} does not answer.")
