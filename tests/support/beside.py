"""A second session beside the test's own, for what two transactions do to each other."""

import threading
from collections.abc import Callable

from django.db import connection

PATIENCE_S = 30


class Beside:
    """Runs `call` in a thread, on a connection of its own."""

    def __init__(self, call: Callable[[], object]) -> None:
        self.result: object = None
        self._failure: BaseException | None = None
        self._pid = 0
        self._connected = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(call,), daemon=True)
        self._thread.start()

    def _run(self, call: Callable[[], object]) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self._pid = cursor.fetchone()[0]
            self._connected.set()
            self.result = call()
        except BaseException as failure:  # noqa: BLE001 - given to the test
            self._failure = failure
        finally:
            self._connected.set()
            connection.close()

    def until_it_waits(self) -> None:
        """Until it waits for a lock of ours, or has ended."""
        assert self._connected.wait(PATIENCE_S)
        while self._thread.is_alive():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s",
                    [self._pid],
                )
                row = cursor.fetchone()
            if row is not None and row[0]:
                return

    def end(self) -> None:
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()
        if self._failure is not None:
            raise self._failure
