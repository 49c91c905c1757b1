"""Workers that stop before and after every step: the test decides who goes on, who is held up, and
who dies. Only one of them moves at a time, on the test's own database connection.
"""

import threading
from collections.abc import Callable

from django.db import connections

PATIENCE_S = 30


class Killed(BaseException):
    """The worker is gone, as by kill -9."""


class Gated:
    """Stops its worker before and after each call of what it wraps."""

    def __init__(self, inner: object, worker: "RacingWorker") -> None:
        self._inner = inner
        self._worker = worker

    def __getattr__(self, name: str):
        call = getattr(self._inner, name)

        def gated(*args: object, **kwargs: object) -> object:
            self._worker.stop_at(f"before {name}")
            try:
                return call(*args, **kwargs)
            finally:
                self._worker.stop_at(f"after {name}")

        return gated


class RacingWorker:
    """`at`: where it stands, "" once it has ended."""

    def __init__(self, work: Callable[["RacingWorker"], object]) -> None:
        self.at = "start"
        self.failure: BaseException | None = None
        self._dies = False
        self._go = threading.Semaphore(0)
        self._stands = threading.Semaphore(0)
        self._connection = connections["default"]
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._connection.inc_thread_sharing()
        self._thread.start()

    def _run(self, work: Callable[["RacingWorker"], object]) -> None:
        connections["default"] = self._connection
        self._go.acquire()
        try:
            if not self._dies:
                work(self)
        except Killed:
            pass
        except BaseException as failure:  # noqa: BLE001 - given to the test
            self.failure = failure
        finally:
            self.at = ""
            self._stands.release()

    def stop_at(self, where: str) -> None:
        if self._dies:
            raise Killed
        self.at = where
        self._stands.release()
        self._go.acquire()
        if self._dies:
            raise Killed

    def step(self) -> None:
        """Goes on to its next stop."""
        if not self.at:
            return
        self._go.release()
        assert self._stands.acquire(timeout=PATIENCE_S)
        if not self.at:
            self._connection.dec_thread_sharing()
        if self.failure is not None:
            raise self.failure

    def finish(self) -> None:
        while self.at:
            self.step()

    def kill(self) -> None:
        self._dies = True
        self.finish()
