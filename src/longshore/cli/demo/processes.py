"""The demo's processes: the simulated shops and the hub, started as anyone would start them."""

import json
import os
import signal
import subprocess
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from longshore.ports.errors import Bug

STOP_WITHIN_S = 40


@dataclass(frozen=True, slots=True)
class Running:
    """A simulated shop as it introduced itself: its address and how to sign in."""

    name: str
    address: str
    said: dict[str, Any]


class Processes:
    """Starts children in groups of their own; leaving the context ends them all, last one first."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def start(self, name: str, *arguments: str, env: dict[str, str] | None = None) -> None:
        """Starts `python -m ...`; what it writes goes to <logs>/<name>.log."""
        self._spawn(name, arguments, env or {}, subprocess.DEVNULL)

    def start_shop(self, name: str, *arguments: str) -> Running:
        """Starts a simulator and returns how it introduced itself in its first line."""
        process = self._spawn(name, (*arguments, "--json"), {}, subprocess.PIPE)
        if process.stdout is None:
            raise Bug(f"The simulator {name} has no output.")
        line = process.stdout.readline()
        if not line:
            raise Bug(f"The simulator {name} ended at once; see {self._logs / name}.log.")
        said: dict[str, Any] = json.loads(line)
        return Running(name, str(said["address"]).rstrip("/"), said)

    def _spawn(
        self, name: str, arguments: tuple[str, ...], env: dict[str, str], stdout: int
    ) -> subprocess.Popen[bytes]:
        log = self._stack.enter_context((self._logs / f"{name}.log").open("ab"))
        process = subprocess.Popen(  # noqa: S603 - our own commands
            [sys.executable, "-m", *arguments],
            stdout=log if stdout == subprocess.DEVNULL else stdout,
            stderr=log,
            env={**os.environ, **env},
            start_new_session=True,
        )
        self._stack.callback(_end, process)
        return process


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        # The leader alone: it stops its own children in order.
        process.terminate()
    try:
        process.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
