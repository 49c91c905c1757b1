"""`longshore up`: the whole hub on this machine, its parts supervised."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

import structlog
import typer

from longshore.cli.database import hub, migrate_tables
from longshore.cli.output import say
from longshore.cli.serve import HOST, PORT, Host, Port, address
from longshore.settings import Settings
from longshore.storage import postgres

log = structlog.get_logger(__name__)

STOP_WITHIN_S = 28.0
"""A worker takes up to 25 s to end its jobs."""
LOOK_EVERY_S = 0.5
LOOK_AT_DATABASE_EVERY_S = 5.0
STABLE_AFTER_S = 60.0
LONGEST_PAUSE_S = 30.0


def register(app: typer.Typer) -> None:
    @app.command()
    def up(
        host: Host = HOST,
        port: Port = PORT,
        workers: Annotated[int, typer.Option(help="How many workers.", min=0, max=32)] = 1,
    ) -> None:
        """Run everything on this machine: database, tables, web server, workers."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        with hub() as env:
            prepare()
            parts = [Part("web", ["web", "--host", host, "--port", str(port)])]
            parts += [Part(f"worker {number}", ["worker"]) for number in range(1, workers + 1)]
            say(f"Longshore starts on {address(host, port)} with {workers} workers; Ctrl-C stops")
            supervise(env, parts, stop)


def prepare() -> None:
    """Tables as this version needs them."""
    from django.db import connections

    migrate_tables()
    connections.close_all()


@dataclass
class Part:
    """One child process, started again with growing pauses when it dies."""

    name: str
    arguments: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_at: float = 0.0
    start_at: float = field(default=0.0)

    def look(self, now: float) -> None:
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                if now - self.started_at > STABLE_AFTER_S:
                    self.deaths = 0
                return
            self.process = None
            pause = min(LONGEST_PAUSE_S, 0.5 * 2**self.deaths)
            self.deaths += 1
            self.start_at = now + pause
            log.error("part_died", part=self.name, code=code, again_in_s=pause)
        if now >= self.start_at:
            self.start(now)

    def start(self, now: float) -> None:
        # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop parts in turn.
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "longshore.cli", *self.arguments],
            start_new_session=True,
            env={**os.environ, PARENT: str(os.getpid())},
        )
        self.started_at = now

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait_or_kill(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def supervise(env: Settings, parts: Sequence[Part], stop: threading.Event) -> None:
    look_at_database = 0.0
    try:
        while not stop.wait(LOOK_EVERY_S):
            now = time.monotonic()
            if now >= look_at_database:
                postgres.ensure_running(env)
                look_at_database = now + LOOK_AT_DATABASE_EVERY_S
            for part in parts:
                part.look(now)
    finally:
        say("Longshore stops")
        for part in parts:
            part.ask_to_stop()
        deadline = time.monotonic() + STOP_WITHIN_S
        for part in parts:
            part.wait_or_kill(deadline)


PARENT = "LONGSHORE_SUPERVISOR_PID"
"""Set for the parts, so that they can end when the supervisor was killed."""


def follow_supervisor() -> None:
    """In a part: ends it (as SIGTERM does) when the supervisor is gone, even by kill -9."""
    expected = os.environ.pop(PARENT, "")
    if not expected:
        return

    def watch() -> None:
        while os.getppid() == int(expected):
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="follow-supervisor", daemon=True).start()
